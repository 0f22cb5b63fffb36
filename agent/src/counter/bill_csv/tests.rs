//! What a bill file may look like, and each way it is refused.

use super::*;

const HEAD: &str = "序号,日期,类别,项目编码,项目名称,单价,数量,金额,治疗工伤,限制条件,冲销序号";

fn file(rows: &[&str]) -> String {
    let mut text = HEAD.to_owned();
    for row in rows {
        text.push_str("\r\n");
        text.push_str(row);
    }
    text
}

fn refused(text: &str) -> (String, String) {
    let notice = Notice::from(&read(text.as_bytes()).unwrap_err());
    (notice.code.into_owned(), notice.say)
}

#[test]
fn a_bill_of_two_lines_and_a_reversal_is_read() {
    let text = file(&[
        "1,2025-08-12,药品,XN02,头孢呋辛钠注射剂,72.0000,100,7200.00,是,,",
        "2,2025-08-12,住院服务标准,0011,\"床位费,三人间\",60,10,600.00,否,符合,",
        "3,2025-08-13,药品,XN02,头孢呋辛钠注射剂,72.0000,-1,-72.00,是,,1",
        "合计,,,,,,,7728.00,,,",
    ]);
    let bill = read(format!("\u{feff}{text}").as_bytes()).unwrap();
    assert_eq!(bill.lines.len(), 3);
    assert_eq!(&*bill.lines[1].name, "床位费,三人间");
    assert_eq!(bill.lines[1].treats_injury, Some(false));
    assert_eq!(bill.lines[1].restriction_met, Some(true));
    assert_eq!(bill.lines[0].restriction_met, None);
    assert_eq!(bill.lines[2].reverses, Some(bill.lines[0].number));
}

#[test]
fn each_fault_has_its_own_code_and_names_the_place() {
    let good = "1,2025-08-12,药品,XN02,药,72,1,72.00,是,,";
    let sum = "合计,,,,,,,72.00,,,";
    let cases: [(String, &str, &str); 13] = [
        (
            file(&[good, sum]).replace("金额,", ""),
            "bill_column_missing",
            "金额",
        ),
        (
            file(&[good, sum]).replace("序号,日期", "序号,日子"),
            "bill_column_unknown",
            "日子",
        ),
        (file(&[good]), "bill_sum_missing", "合计"),
        (
            file(&[good, "合计,,,,,,,73.00,,,"]),
            "bill_sum_wrong",
            "73.00",
        ),
        (file(&[good, good, sum]), "bill_number_repeated", "第 3 行"),
        (
            file(&["1,2025-08-12,药品", sum]),
            "bill_row_broken",
            "第 2 行",
        ),
        (file(&[good, sum, good]), "bill_row_broken", "第 4 行"),
        (
            file(&["1,2025-02-30,药品,XN02,药,72,1,72.00,是,,", sum]),
            "bill_field_wrong",
            "日期",
        ),
        (
            file(&["1,2025-08-12,药,XN02,药,72,1,72.00,是,,", sum]),
            "bill_field_wrong",
            "类别",
        ),
        (
            file(&["1,2025-08-12,药品,,药,72,1,72.00,是,,", sum]),
            "bill_field_wrong",
            "项目编码",
        ),
        (
            file(&["1,2025-08-12,药品,XN02,药,72,1,72.0,是,,", sum]),
            "bill_field_wrong",
            "金额",
        ),
        (String::from(" \r\n"), "bill_empty", "空"),
        (file(&["合计,,,,,,,0.00,,,"]), "bill_empty", "空"),
    ];
    for (text, code, names) in cases {
        let (said, say) = refused(&text);
        assert_eq!(said, code, "{text}");
        assert!(say.contains(names), "{say}");
    }
}

#[test]
fn a_spreadsheets_unicode_text_is_named_as_utf_16() {
    let utf16: Vec<u8> = std::iter::once(0xFEFF)
        .chain(HEAD.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert!(matches!(read(&utf16), Err(BillFileError::Utf16)));
}

#[test]
fn gbk_bytes_are_told_from_bytes_that_are_no_text() {
    let (gbk, _, _) = encoding_rs::GBK.encode(HEAD);
    assert_eq!(Notice::from(&read(&gbk).unwrap_err()).code, "bill_not_utf8");
    assert_eq!(
        Notice::from(&read(b"\x89PNG\r\n\x1a\n\xff\xff").unwrap_err()).code,
        "bill_not_text"
    );
}

/// Which row a file's fault is said to be in.
fn said(text: &str) -> String {
    let (code, say) = refused(text);
    assert_eq!(code, "bill_field_wrong", "{text:?}");
    let (_, place) = say.split_once("账单文件").unwrap();
    place.split_once('“').unwrap().0.to_owned()
}

#[test]
fn the_row_that_is_said_is_the_one_a_person_finds_in_the_file() {
    let good = "1,2025-08-12,药品,XN02,药,72,1,72.00,是,,";
    let quoted = "1,2025-08-12,药品,XN02,\"药LB粉针LB\",72,1,72.00,是,,";
    let wrong = "2,2025-08-12,药品,XN02,药,72,1,七十二,是,,";
    let file = |rows: &[&str]| rows.join("LB");
    for (text, place) in [
        (file(&[HEAD, good, wrong]), "第 3 行"),
        (file(&[HEAD, good, "", "", wrong]), "第 5 行"),
        (file(&["", HEAD, good, wrong]), "第 4 行"),
        (file(&[HEAD, ",,,,,,,,,,", good, wrong]), "第 4 行"),
        (
            file(&[HEAD, quoted, wrong]),
            "第 3 行（文本编辑器中第 5 行）",
        ),
        (
            file(&[HEAD, quoted, "", wrong, "", good]),
            "第 4 行（文本编辑器中第 6 行）",
        ),
    ] {
        for line_break in ["\n", "\r\n", "\r"] {
            let text = text.replace("LB", line_break);
            assert_eq!(said(&text), place, "{text:?}");
            assert_eq!(said(&format!("\u{feff}{text}")), place, "{text:?}");
        }
    }
}

#[test]
fn a_broken_row_after_blank_lines_and_quoted_breaks_is_named_by_its_own_place() {
    let quoted = "1,2025-08-12,药品,XN02,\"药\r\n粉针\",72,1,72.00,是,,";
    let short = "2,2025-08-12,药品";
    let (code, say) = refused(&[HEAD, "", quoted, short, quoted].join("\r\n"));
    assert_eq!(code, "bill_row_broken");
    assert!(
        say.contains("账单文件第 4 行（文本编辑器中第 5 行）不完整"),
        "{say}"
    );
}

#[test]
fn rows_of_separators_alone_are_no_rows_of_the_bill() {
    let text = file(&[
        "1,2025-08-12,药品,XN02,药,72,1,72.00,是,,",
        ",,,,,,,,,,",
        "合计,,,,,,,72.00,,,",
        ",,,,,,,,,,",
    ]);
    assert_eq!(read(text.as_bytes()).unwrap().lines.len(), 1);
}
