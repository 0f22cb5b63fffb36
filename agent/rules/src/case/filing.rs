//! Filings 备案: approved requests to be treated away from the insured place (national 9 to 16, Hunan 8 to 13).

use jiff::Timestamp;
use jiff::civil::Date;

use super::division::DivisionCode;
use crate::named::{named_enum, redacted_text};

redacted_text! {
    /// A filing's number 编号. Its `Debug` shows nothing.
    pub struct FilingNumber, "备案编号不能为空"
}

named_enum! {
    /// 人员类别: why the worker is treated elsewhere (national 4).
    pub enum Basis {
        /// 异地长期居住.
        LongResidence = "long_residence",
        /// 常驻异地工作.
        ResidentWork = "resident_work",
        /// 异地转诊转院.
        Transfer = "transfer",
    }
}

named_enum! {
    /// The care an Annex 1 form is for.
    pub enum Care {
        /// 就医.
        Medical = "medical",
        /// 康复.
        Rehabilitation = "rehabilitation",
    }
}

named_enum! {
    /// The forms' names in the case format.
    pub enum FilingFormName {
        /// Annex 1.
        Medical = "medical",
        /// Annex 2.
        Device = "device",
    }
}

named_enum! {
    /// The states' names in the case format.
    pub enum FilingStatusName {
        /// 同意.
        Approved = "approved",
        /// Not yet decided.
        Pending = "pending",
        /// 不同意.
        Rejected = "rejected",
        /// 取消.
        Cancelled = "cancelled",
    }
}

/// Which form a filing was made on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilingForm {
    /// Annex 1: care in an institution.
    Medical {
        /// The box that was ticked.
        care: Care,
    },
    /// Annex 2: assistive devices.
    Device,
}

/// Where a filing stands with the agency of the insured place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilingStatus {
    /// Approved.
    Approved {
        /// When; may lie after the moment of the decision.
        at: Timestamp,
    },
    /// Not yet decided.
    Pending {
        /// A time the registry carries all the same; no approval.
        noted_at: Option<Timestamp>,
    },
    /// 不同意.
    Rejected {
        /// A time the registry carries all the same; no approval.
        noted_at: Option<Timestamp>,
    },
    /// Approved once, cancelled since.
    Cancelled {
        /// When it had been approved.
        approved_at: Timestamp,
        /// When it was cancelled; may lie after the moment of the decision.
        at: Timestamp,
    },
}

named_enum! {
    /// 补报: why a filing could be made after treatment began (Hunan 12¶2, ¶3).
    pub enum BackFiling {
        /// 急诊抢救.
        Emergency = "emergency",
        /// 不可抗力.
        ForceMajeure = "force_majeure",
        /// Injury recognised only after treatment began.
        LateRecognition = "late_recognition",
    }
}

/// One filing in the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    /// Its number.
    pub number: FilingNumber,
    /// Annex 1 or Annex 2.
    pub form: FilingForm,
    /// Why elsewhere.
    pub basis: Basis,
    /// The place it is made for 就医地.
    pub place: DivisionCode,
    /// Where it stands.
    pub status: FilingStatus,
    /// First day of its validity.
    pub valid_from: Date,
    /// Last day of its validity, included.
    pub valid_to: Date,
    /// Filed after treatment began, and why; `None` for an ordinary filing.
    pub back_filing: Option<BackFiling>,
}
