//! A worker as the province knows them: eligibility, filings, device notices, injuries.

use jiff::Timestamp;
use jiff::civil::Date;
use rules::{
    BackFiling, Basis, Care, Confirmation, DivisionCode, Eligibility, FilingForm, FilingNumber,
    FilingStatus, InsuredLevel, ItemCode, Money, NoticeNumber, NoticeReason, PersonName,
    SocialSecurityNumber,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use super::injury::Injury;
use super::text;
use super::version::{RecordError, Version, decode, encode};
use crate::redacted::closed_debug;

const NAME: &str = "worker";

/// One worker with everything that the gates ask about.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worker {
    /// The record's version.
    pub version: Version<1>,
    /// Who they are, where insured, and whether eligible.
    #[serde(with = "Person")]
    pub worker: rules::Worker,
    /// All filings, whatever their place or state.
    pub filings: Vec<Filing>,
    /// Devices of the filings, each with its notice if there is one.
    pub notices: Vec<DeviceNotice>,
    /// The injuries that were recognised; empty where the province lists none.
    pub injuries: Vec<Injury>,
}

/// A filing 备案.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Filing(#[serde(with = "FilingFields")] pub rules::Filing);

/// A device named in a filing, and its notice 配置费用核付通知单 (N34). The bill's line joins it by the device's code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceNotice {
    /// The notice; none where a device is filed and no notice was issued (E07).
    #[serde(with = "text::optional")]
    pub number: Option<NoticeNumber>,
    /// The filing that names the device.
    #[serde(with = "text::one")]
    pub filing: FilingNumber,
    /// The device's catalogue code.
    #[serde(with = "text::one")]
    pub device: ItemCode,
    /// Whether a fitting has been settled on it.
    pub used: bool,
    /// Why it was issued.
    #[serde(with = "text::one")]
    pub reason: NoticeReason,
    /// Yuan per unit.
    #[serde(with = "text::one")]
    pub limit: Money,
    /// Whole years before it may be replaced.
    pub minimum_years: u8,
    /// Day of the last fitting.
    #[serde(with = "text::optional")]
    pub last_fitted_on: Option<Date>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "rules::Worker", deny_unknown_fields)]
struct Person {
    #[serde(with = "text::one")]
    social_security_number: SocialSecurityNumber,
    #[serde(with = "text::one")]
    name: PersonName,
    #[serde(with = "text::one")]
    insured_division: DivisionCode,
    #[serde(with = "text::one")]
    insured_level: InsuredLevel,
    #[serde(with = "text::several")]
    confirmations: BTreeSet<Confirmation>,
    #[serde(with = "text::one")]
    eligibility: Eligibility,
    suspended: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "rules::Filing", deny_unknown_fields)]
struct FilingFields {
    #[serde(with = "text::one")]
    number: FilingNumber,
    #[serde(with = "Form")]
    form: FilingForm,
    #[serde(with = "text::one")]
    basis: Basis,
    #[serde(with = "text::one")]
    place: DivisionCode,
    #[serde(with = "Status")]
    status: FilingStatus,
    #[serde(with = "text::one")]
    valid_from: Date,
    #[serde(with = "text::one")]
    valid_to: Date,
    #[serde(with = "text::optional")]
    back_filing: Option<BackFiling>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "FilingForm", tag = "is", rename_all = "snake_case")]
enum Form {
    Medical {
        #[serde(with = "text::one")]
        care: Care,
    },
    Device,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "FilingStatus", tag = "is", rename_all = "snake_case")]
enum Status {
    Approved {
        #[serde(with = "text::one")]
        at: Timestamp,
    },
    Pending {
        #[serde(with = "text::optional")]
        noted_at: Option<Timestamp>,
    },
    Rejected {
        #[serde(with = "text::optional")]
        noted_at: Option<Timestamp>,
    },
    Cancelled {
        #[serde(with = "text::one")]
        approved_at: Timestamp,
        #[serde(with = "text::one")]
        at: Timestamp,
    },
}

impl Worker {
    /// The filings as the rules take them.
    pub fn rules_filings(&self) -> Vec<rules::Filing> {
        self.filings.iter().map(|filing| filing.0.clone()).collect()
    }

    /// The injury of a visit, where there can be no doubt which: the only one that was recognised.
    pub fn only_injury(&self) -> Option<&Injury> {
        match self.injuries.as_slice() {
            [only] => Some(only),
            [] | [_, _, ..] => None,
        }
    }

    /// As it is kept.
    pub fn encode(&self) -> Result<String, RecordError> {
        encode(NAME, self)
    }

    /// Reads what [`Self::encode`] wrote.
    pub fn decode(text: &str) -> Result<Self, RecordError> {
        decode(NAME, 1, text.as_bytes())
    }
}

closed_debug!(Worker, Filing, DeviceNotice);
