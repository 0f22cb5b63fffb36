//! The sheets as pictures, compared with stored ones.

use receipts::Annex10;

use crate::paper::{Picture, built, draw, stored};
use crate::specimen;

const DPI: u32 = 45;
/// Blocks of 8 × 8 dots are compared by their mean grey. Another version of poppler smooths edges a little
/// differently; a line of text that moved, grew or vanished changes its blocks by far more.
const BLOCK: usize = 8;
pub(crate) const BLOCK_TOLERANCE: f64 = 20.0;

#[test]
fn a_stay_looks_as_stored() {
    looks_as_stored("stay", &specimen::stay());
}

#[test]
fn a_crowded_sheet_looks_as_stored() {
    looks_as_stored("crowded", &specimen::crowded());
}

#[test]
fn a_device_printed_again_looks_as_stored() {
    looks_as_stored("device_again", &specimen::device_again());
}

#[test]
fn an_entry_that_vanished_does_not_look_as_stored() {
    let mut sheet = specimen::stay();
    sheet.grid.department.clear();
    let drawn = Picture::of_page(&draw("vanished_entry", &sheet), 1, DPI);
    let worst = worst_block(&drawn, &stored_picture("stay"));
    assert!(worst > 2.0 * BLOCK_TOLERANCE, "only {worst} grey levels");
}

fn looks_as_stored(name: &str, sheet: &Annex10) {
    let pdf = draw(name, sheet);
    let drawn = Picture::of_page(&pdf, 1, DPI);
    let drawn_file = built(&format!("{name}.png"));
    drawn.save(&drawn_file);
    let stored = stored_picture(name);
    assert_eq!((drawn.width, drawn.height), (stored.width, stored.height));
    let worst = worst_block(&drawn, &stored);
    assert!(
        worst <= BLOCK_TOLERANCE,
        "{} differs from the stored picture by {worst} grey levels in one place: look at it, and store it if it is \
         what you meant",
        drawn_file.display()
    );
}

fn stored_picture(name: &str) -> Picture {
    Picture::load(&stored(&format!("{name}.png")))
}

/// The largest difference between the mean greys of two blocks in the same place.
pub(crate) fn worst_block(one: &Picture, other: &Picture) -> f64 {
    let mut worst = 0.0_f64;
    for top in (0..one.height - BLOCK).step_by(BLOCK) {
        for left in (0..one.width - BLOCK).step_by(BLOCK) {
            let mean = |picture: &Picture| {
                let block = picture.cut((left, top), (BLOCK, BLOCK));
                let sum: u32 = block.grey.iter().map(|dot| u32::from(*dot)).sum();
                f64::from(sum) / 64.0
            };
            worst = worst.max((mean(one) - mean(other)).abs());
        }
    }
    worst
}
