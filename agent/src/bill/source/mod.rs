//! From a file's bytes to rows of cells: what kind of file it is, and how much of it is taken at most.

mod csv;
mod record;
mod spreadsheet;
mod text;

use std::fmt;

use super::fault::BillFileError;
use super::mapping::Mapping;

pub(super) use record::{CellKind, Record};

/// Rows of the largest table that is taken: 200,000 lines, their subtotals and blank rows.
const MOST_ROWS: u64 = 250_000;

/// Columns that a row may have.
const MOST_COLUMNS: usize = 256;

/// Bytes of the longest cell.
const LONGEST_CELL: usize = 4096;

/// A bound that a file went beyond. Of a text file it is looked at before memory is spent, of a workbook partly after: see there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// [`super::LARGEST_FILE`].
    Bytes,
    /// [`MOST_ROWS`].
    Rows,
    /// [`super::MOST_LINES`].
    Lines,
    /// [`MOST_COLUMNS`].
    Columns,
    /// [`LONGEST_CELL`].
    Cell,
}

impl Limit {
    /// What there is too much of, in Chinese.
    pub(super) fn say(self) -> String {
        match self {
            Self::Bytes => format!("超过 {} MB", super::LARGEST_FILE / (1024 * 1024)),
            Self::Rows => format!("超过 {MOST_ROWS} 行"),
            Self::Lines => format!("明细超过 {} 行", super::MOST_LINES),
            Self::Columns => format!("一行超过 {MOST_COLUMNS} 列"),
            Self::Cell => format!("一格超过 {LONGEST_CELL} 个字节"),
        }
    }
}

/// What kind of file it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// Text with a separator.
    Text {
        /// How its characters are written.
        encoding: Encoding,
        /// `,`, tab, `;` or `|`.
        delimiter: char,
    },
    /// A spreadsheet's own file, and the sheet in it.
    Workbook(Workbook, String),
}

/// Which spreadsheet's own file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workbook {
    /// Office Open XML.
    Xlsx,
    /// Excel 97 to 2003.
    Xls,
}

/// How a text's characters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// With or without a byte order mark.
    Utf8,
    /// Little end first.
    Utf16Le,
    /// Big end first.
    Utf16Be,
    /// GBK is a part of it.
    Gb18030,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text {
                encoding,
                delimiter,
            } => {
                let encoding = match encoding {
                    Encoding::Utf8 => "UTF-8",
                    Encoding::Utf16Le | Encoding::Utf16Be => "UTF-16",
                    Encoding::Gb18030 => "GBK（GB18030）",
                };
                let delimiter = match delimiter {
                    '\t' => "制表符",
                    ';' => "分号",
                    '|' => "竖线",
                    _comma => "逗号",
                };
                write!(f, "文本，{encoding}，{delimiter}分隔")
            }
            Self::Workbook(Workbook::Xlsx, sheet) => write!(f, "XLSX 表格，工作表“{sheet}”"),
            Self::Workbook(Workbook::Xls, sheet) => write!(f, "XLS 表格，工作表“{sheet}”"),
        }
    }
}

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

/// A row on its way: its place and its cells.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) place: Place,
    pub(super) cells: &'a Record,
}

/// Takes rows, one after the other.
pub(super) type Sink<'a> = dyn FnMut(&Row<'_>) -> Result<(), BillFileError> + 'a;

/// Hands on every row of the file in its order.
pub(super) fn rows(
    bytes: &[u8],
    mapping: &Mapping,
    sink: &mut Sink<'_>,
) -> Result<Form, BillFileError> {
    if is_workbook(bytes) {
        return spreadsheet::rows(bytes, mapping, sink);
    }
    let text = text::Text::of(bytes)?;
    if text.is_web_page()? {
        return Err(BillFileError::WebPage);
    }
    let delimiter = csv::delimiter(&text, mapping)?;
    csv::rows(&text, delimiter, sink)?;
    Ok(Form::Text {
        encoding: text.encoding(),
        delimiter: char::from(delimiter),
    })
}

/// A spreadsheet's own file, by its first bytes: XLSX is a ZIP archive, XLS a compound document.
pub(super) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
}

/// All of a text at once, for files that the configuration names.
pub(super) fn whole_text(bytes: &[u8]) -> Result<String, BillFileError> {
    let mut whole = String::new();
    text::Text::of(bytes)?.pieces(|piece| {
        whole.push_str(piece);
        Ok(true)
    })?;
    Ok(whole)
}
