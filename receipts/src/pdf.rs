//! Writes pages as a PDF that is the same, byte for byte, whenever and wherever it is written.
//!
//! Only printpdf's feature `text_layout` cuts fonts down to the characters used (38 KB a page instead of 13 MB). It
//! brings page layout, style sheets and a search for fonts which nothing here calls; there is no finer one: 43
//! packages of the tree are there for it alone.

use std::collections::BTreeSet;

use lopdf::{Object, StringFormat};
use printpdf::{
    Codepoint, Color, DateTime, FontId, Greyscale, Line, LineCapStyle, LinePoint, Mm, Op,
    PaintMode, PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfParseErrorSeverity, PdfSaveOptions,
    PdfWarnMsg, Point, Polygon, PolygonRing, Pt, TextItem, TextRenderingMode, WindingOrder,
};
use sha2::{Digest, Sha256};

use crate::page::{Area, PT_PER_MM, Page, Rule, SetText};
use crate::{Fonts, RenderError};

/// How much the outline of bold text is thickened, in em.
const BOLD_EM: f32 = 0.022;

/// What the document says of itself as a file: nothing of a patient's.
pub(crate) struct Identity<'a> {
    pub(crate) title: &'a str,
    pub(crate) dated_unix_s: i64,
}

/// The pages as a PDF with the used glyphs of the fonts embedded.
///
/// The PDF writer draws its file identifier from a counter of the process; it is replaced by a hash of what the pages
/// say. Fonts get fixed names instead of drawn ones, dates come from `identity`; all else is ordered by the writer.
pub(crate) fn write(
    pages: &[Page],
    fonts: &Fonts,
    identity: &Identity<'_>,
) -> Result<Vec<u8>, RenderError> {
    let mut document = PdfDocument::new(identity.title);
    let dated = DateTime::from_unix_timestamp(identity.dated_unix_s).map_err(|_reason| {
        RenderError::TimeOutOfRange {
            unix_s: identity.dated_unix_s,
        }
    })?;
    let info = &mut document.metadata.info;
    info.creation_date = dated;
    info.modification_date = dated;
    info.metadata_date = dated;
    "settlement-agent".clone_into(&mut info.producer);
    for face in faces_used(pages) {
        let (id, parsed) = font_id(face)
            .zip(fonts.for_embedding(face))
            .ok_or_else(|| not_embedded("a glyph names a font that was not loaded"))?;
        let fonts = &mut document.resources.fonts.map;
        fonts.insert(id, PdfFont::new(parsed.clone()));
    }
    for page in pages {
        let ops = operations(page)?;
        document
            .pages
            .push(PdfPage::new(Mm(page.width_mm), Mm(page.height_mm), ops));
    }

    let mut complaints = Vec::new();
    let mut file = document.to_lopdf_document(&PdfSaveOptions::default(), &mut complaints);
    refuse_complaints(complaints)?;
    forget_conformance(&mut file)?;
    name_language(&mut file)?;
    let id = Object::String(identifier(pages, identity), StringFormat::Hexadecimal);
    file.trailer.set("ID", Object::Array(vec![id.clone(), id]));
    file.compress();
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).map_err(lopdf::Error::from)?;
    Ok(bytes)
}

/// The writer claims an empty edition of PDF/X, a standard these documents do not follow.
fn forget_conformance(file: &mut lopdf::Document) -> Result<(), RenderError> {
    let info = file.trailer.get(b"Info").and_then(Object::as_reference);
    let info = info.and_then(|id| file.get_dictionary_mut(id));
    info?.remove(b"GTS_PDFXVersion");
    Ok(())
}

/// The language of the text, so that it is read out as Chinese, and the title instead of the file's name above the viewer's window.
fn name_language(file: &mut lopdf::Document) -> Result<(), RenderError> {
    let catalog = file.catalog_mut()?;
    catalog.set("Lang", Object::string_literal("zh-CN"));
    let mut shown = lopdf::Dictionary::new();
    shown.set("DisplayDocTitle", true);
    catalog.set("ViewerPreferences", shown);
    Ok(())
}

fn faces_used(pages: &[Page]) -> BTreeSet<usize> {
    pages
        .iter()
        .flat_map(|page| &page.texts)
        .flat_map(|text| &text.run)
        .map(|(_, glyph)| glyph.face)
        .collect()
}

/// The name of a font inside the file; its six letters are also the subset's tag (ISO 32000-1, 9.6.4).
fn font_id(face: usize) -> Option<FontId> {
    let letter = ('A'..='Z').nth(face)?;
    Some(FontId(format!("FONTA{letter}")))
}

