//! With which HTTP status a door answers what the counter did not do.

use axum::http::StatusCode;
use receipts::RenderError;

use crate::counter::{ClockError, CounterError, MarksFault, PartsFault, QuoteError, UploadError};
use crate::ledger::LedgerError;

/// The status that goes with it.
pub(super) fn status(error: &CounterError) -> StatusCode {
    match error {
        CounterError::NothingPresented
        | CounterError::NotAllowed(_)
        | CounterError::QuoteChanged(_)
        | CounterError::QuoteExpired { .. }
        | CounterError::AnotherReading
        | CounterError::NoBill
        | CounterError::VisitClosed
        | CounterError::AlreadyAdmitted { .. }
        | CounterError::AlreadySettled { .. }
        | CounterError::Upload(UploadError::NotRefused)
        | CounterError::Clock(ClockError::NotBehind)
        | CounterError::Ledger(LedgerError::Refused(_)) => StatusCode::CONFLICT,
        CounterError::KindNotHere
        | CounterError::TimeAhead
        | CounterError::PressKey
        | CounterError::FormText { .. }
        | CounterError::SlipEntry(RenderError::NoGlyph { .. } | RenderError::DoesNotFit { .. })
        | CounterError::RemedyWords { .. }
        | CounterError::Case(_)
        | CounterError::NotANumber(_) => StatusCode::UNPROCESSABLE_ENTITY,
        CounterError::VisitUnknown
        | CounterError::SettlementUnknown
        | CounterError::Upload(UploadError::Unknown) => StatusCode::NOT_FOUND,
        CounterError::RegistryEmpty
        | CounterError::CatalogueEmpty
        | CounterError::Platform(_)
        | CounterError::TooManyBills => StatusCode::SERVICE_UNAVAILABLE,
        CounterError::Ledger(_)
        | CounterError::LedgerValue(_)
        | CounterError::Record(_)
        | CounterError::Evidence(_)
        | CounterError::Registry(_)
        | CounterError::Slip(_)
        | CounterError::SlipEntry(_)
        | CounterError::NoRandomness(_)
        | CounterError::Interrupted(_) => StatusCode::INTERNAL_SERVER_ERROR,
        CounterError::Quote(error) => of_quote(error),
    }
}

fn of_quote(error: &QuoteError) -> StatusCode {
    match error {
        QuoteError::Forgotten
        | QuoteError::Superseded
        | QuoteError::AnotherWorkersCard
        | QuoteError::NothingToVouch
        | QuoteError::OfferGone
        | QuoteError::Parts(
            PartsFault::Differs(_) | PartsFault::Missing(_) | PartsFault::Beyond(_),
        )
        | QuoteError::Marks(MarksFault::NothingGiven) => StatusCode::CONFLICT,
        QuoteError::DischargeTime { .. }
        | QuoteError::LineOutsideStay(_)
        | QuoteError::OfAnother(_)
        | QuoteError::Marks(_)
        | QuoteError::Parts(PartsFault::Key | PartsFault::Number)
        | QuoteError::Bill(_) => StatusCode::UNPROCESSABLE_ENTITY,
        QuoteError::Parts(PartsFault::Full) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
