//! Draws the documents a counter hands out: data in, PDF bytes out; knows neither rules nor money.

mod annex10;
mod error;
mod fonts;
mod wording;

pub use annex10::{Amounts, Annex10, CopyFor, Foot, Grid, Institution, Issue, Matrix, Totals};
pub use error::{FontError, RenderError};
pub use fonts::Fonts;
