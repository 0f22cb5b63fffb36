//! What is wrong with a bill's file: everything at once, each with its place, what stands there and what is expected.

use std::borrow::Cow;

use rules::Money;

use super::bounds::Limit;
use super::position::RowPosition;
use crate::redacted::closed_debug;
use crate::visible_text::in_one_line;

/// So many are told one by one; the rest is counted.
const MOST_TOLD: usize = 20;

/// Characters of a cell that are quoted.
const LONGEST_QUOTED: usize = 40;

/// What kind of fault it is, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// A column that no bill can do without.
    ColumnMissing,
    /// Two columns could be the same one.
    ColumnTwice,
    /// A row that is no line and no footer.
    Row,
    /// A cell.
    Field,
    /// A line number that stood before.
    NumberRepeated,
    /// No sum closes a body of JSON that has to have one.
    SumMissing,
    /// 合计 does not agree.
    SumWrong,
    /// A 小计 agrees with no lines.
    SubtotalWrong,
    /// The number of lines does not agree.
    CountWrong,
}

impl FaultKind {
    /// Its stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::ColumnMissing => "bill_column_missing",
            Self::ColumnTwice => "bill_column_twice",
            Self::Row => "bill_row_broken",
            Self::Field => "bill_field_wrong",
            Self::NumberRepeated => "bill_number_repeated",
            Self::SumMissing => "bill_sum_missing",
            Self::SumWrong => "bill_sum_wrong",
            Self::SubtotalWrong => "bill_subtotal_wrong",
            Self::CountWrong => "bill_count_wrong",
        }
    }
}

/// One fault.
#[derive(Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    #[serde(skip)]
    kind: FaultKind,
    /// The row, as a spreadsheet counts; none where it is the whole file's.
    pub row: Option<u64>,
    /// The same, as text editors count, where that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The path in a JSON body, which has neither rows nor columns.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// The column, with its letter.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub column: String,
    /// What stands there; shortened, and what nobody sees written out.
    pub found: String,
    /// What is expected.
    pub expected: Cow<'static, str>,
}

// What stands in a cell may be a patient's.
closed_debug!(Finding, Findings);

impl Finding {
    pub(super) fn new(kind: FaultKind, at: Option<RowPosition>) -> Self {
        Self {
            kind,
            row: at.map(|at| at.row),
            line: at.filter(|at| at.line != at.row).map(|at| at.line),
            path: String::new(),
            column: String::new(),
            found: String::new(),
            expected: Cow::Borrowed(""),
        }
    }

    pub(super) fn column(self, column: String) -> Self {
        Self { column, ..self }
    }

    pub(super) fn path(self, path: String) -> Self {
        Self { path, ..self }
    }

    /// The same in a JSON body: below this path, the column being a key.
    fn below(&mut self, path: &str) {
        let key = std::mem::take(&mut self.column);
        self.path = if key.is_empty() {
            path.to_owned()
        } else {
            format!("{path}.{key}")
        };
        (self.row, self.line) = (None, None);
    }

    pub(super) fn found(self, found: &str) -> Self {
        Self {
            found: shown(found),
            ..self
        }
    }

    pub(super) fn expected(self, expected: impl Into<Cow<'static, str>>) -> Self {
        Self {
            expected: expected.into(),
            ..self
        }
    }
}

/// A cell as it is quoted: its beginning alone, and what nobody sees written out.
pub(crate) fn shown(text: &str) -> String {
    let mut quoted: String = text.chars().take(LONGEST_QUOTED).collect();
    if quoted.len() < text.len() {
        quoted.push('…');
    }
    in_one_line(&quoted).into_owned()
}

/// Every fault of a file, the first twenty of them to be told.
#[derive(Clone, Default)]
pub struct Findings {
    told: Vec<Finding>,
    more: usize,
    several: bool,
}

impl Findings {
    pub(super) fn add(&mut self, finding: Finding) {
        self.several |= self
            .told
            .first()
            .is_some_and(|first| first.kind != finding.kind);
        if self.told.len() < MOST_TOLD {
            self.told.push(finding);
        } else {
            self.more += 1;
        }
    }

