//! Cases and decisions as JSON: what `settlement-agent explain` reads and writes, and what the ledger keeps as evidence.
//!
//! - [`parse_case`] refuses whatever breaks the format and names the field's path.
//! - [`parse_kept_case`] also reads what earlier versions kept as evidence.
//! - [`write_case`] is canonical: the same case always gives the same bytes.
//! - [`write_decision`] writes a result, [`write_error`] a refusal.
//!
//! Parsing goes straight into structs that borrow from the input; only where that fails a second, slower pass goes over the
//! same structs again to find the path.

mod field;
mod from_wire;
mod kept;
mod path;
mod structure;
mod to_wire;
mod tree;
mod wire;

pub use to_wire::{write_case, write_decision, write_error};

use crate::case::Case;
use crate::error::FormatError;
use crate::rule_set::RuleSet;
use from_wire::Factors;

/// Reads a case in today's format. Any bytes are safe to give.
pub fn parse_case(json: &[u8]) -> Result<Case, FormatError> {
    match serde_json::from_slice::<wire::Object<wire::Case<'_>>>(json) {
        Ok(case) => Case::new(from_wire::facts(&case, Factors::TODAY)?),
        Err(error) => Err(structure::fault(json, &error, structure::today)),
    }
}

/// Reads a case that was kept as evidence under a rule set, in that one's format and with its limits.
pub fn parse_kept_case(json: &[u8], under: RuleSet) -> Result<Case, FormatError> {
    match under {
        RuleSet::First => match serde_json::from_slice::<wire::Object<kept::CaseFirst<'_>>>(json) {
            Ok(case) => Case::new(from_wire::facts(&case.0.brought_up(), Factors::FIRST)?),
            Err(error) => Err(structure::fault(json, &error, structure::first)),
        },
        RuleSet::Second | RuleSet::Third => parse_case(json),
    }
}
