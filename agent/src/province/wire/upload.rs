//! What the institution sends up: registration of a visit, bill lines, the settlement (N33, N34, F04).

use serde::Serialize;

use super::BodyVersion;
use crate::redacted::closed_debug;

/// Whom the visit is about.
#[derive(Clone, Serialize)]
pub struct WorkerIdentity {
    /// 社会保障号码.
    pub social_security_number: String,
    /// Name as the registry has it.
    pub name: String,
}

/// One diagnosis of the visit.
#[derive(Clone, Serialize)]
pub struct Diagnosis {
    /// ICD-10 code, empty where the hospital gave none.
    pub code: String,
    /// What the hospital wrote.
    pub name: String,
}

/// The injury that a visit treats, as the province listed it.
#[derive(Clone, Serialize)]
pub struct Injury {
    /// 认定工伤决定书文（编）号.
    pub decision_number: String,
    /// 受伤日期; null where the decision names no day.
    pub injured_on: Option<String>,
    /// 受伤部位.
    pub body_part: String,
    /// 用人单位.
    pub employer: String,
    /// 职业病.
    pub occupational_disease: bool,
}

/// 2201: a visit begins. The answer carries 就医登记号.
#[derive(Clone, Serialize)]
pub struct VisitRegistration {
    /// Always 1.
    pub version: BodyVersion,
    /// The institution's own number of the visit, unique for ever; everything later refers to it.
    pub visit_number: String,
    /// `inpatient_medical`, `inpatient_rehabilitation`, `outpatient_…`, `assistive_device`.
    pub visit_kind: String,
    /// `cross_province` or `intra_province`.
    pub channel: String,
    /// When the visit was registered (RFC 3339).
    pub registered_at: String,
    /// The worker.
    pub worker: WorkerIdentity,
    /// 参保地, six digits.
    pub insured_division: String,
    /// The filing relied on, if one stands.
    pub filing_number: Option<String>,
    /// `social_security_card`, `electronic_social_security_card`, `identity_card`.
    pub credential_kind: String,
    /// 科别.
    pub department: String,
    /// 住院号, empty where there is none.
    pub inpatient_number: String,
    /// Admission diagnoses, in the hospital's order.
    pub diagnoses: Vec<Diagnosis>,
    /// The injury; null where the province lists none, or several and nobody has chosen.
    pub injury: Option<Injury>,
    /// `none`, `partial`, `full`, `undeclared`.
    pub third_party_liability: String,
    /// Marked as an emergency (H12¶2).
    pub emergency: bool,
    /// Marked as force majeure (H12¶2).
    pub force_majeure: bool,
}

/// 2202: a registration is taken back; nothing of the visit is settled.
#[derive(Clone, Serialize)]
pub struct VisitCancellation {
    /// Always 1.
    pub version: BodyVersion,
    /// The visit.
    pub visit_number: String,
    /// 就医登记号 where it is known.
    pub registration_number: Option<String>,
    /// The worker that it was registered for.
    pub worker: WorkerIdentity,
    /// When it was taken back (RFC 3339).
    pub cancelled_at: String,
    /// Why.
    pub reason: String,
}

/// 2204: a part of a settlement's bill lines; parts are numbered from 1.
#[derive(Clone, Serialize)]
pub struct FeeDetail {
    /// Always 1.
    pub version: BodyVersion,
    /// The visit.
    pub visit_number: String,
    /// 就医登记号 where it is known.
    pub registration_number: Option<String>,
    /// The settlement these lines belong to.
    pub settlement_number: String,
    /// Which settlement of the visit it is, from 1; a void begins the next.
    pub generation: u32,
    /// Number of this part, from 1.
    pub part: u32,
    /// How many parts there are.
    pub parts: u32,
    /// The lines, in the bill's order.
    pub lines: Vec<FeeLine>,
}

/// One bill line with its split and the rule that split it.
#[derive(Clone, Serialize)]
pub struct FeeLine {
    /// The line's identifier, fixed for ever.
    pub id: String,
    /// Line number on the bill.
    pub number: u64,
    /// Service date.
    pub date: String,
    /// `drug`, `treatment`, `inpatient_service`, `rehabilitation`, `assistive_device`.
    pub column: String,
    /// Catalogue code.
    pub code: String,
    /// The hospital's name of the item.
    pub name: String,
    /// Yuan per unit, at most four decimals.
    pub unit_price: String,
    /// Number of units, at most four decimals; negative on a reversal.
    pub quantity: String,
    /// Yuan; negative on a reversal.
    pub amount: String,
    /// Whether it treats the injury (E03).
    pub treats_injury: bool,
    /// Whether a restricted item's condition is met; null where nobody said.
    pub restriction_met: Option<bool>,
    /// The line it takes back.
    pub reverses: Option<u64>,
    /// Fund's share.
    pub fund: String,
    /// 自费.
    pub self_pay: String,
    /// 其他.
    pub other: String,
    /// Rule id (`E02`, …).
    pub rule: String,
}

