//! The institution as the province's library has it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rules::case::institution::AgreedChannel;
use rules::{DivisionCode, InstitutionStatus, VisitKind};
use serde::{Deserialize, Serialize};

use super::text;
use super::version::{RecordError, Version, decode, encode};

const NAME: &str = "institution";

/// This hospital.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Institution {
    /// The record's version.
    pub version: Version<1>,
    /// What the rules ask.
    #[serde(with = "Agreement")]
    pub institution: rules::Institution,
    /// Institution code.
    pub code: String,
    /// 医疗机构名称 of the slip.
    pub name: String,
    /// 医院等级 of the slip.
    pub grade: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "rules::Institution", deny_unknown_fields)]
struct Agreement {
    #[serde(with = "text::one")]
    division: DivisionCode,
    #[serde(with = "Status")]
    standing: InstitutionStatus,
    #[serde(with = "text::several")]
    channels: BTreeSet<AgreedChannel>,
    #[serde(with = "text::several")]
    kinds: BTreeSet<VisitKind>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "InstitutionStatus", tag = "is", rename_all = "snake_case")]
enum Status {
    Active {
        #[serde(with = "text::optional")]
        since: Option<Date>,
    },
    Suspended {
        #[serde(with = "text::one")]
        since: Date,
    },
    Terminated {
        #[serde(with = "text::one")]
        since: Date,
    },
    Closed {
        #[serde(with = "text::one")]
        since: Date,
    },
}

impl Institution {
    /// As it is kept.
    pub fn encode(&self) -> Result<String, RecordError> {
        encode(NAME, self)
    }

    /// Reads what [`Self::encode`] wrote.
    pub fn decode(text: &str) -> Result<Self, RecordError> {
        decode(NAME, 1, text.as_bytes())
    }
}
