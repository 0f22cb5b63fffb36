//! A bill as the hospital's system exports it: a CSV file, checked line by line before any rule sees it.
//!
//! UTF-8, with or without a byte order mark; a head line with the column names of [`COLUMNS`] in any order;
//! one line an item; and a last line `合计` whose amount is the sum, so that a file cut short is noticed.

use std::collections::HashMap;
use std::fmt;

use rules::case::china_time::parse_date;
use rules::{
    Bill, BillLine, ItemCode, LineColumn, LineNumber, MatrixColumn, Money, ParseError, Quantity,
    UnitPrice,
};

use crate::notice::Notice;

/// The columns a bill must have, by the names hospitals print.
pub const COLUMNS: [&str; 11] = [
    "序号",
    "日期",
    "类别",
    "项目编码",
    "项目名称",
    "单价",
    "数量",
    "金额",
    "治疗工伤",
    "限制条件",
    "冲销序号",
];

/// The word in the first column of the last line.
const SUM_LINE: &str = "合计";

/// A file this large is no bill: 200,000 lines are about 24 MB.
pub const LARGEST_FILE: usize = 64 * 1024 * 1024;

/// Where a row of the file begins, the head and blank lines counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its row as a spreadsheet numbers it: a line break within quotes does not begin another row.
    pub row: u64,
    /// Its line as a text editor numbers it: every line break counts.
    pub line: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第 {} 行", self.row)?;
        if self.line != self.row {
            write!(f, "（文本编辑器中第 {} 行）", self.line)?;
        }
        Ok(())
    }
}

/// Why a bill file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum BillFileError {
    /// Not UTF-8, but GBK or GB 18030.
    #[error("the file is GBK, not UTF-8")]
    Gbk,
    /// UTF-16, as spreadsheets write "Unicode text".
    #[error("the file is UTF-16, not UTF-8")]
    Utf16,
    /// Neither UTF-8 nor GBK.
    #[error("the file is not text")]
    NotText,
    /// No line at all.
    #[error("the file is empty")]
    Empty,
    /// A column is missing from the head.
    #[error("column {0} is missing")]
    MissingColumn(&'static str),
    /// A column nobody knows, or one that stands twice.
    #[error("column {0:?} is unknown or stands twice")]
    UnknownColumn(String),
    /// A row that cannot be read as CSV, or with another number of fields.
    #[error("row {} is broken", at.row)]
    BrokenRow {
        /// The row.
        at: Place,
        /// What the CSV reader said.
        source: Option<csv::Error>,
    },
    /// A field that cannot be read.
    #[error("row {}, column {column}: {expected}", at.row)]
    Field {
        /// The row.
        at: Place,
        /// The column's name.
        column: &'static str,
        /// What is expected there, in Chinese.
        expected: &'static str,
        /// What the value's own parser said.
        source: Option<ParseError>,
    },
    /// A line number that stood before.
    #[error("row {}: the number stands twice", at.row)]
    RepeatedNumber {
        /// The row.
        at: Place,
    },
    /// No line `合计` at the end.
    #[error("the sum line is missing")]
    NoSum,
    /// The sum line does not agree.
    #[error("the sum line says {stated}, the lines add up to {computed}")]
    WrongSum {
        /// What the file says, yuan.
        stated: Money,
        /// What its lines add up to, yuan.
        computed: Money,
    },
}

impl From<&BillFileError> for Notice {
    fn from(error: &BillFileError) -> Self {
        let again = "请在医院系统中重新导出账单后再选；本次没有任何内容被保存。";
        match error {
            BillFileError::Utf16 => Notice::new(
                "bill_utf16",
                "账单文件是 UTF-16 编码（“Unicode 文本”），不是 UTF-8。",
                "请在医院系统或表格软件里另存为“CSV UTF-8（逗号分隔）”再上传。",
            ),
            BillFileError::Gbk => Notice::new(
                "bill_not_utf8",
                "账单文件是 GBK 编码，不是 UTF-8。",
                "请在导出时选择“CSV UTF-8”，或用表格软件另存为“CSV UTF-8（逗号分隔）”后再选。",
            ),
            BillFileError::NotText => {
                Notice::new("bill_not_text", "所选文件不是 CSV 账单。", again)
            }
            BillFileError::Empty => Notice::new("bill_empty", "账单文件是空的。", again),
            BillFileError::MissingColumn(column) => Notice::new(
                "bill_column_missing",
                format!("账单文件缺少“{column}”一列。"),
                format!("表头须有这些列：{}。请补齐后再选。", COLUMNS.join("、")),
            ),
            BillFileError::UnknownColumn(column) => Notice::new(
                "bill_column_unknown",
                format!("账单文件的“{column}”一列不认识或重复了。"),
                format!("表头只能有这些列，各一次：{}。", COLUMNS.join("、")),
            ),
            BillFileError::BrokenRow { at, source: _ } => Notice::new(
                "bill_row_broken",
                format!("账单文件{at}不完整，字段数与表头不一致或引号不配对。"),
                again,
            ),
            BillFileError::Field {
                at,
                column,
                expected,
                source: _,
            } => Notice::new(
                "bill_field_wrong",
                format!("账单文件{at}“{column}”填写不对：{expected}。"),
                again,
            ),
            BillFileError::RepeatedNumber { at } => Notice::new(
                "bill_number_repeated",
                format!("账单文件{at}的序号前面已经用过。"),
                again,
            ),
            BillFileError::NoSum => Notice::new(
                "bill_sum_missing",
                "账单文件最后没有“合计”行，文件可能没有导出完整。",
                again,
            ),
            BillFileError::WrongSum { stated, computed } => Notice::new(
                "bill_sum_wrong",
                format!(
                    "账单文件“合计”行写的是 {stated} 元，各行相加是 {computed} 元，两者不一致。"
                ),
                again,
            ),
        }
    }
}

