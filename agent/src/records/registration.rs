//! The registration of a visit, as it goes up.

use jiff::Timestamp;
use rules::{
    Channel, DivisionCode, FilingNumber, PersonName, SocialSecurityNumber, ThirdPartyLiability,
    VisitKind,
};
use serde::{Deserialize, Serialize};

use super::injury::{Diagnosis, Injury};
use super::numbers::VisitNumber;
use super::text;
use crate::redacted::closed_debug;

/// Whom a record is about.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// 社会保障号码.
    #[serde(with = "text::one")]
    pub social_security_number: SocialSecurityNumber,
    /// 姓名, as the registry has it.
    #[serde(with = "text::one")]
    pub name: PersonName,
}

/// A visit begins (F01, N33). The province answers with 就医登记号.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// The institution's own number of the visit.
    #[serde(with = "text::one")]
    pub visit: VisitNumber,
    /// What it is.
    #[serde(with = "text::one")]
    pub kind: VisitKind,
    /// Between which places.
    #[serde(with = "text::one")]
    pub channel: Channel,
    /// When the hospital registered it.
    #[serde(with = "text::one")]
    pub registered_at: Timestamp,
    /// The worker.
    pub worker: Person,
    /// 参保地.
    #[serde(with = "text::one")]
    pub insured_division: DivisionCode,
    /// The filing relied on, where one stands.
    #[serde(with = "text::optional")]
    pub filing: Option<FilingNumber>,
    /// The credential's kind; `none` where there was none.
    pub credential_kind: String,
    /// 科别.
    pub department: String,
    /// 住院号, empty where there is none.
    pub inpatient_number: String,
    /// Admission diagnoses, in the hospital's order.
    pub diagnoses: Vec<Diagnosis>,
    /// The injury it treats; none where the province lists none, or several and nobody has chosen.
    pub injury: Option<Injury>,
    /// What the worker declared.
    #[serde(with = "text::one")]
    pub third_party_liability: ThirdPartyLiability,
    /// Marked as an emergency (H12¶2).
    pub emergency: bool,
    /// Marked as force majeure (H12¶2).
    pub force_majeure: bool,
}

/// A registration is taken back: the visit should not have been admitted, and nothing of it is settled.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cancellation {
    /// The visit.
    #[serde(with = "text::one")]
    pub visit: VisitNumber,
    /// The worker that it was registered for.
    pub worker: Person,
    /// When it was taken back here.
    #[serde(with = "text::one")]
    pub cancelled_at: Timestamp,
    /// Why, in the words of whoever took it back.
    pub reason: String,
}

closed_debug!(Person, Registration, Cancellation);
