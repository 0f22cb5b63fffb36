//! What kind of file a bill was, in words.

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
