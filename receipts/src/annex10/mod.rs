//! Annex 10 of the national procedure, 工伤保险跨省异地就医结算单: its data, and its drawing.

mod data;
mod layout;
mod sheet;
mod table;

pub use data::{Amounts, Annex10, CopyFor, Foot, Grid, Institution, Issue, Matrix, Totals};

use crate::{Fonts, RenderError, pdf};

/// Draws the sheet: A4 on its side, a page for each copy.
///
/// The same data and fonts give the same bytes, in any process and on any day. The file's own particulars (title,
/// dates, identifier) name no patient.
///
/// # Errors
///
/// An entry that must not be empty, a character that no font has, a text that does not fit even at the smallest
/// legible size, or a PDF that could not be written. No bytes are returned then.
pub fn render(data: &Annex10, fonts: &Fonts) -> Result<Vec<u8>, RenderError> {
    let pages = layout::pages(data, &fonts.faces()?)?;
    let identity = pdf::Identity {
        title: &data.title,
        dated_unix_s: data.dated_unix_s,
    };
    pdf::write(&pages, fonts, &identity)
}

/// Whether the sheet can show these entries, each in its cell; an empty one can. For whoever types an entry long before
/// the sheet is drawn.
///
/// # Errors
///
/// A character that no font has, a text that does not fit even at the smallest legible size.
pub fn try_grid(entries: &Grid, fonts: &Fonts) -> Result<(), RenderError> {
    layout::try_grid(entries, &fonts.faces()?)
}
