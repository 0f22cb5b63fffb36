//! Annex 10 of a settlement.

mod drawn;
pub(crate) mod facts;
mod frozen;
mod printable;
