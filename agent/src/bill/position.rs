//! Where in a file something stands.

/// Where a row of the file begins, the head and blank lines counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowPosition {
    /// Its row as a spreadsheet numbers it: a line break within quotes does not begin another row.
    pub row: u64,
    /// Its line as a text editor numbers it: every line break counts.
    pub line: u64,
}

impl RowPosition {
    /// A row of a sheet, from 0.
    pub(super) fn of_sheet(row: u32) -> Self {
        let row = u64::from(row) + 1;
        Self { row, line: row }
    }
}
