//! Files that spreadsheets and hospitals' systems wrote, byte by byte as they wrote them.

use std::io::{Cursor, Write as _};

use proptest::prelude::*;
use rules::BillLine;
use zip::ZipArchive;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::{Mapping, SHIPPED, notes, notice, read, understood};

/// Written by openpyxl: a title, date cells, number cells, a footer, a second sheet with words alone.
const OPENPYXL: &[u8] = include_bytes!("../../../../tests/bills/discharge.xlsx");
/// Written by xlwt: date cells, number cells.
const XLWT: &[u8] = include_bytes!("../../../../tests/bills/discharge.xls");
/// Written by `LibreOffice` Calc from the GBK file, with the column of codes imported as text.
const LIBREOFFICE: &[u8] = include_bytes!("../../../../tests/bills/libreoffice.xlsx");
/// The GBK file opened in `LibreOffice` Calc and saved again, nothing else: codes have lost their zeros.
const RESAVED: &[u8] = include_bytes!("../../../../tests/bills/resaved-by-libreoffice.csv");
/// As hospitals' systems export: GBK, a title, other headings and categories, apostrophes, times, subtotals, a footer.
const HOSPITAL: &[u8] = include_bytes!("../../../../tests/bills/hospital-gbk.csv");

/// The sheet of the bill in it.
const SHEET: &str = "xl/worksheets/sheet1.xml";

fn by_number(mut lines: Vec<BillLine>) -> Vec<BillLine> {
    lines.sort_by_key(|line| line.number);
    lines
}

#[test]
fn workbooks_hold_the_same_bill_to_the_cent_and_the_code() {
    let original = understood(SHIPPED.as_bytes()).bill;
    for (name, bytes) in [
        ("openpyxl", OPENPYXL),
        ("xlwt", XLWT),
        ("LibreOffice", LIBREOFFICE),
    ] {
        let read = understood(bytes);
        assert!(read.bill == original, "{name}");
    }
    let read = understood(OPENPYXL);
    assert_eq!(read.how.form.to_string(), "XLSX 表格，工作表“费用清单”");
    assert_eq!(read.how.head_row, Some(3));
    let noisy = understood(&with_part(OPENPYXL, SHEET, |text| {
        text.replace("<v>14.98</v>", "<v>14.980000000000002</v>")
            .replace("<v>-14.98</v>", "<v>-14.980000000000002</v>")
    }));
    assert!(noisy.bill == original);
    assert_eq!(
        notes(&noisy),
        ["数字末尾有表格软件的计算误差，已按 15 位有效数字读取（第 70 行）"]
    );
    assert_eq!(
        understood(XLWT).how.form.to_string(),
        "XLS 表格，工作表“Sheet1”"
    );
}

#[test]
fn a_hospitals_own_export_is_read_as_it_is() {
    let original = understood(SHIPPED.as_bytes()).bill;
    let read = understood(HOSPITAL);
    let unmarked = |lines: Vec<BillLine>| {
        let bare = |line| BillLine {
            treats_injury: None,
            restriction_met: None,
            reverses: None,
            ..line
        };
        by_number(lines.into_iter().map(bare).collect())
    };
    assert!(unmarked(read.bill.lines.clone()) == unmarked(original.lines));
    let notes = notes(&read).join("\n");
    for part in [
        "归入“药品”",
        "小计行没有当作明细",
        "撇号",
        "千分位",
        "日期后面的时间",
    ] {
        assert!(notes.contains(part), "{notes}");
    }
}

#[test]
fn what_a_spreadsheet_saved_again_has_lost_its_zeros_and_nothing_else() {
    let original = understood(SHIPPED.as_bytes()).bill;
    let read = understood(RESAVED).bill;
    for (line, resaved) in original.lines.iter().zip(&read.lines) {
        assert_eq!(line.amount, resaved.amount);
        assert_eq!(
            line.code.as_str().trim_start_matches('0'),
            resaved.code.as_str()
        );
    }
}

/// A part of a workbook written anew.
fn with_part(workbook: &[u8], name: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut parts = ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut written = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..parts.len() {
        let part = parts.by_index(index).unwrap();
        let part_name = part.name().unwrap().into_owned();
        let mut text = std::io::read_to_string(part).unwrap();
        if part_name == name {
            text = change(text);
        }
        written
            .start_file(part_name, SimpleFileOptions::default())
            .unwrap();
        written.write_all(text.as_bytes()).unwrap();
    }
    written.finish().unwrap().into_inner()
}

#[test]
fn workbooks_beyond_their_bounds_and_broken_ones_end_in_a_sentence() {
    let padded = with_part(LIBREOFFICE, "xl/sharedStrings.xml", |text| {
        text.replacen("<si>", &format!("<si><!--{}-->", " ".repeat(70_000_000)), 1)
    });
    let far_down = with_part(OPENPYXL, SHEET, |text| {
        text.replace("r=\"A5\"", "r=\"A1048576\"")
    });
    let wide = with_part(OPENPYXL, SHEET, |text| {
        text.replace("r=\"I4\"", "r=\"XFD4\"")
    });
    let numbers = with_part(OPENPYXL, SHEET, |text| {
        text.replace(">14.35<", ">14.350049999<")
    });
    let boastful = with_part(LIBREOFFICE, "xl/sharedStrings.xml", |text| {
        text.replacen("uniqueCount=\"", "uniqueCount=\"9999999999", 1)
    });
    let cases: [(&[u8], &str); 8] = [
        (&boastful, "bill_workbook_broken"),
        (&padded, "bill_too_large"),
        (&far_down, "bill_too_large"),
        (&wide, "bill_too_large"),
        (&numbers, "bill_field_wrong"),
        (b"PK\x03\x04 no archive", "bill_workbook_broken"),
        (&OPENPYXL[..OPENPYXL.len() / 2], "bill_workbook_broken"),
        (&XLWT[..XLWT.len() / 2], "bill_workbook_broken"),
    ];
    for (bytes, code) in cases {
        assert_eq!(notice(bytes).code, code, "{code}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn one_byte_that_changed_in_a_workbook_is_refused_leaves_the_sum_or_is_held(
        of_xls in any::<bool>(), at in any::<prop::sample::Index>(), byte in any::<u8>()
    ) {
        let mut bytes = if of_xls { XLWT } else { OPENPYXL }.to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(understood) = read(&bytes, &Mapping::default()) {
            // The sum is stated apart from the lines: both cannot have changed. Where a sheet ends early its sum is gone as
            // well, and a person has to look.
            prop_assert!(!understood.how.closed || understood.bill.total().to_string() == "28630.78");
        }
    }
}
