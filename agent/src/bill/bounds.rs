//! How much of a file is taken at most, and how far down its head may stand.

/// A file this large is no bill: 200,000 lines are about 24 MB.
pub const LARGEST_FILE: usize = 64 * 1024 * 1024;

/// Lines of the longest bill that is taken.
pub const MOST_LINES: usize = 200_000;

/// Known headings that make a row a head: fewer also stand in titles.
pub(super) const LEAST_KNOWN: usize = 3;

/// A head further down than this is none.
pub(super) const ROWS_SEARCHED: usize = 40;

/// Rows of the largest table that is taken: 200,000 lines, their subtotals and blank rows.
pub(super) const MOST_ROWS: u64 = 250_000;

/// Columns that a row may have.
pub(super) const MOST_COLUMNS: usize = 256;

/// Bytes of the longest cell.
pub(super) const LONGEST_CELL: usize = 4096;

/// A bound that a file went beyond. Of a text file it is looked at before memory is spent, of a workbook partly after: see there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// [`LARGEST_FILE`].
    Bytes,
    /// [`MOST_ROWS`].
    Rows,
    /// [`MOST_LINES`].
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
            Self::Bytes => format!("超过 {} MB", LARGEST_FILE / (1024 * 1024)),
            Self::Rows => format!("超过 {MOST_ROWS} 行"),
            Self::Lines => format!("明细超过 {} 行", MOST_LINES),
            Self::Columns => format!("一行超过 {MOST_COLUMNS} 列"),
            Self::Cell => format!("一格超过 {LONGEST_CELL} 个字节"),
        }
    }
}
