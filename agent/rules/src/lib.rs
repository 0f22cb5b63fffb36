//! What the two regulations say: given a case, whether it may be settled here and now, and who pays which part.
//!
//! Pure: no clock, no file, no network. The counter and `settlement-agent explain` use the same functions.
//! - [`case`]: what is known when a decision is asked for; every value is parsed once, at the edge.
//! - [`decision`]: what the rules answer, and the money; [`decide`] asks them.
//! - [`profile`]: what a province sets, each value with its reference.
//! - [`case_format`]: cases and decisions as JSON.

#![deny(clippy::float_arithmetic)]

pub mod case;
pub mod case_format;
pub mod decision;
mod named;
pub mod profile;
mod regulation;
mod rule_set;

pub use case::amounts::Money;
pub use case::bill::{Bill, BillLine, ItemCode, LineColumn, LineNumber, MatrixColumn};
pub use case::catalogue::CatalogueEntry;
pub use case::devices::{Device, NoticeNumber, NoticeReason};
pub use case::division::{DivisionCode, Place, Province};
pub use case::factors::{Quantity, UnitPrice};
pub use case::filing::{BackFiling, Basis, Care, Filing, FilingForm, FilingNumber, FilingStatus};
pub use case::institution::{Institution, Standing};
pub use case::people::{
    Confirmation, Credential, CredentialFault, CredentialKind, Eligibility, InsuredLevel, OnCard,
    PersonName, SocialSecurityNumber, Verified, Worker,
};
pub use case::visit::{Gate, Settled, ThirdPartyLiability, Visit, VisitKind};
pub use case::{Case, CaseFacts, ProfileName, china_time};
pub use decision::{
    Article, Channel, ColumnAmounts, Decision, LineRule, Outcome, Reason, ReasonCode, Refund,
    Route, RuleId, Shares, Split, SplitLine, Verdict, Warning, WarningCode, decide, decide_again,
    decide_beside_card,
};
pub use profile::Profile;
pub use regulation::rule::{RULES, Rule, SetBy};
pub use rule_set::RuleSet;

/// A text that is not a value of the type it was parsed as; the message says what the type admits and never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseError(pub(crate) &'static str);

/// A case that breaks the format: where, and what is wanted there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct FormatError {
    /// The field's path, `bill.lines[0].amount`; `$` for the document as a whole.
    pub path: String,
    /// What the format asks for, in English; never the value that was found.
    pub message: String,
}
