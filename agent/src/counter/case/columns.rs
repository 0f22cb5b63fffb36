//! Lines whose code the catalogue has in another column than the bill.

use std::collections::HashMap;

use rules::{BillLine, Case, CatalogueEntry, Decision, LineColumn, MatrixColumn};

use crate::counter::Counter;
use crate::counter::case::remarks::ColumnDiffers;
use crate::counter::error::CounterError;
use crate::registry::{CatalogueItem, CatalogueOwner};

impl Counter {
    /// The lines that the catalogue lists in another column than the bill does, on their day. Lines that are not for the
    /// injury are not asked, nor are reversals: they go as their line goes.
    pub(crate) fn columns_that_differ(
        &self,
        case: &Case,
        decision: &Decision,
    ) -> Result<Vec<ColumnDiffers>, CounterError> {
        let facts = case.facts();
        let (Some(bill), Some(worker), Some(channel)) =
            (&facts.bill, &facts.worker, decision.channel)
        else {
            return Ok(Vec::new());
        };
        let Some(owner) = CatalogueOwner::choose(
            channel,
            facts.visit.kind,
            facts.institution.division,
            worker.insured_division,
        ) else {
            return Ok(Vec::new());
        };
        let own = by_code(&facts.catalogue);
        let unlisted: Vec<(&BillLine, MatrixColumn)> = bill
            .lines
            .iter()
            .filter(|line| line.treats_injury != Some(false) && line.reverses.is_none())
            .filter_map(|line| match line.column {
                LineColumn::Matrix(column) => Some((line, column)),
                LineColumn::MealAllowance | LineColumn::TravelAndLodging => None,
            })
            .filter(|(line, column)| listed_in(&own, line, |listed| listed == *column).is_none())
            .collect();
        let elsewhere: Vec<CatalogueItem> = unlisted
            .iter()
            .flat_map(|(line, column)| {
                let others = MatrixColumn::ALL
                    .iter()
                    .filter(move |other| *other != column);
                others.map(|&column| CatalogueItem {
                    column,
                    code: line.code.clone(),
                })
            })
            .collect();
        let entries = self.0.registry.catalogue(owner, &elsewhere)?;
        let others = by_code(&entries);
        Ok(unlisted
            .into_iter()
            .filter_map(|(line, billed)| {
                let listed = listed_in(&others, line, |listed| listed != billed)?;
                Some(ColumnDiffers {
                    line: line.number,
                    billed,
                    listed,
                })
            })
            .collect())
    }
}

pub(crate) fn by_code(entries: &[CatalogueEntry]) -> HashMap<&str, Vec<&CatalogueEntry>> {
    let mut by_code: HashMap<&str, Vec<&CatalogueEntry>> = HashMap::new();
    for entry in entries {
        by_code.entry(entry.code.as_str()).or_default().push(entry);
    }
    by_code
}

/// The column that lists the line's code on its day, of those that are wanted.
pub(crate) fn listed_in(
    entries: &HashMap<&str, Vec<&CatalogueEntry>>,
    line: &BillLine,
    wanted: impl Fn(MatrixColumn) -> bool,
) -> Option<MatrixColumn> {
    entries
        .get(line.code.as_str())?
        .iter()
        .find(|entry| wanted(entry.column) && entry.in_force_on(line.date))
        .map(|entry| entry.column)
}
