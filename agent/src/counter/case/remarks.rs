//! What the counter has noticed beside the rules: shown to the cashier, never a part of the decision.
//!
//! The same stay is settled once (F08; an interpretation). A stay that overlaps one settled at this counter for the
//! same worker is warned of at the admission and at the quote; with the same hospital number it is the same stay, and
//! is refused. Stays of other counters only the province knows. A line in another column than the catalogue's is
//! split as not listed, as the rules say, and pointed out.

use jiff::Timestamp;
use jiff::civil::Date;
use rules::{LineNumber, MatrixColumn};

use crate::counter::case::second_look::Matter;
use crate::counter::case::unlisted::CodeDoubted;
use crate::redacted::closed_debug;

/// Something the cashier should look at before going on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// The same worker has a stay settled here that overlaps this one.
    Overlaps(SettledStay),
    /// Lines that are not listed in the bill's column, and are in another: they are split as not listed.
    ColumnsDiffer(Vec<ColumnDiffers>),
    /// Lines whose code was put into the catalogue's case.
    CaseMended(Vec<LineNumber>),
    /// Lines that are not listed, while a code that may be meant is.
    CodesDoubted(Vec<CodeDoubted>),
    /// Lines dated before the admission, let in by the configuration.
    BeforeAdmission {
        /// Which.
        lines: Vec<LineNumber>,
        /// The day of the admission.
        admitted: Date,
    },
    /// 住院号 on the bill lacks the zeros before it.
    NumberLostZeros(String),
    /// The slip will have to show this, and none of its fonts has a character of it.
    NotOnSlip {
        /// What.
        entry: OnSlip,
        /// The first such character.
        character: char,
    },
    /// A person has looked at what held the bill, and said why it is right.
    Vouched(Vouched),
    /// A person gave marks that the bill lacked.
    Marked {
        /// Who.
        by: String,
        /// Lines that got 治疗工伤.
        injury: usize,
        /// Lines that got 限制条件.
        restriction: usize,
        /// Lines that got 冲销序号.
        reversal: usize,
    },
}

/// An entry of the slip that nobody types at this counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnSlip {
    /// 姓名.
    Name,
    /// 就医登记号.
    RegistrationNumber,
}

/// A stay that was settled at this counter.
#[derive(Clone, PartialEq, Eq)]
pub struct SettledStay {
    /// The settlement that stands.
    pub settlement: String,
    /// 住院号; empty where the hospital gave none.
    pub hospital_number: String,
    /// When it was registered.
    pub from: Timestamp,
    /// Its discharge.
    pub until: Timestamp,
    /// It has the hospital number of the stay in hand: it is that stay.
    pub same: bool,
}

closed_debug!(SettledStay, Vouched);

/// A bill line whose code the catalogue has in another column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnDiffers {
    /// The line.
    pub line: LineNumber,
    /// The bill's column.
    pub billed: MatrixColumn,
    /// The catalogue's, on the line's date.
    pub listed: MatrixColumn,
}

/// Who vouched, and why.
#[derive(Clone, PartialEq, Eq)]
pub struct Vouched {
    /// For what.
    pub matter: Matter,
    /// The person's name.
    pub by: String,
    /// In that person's words.
    pub reason: String,
}

impl Remark {
    /// Its stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Overlaps(_) => "stay_overlaps_settled",
            Self::ColumnsDiffer(_) => "column_differs",
            Self::CaseMended(_) => "code_case_mended",
            Self::CodesDoubted(_) => "code_doubted",
            Self::BeforeAdmission { .. } => "line_before_admission",
            Self::NumberLostZeros(_) => "inpatient_number_lost_zeros",
            Self::NotOnSlip { .. } => "not_on_slip",
            Self::Vouched(vouched) => match vouched.matter {
                Matter::Codes => "codes_vouched",
                Matter::SumMissing => "bill_without_sum_vouched",
                Matter::Sum => "sum_vouched",
                Matter::SettledBefore => "settled_before_vouched",
            },
            Self::Marked { .. } => "marked_by_person",
        }
    }

    /// Whether the regulation is silent on what is done there: the rest is what was seen in the bill, or what a person did.
    pub(crate) fn is_interpretation(&self) -> bool {
        match self {
            Self::Overlaps(_) | Self::BeforeAdmission { .. } => true,
            Self::ColumnsDiffer(_)
            | Self::CaseMended(_)
            | Self::CodesDoubted(_)
            | Self::NumberLostZeros(_)
            | Self::NotOnSlip { .. }
            | Self::Vouched(_)
            | Self::Marked { .. } => false,
        }
    }

    /// The rule it has to do with.
    pub fn rule(&self) -> rules::RuleId {
        match self {
            Self::Overlaps(_) => rules::RuleId::F08,
            Self::Marked { .. } => rules::RuleId::E03,
            Self::NotOnSlip { .. } => rules::RuleId::F07,
            Self::BeforeAdmission { .. } | Self::NumberLostZeros(_) => rules::RuleId::E02,
            Self::ColumnsDiffer(_)
            | Self::CaseMended(_)
            | Self::CodesDoubted(_)
            | Self::Vouched(_) => rules::RuleId::E04,
        }
    }
}
