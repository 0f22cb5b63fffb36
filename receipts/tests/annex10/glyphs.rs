//! Rare characters come out right and visible, from the main font or the fallback, or are refused by name.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use printpdf::ParsedFont;
use receipts::{FontError, Fonts, RenderError, render};

use crate::paper::{Picture, built, draw, draw_with, lines};
use crate::specimen::{fonts, stay};

#[test]
fn rare_characters_of_names_can_be_read_and_copied() {
    let mut sheet = stay();
    sheet.grid.name = "𠮷㛃䶮𬭼".into();
    let pdf = draw("rare_name", &sheet);
    assert!(
        lines(&pdf, 1)
            .iter()
            .any(|line| line.contains("姓名 𠮷㛃䶮𬭼"))
    );
}

#[test]
fn each_rare_character_of_a_name_leaves_its_own_ink() {
    let mut pictures: Vec<Picture> = Vec::new();
    for (at, character) in ["𠮷", "㛃", "䶮", "𬭼"].into_iter().enumerate() {
        let mut sheet = stay();
        sheet.grid.name = character.to_owned();
        let pdf = draw(&format!("rare_{at}"), &sheet);
        let picture = name_cell(&pdf);
        assert!(
            picture.ink() > 40,
            "{character} leaves {} dark dots",
            picture.ink()
        );
        // Four boxes for missing glyphs would all look the same.
        for before in &pictures {
            let differing = before
                .grey
                .iter()
                .zip(&picture.grey)
                .filter(|(a, b)| a.abs_diff(**b) > 100);
            assert!(differing.count() > 40, "{character} looks like another");
        }
        pictures.push(picture);
    }
}

#[test]
fn a_character_no_font_has_is_named_with_its_entry() {
    let mut sheet = stay();
    sheet.grid.name = "扎西ཀ".into();
    let error = render(&sheet, fonts()).expect_err("Noto Sans CJK has no Tibetan");
    assert!(matches!(
        error,
        RenderError::NoGlyph {
            field: "姓名",
            character: '\u{F40}'
        }
    ));
    assert_eq!(
        error.to_string(),
        "no font has a glyph for U+0F40 in 姓名: install a fallback font that has it"
    );
}

#[test]
fn a_character_that_would_draw_nothing_is_refused() {
    for invisible in ['\u{200B}', '\u{FEFF}', '\u{7}', '\n'] {
        let mut sheet = stay();
        sheet.grid.department = format!("骨{invisible}科");
        let error = render(&sheet, fonts()).expect_err("nothing to see");
        assert!(
            matches!(error, RenderError::NoGlyph { field: "科别", character } if character == invisible)
        );
    }
}

#[test]
fn the_fallback_draws_what_the_main_font_lacks() {
    let main = font_without('𠮷');
    let mut sheet = stay();
    sheet.grid.name = "张𠮷示".into();
    let alone = Fonts::load(&main).expect("a Chinese font");
    assert!(matches!(
        render(&sheet, &alone),
        Err(RenderError::NoGlyph {
            field: "姓名",
            character: '𠮷'
        })
    ));
    let both = alone
        .with_fallback(Path::new(Fonts::DEBIAN_NOTO_SANS_CJK))
        .expect("a font");
    let pdf = draw_with("fallback", &sheet, &both);
    assert!(
        lines(&pdf, 1)
            .iter()
            .any(|line| line.contains("姓名 张𠮷示"))
    );
    // Both fonts are of one design: the cell looks as if the main font had drawn it all.
    let one_font = name_cell(&draw("fallback_not_needed", &sheet));
    let two_fonts = name_cell(&pdf);
    let differing = one_font
        .grey
        .iter()
        .zip(&two_fonts.grey)
        .filter(|(a, b)| a.abs_diff(**b) > 60);
    assert!(differing.count() < 10);
}

#[test]
fn a_font_without_the_words_of_the_form_is_refused_when_it_is_loaded() {
    let path = subset("latin.otf", "0123456789");
    assert!(matches!(
        Fonts::load(&path),
        Err(FontError::LacksFormText {
            character: '医',
            ..
        })
    ));
}

#[test]
fn a_file_that_is_no_font_is_refused_when_it_is_loaded() {
    let path = built("no_font.ttf");
    fs::write(&path, "not a font").expect("the build directory can be written");
    assert!(matches!(
        Fonts::load(&path),
        Err(FontError::NotAFont { .. })
    ));
    assert!(matches!(
        Fonts::load(&built("no_such_file.ttf")),
        Err(FontError::Read { .. })
    ));
    assert!(matches!(
        Fonts::load(Path::new(Fonts::DEBIAN_NOTO_SANS_CJK))
            .expect("a font")
            .with_fallback(&path),
        Err(FontError::NotAFont { .. })
    ));
}

#[test]
fn fonts_can_be_shared_by_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(fonts());
}

/// The cell of the name on the first page, at 150 dots an inch.
fn name_cell(pdf: &Path) -> Picture {
    // 36 to 80 mm from the left, 43 to 51 mm from the top.
    Picture::of_page(pdf, 1, 150).cut((213, 254), (260, 47))
}

/// A font file with what a stay needs, but for one character.
fn font_without(lacking: char) -> PathBuf {
    let sheet_text: String =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/wording.rs"))
            .expect("the words of the form");
    let entries = "湖南省工伤保险跨省异地就医结算单长沙市示范人民医院三级甲等欧阳张示范转诊福建泉州骨科陈收款林审核\
                   0123456789-:.ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef";
    let text: String = format!("{sheet_text}{entries}")
        .chars()
        .filter(|character| *character != lacking && !character.is_control())
        .collect();
    subset("lacking.otf", &text)
}

/// The Simplified Chinese face (number 2 of Debian's collection), reduced to the glyphs of a text.
fn subset(name: &str, text: &str) -> PathBuf {
    let whole = fs::read(Fonts::DEBIAN_NOTO_SANS_CJK).expect("install fonts-noto-cjk");
    let font = ParsedFont::from_bytes(&whole, 2, &mut Vec::new()).expect("a font");
    let glyphs: BTreeMap<u16, String> = text
        .chars()
        .filter_map(|c| Some((font.lookup_glyph_index(u32::from(c))?, c.to_string())))
        .collect();
    let path = built(name);
    let subset = printpdf::subset_font(&font, &glyphs).expect("a subset");
    fs::write(&path, subset.bytes).expect("the build directory can be written");
    path
}
