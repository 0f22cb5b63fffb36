//! A visit as it was admitted, with its injury and all its diagnoses.

use jiff::Timestamp;
use rules::{PersonName, RuleSet, SocialSecurityNumber, ThirdPartyLiability, VisitKind};
use serde::{Deserialize, Serialize};

use super::credential::{CardKey, Credential};
use super::injury::{Diagnosis, Injury};
use super::registration::Person;
use super::text::{self, Text};
use super::version::{RecordError, Version, decode, encode, read, version_of};
use crate::redacted::closed_debug;

const NAME: &str = "visit";

/// The version that knows injury and diagnoses. Versions 1 and 2 had one diagnosis, and the rest of it in columns beside them.
const VERSION: u32 = 3;

/// What is kept of an admission.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// The record's version.
    pub version: Version<VERSION>,
    /// What it is.
    #[serde(with = "text::one")]
    pub kind: VisitKind,
    /// The worker, as the registry has them.
    pub worker: Person,
    /// When the hospital registered it.
    #[serde(with = "text::one")]
    pub registered_at: Timestamp,
    /// 科别.
    pub department: String,
    /// 住院号; empty where the hospital gave none.
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
    /// What the admission was decided on.
    pub opening: Opening,
    /// How the credential was opened and confirmed; none in admissions of before.
    pub credential: Option<Credential>,
    /// The card that was confirmed at admission: in an outage the same one counts for the visit.
    pub confirmed_card: Option<CardKey>,
}

/// The case of an admission.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The canonical case.
    pub case: String,
    /// The rules it was decided by, which are also whose format it has.
    pub rule_set: String,
}

/// What versions 1 and 2 kept in columns beside the record.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// The visit's kind, in the rules' name.
    pub kind: &'a str,
    /// 社会保障号码.
    pub social_security_number: &'a str,
    /// 姓名.
    pub name: &'a str,
    /// When the hospital registered it.
    pub registered_at: Timestamp,
}

/// Versions 1 and 2; version 1 did not name its rule set, which was the first, nor the credential.
#[derive(Deserialize)]
struct Before {
    department: String,
    inpatient_number: String,
    diagnosis: String,
    diagnosis_code: String,
    #[serde(with = "text::one")]
    third_party_liability: ThirdPartyLiability,
    emergency: bool,
    force_majeure: bool,
    opening_case: String,
    #[serde(default)]
    opening_rule_set: Option<String>,
    /// Empty in version 1.
    #[serde(default)]
    opening_credential: String,
    #[serde(default)]
    confirmed_card: Option<CardKey>,
}

impl Visit {
    /// As it is kept.
    pub fn encode(&self) -> Result<String, RecordError> {
        encode(NAME, self)
    }

    /// Reads what any version has kept; `beside` is what stands in the row's own columns.
    pub fn decode(text: &str, beside: &Beside<'_>) -> Result<Self, RecordError> {
        match version_of(NAME, text.as_bytes())? {
            1 | 2 => {
                let before: Before = read(NAME, text.as_bytes())?;
                before.with(beside)
            }
            _ => decode(NAME, VERSION, text.as_bytes()),
        }
    }

    /// The principal diagnosis in words; empty where there is none.
    pub fn principal_diagnosis(&self) -> &str {
        self.diagnoses
            .first()
            .map_or("", |diagnosis| &diagnosis.name)
    }
}

impl Before {
    fn with(self, beside: &Beside<'_>) -> Result<Visit, RecordError> {
        let in_row = || RecordError::Damaged {
            record: NAME,
            line: 0,
            column: 0,
        };
        let credential = match self.opening_credential.as_str() {
            "" => None,
            kept => Some(Credential::decode(kept)?),
        };
        let rule_set = self
            .opening_rule_set
            .unwrap_or_else(|| RuleSet::First.name().to_owned());
        Ok(Visit {
            version: Version,
            kind: VisitKind::read(beside.kind).ok_or_else(in_row)?,
            worker: Person {
                social_security_number: SocialSecurityNumber::read(beside.social_security_number)
                    .ok_or_else(in_row)?,
                name: PersonName::new(beside.name),
            },
            registered_at: beside.registered_at,
            // These versions kept texts with the blanks around them.
            department: self.department.trim().to_owned(),
            inpatient_number: self.inpatient_number.trim().to_owned(),
            diagnoses: vec![Diagnosis {
                code: self.diagnosis_code.trim().to_owned(),
                name: self.diagnosis.trim().to_owned(),
            }],
            injury: None,
            third_party_liability: self.third_party_liability,
            emergency: self.emergency,
            force_majeure: self.force_majeure,
            opening: Opening {
                case: self.opening_case,
                rule_set,
            },
            credential,
            confirmed_card: self.confirmed_card,
        })
    }
}

closed_debug!(Visit, Opening);
