//! One row's cells, in buffers that are used again for the next row and never grow beyond the bounds.

use crate::bill::bounds::{LONGEST_CELL, Limit, MOST_COLUMNS};

/// How a cell's value was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::bill) enum CellKind {
    /// As text.
    Text,
    /// As a spreadsheet's number: what stood before a first digit that is not 0 is gone.
    Number,
}

/// The cells of a row.
#[derive(Debug, Default)]
pub(in crate::bill) struct Record {
    text: String,
    /// Where each cell ends, and how it was stored.
    ends: Vec<(usize, CellKind)>,
}

impl Record {
    pub(in crate::bill) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// Adds to the cell that is being written.
    pub(in crate::bill) fn write(&mut self, part: &str) -> Result<(), Limit> {
        if self.text.len() - self.begun() + part.len() > LONGEST_CELL {
            return Err(Limit::Cell);
        }
        self.text.push_str(part);
        Ok(())
    }

    /// Ends the cell that is being written.
    pub(in crate::bill) fn end_cell(&mut self, kind: CellKind) -> Result<(), Limit> {
        if self.ends.len() == MOST_COLUMNS {
            return Err(Limit::Columns);
        }
        self.ends.push((self.text.len(), kind));
        Ok(())
    }

    /// How many there are.
    pub(in crate::bill) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of one, as it stands there; empty beyond the last.
    pub(in crate::bill) fn text(&self, index: usize) -> &str {
        let Some((end, _)) = self.ends.get(index) else {
            return "";
        };
        let begin = index
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .map_or(0, |(end, _)| *end);
        self.text.get(begin..*end).unwrap_or("")
    }

    /// How one was stored.
    pub(in crate::bill) fn kind(&self, index: usize) -> CellKind {
        self.ends
            .get(index)
            .map_or(CellKind::Text, |(_, kind)| *kind)
    }

    /// All texts.
    pub(in crate::bill) fn texts(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.text(index))
    }

    /// Nothing but blanks.
    pub(in crate::bill) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    fn begun(&self) -> usize {
        self.ends.last().map_or(0, |(end, _)| *end)
    }
}
