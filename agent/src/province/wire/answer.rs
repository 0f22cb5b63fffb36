//! What the province answers. Unknown fields are allowed: it may say more than we ask.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::redacted::closed_debug;

/// A record of a list, or what is known of one that cannot be read.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Each<T> {
    /// As agreed, or made so.
    Record(T),
    /// One of its fields has no sensible meaning.
    Unreadable {
        /// Which field.
        field: String,
        /// What names the record, as far as it can be read.
        known: BTreeMap<String, String>,
    },
}

impl<T> std::fmt::Debug for Each<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Each")
    }
}

/// One worker as the province knows them.
#[derive(Clone, Deserialize)]
pub struct WorkerRecord {
    /// 社会保障号码.
    pub social_security_number: String,
    /// Name.
    pub name: String,
    /// 参保地, six digits.
    pub insured_division: String,
    /// `prefecture` or `province`.
    pub insured_level: String,
    /// Confirmations: `injury_recognition`, `recurrence`, …
    pub confirmations: Vec<String>,
    /// `eligible`, `lost`, `unknown`.
    pub eligibility: String,
    /// Suspended from direct settlement (N49, H30).
    pub suspended: bool,
    /// All filings the province knows, whatever their place or state.
    pub filings: Vec<FilingRecord>,
    /// Notices for assistive devices.
    pub notices: Vec<DeviceNoticeRecord>,
    /// Recognised injuries; a province that does not tell them leaves them out.
    #[serde(default)]
    pub injuries: Vec<InjuryRecord>,
}

