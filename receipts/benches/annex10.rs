//! Annex 10 from data to bytes, warm and cold, beside the bare embedding of the same text.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench measures by the clock, prints what it measured, and ends where it cannot"
)]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use printpdf::{
    FontId, Mm, Op, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions,
    Point, Pt, TextItem,
};
use receipts::{Fonts, render};

#[path = "../tests/annex10/specimen.rs"]
mod specimen;

fn main() {
    let stay = specimen::stay();
    let crowded = specimen::crowded();
    let again = specimen::device_again();
    let fonts = specimen::fonts();
    let font_file = Path::new(Fonts::DEBIAN_NOTO_SANS_CJK);
    let drawn = render(&stay, fonts).expect("the sheet is drawn");
    let text = text_of(&drawn);
    let file = fs::read(font_file).expect("install fonts-noto-cjk");
    let parsed = ParsedFont::from_bytes(&file, 2, &mut Vec::new()).expect("a font");

    println!(
        "Annex 10, two copies on two pages, {} characters; medians",
        text.chars().count()
    );
    line(
        "warm: fonts kept, data to bytes",
        median(41, || render(&stay, fonts).expect("drawn").len()),
    );
    line(
        "warm, crowded: long entries, remarks",
        median(41, || render(&crowded, fonts).expect("drawn").len()),
    );
    line(
        "warm, one later copy",
        median(41, || render(&again, fonts).expect("drawn").len()),
    );
    line(
        "cold: fonts read and parsed, then drawn",
        median(9, || {
            let fonts = Fonts::load(font_file).expect("a font");
            render(&stay, &fonts).expect("drawn").len()
        }),
    );
    line(
        "baseline: the same text embedded bare",
        median(41, || bare(&text, Some(&parsed)).len()),
    );
    line(
        "baseline: font parsed, then the same",
        median(9, || {
            let file = fs::read(font_file).expect("a file");
            let parsed = ParsedFont::from_bytes(&file, 2, &mut Vec::new()).expect("a font");
            bare(&text, Some(&parsed)).len()
        }),
    );
    line(
        "baseline: an empty page",
        median(41, || bare("", None).len()),
    );
}

/// What the sheet says, read back from its own bytes.
fn text_of(pdf: &[u8]) -> String {
    let text = lopdf::Document::load_mem(pdf)
        .and_then(|file| file.extract_text(&[1, 2]))
        .expect("the sheet's text");
    assert!(
        text.contains("工伤保险基金支付金额"),
        "no text to compare with"
    );
    text.chars()
        .filter(|character| !character.is_control())
        .collect()
}

/// The least that puts a text into a PDF with this writer: one font, one page, one text operator.
fn bare(text: &str, font: Option<&ParsedFont>) -> Vec<u8> {
    let mut document = PdfDocument::new("bare");
    let mut ops = Vec::new();
    if let Some(font) = font {
        let id = FontId("FONTAA".to_owned());
        let fonts = &mut document.resources.fonts.map;
        fonts.insert(id.clone(), PdfFont::new(font.clone()));
        ops = vec![
            Op::StartTextSection,
            Op::SetFont {
                font: PdfFontHandle::External(id),
                size: Pt(10.0),
            },
            Op::SetTextCursor {
                pos: Point::new(Mm(10.0), Mm(10.0)),
            },
            Op::ShowText {
                items: vec![TextItem::Text(text.to_owned())],
            },
            Op::EndTextSection,
        ];
    }
    document.pages.push(PdfPage::new(Mm(297.0), Mm(210.0), ops));
    document.save(&PdfSaveOptions::default(), &mut Vec::new())
}

/// The median time of so many runs, and the size of what they made.
fn median(runs: usize, mut draw: impl FnMut() -> usize) -> (Duration, usize) {
    let mut bytes = draw();
    let mut times: Vec<Duration> = (0..runs)
        .map(|_run| {
            let start = Instant::now();
            bytes = black_box(draw());
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    (times[runs / 2], bytes)
}

fn line(what: &str, (time, bytes): (Duration, usize)) {
    println!(
        "{what:<44} {:>9.2} ms {:>9} bytes",
        time.as_secs_f64() * 1e3,
        bytes
    );
}
