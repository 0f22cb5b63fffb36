//! Why nothing was done about a message on its way.

/// Why nothing was done about a message on its way.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// No message has this identifier.
    #[error("no such message")]
    Unknown,
    /// The message is not refused, or was refused again since the person looked.
    #[error("the message is not refused any more")]
    NotRefused,
}
