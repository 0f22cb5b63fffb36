//! What is wrong with a bill's file: everything at once, each with its place, what stands there and what is expected.

use std::borrow::Cow;
use std::fmt;

use rules::Money;

use super::bounds::{Limit, ROWS_SEARCHED};
use super::place::Place;
use crate::redacted::closed_debug;
use crate::visible_text::in_one_line;
use crate::wording::notice::Notice;

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
    pub(super) fn new(kind: FaultKind, at: Option<Place>) -> Self {
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

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            let line = self.line.unwrap_or(row);
            write!(f, "{}，", Place { row, line })?;
        }
        if !self.path.is_empty() {
            write!(f, "{}：", in_one_line(&self.path))?;
        }
        if !self.column.is_empty() {
            write!(f, "{}：", self.column)?;
        }
        if !self.found.is_empty() {
            write!(f, "写的是“{}”，", self.found)?;
        }
        write!(f, "{}。", self.expected)
    }
}

/// A cell as it is quoted: its beginning alone, and what nobody sees written out.
pub(super) fn shown(text: &str) -> String {
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

    fn code(&self) -> &'static str {
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
        at: Option<Place>,
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
        at: Place,
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

/// What the sum line says beside what the lines add up to.
pub(super) fn wrong_sum(at: Place, column: String, (stated, computed): (Money, Money)) -> Finding {
    Finding::new(FaultKind::SumWrong, Some(at))
        .column(column)
        .found(&stated.to_string())
        .expected(format!(
            "“合计”写的是 {stated} 元，各行相加是 {computed} 元，两者不一致；请重新导出完整的账单"
        ))
}

/// What a subtotal says beside what the lines directly above it add up to.
pub(super) fn wrong_subtotal(
    at: Place,
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

impl From<&BillFileError> for Notice {
    fn from(error: &BillFileError) -> Self {
        let again = "请在医院系统中重新导出账单后再选；本次没有任何内容被保存。";
        match error {
            BillFileError::NotText => Notice::new(
                "bill_not_text",
                "所选文件不是账单：既不是表格，也不是 UTF-8、GBK 或 UTF-16 的文本。",
                again,
            ),
            BillFileError::Empty => Notice::new("bill_empty", "账单文件是空的。", again),
            BillFileError::BrokenWorkbook => Notice::new(
                "bill_workbook_broken",
                "所选的表格文件读不出来：可能已损坏、加了密码，或不是 XLSX、XLS。",
                "请在医院系统中导出不加密码的 XLSX、XLS 或 CSV 再选；本次没有任何内容被保存。",
            ),
            BillFileError::NoReader(_) => Notice::new(
                "bill_reader_down",
                "读表格文件的子进程不能用，不是账单的问题。",
                "请再选一次；仍不行时改用 CSV 文件，并请信息科查看日志。",
            ),
            BillFileError::SeveralSheets(names) => Notice::new(
                "bill_sheets_several",
                format!(
                    "工作簿里有几张表都像账单：{}，不能替您挑选。",
                    shown(&names.0)
                ),
                "请只留下本次就诊的一张表，或重新导出后再选。",
            ),
            BillFileError::WebPage => Notice::new(
                "bill_web_page",
                "所选文件名字像表格，内容其实是网页（HTML 或 XML），本机不读。",
                "请在医院系统中改用 CSV、文本或 XLSX 格式导出；不要用表格软件另存，另存会丢掉编码前面的 0。",
            ),
            BillFileError::TooLarge { limit, at } => {
                let place = at.map_or_else(String::new, |at| format!("（{at}）"));
                Notice::new(
                    "bill_too_large",
                    format!("账单文件太大：{}{place}。", limit.say()),
                    "请确认选的是一次就诊的账单；确实这么长的，请联系信息科。",
                )
            }
            BillFileError::NoHead { first } => Notice::new(
                "bill_head_missing",
                format!(
                    "账单文件里没有找到表头（前 {} 行中）。第一行是“{}”。",
                    ROWS_SEARCHED,
                    shown(&first.0)
                ),
                "表头须有日期、类别、项目编码、项目名称、单价、数量、金额这些列；列名不同的，请信息科在配置 [bill.columns] 中写明。",
            ),
            BillFileError::BrokenQuotes { at } => Notice::new(
                "bill_row_broken",
                format!("账单文件{at}的引号不配对，从这里起分不清各行。"),
                again,
            ),
            BillFileError::JsonNotUtf8 { byte } => Notice::new(
                "bill_json_broken",
                format!(
                    "账单的 JSON 不是 UTF-8 编码（从第 {} 个字节起）。",
                    byte + 1
                ),
                "请医院系统按 UTF-8 发送；本次没有任何内容被保存。",
            ),
            BillFileError::BrokenJson { body, line, column } => Notice::new(
                "bill_json_broken",
                format!(
                    "账单的 JSON {body}从文本第 {line} 行第 {column} 个字符起读不下去：写法不对，或没有写完。"
                ),
                "请医院系统改正后重新发送；本次没有任何内容被保存。",
            ),
            BillFileError::Faults(findings) => faults(findings, again),
        }
    }
}

fn faults(findings: &Findings, again: &str) -> Notice {
    let say = match findings.told() {
        [only] if findings.more() == 0 => format!("账单文件{only}"),
        told => {
            let listed = told.len();
            let more = match findings.more() {
                0 => "全部列在下面".to_owned(),
                more => format!("先列出 {listed} 处，还有 {more} 处"),
            };
            format!("账单文件有 {} 处不能采用，{more}。", findings.count())
        }
    };
    let notice = Notice::new(findings.code(), say, again);
    if findings.count() == 1 {
        return notice;
    }
    notice.with_details(findings.told().iter().map(Finding::to_string))
}
