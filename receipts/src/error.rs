//! Why a document was not drawn, and why a font was not taken.

use std::io;
use std::path::PathBuf;

/// Why a document was not drawn. Nothing is half drawn: either all bytes or this.
///
/// `field` is the label as it is printed on the sheet (`姓名`, `科别`), so that a cashier can be told which entry to
/// look at. No variant carries what the entry says.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// An entry without which the sheet is no settlement sheet is empty.
    #[error("{field} is empty: the sheet is void without it")]
    Empty {
        /// Label of the entry.
        field: &'static str,
    },
    /// No font at hand can draw this character; a blank box in a name would be worse than no sheet.
    #[error("no font has a glyph for U+{:04X} in {field}: install a fallback font that has it", u32::from(*.character))]
    NoGlyph {
        /// Label of the entry.
        field: &'static str,
        /// The character no font can draw.
        character: char,
    },
    /// The entry is too long for its place even at the smallest size that can be read on paper.
    #[error("{field} is too long for its place on the sheet even at the smallest legible size")]
    DoesNotFit {
        /// Label of the entry.
        field: &'static str,
    },
    /// The document's time lies outside the years a PDF date can hold.
    #[error("{unix_s} s is not a time that a PDF date can hold")]
    TimeOutOfRange {
        /// Seconds since 1970-01-01T00:00:00Z, as given.
        unix_s: i64,
    },
    /// The PDF writer could not embed a font; without it the text would be invisible.
    #[error("the font could not be embedded: {detail}")]
    FontNotEmbedded {
        /// What the PDF writer reported.
        detail: String,
    },
    /// The finished document is not made as expected, or could not be written out.
    #[error("the PDF could not be written")]
    Write(#[from] lopdf::Error),
}

/// Why a font file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// The file could not be read.
    #[error("{} cannot be read", path.display())]
    Read {
        /// The font file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is no TrueType or OpenType font or collection, or is damaged.
    #[error("{} is not a usable TrueType or OpenType font", path.display())]
    NotAFont {
        /// The font file.
        path: PathBuf,
    },
    /// The font has not even the characters of the form itself; it is no Chinese font.
    #[error("{} lacks U+{:04X}, which the form itself needs: name a Chinese font", path.display(), u32::from(*.character))]
    LacksFormText {
        /// The font file.
        path: PathBuf,
        /// The first character of the form that it lacks.
        character: char,
    },
}
