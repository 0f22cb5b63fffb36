//! Inpatient care: admission, and what is filled in for it and for the discharge.

pub(crate) mod admission;
pub(crate) mod forms;
pub(crate) mod known_cards;
