//! What the configuration would have to say for a sample of a hospital's bills to be understood.

use std::collections::BTreeSet;

use super::bounds::LEAST_KNOWN;
use super::column::Column;
use super::fault::{BillFileError, Findings};
use super::head::{self, Head, Heading};
use super::mapping::Mapping;
use super::source::{self, Form};

/// Words that are proposed at most: a column that has more is none of categories.
const MOST_WORDS: usize = 100;

/// What a sample says, and what is still to be said of it.
#[derive(Debug)]
pub struct Proposal {
    /// What kind of file it is.
    pub form: Form,
    /// The row of the head, as a spreadsheet counts.
    pub head_row: u64,
    /// Columns that are known.
    pub columns: Vec<Heading>,
    /// Columns that no bill can do without and that nobody has named.
    pub missing: Vec<Column>,
    /// Headings that mean nothing yet.
    pub unknown: Vec<String>,
    /// Words in the column of categories that mean nothing yet.
    pub categories: BTreeSet<String>,
}

/// Looks through a sample.
///
/// # Errors
/// It cannot be read at all, or has no head.
pub fn propose(bytes: &[u8], mapping: &Mapping) -> Result<Proposal, BillFileError> {
    let mut found: Option<Head> = None;
    let mut categories = BTreeSet::new();
    let form = source::rows(bytes, mapping, &mut |row| {
        match &found {
            None if head::known_columns(row.cells, mapping) >= LEAST_KNOWN => {
                // What is missing is the proposal, not a fault.
                found = Some(Head::of(row, mapping, &mut Findings::default()));
            }
            None => {}
            Some(head) => {
                let word = head.text(row, Column::Category);
                let line = !head.text(row, Column::Amount).is_empty();
                let unknown = line && !word.is_empty() && mapping.category(word).is_none();
                if unknown && categories.len() < MOST_WORDS {
                    categories.insert(word.to_owned());
                }
            }
        }
        Ok(())
    })?;
    let head = found.ok_or(BillFileError::Empty)?;
    let missing = Column::REQUIRED.into_iter();
    Ok(Proposal {
        form,
        head_row: head.position.row,
        missing: missing
            .filter(|column| head.index(*column).is_none())
            .collect(),
        columns: head.columns,
        unknown: head.ignored,
        categories,
    })
}
