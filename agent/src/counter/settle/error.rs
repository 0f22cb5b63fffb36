//! Why a quote was not settled, or a settlement is not found.

use jiff::Timestamp;

use crate::counter::case::objection::Judgement;

/// Why a quote was not settled, or a settlement is not found.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    /// The rules, asked again, no longer say what was quoted.
    #[error("the quote has changed")]
    QuoteChanged(Box<Judgement>),
    /// The quote's reading is too old, or the clock was set back.
    #[error("the quote of {judged_at} is too old")]
    QuoteExpired {
        /// When it was made.
        judged_at: Timestamp,
    },
    /// Nothing to settle.
    #[error("there is no split to settle")]
    NoBill,
    /// The visit is settled.
    #[error("the visit is settled as {settlement}")]
    AlreadySettled {
        /// The settlement that stands.
        settlement: String,
    },
    /// No such settlement.
    #[error("no such settlement")]
    Unknown,
}