/// Reads a bill.
pub fn read(bytes: &[u8]) -> Result<Bill, BillFileError> {
    let text = decode(bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut places = Places::new(text);
    let at = places.next(0);
    let head = reader
        .headers()
        .map_err(|source| BillFileError::BrokenRow {
            at,
            source: Some(source),
        })?;
    if head.iter().all(str::is_empty) {
        return Err(BillFileError::Empty);
    }
    let columns = columns(head)?;
    let mut lines = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut stated = None;
    let mut record = csv::StringRecord::new();
    loop {
        let at = places.next(reader.position().byte());
        let more = reader
            .read_record(&mut record)
            .map_err(|source| BillFileError::BrokenRow {
                at,
                source: Some(source),
            })?;
        if !more {
            break;
        }
        // A row of separators alone, as spreadsheets leave them.
        if record.iter().all(str::is_empty) {
            continue;
        }
        if stated.is_some() {
            return Err(BillFileError::BrokenRow { at, source: None });
        }
        let fields = Row {
            at,
            record: &record,
            columns: &columns,
        };
        if fields.text("序号") == SUM_LINE {
            stated =
                Some(fields.parse("金额", "应为两位小数的金额，例如 26100.00", Money::parse)?);
            continue;
        }
        let line = fields.line()?;
        if !seen.insert(line.number) {
            return Err(BillFileError::RepeatedNumber { at });
        }
        lines.push(line);
    }
    let stated = stated.ok_or(BillFileError::NoSum)?;
    if lines.is_empty() {
        return Err(BillFileError::Empty);
    }
    let bill = Bill { lines };
    let computed = bill.total();
    if stated != computed {
        return Err(BillFileError::WrongSum { stated, computed });
    }
    Ok(bill)
}

fn decode(bytes: &[u8]) -> Result<&str, BillFileError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(BillFileError::Empty);
    }
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(BillFileError::Utf16);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => Err(BillFileError::NotText),
        Ok(text) => Ok(text),
        Err(_not_utf8) => {
            let (text, _, broken) = encoding_rs::GB18030.decode(bytes);
            let gbk = !broken && COLUMNS.iter().any(|column| text.contains(column));
            Err(if gbk {
                BillFileError::Gbk
            } else {
                BillFileError::NotText
            })
        }
    }
}

fn columns(head: &csv::StringRecord) -> Result<HashMap<&'static str, usize>, BillFileError> {
    let mut columns = HashMap::new();
    for (index, name) in head.iter().enumerate() {
        let known = COLUMNS.iter().find(|column| **column == name);
        let fresh = known.is_some_and(|column| columns.insert(*column, index).is_none());
        if !fresh {
            return Err(BillFileError::UnknownColumn(name.to_owned()));
        }
    }
    match COLUMNS.iter().find(|column| !columns.contains_key(*column)) {
        Some(column) => Err(BillFileError::MissingColumn(column)),
        None => Ok(columns),
    }
}

/// Counts rows and lines up to where each record begins. The reader's own count of lines falls behind where lines end in
/// CR LF, and knows nothing of a spreadsheet's rows.
struct Places<'a> {
    text: &'a [u8],
    /// Where the last record began.
    begun: usize,
    at: Place,
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            begun: 0,
            at: Place { row: 1, line: 1 },
        }
    }

    /// The place of the record that begins at this byte, or behind the line breaks that stand there.
    fn next(&mut self, byte: u64) -> Place {
        let byte = usize::try_from(byte)
            .unwrap_or(usize::MAX)
            .min(self.text.len());
        let blank = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        let begins = byte + self.text[byte..].iter().take_while(blank).count();
        let passed = self.text.get(self.begun..begins).unwrap_or_default();
        // A record ends in a quote or a field: the breaks at its end are the file's, all others are quoted.
        let ending = passed.iter().rev().take_while(blank).count();
        let (quoted, ending) = passed.split_at(passed.len() - ending);
        let rows = breaks(ending);
        self.at.row += rows;
        self.at.line += rows + breaks(quoted);
        self.begun = begins;
        self.at
    }
}

