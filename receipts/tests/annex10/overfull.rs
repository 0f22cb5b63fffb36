//! A sheet that cannot say what it must is refused; nothing is cut, nothing left out.

use receipts::{Annex10, Grid, RenderError, render, try_grid};

use crate::paper::{draw, lines};
use crate::specimen::{crowded, fonts, stay};

#[test]
fn long_entries_are_whole_on_paper() {
    let pdf = draw("crowded_whole", &crowded());
    for page in [1, 2] {
        let text: String = lines(&pdf, page).concat().replace(' ', "");
        for part in [
            "123456789012.34",
            "新疆维吾尔自治区工伤保险跨省异地就医结算单",
        ] {
            assert!(text.contains(part), "{part} is not whole");
        }
        // Wrapped entries share their lines with other cells: every character is there, as often as it should be.
        for entry in [
            "阿卜杜热合曼江",
            "麦麦提吐尔逊",
            "热合木吐拉",
            "莫力达瓦达斡尔族自治旗",
        ] {
            for character in entry.chars() {
                assert!(
                    text.contains(character),
                    "{character} of {entry} is missing"
                );
            }
        }
    }
}

#[test]
fn an_entry_too_long_for_its_cell_is_refused_and_named() {
    refused_as_too_long("姓名", |sheet| sheet.grid.name = "欧".repeat(120));
    refused_as_too_long("科别", |sheet| sheet.grid.department = "骨".repeat(120));
    refused_as_too_long("标题", |sheet| sheet.title = "省".repeat(60));
    refused_as_too_long("医疗机构名称", |sheet| {
        sheet.institution.name = "院".repeat(120);
    });
    refused_as_too_long("本单说明：", |sheet| {
        sheet.remarks = vec!["迟".repeat(900)];
    });
    refused_as_too_long("工伤保险基金支付金额", |sheet| {
        sheet.matrix.fund.total = "1".repeat(40);
    });
}

#[test]
fn an_entry_can_be_tried_alone_before_there_is_a_sheet() {
    let tried = |department: &str, inpatient_number: &str| {
        let entries = Grid {
            department: department.to_owned(),
            inpatient_number: inpatient_number.to_owned(),
            ..Grid::default()
        };
        try_grid(&entries, fonts())
    };
    assert!(tried("骨科", "ZY0001").is_ok());
    assert!(tried("", "").is_ok());
    assert!(matches!(
        tried(&"骨".repeat(100), "ZY0001"),
        Err(RenderError::DoesNotFit { field: "科别" })
    ));
    assert!(matches!(
        tried("骨科", "ZY😀"),
        Err(RenderError::NoGlyph {
            field: "住院号",
            character: '😀'
        })
    ));
}

#[test]
fn a_figure_is_never_set_on_two_lines() {
    refused_as_too_long("自费金额", |sheet| {
        sheet.matrix.self_pay.drug = "1 234 567 890 123 456 789 012.00".into();
    });
}

#[test]
fn a_sheet_without_a_name_or_an_amount_is_refused() {
    refused_as_empty("姓名", |sheet| sheet.grid.name = "  ".into());
    refused_as_empty("社会保障号码", |sheet| {
        sheet.grid.social_security_number.clear();
    });
    refused_as_empty("工伤保险基金支付金额", |sheet| {
        sheet.matrix.fund.treatment.clear();
    });
    refused_as_empty("其他（非工伤伤情等）", |sheet| {
        sheet.matrix.other.total.clear();
    });
    refused_as_empty("个人支付金额", |sheet| sheet.totals.personal.clear());
    refused_as_empty("结算编号", |sheet| sheet.settlement_number.clear());
}

#[test]
fn a_time_beyond_what_a_pdf_date_holds_is_refused() {
    let mut sheet = stay();
    sheet.dated_unix_s = i64::MAX;
    assert!(matches!(
        render(&sheet, fonts()),
        Err(RenderError::TimeOutOfRange { unix_s: i64::MAX })
    ));
}

fn refused_as_too_long(expected: &str, change: impl FnOnce(&mut Annex10)) {
    let mut sheet = stay();
    change(&mut sheet);
    match render(&sheet, fonts()) {
        Err(RenderError::DoesNotFit { field }) => assert_eq!(field, expected),
        other => panic!("{expected}: {:?}", other.map(|bytes| bytes.len())),
    }
}

fn refused_as_empty(expected: &str, change: impl FnOnce(&mut Annex10)) {
    let mut sheet = stay();
    change(&mut sheet);
    match render(&sheet, fonts()) {
        Err(RenderError::Empty { field }) => assert_eq!(field, expected),
        other => panic!("{expected}: {:?}", other.map(|bytes| bytes.len())),
    }
}
