//! Annex 10 of a settlement.

pub(crate) mod again;
mod drawn;
pub(crate) mod facts;
mod frozen;
mod printable;
