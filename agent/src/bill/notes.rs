//! What was done to a file's cells so that they could be read: counted by kind, with the rows where it was done.

use std::collections::BTreeMap;

use super::column::Column;

/// Rows that are named; the rest is counted.
const MOST_NAMED: usize = 8;

/// Something that was done, or passed over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Repair {
    /// Quotes, backticks or `="…"` around a code are gone.
    CodeMarks,
    /// Blanks around a code are gone.
    CodeBlanks,
    /// Unseen characters in a code are gone.
    CodeUnseen,
    /// A code's full-width characters are narrow.
    CodeWidth,
    /// A hospital's code was replaced by the catalogue's.
    CodeTranslated,
    /// A category was translated: the hospital's word, and the column.
    Category(String, &'static str),
    /// An amount, price or quantity was written with separators, currency or brackets.
    NumberDressed,
    /// A number had the noise of a computer's binary fractions behind it.
    NumberNoise,
    /// A date was a spreadsheet's day number.
    DateNumber,
    /// A date had a time behind it.
    DateTime,
    /// Subtotals.
    Subtotal,
    /// The head once more.
    HeadAgain,
    /// Rows with words alone, between the lines.
    WordsAlone,
    /// A mark that the file lacks was given by the configuration: which, and yes or no.
    MarkConfigured(Column, bool),
    /// Lines without numbers were numbered.
    Numbered,
    /// The file has no sum: its last line is named.
    SumMissing,
}

/// Where something was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Rows {
    count: usize,
    first: Vec<u64>,
}

/// Everything that was done to one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes(BTreeMap<Repair, Rows>);

/// One kind of thing that was done.
#[derive(Debug, Clone, Copy)]
pub struct Note<'a> {
    /// What.
    pub repair: &'a Repair,
    /// How often.
    pub count: usize,
    /// The first rows, as a spreadsheet counts.
    pub rows: &'a [u64],
}

impl Notes {
    pub(super) fn add(&mut self, repair: Repair, row: u64) {
        let rows = self.0.entry(repair).or_default();
        rows.count += 1;
        if rows.first.len() < MOST_NAMED {
            rows.first.push(row);
        }
    }

    /// Each kind once.
    pub fn iter(&self) -> impl Iterator<Item = Note<'_>> {
        self.0.iter().map(|(repair, rows)| Note {
            repair,
            count: rows.count,
            rows: &rows.first,
        })
    }
}
