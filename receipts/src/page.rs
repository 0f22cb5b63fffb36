//! A page before it is a PDF: ruling lines and set text, in millimetres from the top left corner.

use crate::fonts::Glyph;

/// Points (1/72 inch, the unit of type) in a millimetre.
pub(crate) const PT_PER_MM: f32 = 72.0 / 25.4;

/// One page.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) width_mm: f32,
    pub(crate) height_mm: f32,
    pub(crate) rules: Vec<Rule>,
    /// Rectangles filled with black.
    pub(crate) fills: Vec<Area>,
    pub(crate) texts: Vec<SetText>,
}

/// A straight line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rule {
    pub(crate) from_mm: (f32, f32),
    pub(crate) to_mm: (f32, f32),
    pub(crate) weight_pt: f32,
}

/// One line of text, its glyphs chosen, standing where it will be drawn.
#[derive(Clone, PartialEq)]
pub(crate) struct SetText {
    pub(crate) left_mm: f32,
    pub(crate) baseline_mm: f32,
    pub(crate) size_pt: f32,
    pub(crate) bold: bool,
    pub(crate) run: Vec<(char, Glyph)>,
}

impl std::fmt::Debug for SetText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SetText")
            .field("left_mm", &self.left_mm)
            .field("baseline_mm", &self.baseline_mm)
            .finish_non_exhaustive()
    }
}

/// A rectangle to set text in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

impl Area {
    pub(crate) fn new(left: f32, top: f32, width: f32, height: f32) -> Self {
        Self {
            left,
            top,
            width,
            height,
        }
    }

    /// The area less a margin at its left and right, and enough above and below to stay clear of a ruling line.
    pub(crate) fn padded(self, margin: f32) -> Self {
        const CLEAR_OF_RULE: f32 = 0.6;
        Self {
            left: self.left + margin,
            top: self.top + CLEAR_OF_RULE,
            width: self.width - 2.0 * margin,
            height: self.height - 2.0 * CLEAR_OF_RULE,
        }
    }
}

impl Page {
    /// An empty A4 page on its side.
    pub(crate) fn a4_landscape() -> Self {
        Self {
            width_mm: 297.0,
            height_mm: 210.0,
            rules: Vec::new(),
            fills: Vec::new(),
            texts: Vec::new(),
        }
    }

    pub(crate) fn rule(&mut self, from_mm: (f32, f32), to_mm: (f32, f32), weight_pt: f32) {
        self.rules.push(Rule {
            from_mm,
            to_mm,
            weight_pt,
        });
    }

    pub(crate) fn frame(&mut self, area: Area, weight_pt: f32) {
        let (left, top) = (area.left, area.top);
        let (right, bottom) = (left + area.width, top + area.height);
        self.rule((left, top), (right, top), weight_pt);
        self.rule((right, top), (right, bottom), weight_pt);
        self.rule((right, bottom), (left, bottom), weight_pt);
        self.rule((left, bottom), (left, top), weight_pt);
    }
}
