//! What the rules refuse to read: a text that is no value, a case that breaks the format.

/// A text that is not a value of the type it was parsed as; the message says in Chinese what the type admits and never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseError(pub(crate) &'static str);

/// A case that breaks the format: where, and what is wanted there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct FormatError {
    /// The field's path, `bill.lines[0].amount`; `$` for the document as a whole.
    pub path: String,
    /// What the format asks for, in Chinese; never the value that was found.
    pub message: String,
}
