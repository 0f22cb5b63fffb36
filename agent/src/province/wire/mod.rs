//! What goes over the wire besides the province's own form: our questions, and answers as they are agreed.
//!
//! Amounts are yuan with two decimals; dates are `YYYY-MM-DD`, instants RFC 3339 with an offset; divisions are six digits of GB/T 2260.
//! `Debug` never shows what is inside: every one of these can name a patient.

pub mod answer;
pub mod query;
pub(super) mod shape;
