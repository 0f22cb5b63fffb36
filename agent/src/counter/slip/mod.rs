//! Annex 10 of a settlement.

pub(crate) mod facts;
mod printable;
