//! What the agent asks: sessions, people, synchronisation, cards, outcomes.

use serde::Serialize;

use super::BodyVersion;
use crate::redacted::closed_debug;

#[derive(Serialize)]
pub(crate) struct SignIn<'a> {
    pub(crate) version: BodyVersion,
    pub(crate) terminal: &'a str,
    pub(crate) program: &'static str,
    pub(crate) program_version: &'static str,
}

#[derive(Serialize)]
pub(crate) struct SignOut {
    pub(crate) version: BodyVersion,
}

#[derive(Serialize)]
pub(crate) struct Person<'a> {
    pub(crate) version: BodyVersion,
    pub(crate) social_security_number: &'a str,
}

/// One page of a synchronisation; without a cursor it begins anew and is full.
#[derive(Serialize)]
pub(crate) struct Page<'a> {
    pub(crate) version: BodyVersion,
    pub(crate) cursor: Option<&'a str>,
}

#[derive(Serialize)]
pub(crate) struct CardAuthentication<'a> {
    pub(crate) version: BodyVersion,
    /// `city|historical bytes|algorithm|卡识别码|inner factor|inner result|outer factor|outer raw|terminal|`.
    pub(crate) question: &'a str,
}

#[derive(Serialize)]
pub(crate) struct CodeVerification<'a> {
    pub(crate) version: BodyVersion,
    pub(crate) code: &'a str,
}

#[derive(Serialize)]
pub(crate) struct CardResolution<'a> {
    pub(crate) version: BodyVersion,
    pub(crate) card_number: &'a str,
    pub(crate) card_id: &'a str,
}

#[derive(Serialize)]
pub(crate) struct OutcomeQuery<'a> {
    pub(crate) version: BodyVersion,
    pub(crate) msgid: &'a str,
}

#[derive(Serialize)]
pub(crate) struct LastHead {
    pub(crate) version: BodyVersion,
}

#[derive(Serialize)]
pub(crate) struct Reversal<'a> {
    pub(crate) version: BodyVersion,
    pub(crate) msgid: &'a str,
    pub(crate) reason: &'a str,
}

closed_debug!(
    Person<'_>,
    CardAuthentication<'_>,
    CodeVerification<'_>,
    CardResolution<'_>
);
