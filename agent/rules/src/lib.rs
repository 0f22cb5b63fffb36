//! What the two regulations say: given a case, whether it may be settled here and now, and who pays which part.
//!
//! Pure: no clock, no file, no network. The counter and `settlement-agent explain` use the same functions.
//! - [`case`]: what is known when a decision is asked for; every value is parsed once, at the edge.
//! - [`decision`]: what the rules answer, and the money; [`decide()`] asks them.
//! - [`profile`]: what a province sets, each value with its reference.
//! - [`case_format`]: cases and decisions as JSON.

#![deny(clippy::float_arithmetic)]

pub mod case;
pub mod case_format;
mod decide;
pub mod decision;
mod error;
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
pub use case::institution::{Institution, InstitutionStatus};
pub use case::people::{
    Confirmation, Credential, CredentialFault, CredentialKind, Eligibility, InsuredLevel, OnCard,
    PersonName, SocialSecurityNumber, Verified, Worker,
};
pub use case::visit::{Gate, Settled, ThirdPartyLiability, Visit, VisitKind};
pub use case::{Case, CaseFacts, ProfileName, china_time};
pub use decide::{decide, decide_again, decide_beside_card};
pub use decision::{
    Article, Channel, ColumnAmounts, Decision, LineRule, Outcome, Reason, ReasonCode, Refund,
    Route, RuleId, Shares, Split, SplitLine, Verdict, Warning, WarningCode,
};
pub use error::{FormatError, ParseError};
pub use profile::Profile;
pub use regulation::register::RULES;
pub use regulation::rule::{Rule, SetBy};
pub use rule_set::RuleSet;
