//! What kind of file a bill was, in words.

use std::fmt;

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
    /// A body of JSON.
    Json,
    /// Several, closed by a last one.
    JsonParts,
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
            Self::Json => f.write_str("JSON"),
            Self::JsonParts => f.write_str("JSON，分段发送"),
        }
    }
}
