//! A field of a request whose value cannot be taken.

/// A field that cannot be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wrong {
    pub(super) field: &'static str,
    /// In Chinese.
    pub(super) expected: &'static str,
}
