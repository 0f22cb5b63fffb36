//! Fonts read once and kept: which of them draws a character, and how wide it comes out.

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use printpdf::ParsedFont;
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::raw::FileRef;
use skrifa::string::StringId;
use skrifa::{FontRef, GlyphId, MetadataProvider as _};

use crate::wording;
use crate::{FontError, RenderError};

/// The font that draws the documents, and those asked when it lacks a character.
///
/// Reading one takes tens of milliseconds and as much memory as the file is long: load once, keep, share by reference.
pub struct Fonts {
    faces: Vec<Loaded>,
}

/// One face of a font file: parsed for the PDF writer, and the file's bytes, which it keeps.
struct Loaded {
    parsed: ParsedFont,
    bytes: Arc<dyn AsRef<[u8]> + Send + Sync>,
    index: u32,
}

impl Fonts {
    /// Where Debian's package fonts-noto-cjk installs the font that the documents are designed with.
    pub const DEBIAN_NOTO_SANS_CJK: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

    /// Where Debian's package fonts-hanazono installs the rare characters of Unicode's extensions B and later.
    pub const DEBIAN_HANAZONO: &str = "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf";

    /// Reads the main font: TrueType, OpenType, or a collection, of which the Simplified Chinese face is taken (family
    /// name ending in `SC`; the first face where none is so named).
    pub fn load(path: &Path) -> Result<Self, FontError> {
        let main = Loaded::read(path)?;
        let lacking = Faces(vec![main.face().ok_or_else(|| not_a_font(path))?])
            .first_without_glyph(wording::EVERY);
        match lacking {
            None => Ok(Self { faces: vec![main] }),
            Some(character) => Err(FontError::LacksFormText {
                path: path.to_path_buf(),
                character,
            }),
        }
    }

    /// Adds a font that is asked for the characters which the fonts before it lack: rare characters in names.
    pub fn with_fallback(mut self, path: &Path) -> Result<Self, FontError> {
        self.faces.push(Loaded::read(path)?);
        Ok(self)
    }

    /// The first character of the text that none of the fonts can draw: for whoever has the text long before a document is drawn.
    ///
    /// # Errors
    ///
    /// A font that was read can no longer be parsed.
    pub fn first_lacking(&self, text: &str) -> Result<Option<char>, RenderError> {
        Ok(self.faces()?.first_without_glyph(&[text]))
    }

    /// The faces for measuring and choosing glyphs, in the order they are asked.
    pub(crate) fn faces(&self) -> Result<Faces<'_>, RenderError> {
        self.faces
            .iter()
            .map(|loaded| loaded.face().ok_or_else(lost_face))
            .collect::<Result<_, _>>()
            .map(Faces)
    }

    /// The face of that number (see [`Glyph::face`]) as the PDF writer wants it.
    pub(crate) fn for_embedding(&self, face: usize) -> Option<&ParsedFont> {
        self.faces.get(face).map(|loaded| &loaded.parsed)
    }
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fonts")
            .field("faces", &self.faces.len())
            .finish_non_exhaustive()
    }
}

impl Loaded {
    fn read(path: &Path) -> Result<Self, FontError> {
        let file = fs::read(path).map_err(|source| FontError::Read {
            path: path.to_path_buf(),
            source,
        })?;
        let index = simplified_chinese_face(&file);
        let at = usize::try_from(index).map_err(|_too_large| not_a_font(path))?;
        // The parser's warnings are about tables that only text shaping reads.
        let parsed =
            ParsedFont::from_bytes(&file, at, &mut Vec::new()).ok_or_else(|| not_a_font(path))?;
        let bytes = parsed.source_bytes().ok_or_else(|| not_a_font(path))?;
        let loaded = Self {
            parsed,
            bytes,
            index,
        };
        match loaded.face() {
            Some(_) => Ok(loaded),
            None => Err(not_a_font(path)),
        }
    }

    fn face(&self) -> Option<Face<'_>> {
        Face::of(&FontRef::from_index((*self.bytes).as_ref(), self.index).ok()?)
    }
}

fn not_a_font(path: &Path) -> FontError {
    FontError::NotAFont {
        path: path.to_path_buf(),
    }
}

/// Cannot happen after [`Loaded::read`], which has parsed the same bytes; said rather than assumed.
fn lost_face() -> RenderError {
    RenderError::FontNotEmbedded {
        detail: "a font that was read can no longer be parsed".to_owned(),
    }
}

/// The number of the first face whose family name ends in `SC`; 0 for a single font or where none does.
fn simplified_chinese_face(file: &[u8]) -> u32 {
    FileRef::new(file)
        .into_iter()
        .flat_map(|file| file.fonts().collect::<Vec<_>>())
        .position(|font| font.is_ok_and(|font| is_simplified_chinese(&font)))
        .and_then(|place| u32::try_from(place).ok())
        .unwrap_or(0)
}

fn is_simplified_chinese(font: &FontRef<'_>) -> bool {
    font.localized_strings(StringId::FAMILY_NAME)
        .any(|family| family.to_string().ends_with(" SC"))
}

/// What is asked of one face: which glyph, how wide, and whether there is anything to see.
struct Face<'a> {
    charmap: Charmap<'a>,
    metrics: GlyphMetrics<'a>,
    units_per_em: f32,
}

impl<'a> Face<'a> {
    /// `None` where a character could be found and not measured.
    fn of(font: &FontRef<'a>) -> Option<Self> {
        let (size, location) = (Size::unscaled(), LocationRef::default());
        let units_per_em = font.metrics(size, location).units_per_em;
        let charmap = font.charmap();
        (units_per_em > 0 && charmap.has_map()).then(|| Self {
            charmap,
            metrics: font.glyph_metrics(size, location),
            units_per_em: f32::from(units_per_em),
        })
    }

    fn has_outline(&self, id: GlyphId) -> bool {
        self.metrics
            .bounds(id)
            .is_some_and(|bounds| bounds.x_max > bounds.x_min || bounds.y_max > bounds.y_min)
    }
}

/// The faces of [`Fonts`], ready to be asked.
pub(crate) struct Faces<'a>(Vec<Face<'a>>);

/// A character's outline in one of the faces.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glyph {
    /// Which face draws it: 0 is the main font.
    pub(crate) face: usize,
    /// Its number there.
    pub(crate) id: u16,
    /// How far the pen moves, in em.
    pub(crate) advance_em: f32,
}

impl Faces<'_> {
    /// The glyph that draws the character: from the first face that maps it to an outline (a space needs none).
    ///
    /// A glyph without an outline would print as nothing although text can be copied out of the PDF: such a mapping
    /// counts as none.
    pub(crate) fn glyph(&self, character: char) -> Option<Glyph> {
        if character.is_control() {
            return None;
        }
        self.0.iter().enumerate().find_map(|(face, font)| {
            let id = font
                .charmap
                .map(character)
                .filter(|id| *id != GlyphId::NOTDEF)?;
            (font.has_outline(id) || character.is_whitespace()).then_some(())?;
            Some(Glyph {
                face,
                id: u16::try_from(id.to_u32()).ok()?,
                advance_em: font.metrics.advance_width(id)? / font.units_per_em,
            })
        })
    }

    fn first_without_glyph(&self, texts: &[&str]) -> Option<char> {
        texts
            .iter()
            .flat_map(|text| text.chars())
            .find(|&character| self.glyph(character).is_none())
    }
}
