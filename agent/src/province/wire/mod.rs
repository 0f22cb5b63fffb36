//! Bodies as they go over the wire: structs of their own, each with its version, dates and amounts as text.
//!
//! Amounts are yuan with two decimals, unit prices and quantities have at most four; dates are
//! `YYYY-MM-DD`, instants RFC 3339 with an offset; divisions are six digits of GB/T 2260. `Debug` never shows
//! what is inside: every one of these can name a patient.

pub mod answer;
pub mod query;
pub(super) mod shape;
pub mod upload;

use serde::{Serialize, Serializer};

/// `version` of a body we send: 1, and nothing else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BodyVersion;

impl Serialize for BodyVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(1)
    }
}
