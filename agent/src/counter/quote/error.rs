//! Why a bill was not quoted, or a quote cannot be gone on with.

use jiff::Timestamp;

use crate::bill::BillFileError;
use crate::counter::quote::file::{AnothersBill, OutsideStay};
use crate::counter::quote::marks::fault::MarksFault;
use crate::counter::quote::parts::PartsFault;

/// Why a bill was not quoted, or a quote cannot be gone on with.
#[derive(Debug, thiserror::Error)]
pub enum QuoteError {
    /// The daemon no longer remembers this quote.
    #[error("the quote is forgotten")]
    Forgotten,
    /// The visit was quoted again since.
    #[error("a later quote stands in its place")]
    Superseded,
    /// A discharge before the registration or after now.
    #[error("the discharge lies before the registration or ahead of the clock")]
    DischargeTime {
        /// When the visit was registered.
        registered_at: Timestamp,
    },
    /// Bill lines dated before the stay or after it.
    #[error("{} bill lines lie outside the stay", .0.count)]
    LineOutsideStay(Box<OutsideStay>),
    /// The bill names another stay or another patient.
    #[error("the bill says it is another's")]
    OfAnother(Box<AnothersBill>),
    /// The card in the reader is not the visit's worker's.
    #[error("the card is another worker's")]
    AnotherWorkersCard,
    /// The bill file.
    #[error(transparent)]
    Bill(#[from] BillFileError),
    /// A file of the bill folder that is not offered at this stay any more.
    #[error("the file is not offered any more")]
    OfferGone,
    /// Parts of a bill that cannot be kept or closed.
    #[error("parts of a bill: {0}")]
    Parts(PartsFault),
    /// What a person chose for marks.
    #[error("the marks cannot be given so: {0}")]
    Marks(MarksFault),
    /// The quote is not held for what a person vouches for.
    #[error("there is nothing to vouch for")]
    NothingToVouch,
}

impl From<AnothersBill> for QuoteError {
    fn from(anothers: AnothersBill) -> Self {
        Self::OfAnother(Box::new(anothers))
    }
}

impl From<OutsideStay> for QuoteError {
    fn from(outside: OutsideStay) -> Self {
        Self::LineOutsideStay(Box::new(outside))
    }
}
