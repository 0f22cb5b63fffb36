//! From a file's bytes to rows of cells: what kind of file it is decides who reads it.

mod csv;
pub(crate) mod form;
mod record;
mod row;
mod spreadsheet;
mod text;
mod workbook;

use super::fault::BillFileError;
use super::mapping::Mapping;

pub use form::{Form, Workbook};
pub(super) use record::{CellKind, Record};
pub(super) use row::{Row, Sink};
pub(crate) use workbook::{WorkbookProcessError, read_for_the_parent, workbooks_are_read_by};

/// Hands on every row of the file in its order.
pub(super) fn rows(
    bytes: &[u8],
    mapping: &Mapping,
    sink: &mut Sink<'_>,
) -> Result<Form, BillFileError> {
    if is_workbook(bytes) {
        return workbook::rows(bytes, mapping, sink);
    }
    let text = text::Text::of(bytes)?;
    if text.is_web_page()? {
        return Err(BillFileError::WebPage);
    }
    let delimiter = csv::delimiter(&text, mapping)?;
    csv::rows(&text, delimiter, sink)?;
    Ok(Form::Text {
        encoding: text.encoding(),
        delimiter: char::from(delimiter),
    })
}

/// A spreadsheet's own file, by its first bytes: XLSX is a ZIP archive, XLS a compound document.
pub(super) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
}

/// All of a text at once, for files that the configuration names.
pub(super) fn whole_text(bytes: &[u8]) -> Result<String, BillFileError> {
    let mut whole = String::new();
    text::Text::of(bytes)?.pieces(|piece| {
        whole.push_str(piece);
        Ok(true)
    })?;
    Ok(whole)
}
