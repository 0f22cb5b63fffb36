//! The same data gives the same file, and the file itself tells nothing of the patient.

use std::env;
use std::fs;
use std::process::{Command, Stdio};

use lopdf::{Document, Object};
use receipts::render;

use crate::paper::{built, draw};
use crate::specimen::{crowded, device_again, fonts, stay};

/// Set for the second process: where it shall draw to.
const DRAW_TO: &str = "RECEIPTS_TEST_DRAW_TO";

#[test]
fn another_process_in_another_time_zone_draws_the_same_bytes() {
    if let Ok(path) = env::var(DRAW_TO) {
        // The writer numbers what it makes: let its counters stand elsewhere than in the first process.
        render(&device_again(), fonts()).expect("the sheet is drawn");
        let bytes = render(&stay(), fonts()).expect("the sheet is drawn");
        fs::write(path, bytes).expect("the build directory can be written");
        return;
    }
    let path = built("another_process.pdf");
    let run = Command::new(env::current_exe().expect("this test's program"))
        .args([
            "--exact",
            "bytes::another_process_in_another_time_zone_draws_the_same_bytes",
        ])
        .env(DRAW_TO, &path)
        .env("TZ", "America/St_Johns")
        .env("LC_ALL", "C")
        .stdout(Stdio::null())
        .status()
        .expect("this test's program runs");
    assert!(run.success());
    let other = fs::read(&path).expect("the other process has drawn");
    fs::remove_file(&path).expect("the drawn file can be removed");
    let own = render(&stay(), fonts()).expect("the sheet is drawn");
    assert!(
        own == other,
        "{} bytes here, {} there",
        own.len(),
        other.len()
    );
}

#[test]
fn the_same_fonts_draw_the_same_bytes_again() {
    let first = render(&crowded(), fonts()).expect("the sheet is drawn");
    render(&stay(), fonts()).expect("the sheet is drawn");
    let second = render(&crowded(), fonts()).expect("the sheet is drawn");
    assert!(first == second);
}

#[test]
fn the_file_is_dated_by_the_data() {
    let file = Document::load(draw("dated", &stay())).expect("a PDF");
    assert_eq!(info(&file, b"CreationDate"), b"D:20260301023000+00'00'");
    assert_eq!(info(&file, b"ModDate"), b"D:20260301023000+00'00'");
}

#[test]
fn two_sheets_have_two_identifiers() {
    let mut other = stay();
    other.settlement_number = "T01-1-00000043".into();
    let ids = [stay(), other].map(|sheet| {
        let bytes = render(&sheet, fonts()).expect("the sheet is drawn");
        let file = Document::load_mem(&bytes).expect("a PDF");
        let id = file
            .trailer
            .get(b"ID")
            .and_then(Object::as_array)
            .expect("an identifier");
        id[0].as_str().expect("a string").to_vec()
    });
    assert_eq!(ids[0].len(), 16);
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn the_particulars_of_the_file_name_no_patient() {
    let file = Document::load(draw("particulars", &stay())).expect("a PDF");
    let title: Vec<u8> = [0xFE, 0xFF]
        .into_iter()
        .chain(
            "湖南省工伤保险跨省异地就医结算单"
                .encode_utf16()
                .flat_map(u16::to_be_bytes),
        )
        .collect();
    assert_eq!(info(&file, b"Title"), title);
    for key in [
        &b"Author"[..],
        b"Subject",
        b"Keywords",
        b"Creator",
        b"Identifier",
    ] {
        let value = info(&file, key);
        assert!(
            value.is_empty() || value == [0xFE, 0xFF],
            "{key:?} says {value:?}"
        );
    }
    let catalog = file.catalog().expect("a catalogue");
    assert!(!catalog.has(b"Metadata"));
}

#[test]
fn the_file_says_that_it_is_chinese() {
    let file = Document::load(draw("language", &stay())).expect("a PDF");
    let catalog = file.catalog().expect("a catalogue");
    let language = catalog.get(b"Lang").and_then(Object::as_str);
    assert_eq!(language.expect("a language"), b"zh-CN");
}

#[test]
fn debugging_output_shows_no_patient() {
    let sheet = stay();
    let shown = format!(
        "{sheet:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        sheet.grid,
        sheet.institution,
        sheet.matrix,
        sheet.totals,
        sheet.foot,
        device_again().issue
    );
    for secret in [
        "欧阳",
        "350502198001010018",
        "26100",
        "陈收款",
        "430100202603010000000123",
    ] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

fn info(file: &Document, key: &[u8]) -> Vec<u8> {
    let id = file
        .trailer
        .get(b"Info")
        .and_then(Object::as_reference)
        .expect("an info entry");
    let info = file.get_dictionary(id).expect("an info dictionary");
    info.get(key)
        .and_then(Object::as_str)
        .map(<[u8]>::to_vec)
        .unwrap_or_default()
}