/// Line breaks of either kind; CR LF is one.
fn breaks(text: &[u8]) -> u64 {
    let lone = |(at, byte): (usize, &u8)| match byte {
        b'\n' => true,
        b'\r' => text.get(at + 1) != Some(&b'\n'),
        _ => false,
    };
    text.iter().enumerate().filter(|found| lone(*found)).count() as u64
}

struct Row<'a> {
    at: Place,
    record: &'a csv::StringRecord,
    columns: &'a HashMap<&'static str, usize>,
}

impl Row<'_> {
    fn text(&self, column: &'static str) -> &str {
        self.columns
            .get(column)
            .and_then(|place| self.record.get(*place))
            .unwrap_or("")
    }

    fn parse<T>(
        &self,
        column: &'static str,
        expected: &'static str,
        parse: impl Fn(&str) -> Result<T, ParseError>,
    ) -> Result<T, BillFileError> {
        parse(self.text(column)).map_err(|source| BillFileError::Field {
            at: self.at,
            column,
            expected,
            source: Some(source),
        })
    }

    fn wrong(&self, column: &'static str, expected: &'static str) -> BillFileError {
        BillFileError::Field {
            at: self.at,
            column,
            expected,
            source: None,
        }
    }

    fn line(&self) -> Result<BillLine, BillFileError> {
        Ok(BillLine {
            number: self.number("序号")?,
            date: self.parse("日期", "应为 2025-08-12 这样的日期", parse_date)?,
            column: self.column()?,
            code: self.parse("项目编码", "不能为空", ItemCode::parse)?,
            name: self.required("项目名称")?.into(),
            unit_price: self.parse(
                "单价",
                "应为整数至多八位、小数至多四位的金额",
                UnitPrice::parse,
            )?,
            quantity: self.parse(
                "数量",
                "应为整数至多八位、小数至多四位的数，冲销行为负数",
                Quantity::parse,
            )?,
            amount: self.parse("金额", "应为两位小数的金额，例如 7200.00", Money::parse)?,
            treats_injury: self.answer("治疗工伤", "是", "否", "应填“是”或“否”，没有定的留空")?,
            restriction_met: self.answer(
                "限制条件",
                "符合",
                "不符合",
                "应填“符合”或“不符合”，没有限制的留空",
            )?,
            reverses: match self.text("冲销序号") {
                "" => None,
                _ => Some(self.number("冲销序号")?),
            },
        })
    }

    fn number(&self, column: &'static str) -> Result<LineNumber, BillFileError> {
        let expected = "应为正整数";
        match self.text(column).parse() {
            Ok(number) => self.parse(column, expected, |_| LineNumber::new(number)),
            Err(_not_a_number) => Err(self.wrong(column, expected)),
        }
    }

    fn required(&self, column: &'static str) -> Result<&str, BillFileError> {
        match self.text(column) {
            "" => Err(self.wrong(column, "不能为空")),
            text => Ok(text),
        }
    }

    fn answer(
        &self,
        column: &'static str,
        yes: &str,
        no: &str,
        expected: &'static str,
    ) -> Result<Option<bool>, BillFileError> {
        match self.text(column) {
            "" => Ok(None),
            text if text == yes => Ok(Some(true)),
            text if text == no => Ok(Some(false)),
            _other => Err(self.wrong(column, expected)),
        }
    }

    fn column(&self) -> Result<LineColumn, BillFileError> {
        match self.text("类别") {
            "药品" => Ok(LineColumn::Matrix(MatrixColumn::Drug)),
            "诊疗项目" => Ok(LineColumn::Matrix(MatrixColumn::Treatment)),
            "住院服务标准" => Ok(LineColumn::Matrix(MatrixColumn::InpatientService)),
            "康复服务项目" => Ok(LineColumn::Matrix(MatrixColumn::Rehabilitation)),
            "辅助器具" => Ok(LineColumn::Matrix(MatrixColumn::AssistiveDevice)),
            "伙食补助" => Ok(LineColumn::MealAllowance),
            "交通食宿" => Ok(LineColumn::TravelAndLodging),
            _other => Err(self.wrong(
                "类别",
                "应为药品、诊疗项目、住院服务标准、康复服务项目、辅助器具、伙食补助、交通食宿之一",
            )),
        }
    }
}

#[cfg(test)]
mod tests;
