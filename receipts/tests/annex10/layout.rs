//! Where each text stands, compared with a stored list.

use std::fmt::Write as _;
use std::fs;

use receipts::Annex10;

use crate::paper::{built, draw, poppler, stored};
use crate::specimen;

/// In points. Another version of poppler rounds differently; nothing on the sheet moves by less on purpose.
const TOLERANCE_PT: f64 = 0.6;

#[test]
fn the_texts_of_a_stay_stand_where_they_stood() {
    stands_as_stored("stay", &specimen::stay());
}

#[test]
fn the_texts_of_a_crowded_sheet_stand_where_they_stood() {
    stands_as_stored("crowded", &specimen::crowded());
}

#[test]
fn the_texts_of_a_device_printed_again_stand_where_they_stood() {
    stands_as_stored("device_again", &specimen::device_again());
}

#[test]
fn no_text_of_a_crowded_sheet_overlaps_another_or_leaves_the_page() {
    let words = words("crowded_overlap", &specimen::crowded());
    for (at, word) in words.iter().enumerate() {
        assert!(
            word.left >= 42.0 && word.right <= 800.0,
            "{word:?} is off the sheet"
        );
        for other in &words[at + 1..] {
            // The boxes are as high as the font's line; what is drawn takes the middle 0.6 of it.
            let apart = word.right <= other.left + 0.5
                || other.right <= word.left + 0.5
                || word.page != other.page
                || (word.middle() - other.middle()).abs() >= 0.3 * (word.height() + other.height());
            assert!(apart, "{word:?} overlaps {other:?}");
        }
    }
}

/// A word as `pdftotext -bbox` reports it, in points from the page's top left corner.
#[derive(Debug, PartialEq)]
struct Word {
    page: u32,
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
    text: String,
}

impl Word {
    fn height(&self) -> f64 {
        self.bottom - self.top
    }

    fn middle(&self) -> f64 {
        f64::midpoint(self.top, self.bottom)
    }
}

fn stands_as_stored(name: &str, sheet: &Annex10) {
    let drawn = words(name, sheet);
    let mut list = String::new();
    for word in &drawn {
        let Word {
            page,
            left,
            top,
            right,
            bottom,
            text,
        } = word;
        writeln!(
            list,
            "{page} {left:.1} {top:.1} {right:.1} {bottom:.1} {text}"
        )
        .expect("text");
    }
    let drawn_file = built(&format!("{name}.layout"));
    fs::write(&drawn_file, list).expect("the build directory can be written");
    let stored = fs::read_to_string(stored(&format!("{name}.layout"))).expect("the stored layout");
    let stored: Vec<Word> = stored.lines().map(stored_word).collect();
    let say = format!(
        "{} differs: store it if it is what you meant",
        drawn_file.display()
    );
    assert_eq!(drawn.len(), stored.len(), "{say}");
    for (drawn, stored) in drawn.iter().zip(&stored) {
        assert_eq!(
            (drawn.page, &drawn.text),
            (stored.page, &stored.text),
            "{say}"
        );
        for (is, was) in [
            (drawn.left, stored.left),
            (drawn.top, stored.top),
            (drawn.right, stored.right),
            (drawn.bottom, stored.bottom),
        ] {
            assert!(
                (is - was).abs() <= TOLERANCE_PT,
                "{drawn:?} stood at {stored:?}; {say}"
            );
        }
    }
}

fn stored_word(line: &str) -> Word {
    let mut parts = line.splitn(6, ' ');
    let mut number = || -> f64 {
        let part = parts.next().expect("six parts");
        part.parse().expect("a number")
    };
    let page = number();
    let [left, top, right, bottom] = [number(), number(), number(), number()];
    Word {
        page: if page < 1.5 { 1 } else { 2 },
        left,
        top,
        right,
        bottom,
        text: parts.next().expect("a text").to_owned(),
    }
}

fn words(name: &str, sheet: &Annex10) -> Vec<Word> {
    let pdf = draw(&format!("{name}_layout"), sheet);
    let html = String::from_utf8(poppler("pdftotext", &["-bbox"], &pdf, &["-"])).expect("UTF-8");
    let mut page = 0;
    let mut words = Vec::new();
    for line in html.lines().map(str::trim) {
        if line.starts_with("<page ") {
            page += 1;
        } else if let Some(word) = line.strip_prefix("<word ") {
            words.push(bbox_word(page, word));
        }
    }
    words
}

/// `xMin="1" yMin="2" xMax="3" yMax="4">text</word>`
fn bbox_word(page: u32, line: &str) -> Word {
    let attribute = |name: &str| -> f64 {
        let from = line.find(name).expect("the attribute") + name.len() + 2;
        let (number, _) = line[from..].split_once('"').expect("a closing quote");
        number.parse().expect("a number")
    };
    let (_, text) = line.split_once('>').expect("the end of the tag");
    Word {
        page,
        left: attribute("xMin"),
        top: attribute("yMin"),
        right: attribute("xMax"),
        bottom: attribute("yMax"),
        text: text
            .strip_suffix("</word>")
            .expect("the end of the word")
            .to_owned(),
    }
}
