//! Assistive devices of an order, each with its notice 配置费用核付通知单 (national 34, Annex 2).

use jiff::civil::Date;

use super::amounts::Money;
use super::bill::LineNumber;
use crate::named::{named_enum, redacted_text};

redacted_text! {
    /// The number of a notice 配置费用核付通知单. Its `Debug` shows nothing.
    pub struct NoticeNumber, "核付通知单编号不能为空"
}

named_enum! {
    /// What the notice was given for.
    pub enum NoticeReason {
        /// A first fitting.
        First = "first",
        /// A replacement after the minimum years.
        Replacement = "replacement",
        /// 伤情变化: the injury has changed.
        ChangedInjury = "changed_injury",
    }
}

/// One device of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The bill line it will be charged on; that line may not exist yet.
    pub line: LineNumber,
    /// The notice, where there is one.
    pub notice_number: Option<NoticeNumber>,
    /// The notice has been used before.
    pub notice_used: bool,
    /// What the notice was given for.
    pub notice_reason: NoticeReason,
    /// 最高支付限额, for one device.
    pub notice_limit: Money,
    /// 最低使用年限, 0 to 99.
    pub minimum_years: u8,
    /// When such a device was last fitted.
    pub last_fitted_on: Option<Date>,
    /// Named on the Annex 2 form.
    pub in_filing: bool,
}
