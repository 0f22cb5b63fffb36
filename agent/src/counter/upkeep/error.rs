//! Why the clock was not accepted.

/// Why the clock was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// The clock is not behind the journal: there is nothing to accept.
    #[error("the clock is not behind")]
    NotBehind,
}
