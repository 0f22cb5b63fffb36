//! The page that Annex 10 is drawn on: its measures, and how a word, an entry and a labelled entry are put there.

use crate::RenderError;
use crate::fonts::Faces;
use crate::page::{Area, Page};
use crate::typesetting::{Align, Style, set, width_mm};

// All in millimetres from the top left corner of the page.
pub(super) const LEFT: f32 = 15.0;
pub(super) const WIDTH: f32 = 267.0;
pub(super) const RIGHT: f32 = LEFT + WIDTH;
pub(super) const GRID_TOP: f32 = 40.0;
pub(super) const FRAME_PT: f32 = 1.0;
pub(super) const RULE_PT: f32 = 0.5;
pub(super) const LINE_LABEL: Style = Style::new(10.0, 8.0, Align::Left).one_line();
pub(super) const LINE_ENTRY: Style = Style::new(10.0, 6.5, Align::Left);

/// A page being drawn on, and the fonts it is set in.
pub(super) struct Sheet<'f> {
    pub(super) page: Page,
    pub(super) faces: &'f Faces<'f>,
}

impl Sheet<'_> {
    /// Sets an entry; `field` is what an error names it by.
    pub(super) fn put(
        &mut self,
        field: &'static str,
        text: &str,
        area: Area,
        style: Style,
    ) -> Result<(), RenderError> {
        set(&mut self.page, self.faces, (field, text), area, style)
    }

    /// Sets one of the form's own words.
    pub(super) fn word(
        &mut self,
        word: &'static str,
        area: Area,
        style: Style,
    ) -> Result<(), RenderError> {
        self.put(word, word, area, style)
    }

    /// `标签：值` on a line without ruling.
    pub(super) fn labelled(
        &mut self,
        label: &'static str,
        entry: &str,
        area: Area,
    ) -> Result<(), RenderError> {
        let with_colon = format!("{label}：");
        let size_pt = LINE_LABEL.size_pt;
        let label_width = width_mm(self.faces, (label, &with_colon), size_pt)?;
        self.put(label, &with_colon, area, LINE_LABEL)?;
        let rest = Area {
            left: area.left + label_width,
            width: area.width - label_width,
            ..area
        };
        self.put(label, entry, rest, LINE_ENTRY)
    }
}
