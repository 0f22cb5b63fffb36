//! What the province knows, in the form in which it answers.

use serde::{Deserialize, Serialize};

/// A worker as the province answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worker {
    /// 社会保障号码.
    pub social_security_number: String,
    /// Name.
    pub name: String,
    /// 参保地.
    pub insured_division: String,
    /// `prefecture` or `province`.
    pub insured_level: String,
    /// Confirmations of the injury.
    pub confirmations: Vec<String>,
    /// `eligible`, `lost`, `unknown`.
    pub eligibility: String,
    /// Suspended from direct settlement.
    pub suspended: bool,
    /// All filings.
    pub filings: Vec<Filing>,
    /// Notices for devices.
    pub notices: Vec<Notice>,
    /// Recognised injuries.
    pub injuries: Vec<Injury>,
}

/// An injury as the province answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Injury {
    /// 认定工伤决定书文（编）号.
    pub decision_number: String,
    /// 受伤日期.
    pub injured_on: Option<String>,
    /// 受伤部位.
    pub body_part: String,
    /// 用人单位.
    pub employer: String,
    /// 职业病.
    pub occupational_disease: bool,
}

/// A filing as the province answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filing {
    /// Its number.
    pub number: String,
    /// `medical`, `device`.
    pub form: String,
    /// `long_residence`, `resident_work`, `transfer`.
    pub basis: String,
    /// `medical`, `rehabilitation`; null on a device form.
    pub care: Option<String>,
    /// Division.
    pub place: String,
    /// `approved`, `pending`, `rejected`, `cancelled`.
    pub status: String,
    /// RFC 3339.
    pub approved_at: Option<String>,
    /// RFC 3339.
    pub cancelled_at: Option<String>,
    /// First day.
    pub valid_from: String,
    /// Last day.
    pub valid_to: String,
    /// `emergency`, `force_majeure`, `late_recognition`.
    pub back_filing: Option<String>,
}

/// A notice as the province answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Its number.
    pub number: Option<String>,
    /// The filing that names the device.
    pub filing_number: String,
    /// Catalogue code.
    pub device_code: String,
    /// Whether used.
    pub used: bool,
    /// `first`, `replacement`, `changed_injury`.
    pub reason: String,
    /// Yuan per unit.
    pub limit: String,
    /// Years before replacement.
    pub minimum_years: u32,
    /// Day of the last fitting.
    pub last_fitted_on: Option<String>,
}

/// The hospital's own record in the institution library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Institution {
    /// Institution code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Division.
    pub division: String,
    /// 医院等级.
    pub grade: String,
    /// `active`, `suspended`, …
    pub status: String,
    /// Since when.
    pub status_since: Option<String>,
    /// Channels in its agreement.
    pub channels: Vec<String>,
    /// Visit kinds in its agreement.
    pub kinds: Vec<String>,
}
