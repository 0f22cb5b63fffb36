//! Draws the documents a counter hands out: data in, PDF bytes out; knows neither rules nor money.

mod annex10;
mod error;
mod fonts;
mod page;
mod pdf;
mod typesetting;
mod wording;

pub use annex10::{
    Amounts, Annex10, CopyFor, Foot, Grid, Institution, Issue, Matrix, Totals, render, try_grid,
};
pub use error::{FontError, RenderError};
pub use fonts::Fonts;
