//! Files that no hospital has: large, long, wide, or made of anything at all.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::bill::bounds::MOST_LINES;

#[test]
fn what_goes_beyond_a_bound_is_refused_by_a_short_sentence() {
    let wide = ",".repeat(1_000_000);
    let long_head = "序".repeat(1_000_000);
    let line = "1,2025-08-12,药品,XN02,药,72,1,72.00,是,,\r\n";
    let blank = file(&[]) + &"\r\n".repeat(300_000);
    let cases = [
        (format!("{HEAD}\r\n{wide}"), "bill_too_large", "256 列"),
        (wide, "bill_head_missing", "前 40 行"),
        (long_head, "bill_head_missing", "前 40 行"),
        (blank, "bill_too_large", "250000 行"),
        (
            format!(
                "{HEAD}\r\n{}",
                line.replace("药,", &format!("{},", "药".repeat(3000)))
            ),
            "bill_too_large",
            "4096",
        ),
        (
            format!("{HEAD}\r\n{}", line.replace("药,", "\"药,")) + &line.repeat(200),
            "bill_row_broken",
            "引号",
        ),
    ];
    for (text, code, names) in cases {
        let notice = notice(text.as_bytes());
        assert_eq!(notice.code, code);
        assert!(notice.say.contains(names), "{}", notice.say);
        assert!(notice.say.len() < 400, "{}", notice.say.len());
    }
    assert_eq!(notice(&vec![b','; LARGEST_FILE + 1]).code, "bill_too_large");
}

#[test]
fn a_bill_of_more_lines_than_the_longest_stay_is_refused() {
    let mut text = file(&[]);
    for number in 1..=MOST_LINES + 1 {
        write!(text, "\n{number},2025-08-12,药品,XN02,药,1,1,1.00,是,,").unwrap();
    }
    let notice = notice(text.as_bytes());
    assert_eq!(notice.code, "bill_too_large");
    assert!(notice.say.contains("明细超过 200000 行"), "{}", notice.say);
}

/// Pieces of which bills and their damage are made.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let text = prop::sample::select(vec![
        HEAD,
        "\r\n",
        "\n",
        "\r",
        ",",
        ";",
        "\t",
        "\"",
        "\"\"",
        "合计",
        "小计",
        "1",
        "2025-08-12",
        "药品",
        "XN02",
        "72.00",
        "-72.00",
        "是",
        "=\"",
        "'",
        "1.1E+12",
        "\u{feff}",
        "\u{200b}",
        "　",
        "１２",
        "(7)",
        "¥",
        "1e999",
        "99999999999999999999",
    ]);
    prop_oneof![
        8 => text.prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..8),
        1 => Just(b"\xFF\xFE".to_vec()),
        1 => Just(encoding_rs::GBK.encode(HEAD).0.into_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_the_bytes_are_the_sum_that_is_read_is_the_sum_that_is_stated(
        pieces in prop::collection::vec(piece(), 0..120)
    ) {
        let bytes = pieces.concat();
        if let Ok(understood) = read(&bytes, &Mapping::default()) {
            prop_assert!(!understood.bill.lines.is_empty());
        }
    }

    #[test]
    fn one_byte_that_changed_is_refused_or_leaves_the_sum(at in 0..SHIPPED.len(), byte in any::<u8>()) {
        let mut bytes = SHIPPED.as_bytes().to_vec();
        bytes[at] = byte;
        if let Ok(understood) = read(&bytes, &Mapping::default()) {
            // The sum is stated apart from the lines: both cannot have changed.
            prop_assert_eq!(understood.bill.total().to_string(), "28630.78");
        }
    }
}
