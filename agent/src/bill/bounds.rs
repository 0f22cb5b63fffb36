//! How much of a file is taken at most, and how far down its head may stand.

/// A file this large is no bill: 200,000 lines are about 24 MB.
pub const LARGEST_FILE: usize = 64 * 1024 * 1024;

/// Lines of the longest bill that is taken.
pub const MOST_LINES: usize = 200_000;

/// Known headings that make a row a head: fewer also stand in titles.
pub(crate) const LEAST_KNOWN: usize = 3;

/// A head further down than this is none.
pub(crate) const ROWS_SEARCHED: usize = 40;

/// Rows of the largest table that is taken: 200,000 lines, their subtotals and blank rows.
pub(crate) const MOST_ROWS: u64 = 250_000;

/// Columns that a row may have.
pub(crate) const MOST_COLUMNS: usize = 256;

/// Bytes of the longest cell.
pub(crate) const LONGEST_CELL: usize = 4096;

/// Bytes of the largest XLS file: it has at most 65,536 rows.
pub(crate) const LARGEST_XLS: usize = 32 * 1024 * 1024;

/// Bytes of all parts of an XLSX file together, unpacked.
pub(crate) const LARGEST_UNPACKED: u64 = 512 * 1024 * 1024;

/// Bytes of an XLSX file's common texts, unpacked: they are kept in memory as a whole.
pub(crate) const LARGEST_TEXTS: u64 = 64 * 1024 * 1024;

/// Parts of an XLSX file.
pub(crate) const MOST_PARTS: usize = 1000;

/// Bytes of address space for the process that reads a workbook: 200,000 lines of a wide XLSX file take some 300 MB of it. Daemon
/// and process together have 1 GB.
pub(crate) const MOST_MEMORY: u64 = 512 * 1024 * 1024;

/// Seconds that it may compute.
pub(crate) const MOST_SECONDS: u64 = 60;

/// A bound that a file went beyond, looked at before memory is spent.
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
    /// [`LARGEST_XLS`].
    Xls,
    /// [`LARGEST_UNPACKED`].
    Unpacked,
    /// [`LARGEST_TEXTS`].
    Texts,
    /// [`MOST_PARTS`].
    Parts,
    /// [`MOST_MEMORY`].
    Memory,
    /// [`MOST_SECONDS`].
    Time,
}

impl Limit {
    /// All of them.
    pub(crate) const ALL: [Self; 11] = [
        Self::Bytes,
        Self::Rows,
        Self::Lines,
        Self::Columns,
        Self::Cell,
        Self::Xls,
        Self::Unpacked,
        Self::Texts,
        Self::Parts,
        Self::Memory,
        Self::Time,
    ];
}
