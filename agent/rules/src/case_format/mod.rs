//! Cases and decisions as JSON: what `settlement-agent explain` reads and writes, and what the ledger keeps as evidence.
//!
//! - [`parse_case`] refuses whatever breaks the format and names the field's path.
//! - [`write_case`] is canonical: the same case always gives the same bytes.
//! - [`write_decision`] writes a result, [`write_error`] a refusal.
//!
//! Parsing goes straight into structs that borrow from the input; only where that fails a second, slower pass goes over the
//! same structs again to find the path.

mod from_wire;
mod path;
mod structure;
mod to_wire;
mod tree;
mod wire;

pub use to_wire::{write_case, write_decision, write_error};

use crate::FormatError;
use crate::case::Case;

/// Reads a case. Any bytes are safe to give.
pub fn parse_case(json: &[u8]) -> Result<Case, FormatError> {
    match serde_json::from_slice::<wire::Object<wire::Case<'_>>>(json) {
        Ok(case) => Case::new(from_wire::facts(&case)?),
        Err(error) => Err(structure::fault(json, &error)),
    }
}
