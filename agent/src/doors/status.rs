//! With which HTTP status a door answers what the counter did not do.

use axum::http::StatusCode;
use receipts::RenderError;

use crate::counter::{
    AdmissionError, ClockError, CounterError, MarksFault, PartsFault, QuoteError, SecondFault,
    SettleError, StaffError, UploadError,
};
use crate::ledger::LedgerError;

/// The status that goes with it.
pub(super) fn status(error: &CounterError) -> StatusCode {
    match error {
        CounterError::NothingPresented
        | CounterError::NotAllowed(_)
        | CounterError::AnotherReading
        | CounterError::VisitClosed
        | CounterError::Upload(UploadError::NotRefused)
        | CounterError::Clock(ClockError::NotBehind)
        | CounterError::Ledger(LedgerError::Refused(_)) => StatusCode::CONFLICT,
        CounterError::FormText { .. }
        | CounterError::RemedyWords { .. }
        | CounterError::Case(_)
        | CounterError::NotANumber(_) => StatusCode::UNPROCESSABLE_ENTITY,
        CounterError::VisitUnknown | CounterError::Upload(UploadError::Unknown) => {
            StatusCode::NOT_FOUND
        }
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
        | CounterError::NoRandomness(_)
        | CounterError::Interrupted(_) => StatusCode::INTERNAL_SERVER_ERROR,
        CounterError::Admission(error) => of_admission(error),
        CounterError::Settle(error) => of_settle(error),
        CounterError::Quote(error) => of_quote(error),
        CounterError::Staff(error) => of_staff(error),
    }
}

fn of_staff(error: &StaffError) -> StatusCode {
    match error {
        StaffError::NotRight { .. }
        | StaffError::Locked { .. }
        | StaffError::Disabled
        | StaffError::Second(SecondFault::SamePerson | SecondFault::NotReady)
        | StaffError::RoleMissing(_) => StatusCode::FORBIDDEN,
        StaffError::Password(_)
        | StaffError::Second(SecondFault::Missing)
        | StaffError::NotANumber
        | StaffError::NoRole => StatusCode::UNPROCESSABLE_ENTITY,
        StaffError::NumberTaken | StaffError::LastAdministrator => StatusCode::CONFLICT,
        StaffError::Unknown | StaffError::NoneYet => StatusCode::NOT_FOUND,
        StaffError::Hash(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn of_admission(error: &AdmissionError) -> StatusCode {
    match error {
        AdmissionError::AlreadyAdmitted { .. } | AdmissionError::SettledOnce => {
            StatusCode::CONFLICT
        }
        AdmissionError::KindNotHere
        | AdmissionError::TimeAhead
        | AdmissionError::PressKey
        | AdmissionError::SlipEntry(RenderError::NoGlyph { .. } | RenderError::DoesNotFit { .. }) => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        AdmissionError::SlipEntry(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn of_settle(error: &SettleError) -> StatusCode {
    match error {
        SettleError::QuoteChanged(_)
        | SettleError::QuoteExpired { .. }
        | SettleError::NoBill
        | SettleError::AlreadySettled { .. } => StatusCode::CONFLICT,
        SettleError::Unknown => StatusCode::NOT_FOUND,
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
