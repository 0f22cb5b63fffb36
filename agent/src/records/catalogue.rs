//! A catalogue's entry, and whose catalogue it is in.
//!
//! It is kept in the columns of the cache's table, whose layout is its version: a bill is held against thousands of them.

use rules::DivisionCode;

/// One version of one item in one catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueEntry {
    /// The division whose catalogue it is in: a place's, or a province's (`430000`) for the province's single set.
    pub owner: DivisionCode,
    /// What the rules ask.
    pub entry: rules::CatalogueEntry,
}
