//! What is asked of the rules, and what was heard of the person before.

use rules::{Bill, Credential, Gate, OnCard, SocialSecurityNumber, Visit};

use crate::counter::views::Freshness;
use crate::registry::ProvinceNo;

/// What is asked, before the registry has spoken.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) gate: Gate,
    pub(crate) credential: Credential,
    /// What the card says of its holder, beside the credential.
    pub(crate) on_card: Option<OnCard>,
    /// The worker's number: the credential's, or the visit's.
    pub(crate) number: SocialSecurityNumber,
    pub(crate) visit: Visit,
    pub(crate) bill: Option<Bill>,
}

/// What was heard about a person before a gate.
#[derive(Debug)]
pub(crate) struct Heard {
    /// How current it is.
    pub(crate) freshness: Freshness,
    /// The province's no, just now or, where it does not answer, the last thing it said.
    pub(crate) no: Option<ProvinceNo>,
}
