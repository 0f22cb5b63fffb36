//! Inpatient care: admission, and what is filled in for it and for the discharge.

pub(crate) mod admission;
mod cancellation;
pub(crate) mod error;
pub(crate) mod forms;
pub(crate) mod known_cards;
