//! What the counter has noticed beside the rules: shown to the cashier, never a part of the decision.
//!
//! The same stay is settled once (F08; an interpretation). A stay that overlaps one settled at this counter for the
//! same worker is warned of at the admission and at the quote; with the same hospital number it is the same stay, and
//! is refused. Stays of other counters only the province knows. A line in another column than the catalogue's is
//! split as not listed, as the rules say, and pointed out.

use jiff::Timestamp;
use jiff::civil::Date;
use rules::{LineNumber, MatrixColumn};

use crate::counter::case::unlisted::CodeDoubted;
use crate::redacted::closed_debug;
use crate::wording::bill::{self as sentences, named};
use crate::wording::terms;

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
    /// A person has looked at a bill of which much is not listed, and said why it is right.
    Vouched(Vouched),
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
            Self::Vouched(_) => "codes_vouched",
        }
    }

    /// The rule it has to do with.
    pub fn rule(&self) -> rules::RuleId {
        match self {
            Self::Overlaps(_) => rules::RuleId::F08,
            Self::BeforeAdmission { .. } | Self::NumberLostZeros(_) => rules::RuleId::E02,
            Self::ColumnsDiffer(_)
            | Self::CaseMended(_)
            | Self::CodesDoubted(_)
            | Self::Vouched(_) => rules::RuleId::E04,
        }
    }

    /// What the cashier reads.
    pub fn say(&self) -> String {
        match self {
            Self::Overlaps(stay) => {
                let number = match stay.hospital_number.as_str() {
                    "" => String::new(),
                    number => format!("，住院号 {number}"),
                };
                format!(
                    "这位职工 {} 至 {} 的住院已在本机结算（结算编号 {}{number}），与本次住院时间重叠。\
                     请核对是否同一次住院、有无重复的费用，确认不重复再办。",
                    terms::day(stay.from),
                    terms::day(stay.until),
                    stay.settlement,
                )
            }
            Self::BeforeAdmission { lines, admitted } => {
                sentences::before_admission(lines, *admitted)
            }
            Self::NumberLostZeros(found) => sentences::number_lost_zeros(found),
            Self::CaseMended(lines) => format!(
                "账单第 {} 号明细（共 {} 行）的项目编码大小写与目录不同，已按目录改正。",
                named(lines.iter().copied()),
                lines.len()
            ),
            Self::CodesDoubted(lines) => format!(
                "账单第 {} 号明细（共 {} 行）的项目编码不在目录里，但目录里有很像的编码（多半是前面少了 0，或后面多了后缀），\
                 明细中已逐行标出。请对照医院系统核对；编码确实不对的，请更正后重新选择账单。",
                named(lines.iter().map(|doubted| doubted.line)),
                lines.len()
            ),
            Self::Vouched(vouched) => format!(
                "{} 已看过不在目录里的明细，认为编码没有错：{}",
                vouched.by, vouched.reason
            ),
            Self::ColumnsDiffer(lines) => {
                format!(
                    "账单第 {} 号明细（共 {} 行）的类别与目录不同：在账单的类别下不在目录内，按自费计算。\
                     请核对类别；写错的请在医院系统中更正，重新导出账单再试算。",
                    named(lines.iter().map(|differs| differs.line)),
                    lines.len(),
                )
            }
        }
    }
}
