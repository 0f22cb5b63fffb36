//! Why marks were not given.

/// Why choices were not taken. Nothing was marked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MarksFault {
    /// No line was marked by them.
    #[error("nothing was chosen")]
    NothingChosen,
    /// Nobody gave a mark that could be taken back.
    #[error("no mark was given")]
    NothingGiven,
    /// Not line numbers.
    #[error("not line numbers")]
    NotLines(String),
    /// A line that lacks no such mark, or is not on the bill.
    #[error("line {0} lacks no such mark")]
    NotMissing(u64),
    /// Chosen both ways.
    #[error("line {0} was chosen both ways")]
    BothWays(u64),
    /// A line cannot reverse that one.
    #[error("line {line} cannot reverse line {reversed}")]
    NotReversible {
        /// The negative line.
        line: u64,
        /// The one that was chosen for it.
        reversed: u64,
    },
}
