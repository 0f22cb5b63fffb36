//! Which lines lack which mark.

use std::collections::HashMap;

use rules::{Bill, BillLine, Case, CatalogueEntry, LineColumn};

use crate::counter::case::second_look::MissingCount;

/// Lines that lack a mark, by their place on the bill.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Missing {
    /// Nobody said whether they treat the injury.
    pub injury: Vec<usize>,
    /// Of a restricted item, and nobody said whether its restriction is met.
    pub restriction: Vec<usize>,
    /// Negative, and nobody said which line they reverse.
    pub reversal: Vec<usize>,
}

impl Missing {
    /// Of a case's bill, restricted items as its catalogue has them.
    pub(crate) fn of(case: &Case) -> Self {
        let facts = case.facts();
        facts
            .bill
            .as_ref()
            .map_or_else(Self::default, |bill| Self::on(bill, &facts.catalogue))
    }

    /// Of a bill under a catalogue.
    pub(crate) fn on(bill: &Bill, catalogue: &[CatalogueEntry]) -> Self {
        let mut by_code: HashMap<&str, Vec<&CatalogueEntry>> = HashMap::new();
        for entry in catalogue {
            by_code.entry(entry.code.as_str()).or_default().push(entry);
        }
        let restricted = |line: &BillLine| {
            let LineColumn::Matrix(column) = line.column else {
                return false;
            };
            let entries = by_code.get(line.code.as_str()).into_iter().flatten();
            entries
                .filter(|entry| entry.column == column && entry.in_force_on(line.date))
                .any(|entry| entry.restricted)
        };
        let mut missing = Self::default();
        for (at, line) in bill.lines.iter().enumerate() {
            if line.treats_injury.is_none() {
                missing.injury.push(at);
            }
            if takes_back(line) && line.reverses.is_none() {
                missing.reversal.push(at);
            } else if line.restriction_met.is_none()
                && line.reverses.is_none()
                && line.treats_injury != Some(false)
                && restricted(line)
            {
                missing.restriction.push(at);
            }
        }
        missing
    }

    /// Nothing.
    pub fn is_empty(&self) -> bool {
        self.count() == MissingCount::default()
    }

    /// How many.
    pub fn count(&self) -> MissingCount {
        MissingCount {
            injury: self.injury.len(),
            restriction: self.restriction.len(),
            reversal: self.reversal.len(),
        }
    }
}

/// A line that can only be a reversal. Of one sign alone it is a fault that the rules name.
pub(super) fn takes_back(line: &BillLine) -> bool {
    line.quantity.is_negative() && line.amount.is_negative()
}
