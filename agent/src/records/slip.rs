//! What Annex 10 prints, as text, kept with the settlement so that every copy is the same.

use serde::{Deserialize, Serialize};

use super::version::{RecordError, Version, decode, encode};
use crate::redacted::closed_debug;

const NAME: &str = "slip";

/// The facts of a slip. The check value that stands on it covers them, as they are kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "Annex 10's own fields, named as on the form")]
pub struct SlipFacts {
    pub version: Version<1>,
    pub title: String,
    pub institution_name: String,
    pub institution_place: String,
    pub institution_grade: String,
    /// 就医登记号 as it was known at the settlement; empty where the province had not given it.
    pub registration_number: String,
    pub name: String,
    pub person_category: String,
    pub insured_place: String,
    pub social_security_number: String,
    pub benefit_category: String,
    pub business_category: String,
    pub settled_at: String,
    pub department: String,
    pub inpatient_number: String,
    pub admitted_at: String,
    pub discharged_at: String,
    pub days: String,
    pub fund: Row,
    pub self_pay: Row,
    pub other: Row,
    pub total: String,
    pub personal: String,
    pub cashier: String,
    pub reviewer: String,
    pub preparer: String,
    pub printed_on: String,
    pub settled_unix_s: i64,
}

/// A row of its table, in yuan.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "Annex 10's own columns, named as on the form")]
pub struct Row {
    pub drug: String,
    pub treatment: String,
    pub inpatient_service: String,
    pub rehabilitation: String,
    pub assistive_device: String,
    pub total: String,
}

impl SlipFacts {
    /// As it is kept with the settlement.
    pub fn encode(&self) -> Result<String, RecordError> {
        encode(NAME, self)
    }

    /// Reads back what [`Self::encode`] wrote.
    pub fn decode(text: &str) -> Result<Self, RecordError> {
        decode(NAME, 1, text.as_bytes())
    }
}

closed_debug!(SlipFacts, Row);
