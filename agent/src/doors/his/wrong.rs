//! A field of a request whose value cannot be taken.

/// A field that cannot be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wrong {
    pub(crate) field: &'static str,
    pub(crate) expected: Expected,
}

/// What a field should hold.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Expected {
    /// A kind of visit that this counter serves.
    Kind,
    /// What is declared of third parties.
    Liability,
    /// A time with its offset.
    Instant,
    /// A bill from the folder or one in the body, not both.
    OneBill,
    /// What holds a quote.
    Matter,
    /// The number of a bill's line.
    LineNumber,
    /// An item's code.
    Code,
    /// One mark for all lines of a code.
    OneMarkForCode,
    /// One mark for all lines that are not named.
    OneMarkForRest,
    /// One line alone.
    OneLine,
}