    /// Those told from `first` on stand below this path of a JSON body.
    pub(super) fn below(&mut self, first: usize, path: &str) {
        for finding in self.told.iter_mut().skip(first) {
            if finding.path.is_empty() {
                finding.below(path);
            }
        }
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// Those that are told.
    pub fn told(&self) -> &[Finding] {
        &self.told
    }

    /// How many there are beside those.
    pub fn more(&self) -> usize {
        self.more
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.told.len() + self.more
    }

    pub(crate) fn code(&self) -> &'static str {
        match self.told.first() {
            Some(first) if !self.several => first.kind.code(),
            Some(_) | None => "bill_faults",
        }
    }
}

/// Why a bill's file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum BillFileError {
    /// Bytes that are no text in any way that is known.
    #[error("the file is not text")]
    NotText,
    /// No line at all.
    #[error("the file is empty")]
    Empty,
    /// A spreadsheet's own file that cannot be read: damaged, encrypted, or of another kind.
    #[error("the workbook cannot be read")]
    BrokenWorkbook,
    /// The process that reads workbooks cannot be started or spoken to; the file is not to blame.
    #[error("no process to read workbooks")]
    NoReader(#[source] std::io::Error),
    /// More than one sheet has a bill's head.
    #[error("several sheets look like a bill")]
    SeveralSheets(Unlogged),
    /// A web page or an XML table under a spreadsheet's name.
    #[error("the file is a web page")]
    WebPage,
    /// More of something than a bill has.
    #[error("the file goes beyond a bound: {limit:?}")]
    TooLarge {
        /// Of what.
        limit: Limit,
        /// Where.
        at: Option<RowPosition>,
    },
    /// No row names a bill's columns.
    #[error("no row names the columns of a bill")]
    NoHead {
        /// The beginning of the file's first line.
        first: Unlogged,
    },
    /// A quote that is opened and not closed, or closed too early: where rows end is not known any more.
    #[error("row {}: quotes do not match", at.row)]
    BrokenQuotes {
        /// Where it was opened.
        at: RowPosition,
    },
    /// JSON that is not in UTF-8.
    #[error("JSON that is not UTF-8, from byte {byte} on")]
    JsonNotUtf8 {
        /// Where the first such byte stands, from 0.
        byte: usize,
    },
    /// JSON that cannot be read further.
    #[error("broken JSON at line {line}, column {column}")]
    BrokenJson {
        /// The part, as `parts[2]`; empty where it is the only body, or the last.
        body: String,
        /// Line of the text, from 1.
        line: usize,
        /// Place in it.
        column: usize,
    },
    /// Lines, columns or the sum.
    #[error("{} faults in the bill", .0.count())]
    Faults(Findings),
}

impl BillFileError {
    /// More bytes than a bill has.
    pub(super) fn too_many_bytes() -> Self {
        Self::TooLarge {
            limit: Limit::Bytes,
            at: None,
        }
    }
}

/// Text of a file, which no log may show.
#[derive(Clone, PartialEq, Eq)]
pub struct Unlogged(pub(super) String);

closed_debug!(Unlogged);

impl Unlogged {
    /// For a screen, never for a log.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

/// What the sum line says beside what the lines add up to.
pub(super) fn wrong_sum(
    at: RowPosition,
    column: String,
    (stated, computed): (Money, Money),
) -> Finding {
    Finding::new(FaultKind::SumWrong, Some(at))
        .column(column)
        .found(&stated.to_string())
        .expected(format!(
            "“合计”写的是 {stated} 元，各行相加是 {computed} 元，两者不一致；请重新导出完整的账单"
        ))
}

/// What a subtotal says beside what the lines directly above it add up to.
pub(super) fn wrong_subtotal(
    at: RowPosition,
    column: String,
    (stated, computed): (Money, Money),
) -> Finding {
    Finding::new(FaultKind::SubtotalWrong, Some(at))
        .column(column)
        .found(&stated.to_string())
        .expected(format!(
            "“小计”写的是 {stated} 元，它上面的明细相加是 {computed} 元，与哪一段明细都对不上；请重新导出完整的账单"
        ))
}

/// What the closing sum of a JSON body says beside what the lines add up to.
pub(super) fn wrong_total(stated: &str, computed: Money) -> Finding {
    Finding::new(FaultKind::SumWrong, None)
        .path("total".to_owned())
        .found(stated)
        .expected(format!(
            "各行相加是 {computed} 元，两者不一致；请重新发送完整的账单"
        ))
}
