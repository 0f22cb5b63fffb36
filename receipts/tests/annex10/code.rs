//! The settlement's number as a code, read from paper by a program that knows nothing of ours.

use std::fs;

use receipts::Annex10;

use crate::paper::{built, draw, poppler};
use crate::specimen::{crowded, device_again, stay};

/// A dot-matrix printer's queue: 180 dots an inch, black or white.
const DOTS_AN_INCH: &str = "180";

#[test]
fn the_code_is_read_from_a_bitmap_of_180_dots_an_inch() {
    for (name, sheet) in [
        ("code_stay", stay()),
        ("code_crowded", crowded()),
        ("code_again", device_again()),
    ] {
        assert_eq!(read(name, &sheet), sheet.settlement_number);
    }
}

#[test]
fn the_longest_number_of_a_settlement_is_read_too() {
    let mut sheet = stay();
    sheet.settlement_number = "S99991231235999999999".into();
    assert_eq!(read("code_longest", &sheet), sheet.settlement_number);
}

fn read(name: &str, sheet: &Annex10) -> String {
    let pdf = draw(name, sheet);
    let bitmap = poppler(
        "pdftoppm",
        &["-mono", "-r", DOTS_AN_INCH, "-l", "1"],
        &pdf,
        &[],
    );
    let picture = built(&format!("{name}.pbm"));
    fs::write(&picture, bitmap).expect("the build directory can be written");
    let text = poppler("zbarimg", &["--nodbus", "--quiet", "--raw"], &picture, &[]);
    String::from_utf8(text)
        .expect("UTF-8")
        .trim_end()
        .to_owned()
}
