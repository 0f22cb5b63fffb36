//! The samples that people look at are what is drawn today.

use std::path::{Path, PathBuf};

use receipts::Annex10;

use crate::paper::{Picture, draw, lines, page_count};
use crate::picture::{BLOCK_TOLERANCE, worst_block};
use crate::specimen::{crowded, device_again, stay};

/// The samples' pictures show a page as large as on paper.
const DPI: u32 = 100;

#[test]
fn the_samples_are_what_is_drawn() {
    is_what_is_drawn("annex10-stay", &stay());
    is_what_is_drawn("annex10-crowded", &crowded());
    is_what_is_drawn("annex10-device-again", &device_again());
}

fn is_what_is_drawn(name: &str, sheet: &Annex10) {
    let drawn = draw(name, sheet);
    let kept = sample(&format!("{name}.pdf"));
    let say = format!(
        "{} differs from {}: look at it, and keep it if it is what you meant",
        kept.display(),
        drawn.display()
    );
    assert_eq!(page_count(&kept), page_count(&drawn), "{say}");
    for page in 1..=page_count(&drawn) {
        let page = u32::try_from(page).expect("a few pages");
        assert_eq!(lines(&kept, page), lines(&drawn, page), "{say}");
    }
    let drawn = Picture::of_page(&drawn, 1, DPI);
    let kept = Picture::load(&sample(&format!("{name}.png")));
    assert_eq!((kept.width, kept.height), (drawn.width, drawn.height));
    assert!(worst_block(&kept, &drawn) <= BLOCK_TOLERANCE, "{say}");
}

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("samples")
        .join(name)
}