fn not_embedded(detail: &str) -> RenderError {
    RenderError::FontNotEmbedded {
        detail: detail.to_owned(),
    }
}

/// The writer reports a font it could not embed as a message and goes on without it.
fn refuse_complaints(complaints: Vec<PdfWarnMsg>) -> Result<(), RenderError> {
    match complaints
        .into_iter()
        .find(|complaint| complaint.severity == PdfParseErrorSeverity::Error)
    {
        Some(complaint) => Err(not_embedded(&complaint.msg)),
        None => Ok(()),
    }
}

/// 16 bytes that differ when what the pages say differs.
fn identifier(pages: &[Page], identity: &Identity<'_>) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(identity.title);
    hash.update(identity.dated_unix_s.to_be_bytes());
    for page in pages {
        for text in &page.texts {
            hash.update(text.left_mm.to_be_bytes());
            hash.update(text.baseline_mm.to_be_bytes());
            hash.update(text.size_pt.to_be_bytes());
            for (character, _) in &text.run {
                hash.update(u32::from(*character).to_be_bytes());
            }
        }
    }
    hash.finalize().iter().copied().take(16).collect()
}

fn operations(page: &Page) -> Result<Vec<Op>, RenderError> {
    let black = || Color::Greyscale(Greyscale::new(0.0, None));
    let mut ops = vec![
        Op::SetFillColor { col: black() },
        Op::SetOutlineColor { col: black() },
        // So that the corners of frames are square.
        Op::SetLineCapStyle {
            cap: LineCapStyle::ProjectingSquare,
        },
    ];
    for rule in &page.rules {
        draw_rule(&mut ops, page, *rule);
    }
    for fill in &page.fills {
        ops.push(filled(page, *fill));
    }
    for text in &page.texts {
        show_text(&mut ops, page, text)?;
    }
    Ok(ops)
}

fn draw_rule(ops: &mut Vec<Op>, page: &Page, rule: Rule) {
    let point = |(left, top): (f32, f32)| LinePoint {
        p: Point::new(Mm(left), Mm(page.height_mm - top)),
        bezier: false,
    };
    ops.push(Op::SetOutlineThickness {
        pt: Pt(rule.weight_pt),
    });
    ops.push(Op::DrawLine {
        line: Line {
            points: vec![point(rule.from_mm), point(rule.to_mm)],
            is_closed: false,
        },
    });
}

fn filled(page: &Page, area: Area) -> Op {
    let (left, right) = (area.left, area.left + area.width);
    let (top, bottom) = (
        page.height_mm - area.top,
        page.height_mm - area.top - area.height,
    );
    let corners = [(left, bottom), (right, bottom), (right, top), (left, top)];
    let points = corners.map(|(left, up)| LinePoint {
        p: Point::new(Mm(left), Mm(up)),
        bezier: false,
    });
    Op::DrawPolygon {
        polygon: Polygon {
            rings: vec![PolygonRing {
                points: points.to_vec(),
            }],
            mode: PaintMode::Fill,
            winding_order: WindingOrder::NonZero,
        },
    }
}

/// One text, in as many pieces as fonts take part in it.
fn show_text(ops: &mut Vec<Op>, page: &Page, text: &SetText) -> Result<(), RenderError> {
    let mode = if text.bold {
        ops.push(Op::SetOutlineThickness {
            pt: Pt(text.size_pt * BOLD_EM),
        });
        TextRenderingMode::FillStroke
    } else {
        TextRenderingMode::Fill
    };
    let mut left_mm = text.left_mm;
    for piece in text.run.chunk_by(|(_, a), (_, b)| a.face == b.face) {
        let Some(font) = piece.first().and_then(|(_, glyph)| font_id(glyph.face)) else {
            return Err(not_embedded("more fonts than a document can name"));
        };
        let glyphs = piece
            .iter()
            .map(|(character, glyph)| Codepoint::with_cid(glyph.id, 0.0, character.to_string()))
            .collect();
        ops.extend([
            Op::StartTextSection,
            Op::SetTextRenderingMode { mode },
            Op::SetFont {
                font: PdfFontHandle::External(font),
                size: Pt(text.size_pt),
            },
            Op::SetTextCursor {
                pos: Point::new(Mm(left_mm), Mm(page.height_mm - text.baseline_mm)),
            },
            Op::ShowText {
                items: vec![TextItem::GlyphIds(glyphs)],
            },
            Op::EndTextSection,
        ]);
        let advance_em: f32 = piece.iter().map(|(_, glyph)| glyph.advance_em).sum();
        left_mm += advance_em * text.size_pt / PT_PER_MM;
    }
    Ok(())
}
