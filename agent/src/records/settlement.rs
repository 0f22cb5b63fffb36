//! The settlement record, as it goes up within 30 minutes (N33, N34).

use jiff::Timestamp;
use rules::{Channel, ColumnAmounts, DivisionCode, FilingNumber, Gate, Money, Split, VisitKind};
use serde::{Deserialize, Serialize};

use super::injury::{Diagnosis, Injury};
use super::numbers::{InstitutionCode, SettlementNumber, VisitNumber};
use super::registration::Person;
use super::text;
use crate::redacted::closed_debug;

/// What was settled, and by what it was decided. Its fee lines go up before it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settlement {
    /// The visit.
    #[serde(with = "text::one")]
    pub visit: VisitNumber,
    /// The institution's number of the settlement.
    #[serde(with = "text::one")]
    pub settlement: SettlementNumber,
    /// Which settlement of the visit it is, from 1.
    pub generation: u32,
    /// The worker.
    pub worker: Person,
    /// 参保地.
    #[serde(with = "text::one")]
    pub insured_division: DivisionCode,
    /// The institution as it signs.
    pub institution: Signatory,
    /// Between which places.
    #[serde(with = "text::one")]
    pub channel: Channel,
    /// What the visit is.
    #[serde(with = "text::one")]
    pub kind: VisitKind,
    /// The gate passed.
    #[serde(with = "text::one")]
    pub gate: Gate,
    /// The filing relied on, where one stands.
    #[serde(with = "text::optional")]
    pub filing: Option<FilingNumber>,
    /// Discharge diagnoses, in the hospital's order.
    pub diagnoses: Vec<Diagnosis>,
    /// The injury that the visit treats.
    pub injury: Option<Injury>,
    /// When the visit was registered.
    #[serde(with = "text::one")]
    pub registered_at: Timestamp,
    /// Discharge; none for a visit without a stay.
    #[serde(with = "text::optional")]
    pub discharged_at: Option<Timestamp>,
    /// The settlement's own time; the 30 minutes run from it.
    #[serde(with = "text::one")]
    pub settled_at: Timestamp,
    /// Deadline of the upload.
    #[serde(with = "text::one")]
    pub upload_due_at: Timestamp,
    /// Annex 10's table.
    pub matrix: Matrix,
    /// How many fee lines go up for it.
    pub line_count: u64,
    /// In how many parts.
    pub detail_parts: u32,
    /// What was decided by what.
    pub decided_by: DecidedBy,
    /// The journal's head when it was written.
    pub journal: JournalHead,
}

/// The institution that settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signatory {
    /// Institution code.
    #[serde(with = "text::one")]
    pub code: InstitutionCode,
    /// Name in the library.
    pub name: String,
    /// Its division.
    #[serde(with = "text::one")]
    pub division: DivisionCode,
}

/// Totals of Annex 10.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matrix {
    /// 工伤保险基金支付金额.
    pub fund: Sums,
    /// 自费金额.
    pub self_pay: Sums,
    /// 其他.
    pub other: Sums,
    /// 总费用.
    #[serde(with = "text::one")]
    pub total: Money,
    /// 个人支付金额 = 自费 + 其他.
    #[serde(with = "text::one")]
    pub personal: Money,
}

/// One row of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sums {
    /// 药品.
    #[serde(with = "text::one")]
    pub drug: Money,
    /// 诊疗项目.
    #[serde(with = "text::one")]
    pub treatment: Money,
    /// 住院服务标准.
    #[serde(with = "text::one")]
    pub inpatient_service: Money,
    /// 康复服务项目.
    #[serde(with = "text::one")]
    pub rehabilitation: Money,
    /// 辅助器具费用.
    #[serde(with = "text::one")]
    pub assistive_device: Money,
    /// 合计.
    #[serde(with = "text::one")]
    pub total: Money,
}

/// What the decision can be recomputed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecidedBy {
    /// Province profile.
    pub profile: String,
    /// Its hash, in hex.
    pub profile_hash: String,
    /// Version of the rule set.
    pub rule_set: String,
    /// How current the registry was.
    #[serde(with = "text::one")]
    pub registry_as_of: Timestamp,
}

/// The journal's head: a cut tail or a rewrite shows against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalHead {
    /// Sequence of the last entry.
    pub sequence: u64,
    /// Its keyed MAC, shortened, in hex.
    pub mac: String,
}

impl Matrix {
    /// The table of a split.
    pub fn of(split: &Split) -> Self {
        Self {
            fund: Sums::of(&split.fund),
            self_pay: Sums::of(&split.self_pay),
            other: Sums::of(&split.other),
            total: split.total(),
            personal: split.personal(),
        }
    }
}

impl Sums {
    /// A row of the rules' split.
    pub fn of(amounts: &ColumnAmounts) -> Self {
        Self {
            drug: amounts.drug,
            treatment: amounts.treatment,
            inpatient_service: amounts.inpatient_service,
            rehabilitation: amounts.rehabilitation,
            assistive_device: amounts.assistive_device,
            total: amounts.total(),
        }
    }
}

closed_debug!(Settlement, Matrix, Sums);
