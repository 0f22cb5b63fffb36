//! A profile as its file has it.

use serde::Deserialize;

use super::setting::{self, ProfileError, named};
use crate::case::division::Province;
use crate::error::ParseError;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Profile {
    pub(super) name: String,
    pub(super) intra_province: Setting<bool>,
    pub(super) outpatient_intra_province: Setting<bool>,
    pub(super) back_filing_emergency: Setting<bool>,
    pub(super) back_filing_force_majeure: Setting<bool>,
    pub(super) late_recognition: Setting<bool>,
    pub(super) confirmation_binds: Setting<bool>,
    pub(super) category_binds: Setting<bool>,
    pub(super) inpatients_after_suspension: Setting<String>,
    pub(super) unverified_card: Setting<String>,
    pub(super) registry_max_age_minutes: Setting<u32>,
    pub(super) upload_minutes_cross: Setting<u32>,
    pub(super) upload_minutes_intra: Optional<u32>,
    pub(super) high_amount: Optional<String>,
    pub(super) settlement_authority: Setting<String>,
    pub(super) slip_title_intra: Optional<String>,
    pub(super) validity_months: Vec<ValidityMonths>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Setting<T> {
    pub(super) value: T,
    reference: String,
    #[serde(rename = "reading")]
    interpretation: bool,
}

/// A setting that may be left without a value.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Optional<T> {
    pub(super) value: Option<T>,
    reference: String,
    #[serde(rename = "reading")]
    interpretation: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ValidityMonths {
    province: String,
    transfer: u8,
    others: u8,
    reference: String,
    #[serde(rename = "reading")]
    interpretation: bool,
}

impl<T> From<Setting<T>> for setting::Setting<T> {
    fn from(read: Setting<T>) -> Self {
        Self {
            value: read.value,
            reference: read.reference,
            interpretation: read.interpretation,
        }
    }
}

impl<T> From<Optional<T>> for setting::Setting<Option<T>> {
    fn from(read: Optional<T>) -> Self {
        Self {
            value: read.value,
            reference: read.reference,
            interpretation: read.interpretation,
        }
    }
}

impl<T> Setting<T> {
    pub(super) fn try_map<U>(
        self,
        knob: &'static str,
        read: impl FnOnce(T) -> Result<U, ParseError>,
    ) -> Result<setting::Setting<U>, ProfileError> {
        let value = named(knob, read(self.value))?;
        Ok(setting::Setting {
            value,
            reference: self.reference,
            interpretation: self.interpretation,
        })
    }
}

impl<T> Optional<T> {
    pub(super) fn try_map<U>(
        self,
        knob: &'static str,
        read: impl FnOnce(Option<T>) -> Result<U, ParseError>,
    ) -> Result<setting::Setting<U>, ProfileError> {
        let value = named(knob, read(self.value))?;
        Ok(setting::Setting {
            value,
            reference: self.reference,
            interpretation: self.interpretation,
        })
    }
}

impl ValidityMonths {
    pub(super) fn read(self) -> Result<setting::Setting<setting::ValidityMonths>, ProfileError> {
        let province = named("validity_months", Province::parse(&self.province))?;
        Ok(setting::Setting {
            value: setting::ValidityMonths {
                province,
                transfer: self.transfer,
                others: self.others,
            },
            reference: self.reference,
            interpretation: self.interpretation,
        })
    }
}
