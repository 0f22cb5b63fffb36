//! Business bodies as the province demands them: every field there, none beside.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::cents::Cents;
use crate::envelope::Refusal;

/// Reads a body; what does not fit is refused by the place where reading stopped.
pub(crate) fn read<T: DeserializeOwned>(input: &RawValue) -> Result<T, Refusal> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u32,
    }
    let malformed = |error: serde_json::Error| {
        Refusal::new("body_malformed", format!("报文内容不合约定：{error}"))
    };
    let Versioned { version } = serde_json::from_str(input.get()).map_err(malformed)?;
    if version != 1 {
        return Err(Refusal::new("version_unknown", "报文内容的版本不支持"));
    }
    serde_json::from_str(input.get()).map_err(malformed)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "required by the interface, not looked at")]
pub(crate) struct SignIn {
    version: u32,
    pub(crate) terminal: String,
    program: String,
    program_version: String,
}

#[derive(Deserialize)]
pub(crate) struct Person {
    pub(crate) social_security_number: String,
}

#[derive(Deserialize)]
pub(crate) struct Page {
    pub(crate) cursor: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct CardAuthentication {
    pub(crate) question: String,
}

#[derive(Deserialize)]
pub(crate) struct CodeVerification {
    pub(crate) code: String,
}

#[derive(Deserialize)]
pub(crate) struct CardVerification {
    pub(crate) card_number: String,
    pub(crate) card_id: String,
    pub(crate) reset: String,
    pub(crate) card_version: String,
    pub(crate) internal_authentication: Option<InternalAuthentication>,
}

#[derive(Deserialize)]
pub(crate) struct InternalAuthentication {
    pub(crate) algorithm: String,
    pub(crate) factor: String,
    pub(crate) raw: String,
    pub(crate) result: String,
}

#[derive(Deserialize)]
pub(crate) struct ByMessage {
    pub(crate) msgid: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Worker {
    pub(crate) social_security_number: String,
    pub(crate) name: String,
}

/// What was queued before there were injuries has none.
#[derive(Deserialize, Clone, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct Injury {
    pub(crate) decision_number: String,
    pub(crate) injured_on: Option<jiff::civil::Date>,
    pub(crate) body_part: String,
    pub(crate) employer: String,
    pub(crate) occupational_disease: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "required by the interface, not looked at")]
pub(crate) struct Diagnosis {
    code: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "required by the interface, some not looked at")]
pub(crate) struct VisitRegistration {
    version: u32,
    pub(crate) visit_number: String,
    pub(crate) visit_kind: String,
    pub(crate) channel: String,
    registered_at: jiff::Timestamp,
    pub(crate) worker: Worker,
    pub(crate) insured_division: String,
    pub(crate) filing_number: Option<String>,
    credential_kind: String,
    department: String,
    inpatient_number: String,
    pub(crate) diagnoses: Vec<Diagnosis>,
    #[serde(default)]
    pub(crate) injury: Option<Injury>,
    third_party_liability: String,
    emergency: bool,
    force_majeure: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "required by the interface, some not looked at")]
pub(crate) struct VisitCancellation {
    version: u32,
    pub(crate) visit_number: String,
    registration_number: Option<String>,
    pub(crate) worker: Worker,
    pub(crate) cancelled_at: jiff::Timestamp,
    pub(crate) reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "required by the interface, some not looked at")]
pub(crate) struct FeeDetail {
    version: u32,
    pub(crate) visit_number: String,
    registration_number: Option<String>,
    pub(crate) settlement_number: String,
    pub(crate) generation: u32,
    pub(crate) part: u32,
    pub(crate) parts: u32,
    pub(crate) lines: Vec<FeeLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "required by the interface, some not looked at")]
pub(crate) struct FeeLine {
    /// None in what was queued before lines had one.
    #[serde(default)]
    pub(crate) id: Option<String>,
    pub(crate) number: u64,
    date: jiff::civil::Date,
    pub(crate) column: Column,
    code: String,
    name: String,
    unit_price: String,
    quantity: String,
    pub(crate) amount: Cents,
    treats_injury: bool,
    restriction_met: Option<bool>,
    reverses: Option<u64>,
    pub(crate) fund: Cents,
    pub(crate) self_pay: Cents,
    pub(crate) other: Cents,
    rule: String,
}

#[derive(Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Column {
    Drug,
    Treatment,
    InpatientService,
    Rehabilitation,
    AssistiveDevice,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "required by the interface, some not looked at")]
#[expect(clippy::struct_field_names, reason = "the names of the wire")]
pub(crate) struct Settlement {
    version: u32,
    pub(crate) visit_number: String,
    registration_number: Option<String>,
    pub(crate) settlement_number: String,
    pub(crate) generation: u32,
    pub(crate) worker: Worker,
    pub(crate) insured_division: String,
    pub(crate) institution: Institution,
    channel: String,
    visit_kind: String,
    gate: String,
    filing_number: Option<String>,
    pub(crate) diagnoses: Vec<Diagnosis>,
    #[serde(default)]
    pub(crate) injury: Option<Injury>,
    registered_at: jiff::Timestamp,
    discharged_at: Option<jiff::Timestamp>,
    pub(crate) settled_at: jiff::Timestamp,
    upload_due_at: jiff::Timestamp,
    pub(crate) matrix: Matrix,
    pub(crate) line_count: u64,
    pub(crate) detail_parts: u32,
    decided_by: DecidedBy,
    journal: JournalHead,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "required by the interface, some not looked at")]
pub(crate) struct Institution {
    pub(crate) code: String,
    name: String,
    division: String,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct Matrix {
    pub(crate) fund: Sums,
    pub(crate) self_pay: Sums,
    pub(crate) other: Sums,
    pub(crate) total: Cents,
    pub(crate) personal: Cents,
}

#[derive(Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sums {
    pub(crate) drug: Cents,
    pub(crate) treatment: Cents,
    pub(crate) inpatient_service: Cents,
    pub(crate) rehabilitation: Cents,
    pub(crate) assistive_device: Cents,
    pub(crate) total: Cents,
}

impl Sums {
    /// The sum of shares by column.
    pub(crate) fn of(shares: impl Iterator<Item = (Column, Cents)>) -> Self {
        let mut sums = Self::default();
        for (column, share) in shares {
            let place = match column {
                Column::Drug => &mut sums.drug,
                Column::Treatment => &mut sums.treatment,
                Column::InpatientService => &mut sums.inpatient_service,
                Column::Rehabilitation => &mut sums.rehabilitation,
                Column::AssistiveDevice => &mut sums.assistive_device,
            };
            *place = *place + share;
            sums.total = sums.total + share;
        }
        sums
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "required by the interface, not looked at")]
struct DecidedBy {
    profile: String,
    profile_hash: String,
    rule_set_version: String,
    registry_as_of: jiff::Timestamp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "required by the interface, not looked at")]
struct JournalHead {
    sequence: u64,
    mac: String,
}
