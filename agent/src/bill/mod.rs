//! The bill as hospitals have it: a file's bytes become rows of cells, the rows a bill that the rules can judge.
//!
//! Every odd input is read rightly and said so, or refused with its place and the reason; nothing is guessed. The rows are
//! taken one after the other: beside the lines themselves nothing of the file is kept.

pub(crate) mod bounds;
mod cell;
mod column;
pub(crate) mod doubt;
pub(crate) mod fault;
pub(crate) mod folder;
mod head;
mod json;
mod line;
mod mapping;
mod notes;
mod peek;
mod position;
mod propose;
pub(crate) mod source;
mod subtotal;
mod understand;
pub(crate) mod whose;

pub use bounds::LARGEST_FILE;
pub use column::Column;
pub use doubt::Kin;
pub use fault::{BillFileError, Finding, Findings};
pub(crate) use json::close_of;
pub use json::{Part, check_part, read_parts};
pub use mapping::{CodesFault, Mapping, MappingError, category_name};
pub use notes::{Note, Repair};
pub(crate) use peek::peek;
pub use position::RowPosition;
pub use propose::{Proposal, propose};
pub use source::{Form, Workbook};
pub(crate) use source::{WorkbookProcessError, read_for_the_parent, workbooks_are_read_by};
pub use understand::{HowRead, Understood};
pub use whose::{Found, Whose};

/// Reads a bill.
///
/// # Errors
/// What stands in the way, all of it at once where lines are at fault.
pub fn read(bytes: &[u8], mapping: &Mapping) -> Result<Understood, BillFileError> {
    if bytes.len() > LARGEST_FILE {
        return Err(BillFileError::too_many_bytes());
    }
    if json::is_json(bytes) {
        return json::read(bytes, mapping);
    }
    let mut understanding = understand::Understanding::new(mapping);
    match source::rows(bytes, mapping, &mut |row| understanding.take(row)) {
        Ok(form) => understanding.finish(form),
        Err(error) => Err(understanding.broken_off(error)),
    }
}

/// Whether a body is JSON and no table.
pub(crate) fn is_json(bytes: &[u8]) -> bool {
    json::is_json(bytes)
}

/// Whether a file is a spreadsheet's own: how much work it is does not show in its size.
pub(crate) fn is_workbook(bytes: &[u8]) -> bool {
    source::is_workbook(bytes)
}

/// A file's text, whichever way it is written.
///
/// # Errors
/// It is empty, or no text.
pub fn whole_text(bytes: &[u8]) -> Result<String, BillFileError> {
    source::whole_text(bytes)
}

#[cfg(test)]
mod tests;
