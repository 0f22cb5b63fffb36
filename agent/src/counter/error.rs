//! Why the counter did not do what was asked.

use receipts::RenderError;
use rules::{FormatError, ParseError};

use crate::counter::actor::RoleMissing;
use crate::counter::case::objection::Judgement;
use crate::counter::quote::error::QuoteError;
use crate::counter::settle::error::SettleError;
use crate::counter::staff::error::StaffError;
use crate::counter::stay::error::AdmissionError;
use crate::counter::texts::{TextFault, WrongText, WrongWords};
use crate::counter::upkeep::error::ClockError;
use crate::counter::uploads::error::UploadError;
use crate::ledger::LedgerError;
use crate::ledger::numbers::NotANumber;
use crate::province::PlatformError;
use crate::random::NoRandomness;
use crate::records::version::RecordError;
use crate::registry::RegistryError;

/// Why the counter did not do what was asked. Nothing that was settled is undone by any of these.
#[derive(Debug, thiserror::Error)]
pub enum CounterError {
    /// No card or code has been read, or too long ago.
    #[error("nothing is presented")]
    NothingPresented,
    /// The cache has never been filled.
    #[error("the registry is empty")]
    RegistryEmpty,
    /// The cache has people and the institution, and the catalogue has never been fetched.
    #[error("the catalogue is empty")]
    CatalogueEmpty,
    /// A text of a form.
    #[error("{field} cannot be taken: {fault:?}")]
    FormText {
        /// The field, as the page labels it.
        field: &'static str,
        /// Why.
        fault: TextFault,
    },
    /// The rules refuse or hold, or the counter has a reason of its own.
    #[error("it is not allowed")]
    NotAllowed(Box<Judgement>),
    /// No such visit.
    #[error("no such visit")]
    VisitUnknown,
    /// The visit ended without a settlement here.
    #[error("the visit is closed")]
    VisitClosed,
    /// What a person says of a refused message is missing or too long.
    #[error("{field} is missing or too long")]
    RemedyWords {
        /// The field, as the page labels it.
        field: &'static str,
    },
    /// The reading on the desk is not the one that was looked at.
    #[error("another reading lies on the desk")]
    AnotherReading,
    /// A number this program did not give.
    #[error("not a number of this program")]
    NotANumber(#[source] NotANumber),
    /// Other long bills are being received and worked on.
    #[error("no room for a long body")]
    TooManyBills,
    /// The parts of the case do not fit together.
    #[error("the case does not fit together")]
    Case(#[from] FormatError),
    /// The ledger.
    #[error(transparent)]
    Ledger(LedgerError),
    /// A value in the ledger that is none of its kind.
    #[error("a value in the ledger cannot be read")]
    LedgerValue(#[source] ParseError),
    /// A record.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// Evidence that is not text.
    #[error("the evidence is not text")]
    Evidence(#[source] std::string::FromUtf8Error),
    /// The cache.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A message could not be composed, or the province said no.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// The slip could not be drawn.
    #[error(transparent)]
    Slip(#[from] RenderError),
    /// The kernel gave no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// A background task was interrupted.
    #[error("a task was interrupted")]
    Interrupted(#[source] tokio::task::JoinError),
    /// Of an admission.
    #[error(transparent)]
    Admission(#[from] AdmissionError),
    /// Of a settlement.
    #[error(transparent)]
    Settle(#[from] SettleError),
    /// Of a bill and its quote.
    #[error(transparent)]
    Quote(#[from] QuoteError),
    /// Of a message on its way.
    #[error(transparent)]
    Upload(#[from] UploadError),
    /// Of the clock.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// Of the people of this counter.
    #[error(transparent)]
    Staff(#[from] StaffError),
}

impl CounterError {
    /// The judgement that stands in the way, where one does.
    pub fn judgement(&self) -> Option<&Judgement> {
        match self {
            Self::NotAllowed(judgement) | Self::Settle(SettleError::QuoteChanged(judgement)) => {
                Some(judgement)
            }
            Self::NothingPresented
            | Self::TooManyBills
            | Self::RegistryEmpty
            | Self::CatalogueEmpty
            | Self::FormText { .. }
            | Self::AnotherReading
            | Self::RemedyWords { .. }
            | Self::VisitUnknown
            | Self::VisitClosed
            | Self::NotANumber(_)
            | Self::Case(_)
            | Self::Ledger(_)
            | Self::LedgerValue(_)
            | Self::Record(_)
            | Self::Evidence(_)
            | Self::Registry(_)
            | Self::Platform(_)
            | Self::Slip(_)
            | Self::NoRandomness(_)
            | Self::Interrupted(_)
            | Self::Admission(_)
            | Self::Settle(_)
            | Self::Quote(_)
            | Self::Upload(_)
            | Self::Clock(_)
            | Self::Staff(_) => None,
        }
    }
}

impl From<LedgerError> for CounterError {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

impl From<RoleMissing> for CounterError {
    fn from(RoleMissing(role): RoleMissing) -> Self {
        Self::Staff(StaffError::RoleMissing(role))
    }
}

impl From<WrongText> for CounterError {
    fn from(WrongText { field, fault }: WrongText) -> Self {
        Self::FormText { field, fault }
    }
}

impl From<WrongWords> for CounterError {
    fn from(WrongWords { field }: WrongWords) -> Self {
        Self::RemedyWords { field }
    }
}
