//! Catalogue entries that apply to a case; which place's they are is rule E01.

use jiff::civil::Date;

use super::amounts::Money;
use super::bill::{ItemCode, MatrixColumn};

/// One version of an item in a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueEntry {
    /// The column the item belongs to.
    pub column: MatrixColumn,
    /// The item's code.
    pub code: ItemCode,
    /// First day in force.
    pub from: Date,
    /// Last day in force, included; open where `None`.
    pub to: Option<Date>,
    /// 限定支付范围: paid only where its restriction is met.
    pub restricted: bool,
    /// The most the fund pays for one unit.
    pub ceiling: Option<Money>,
}

impl CatalogueEntry {
    /// Whether this version is in force on a day; both ends are included.
    pub fn in_force_on(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}