/// 2207: the settlement record. Its details must have gone up before it.
#[derive(Clone, Serialize)]
pub struct Settlement {
    /// Always 1.
    pub version: BodyVersion,
    /// The visit.
    pub visit_number: String,
    /// 就医登记号 where it is known.
    pub registration_number: Option<String>,
    /// The institution's number of the settlement.
    pub settlement_number: String,
    /// Which settlement of the visit it is, from 1.
    pub generation: u32,
    /// The worker.
    pub worker: WorkerIdentity,
    /// 参保地, six digits.
    pub insured_division: String,
    /// The institution.
    pub institution: InstitutionIdentity,
    /// `cross_province` or `intra_province`.
    pub channel: String,
    /// The visit's kind.
    pub visit_kind: String,
    /// The gate passed: `discharge`, `outpatient`, `device_settlement`, `refund`.
    pub gate: String,
    /// The filing relied on, if one stands.
    pub filing_number: Option<String>,
    /// Discharge diagnoses, in the hospital's order.
    pub diagnoses: Vec<Diagnosis>,
    /// The injury, as at the registration.
    pub injury: Option<Injury>,
    /// RFC 3339.
    pub registered_at: String,
    /// RFC 3339; null for a visit without a stay.
    pub discharged_at: Option<String>,
    /// The settlement's own time (RFC 3339); the 30 minutes run from it.
    pub settled_at: String,
    /// Deadline of the upload (RFC 3339).
    pub upload_due_at: String,
    /// Totals by column.
    pub matrix: Matrix,
    /// How many fee lines went up for it.
    pub line_count: u64,
    /// In how many parts.
    pub detail_parts: u32,
    /// What was decided by what.
    pub decided_by: DecidedBy,
    /// The journal's head when it was written.
    pub journal: JournalHead,
}

/// The institution as it signs.
#[derive(Clone, Serialize)]
pub struct InstitutionIdentity {
    /// Institution code, 12 characters.
    pub code: String,
    /// Name in the library.
    pub name: String,
    /// Its division.
    pub division: String,
}

/// Totals of Annex 10.
#[derive(Clone, Serialize)]
pub struct Matrix {
    /// 工伤保险基金支付金额.
    pub fund: ColumnSums,
    /// 自费金额.
    pub self_pay: ColumnSums,
    /// 其他.
    pub other: ColumnSums,
    /// 总费用.
    pub total: String,
    /// 个人支付金额 = 自费 + 其他.
    pub personal: String,
}

/// One row of the matrix.
#[derive(Clone, Serialize)]
pub struct ColumnSums {
    /// 药品.
    pub drug: String,
    /// 诊疗项目.
    pub treatment: String,
    /// 住院服务标准.
    pub inpatient_service: String,
    /// 康复服务项目.
    pub rehabilitation: String,
    /// 辅助器具费用.
    pub assistive_device: String,
    /// 合计.
    pub total: String,
}

/// What the decision can be recomputed from.
#[derive(Clone, Serialize)]
pub struct DecidedBy {
    /// Province profile.
    pub profile: String,
    /// Its hash, in hex.
    pub profile_hash: String,
    /// Version of the rule set.
    pub rule_set_version: String,
    /// How current the registry was (RFC 3339).
    pub registry_as_of: String,
}

/// The journal's head: a cut tail or a rewrite shows against it.
#[derive(Clone, Serialize)]
pub struct JournalHead {
    /// Sequence number of the last entry.
    pub sequence: u64,
    /// Its keyed MAC, shortened, in hex.
    pub mac: String,
}

closed_debug!(
    WorkerIdentity,
    Diagnosis,
    Injury,
    VisitRegistration,
    VisitCancellation,
    FeeDetail,
    FeeLine,
    Settlement,
    InstitutionIdentity,
    Matrix,
    ColumnSums,
    DecidedBy,
    JournalHead,
);
