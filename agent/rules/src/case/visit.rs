//! The visit: one stay, outpatient visit or device order.

use jiff::Timestamp;

use super::amounts::Money;
use crate::named::named_enum;

named_enum! {
    /// The moment at the counter at which a decision is asked for.
    pub enum Gate {
        /// 入院登记.
        Admission = "admission",
        /// 门诊: opens and settles in one.
        Outpatient = "outpatient",
        /// 出院结算.
        Discharge = "discharge",
        /// 配置受理.
        DeviceAcceptance = "device_acceptance",
        /// 配置结算.
        DeviceSettlement = "device_settlement",
        /// Late recognition: the fund's share goes back to who paid it (Hunan 12¶3).
        Refund = "refund",
    }
}

impl Gate {
    /// Whether an allowed case is settled here, so that a record is due within the profile's minutes.
    pub const fn settles(self) -> bool {
        match self {
            Self::Outpatient | Self::Discharge | Self::DeviceSettlement | Self::Refund => true,
            Self::Admission | Self::DeviceAcceptance => false,
        }
    }

    /// Whether the visit has yet to begin, so that what is missing can still be brought. An interpretation: `outpatient` counts as opening.
    pub const fn opens(self) -> bool {
        match self {
            Self::Admission | Self::Outpatient | Self::DeviceAcceptance => true,
            Self::Discharge | Self::DeviceSettlement | Self::Refund => false,
        }
    }
}

named_enum! {
    /// What the visit is.
    pub enum VisitKind {
        /// 住院工伤医疗.
        InpatientMedical = "inpatient_medical",
        /// 住院工伤康复.
        InpatientRehabilitation = "inpatient_rehabilitation",
        /// 门诊工伤医疗.
        OutpatientMedical = "outpatient_medical",
        /// 门诊工伤康复.
        OutpatientRehabilitation = "outpatient_rehabilitation",
        /// 辅助器具配置.
        AssistiveDevice = "assistive_device",
    }
}

named_enum! {
    /// 第三方责任 (national 3).
    pub enum ThirdPartyLiability {
        /// Nobody else is liable.
        None = "none",
        /// Somebody else is liable in part.
        Partial = "partial",
        /// Somebody else is liable for all.
        Full = "full",
        /// Nobody has said.
        Undeclared = "undeclared",
    }
}

named_enum! {
    /// Whether this visit has been paid for already (national 38, Hunan 22).
    pub enum Settled {
        /// Not yet.
        No = "no",
        /// 直接结算.
        Direct = "direct",
        /// 手工报销.
        Manual = "manual",
    }
}

/// The visit as the hospital's records have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// What it is.
    pub kind: VisitKind,
    /// Admission registered, outpatient visit begun, or device order accepted.
    pub registered_at: Timestamp,
    /// Discharge, where there was one.
    pub discharged_at: Option<Timestamp>,
    /// What was declared.
    pub third_party_liability: ThirdPartyLiability,
    /// 急诊抢救, clearly marked in diagnosis or records (Hunan 12¶2).
    pub emergency: bool,
    /// 不可抗力 (Hunan 12¶2).
    pub force_majeure: bool,
    /// Whether it has been paid for.
    pub settled: Settled,
    /// 康复方案 uploaded (national 33¶2).
    pub rehabilitation_plan_uploaded: bool,
    /// At `refund`: what the worker paid; nothing counts as 0.
    pub paid_by_worker: Option<Money>,
    /// At `refund`: what the medical insurance paid; nothing counts as 0.
    pub paid_by_medical_insurance: Option<Money>,
}
