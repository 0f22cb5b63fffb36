//! What the rules answer: a decision with its reasons, its warnings and the money.

mod article;
mod codes;
mod money;

pub use article::Article;
pub use codes::{ReasonCode, Route, RuleId, Verdict, WarningCode};
pub use money::{ColumnAmounts, LineRule, Refund, Shares, Split, SplitLine};

use jiff::Timestamp;

use crate::case::filing::FilingNumber;
use crate::named::named_enum;

named_enum! {
    /// How the visit lies to the insured place.
    pub enum Channel {
        /// 跨省.
        CrossProvince = "cross_province",
        /// 省内异地.
        IntraProvince = "intra_province",
        /// The same prefecture.
        Local = "local",
        /// 省本级, in its own province.
        ProvincialLevel = "provincial_level",
    }
}

named_enum! {
    /// Whether the visit may go on as a direct settlement.
    pub enum Outcome {
        /// It may.
        Allow = "allow",
        /// Somebody must answer first.
        Hold = "hold",
        /// It may not.
        Refuse = "refuse",
    }
}

/// What stands in the way, for the cashier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The rule.
    pub rule: RuleId,
    /// What the rule found.
    pub code: ReasonCode,
    /// Refuses or holds.
    pub verdict: Verdict,
    /// The article it stands on.
    pub article: Article,
    /// The institution's setting beside that article, never the law's word.
    pub interpretation: bool,
    /// Plain Chinese: what is wrong, by which article, what to do next.
    pub say: String,
    /// What happens next if this is the first reason.
    pub route: Route,
}

/// What the cashier should know although it stands in nobody's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The rule.
    pub rule: RuleId,
    /// What the rule found.
    pub code: WarningCode,
    /// The article it stands on.
    pub article: Article,
    /// The institution's setting beside that article, never the law's word.
    pub interpretation: bool,
    /// Plain Chinese.
    pub say: String,
}

/// The answer to a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// `None` where the registry knows no worker.
    pub channel: Option<Channel>,
    /// Allow, hold or refuse.
    pub outcome: Outcome,
    /// What happens next.
    pub route: Route,
    /// The filing relied on; `None` where none stands.
    pub filing: Option<FilingNumber>,
    /// Every reason, refusals first, each group in the order of precedence.
    pub reasons: Vec<Reason>,
    /// Every warning once, by rule and code.
    pub warnings: Vec<Warning>,
    /// The bill, split; `None` where there is none, where the evaluation stopped, or where the bill itself is at fault.
    pub split: Option<Split>,
    /// At `refund`, allowed and with a split: who gets the fund's share back.
    pub refund: Option<Refund>,
    /// When the record must have been uploaded; only where the case is settled now.
    pub upload_due_at: Option<Timestamp>,
}
