//! With which HTTP status a door answers what the counter did not do.

use axum::http::StatusCode;
use receipts::RenderError;

use crate::counter::{CounterError, MarksFault};
use crate::ledger::LedgerError;

/// The status that goes with it.
pub(super) fn status(error: &CounterError) -> StatusCode {
    match error {
        CounterError::NothingPresented
        | CounterError::AnotherWorkersCard
        | CounterError::NotAllowed(_)
        | CounterError::QuoteChanged(_)
        | CounterError::QuoteForgotten
        | CounterError::QuoteExpired { .. }
        | CounterError::QuoteSuperseded
        | CounterError::ClockNotBehind
        | CounterError::AnotherReading
        | CounterError::UploadNotRefused
        | CounterError::NothingToVouch
        | CounterError::OfferGone
        | CounterError::Marks(MarksFault::NothingGiven)
        | CounterError::NoBill
        | CounterError::VisitClosed
        | CounterError::AlreadyAdmitted { .. }
        | CounterError::AlreadySettled { .. }
        | CounterError::Ledger(LedgerError::Refused(_)) => StatusCode::CONFLICT,
        CounterError::KindNotHere
        | CounterError::TimeAhead
        | CounterError::PressKey
        | CounterError::FormText { .. }
        | CounterError::SlipEntry(RenderError::NoGlyph { .. } | RenderError::DoesNotFit { .. })
        | CounterError::DischargeTime { .. }
        | CounterError::LineOutsideStay(_)
        | CounterError::BillOfAnother(_)
        | CounterError::RemedyWords { .. }
        | CounterError::Marks(_)
        | CounterError::Bill(_)
        | CounterError::Case(_)
        | CounterError::NotANumber(_) => StatusCode::UNPROCESSABLE_ENTITY,
        CounterError::VisitUnknown
        | CounterError::SettlementUnknown
        | CounterError::UploadUnknown => StatusCode::NOT_FOUND,
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
    }
}