/// An injury that was recognised 工伤认定.
#[derive(Clone, Deserialize)]
pub struct InjuryRecord {
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

/// One filing 备案.
#[derive(Clone, Deserialize)]
pub struct FilingRecord {
    /// Its number.
    pub number: String,
    /// `medical` (Annex 1) or `device` (Annex 2).
    pub form: String,
    /// `long_residence`, `resident_work`, `transfer`.
    pub basis: String,
    /// `medical`, `rehabilitation`; null on a device form.
    pub care: Option<String>,
    /// Division of the treatment place.
    pub place: String,
    /// `approved`, `pending`, `rejected`, `cancelled`.
    pub status: String,
    /// RFC 3339; needed for `approved` and `cancelled`.
    pub approved_at: Option<String>,
    /// RFC 3339; exactly for `cancelled`.
    pub cancelled_at: Option<String>,
    /// First day.
    pub valid_from: String,
    /// Last day.
    pub valid_to: String,
    /// `emergency`, `force_majeure`, `late_recognition`.
    pub back_filing: Option<String>,
}

/// A notice confirming that a device is to be fitted (N34).
#[derive(Clone, Deserialize)]
pub struct DeviceNoticeRecord {
    /// Its number; null where a device is filed and no notice was issued.
    pub number: Option<String>,
    /// The filing that names the device.
    pub filing_number: String,
    /// Catalogue code of the device.
    pub device_code: String,
    /// Whether a fitting has been settled on it.
    pub used: bool,
    /// `first`, `replacement`, `changed_injury`.
    pub reason: String,
    /// Yuan per unit.
    pub limit: String,
    /// Years before it may be replaced.
    pub minimum_years: u32,
    /// Day of the last fitting.
    pub last_fitted_on: Option<String>,
}

/// The institution's own record in the library.
#[derive(Clone, Deserialize)]
pub struct InstitutionRecord {
    /// Institution code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Division.
    pub division: String,
    /// 医院等级, as the library writes it (三级甲等).
    pub grade: String,
    /// `active`, `suspended`, `terminated`, `closed`.
    pub status: String,
    /// Since when; null where active.
    pub status_since: Option<String>,
    /// `cross_province`, `intra_province`.
    pub channels: Vec<String>,
    /// Visit kinds in its agreement.
    pub kinds: Vec<String>,
}

/// The name of a division.
#[derive(Debug, Clone, Deserialize)]
pub struct DivisionRecord {
    /// Six digits.
    pub code: String,
    /// Chinese name.
    pub name: String,
}

/// One catalogue entry.
#[derive(Debug, Clone, Deserialize)]
pub struct CatalogueRecord {
    /// Division whose catalogue it is in: a place's, or a province's (`430000`) for the province's single set.
    pub owner: String,
    /// `drug`, `treatment`, `inpatient_service`, `rehabilitation`, `assistive_device`.
    pub column: String,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: Option<String>,
    /// Paid only under a condition.
    pub restricted: bool,
    /// The condition, in the catalogue's words; empty where there is none.
    pub restriction: String,
    /// Yuan per unit.
    pub ceiling: Option<String>,
}

/// 1101: what the province knows of one number.
#[derive(Clone, Deserialize)]
pub struct PersonAnswer {
    /// When it was true (RFC 3339).
    pub as_of: String,
    /// Null where it knows nobody.
    pub worker: Option<Each<WorkerRecord>>,
}

/// One page of workers, institution and division names.
#[derive(Clone, Deserialize)]
pub struct RegistryPage {
    /// When what the finished synchronisation says was true (RFC 3339).
    pub as_of: String,
    /// Where to go on.
    pub cursor: String,
    /// Number of the page in its run, from 1.
    pub page: u32,
    /// Whether the run replaces everything known.
    pub full: bool,
    /// Whether more pages follow.
    pub more: bool,
    /// Workers, new or changed.
    pub workers: Vec<Each<WorkerRecord>>,
    /// Numbers of workers no longer filed for this place.
    pub withdrawn: Vec<String>,
    /// The institution's record, where it is new or changed.
    pub institution: Option<Each<InstitutionRecord>>,
    /// Division names.
    pub divisions: Vec<Each<DivisionRecord>>,
    /// Values that were not as agreed and were read all the same.
    #[serde(skip)]
    pub repaired: usize,
}

/// One page of catalogue entries.
#[derive(Debug, Clone, Deserialize)]
pub struct CataloguePage {
    /// When what the finished synchronisation says was true (RFC 3339).
    pub as_of: String,
    /// Where to go on.
    pub cursor: String,
    /// Number of the page in its run, from 1.
    pub page: u32,
    /// Whether the run replaces everything known.
    pub full: bool,
    /// Whether more pages follow.
    pub more: bool,
    /// Entries, new or changed, by owner, column, code and first day.
    pub entries: Vec<Each<CatalogueRecord>>,
    /// Values that were not as agreed and were read all the same.
    #[serde(skip)]
    pub repaired: usize,
}

/// Whose card or code it is.
#[derive(Clone, Deserialize)]
pub struct IdentityAnswer {
    /// 社会保障号码.
    pub social_security_number: String,
    /// Name.
    pub name: String,
}

#[derive(Deserialize)]
pub(crate) struct SessionAnswer {
    pub(crate) sign_no: String,
    pub(crate) valid_until: String,
}

/// Nothing is told.
#[derive(Deserialize)]
pub(crate) struct SignedOut {}

#[derive(Deserialize)]
pub(crate) struct CardAuthenticationAnswer {
    pub(crate) answer: String,
}

/// What the province says of an upload it has taken.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Receipt {
    /// The province's number of what it took.
    pub receipt_number: String,
    /// When it took it (RFC 3339).
    pub received_at: String,
    /// 就医登记号, in the answer to a registration.
    pub registration_number: Option<String>,
    /// By how many seconds the deadline was missed; null where it was kept or there is none.
    pub late_by_s: Option<i64>,
}

#[derive(Deserialize)]
pub(crate) struct OutcomeAnswer {
    pub(crate) receipt: Option<Receipt>,
}

#[derive(Deserialize)]
pub(crate) struct LastHeadAnswer {
    pub(crate) last: Option<HeadHeld>,
}

/// What the province holds of this terminal's journal: what its last settlement record said.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct HeadHeld {
    /// The settlement's number.
    pub settlement_number: String,
    /// The journal's head then.
    pub journal: HeadWire,
}

/// A journal head on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct HeadWire {
    /// The last entry.
    pub sequence: u64,
    /// Half of its MAC, in hex.
    pub mac: String,
}

closed_debug!(
    WorkerRecord,
    FilingRecord,
    DeviceNoticeRecord,
    InjuryRecord,
    InstitutionRecord,
    PersonAnswer,
    RegistryPage,
    IdentityAnswer,
    SessionAnswer,
    CardAuthenticationAnswer,
    OutcomeAnswer,
);
