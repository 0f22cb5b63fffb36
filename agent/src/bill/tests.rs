//! What a bill's file may look like, each way it is refused, and bytes that nobody meant as a bill.

mod bounds;
mod exact;
mod json;
mod marks;
mod variants;
mod workbooks;

use super::*;
use crate::wording::notice::Notice;

const HEAD: &str = "序号,日期,类别,项目编码,项目名称,单价,数量,金额,治疗工伤,限制条件,冲销序号";

/// The bill that is shipped for tests and the demo.
const SHIPPED: &str = include_str!("../../../tests/bills/discharge.csv");

fn understood(bytes: &[u8]) -> Understood {
    read(bytes, &Mapping::default()).unwrap_or_else(|error| panic!("{}", Notice::from(&error)))
}

fn notice(bytes: &[u8]) -> Notice {
    Notice::from(&read(bytes, &Mapping::default()).unwrap_err())
}

fn file(rows: &[&str]) -> String {
    let mut text = HEAD.to_owned();
    for row in rows {
        text.push_str("\r\n");
        text.push_str(row);
    }
    text
}

fn notes(understood: &Understood) -> Vec<String> {
    let notes = understood.how.notes.iter();
    notes.map(|note| note.to_string()).collect()
}

#[test]
fn a_bill_of_two_lines_and_a_reversal_is_read() {
    let text = file(&[
        "1,2025-08-12,药品,XN02,头孢呋辛钠注射剂,72.0000,100,7200.00,是,,",
        "2,2025-08-12,住院服务标准,0011,\"床位费,三人间\",60,10,600.00,否,符合,",
        "3,2025-08-13,药品,XN02,头孢呋辛钠注射剂,72.0000,-1,-72.00,是,,1",
        "合计,,,,,,,7728.00,,,",
    ]);
    let bill = understood(format!("\u{feff}{text}").as_bytes()).bill;
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
    let cases: [(String, &str, &str); 14] = [
        (
            file(&[good, sum]).replace("金额,", ""),
            "bill_column_missing",
            "“金额”",
        ),
        (
            file(&[good, sum]).replace("限制条件", "总金额"),
            "bill_column_twice",
            "J 列“总金额”",
        ),
        (
            file(&[good, ",,药品小计,,,,,71.00,,,", sum]),
            "bill_subtotal_wrong",
            "第 3 行，H 列“金额”：写的是“71.00”，“小计”写的是 71.00 元，它上面的明细相加是 72.00 元",
        ),
        (
            file(&[good, "合计,,,,,,,73.00,,,"]),
            "bill_sum_wrong",
            "73.00",
        ),
        (file(&[good, good, sum]), "bill_number_repeated", "第 3 行"),
        (
            file(&["1,2025-08-12,药品,XN02,药,72,1,72.00,是,,,多", sum]),
            "bill_row_broken",
            "第 2 行",
        ),
        (file(&[good, sum, good]), "bill_row_broken", "第 4 行"),
        (
            file(&["1,2025-02-30,药品,XN02,药,72,1,72.00,是,,", sum]),
            "bill_field_wrong",
            "B 列“日期”：写的是“2025-02-30”",
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
            file(&["1,2025-08-12,药品,XN02,药,72,1,72.005,是,,", sum]),
            "bill_field_wrong",
            "金额",
        ),
        (String::from(" \r\n"), "bill_empty", "空"),
        (file(&["合计,,,,,,,0.00,,,"]), "bill_empty", "空"),
        (
            String::from("姓名,电话\r\n张三,1380000\r\n"),
            "bill_head_missing",
            "姓名,电话",
        ),
    ];
    for (text, code, names) in cases {
        let notice = notice(text.as_bytes());
        assert_eq!(notice.code, code, "{text}");
        assert!(notice.say.contains(names), "{}", notice.say);
    }
}

#[test]
fn all_faults_are_told_at_once_and_the_rest_is_counted() {
    let row = |number: u32| format!("{number},昨天,药品,1.1E+12,药,七,1,72.00,是,,");
    let rows: Vec<String> = (1..=10).map(row).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let notice = notice(file(&rows).as_bytes());
    assert_eq!(notice.code, "bill_field_wrong");
    assert_eq!(
        notice.say,
        "账单文件有 30 处不能采用，先列出 20 处，还有 10 处。"
    );
    assert_eq!(notice.details.len(), 20);
    assert_eq!(
        notice.details.first().map(String::as_str),
        Some(
            "第 2 行，B 列“日期”：写的是“昨天”，应为年在前的日期，例如 2025-08-12、2025/8/12、20250812。"
        )
    );
    assert!(
        notice.details[1]
            .starts_with("第 2 行，D 列“项目编码”：写的是“1.1E+12”，编码变成了科学记数法")
    );
}

#[test]
fn every_missing_column_is_named_beside_the_headings_that_nobody_knows() {
    let notice = notice(
        "流水,费用日期,费用名称,规格,数量,单价(元),应收\r\n1,2025-08-12,药,盒,1,2,2\r\n".as_bytes(),
    );
    let told = notice.details.join("\n");
    for name in [
        "“类别”",
        "“项目编码”",
        "“金额”",
        "流水、规格、应收",
        "[bill.columns]",
    ] {
        assert!(told.contains(name), "{told}");
    }
    assert_eq!(notice.details.len(), 3);
}

#[test]
fn what_stands_around_the_lines_is_told_from_them() {
    let text = [
        "长沙市示例医院住院费用清单",
        "住院号：ZY0001,,姓名：测试一",
        "",
        "序号,收费日期,费用类别,国家编码,项目名称,规格,单价(元),数量,总金额,",
        "1,2025/8/12,西药费,XN02,头孢,1g,72,1,72.0,",
        "2,2025/8/12 09:30,西药费,XN03,头孢二,1g,28,1,28,",
        ",,,,西药费小计,,,,100.00,",
        "床位费,,,,,,,,,",
        "序号,收费日期,费用类别,国家编码,项目名称,规格,单价(元),数量,总金额,",
        "3,20250813,床位费,0011,床位,,60,1,60,",
        "合计,,,,,,,,\"¥160.00\",",
        "总计,,,,,,,,160.00元,",
        "打印时间：2025-08-21,,,操作员：001,,,,,,",
    ]
    .join("\r\n");
    let understood = understood(text.as_bytes());
    assert_eq!(understood.bill.lines.len(), 3);
    assert_eq!(understood.bill.total().to_string(), "160.00");
    assert_eq!(understood.how.head_row, Some(4));
    assert_eq!(understood.how.ignored, ["规格"]);
    assert_eq!(
        notes(&understood),
        [
            "类别“床位费”归入“住院服务标准”（第 10 行）",
            "类别“西药费”归入“药品”（第 5、6 行）",
            "日期后面的时间没有采用（第 6 行）",
            "小计行没有当作明细，金额已与明细核对（第 7 行）",
            "重复的表头没有当作明细（第 9 行）",
            "只有文字、没有金额和编码的行没有当作明细（第 8 行）",
        ]
    );
    assert!(
        understood
            .bill
            .lines
            .iter()
            .all(|line| line.treats_injury.is_none())
    );
}

#[test]
fn a_sum_is_found_in_its_column_or_behind_its_word() {
    let good = "1,2025-08-12,药品,XN02,药,72,1,72.00,是,,";
    for sum in [
        "合计,,,,,,,72,,,",
        ",,,,合计,,1,72.00,,,",
        "合计：72.00,,,,,,,,,,",
        "合计：72.00元,,,,,,,,,,",
        "合 计,,,,,,,72.00,,,",
        "总计,,,,,,,72.00,,,",
        "合计金额：72.00",
        "合计,,,,,,,72.00",
    ] {
        assert_eq!(
            understood(file(&[good, sum]).as_bytes()).bill.lines.len(),
            1,
            "{sum}"
        );
    }
    for sum in [
        "合计,,,,,,,,,,",
        "合计,,,,,,,柒拾贰,,,",
        "合计,,,,,,,72.00,,,\r\n总计,,,,,,,73.00,,,",
    ] {
        let code = notice(file(&[good, sum]).as_bytes()).code;
        assert!(
            code != "bill_sum_wrong" && code.starts_with("bill_"),
            "{sum}: {code}"
        );
    }
}

#[test]
fn sum_and_subtotal_are_known_where_the_days_stand_first() {
    let text = "日期,类别,项目编码,项目名称,单价,数量,金额\n\
                2025-08-12,药品,A,药,1,1,1.00\n小计,,,,,,1.00\n\
                2025-08-13,药品,B,药,1,1,1.00\n合 计：,,,,,,2.00\n";
    let read = understood(text.as_bytes());
    assert_eq!(read.bill.lines.len(), 2);
    assert!(read.how.closed);
    let wrong = notice(text.replace("2.00", "3.00").as_bytes());
    assert_eq!(wrong.code, "bill_sum_wrong");
}

#[test]
fn a_bill_that_no_sum_closes_is_read_and_says_so() {
    let good = "1,2025-08-12,药品,XN02,药,72,1,72.00,是,,";
    let read = understood(file(&[good, "打印人：001,,,,,,,,,,"]).as_bytes());
    assert_eq!(read.bill.total().to_string(), "72.00");
    assert!(!read.how.closed);
    assert!(
        notes(&read).contains(
            &"文件没有合计行，看不出是否导出完整，明细读到文件末尾（第 2 行）".to_owned()
        )
    );
    assert!(
        understood(file(&[good, "合计,,,,,,,72.00,,,"]).as_bytes())
            .how
            .closed
    );
}

#[test]
fn lines_without_numbers_are_numbered_in_their_order() {
    let text = "日期,类别,项目编码,项目名称,单价,数量,金额\n2025-08-12,药品,A,药,1,1,1\n2025-08-12,药品,B,药,1,1,1\n,,,合计,,,2\n";
    let understood = understood(text.as_bytes());
    let numbers: Vec<u64> = understood
        .bill
        .lines
        .iter()
        .map(|line| line.number.get())
        .collect();
    assert_eq!(numbers, [1, 2]);
    assert_eq!(notes(&understood), ["没有序号，已按先后编号（第 2、3 行）"]);
}

#[test]
fn the_configuration_gives_a_hospitals_words_their_meaning() {
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let headings = [
        pair("实收（元）", "金额"),
        pair("院内码", "项目编码"),
        pair("大类", "类别"),
    ];
    let categories = [pair("取暖费", "住院服务标准")];
    let pairs = |words: &[(String, String)]| words.to_vec();
    let (headings, categories) = (pairs(&headings), pairs(&categories));
    let mapping = Mapping::new(
        headings.iter().map(|(a, b)| (a, b)),
        categories.iter().map(|(a, b)| (a, b)),
        "\u{feff}# 本院编码,目录编码\nQN01,001109000010000\n\n'0007,XN02\n",
    )
    .unwrap();
    let text = "日期,大类,院内码,项目名称,单价,数量,金额,实收(元)\n\
                2025-08-12,取暖费,QN01,取暖,8,1,99,8\n2025-08-12,药品,0007,药,1,1,99,1\n,,,合计,,,,9\n";
    let read = read(text.as_bytes(), &mapping).unwrap();
    let codes: Vec<&str> = read
        .bill
        .lines
        .iter()
        .map(|line| line.code.as_str())
        .collect();
    assert_eq!(codes, ["001109000010000", "XN02"]);
    assert_eq!(read.bill.total().to_string(), "9.00");
    for (wrong, line) in [
        ("A", 1),
        ("A,1\nA,2", 2),
        (",1", 1),
        ("A,", 1),
        ("#\nA,B,C", 2),
    ] {
        let none: [(&String, &String); 0] = [];
        let error = Mapping::new(none, none, wrong).unwrap_err();
        assert!(
            matches!(error, MappingError::Codes { line: at, .. } if at == line),
            "{wrong:?}: {error}"
        );
    }
}

/// Which row a file's fault is said to be in.
fn said(text: &str) -> String {
    let notice = notice(text.as_bytes());
    let only = notice.details.first().unwrap_or(&notice.say).clone();
    let position = only.strip_prefix("账单文件").unwrap_or(&only);
    position.split_once('，').unwrap().0.to_owned()
}

#[test]
fn the_row_that_is_said_is_the_one_a_person_finds_in_the_file() {
    let good = "1,2025-08-12,药品,XN02,药,72,1,72.00,是,,";
    let quoted = "1,2025-08-12,药品,XN02,\"药LB粉针LB\",72,1,72.00,是,,";
    let wrong = "2,2025-08-12,药品,XN02,药,72,1,七十二,是,,";
    let file = |rows: &[&str]| rows.join("LB");
    for (text, position) in [
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
            assert_eq!(said(&text), position, "{text:?}");
            assert_eq!(said(&format!("\u{feff}{text}")), position, "{text:?}");
        }
    }
}

#[test]
fn quotes_that_do_not_match_never_swallow_lines() {
    let good = "1,2025-08-12,药品,XN02,药,72,1,72.00,是,,";
    for broken in [
        "2,2025-08-12,药品,XN02,\"药,72,1,72.00,是,,",
        "2,2025-08-12,药品,XN02,\"5寸\"钢板,72,1,72.00,是,,",
    ] {
        let notice = notice(file(&[good, broken, good, "合计,,,,,,,144.00,,,"]).as_bytes());
        assert_eq!(notice.code, "bill_row_broken");
        assert_eq!(
            notice.say,
            "账单文件第 3 行的引号不配对，从这里起分不清各行。"
        );
    }
    let inch = "1,2025-08-12,药品,XN02,5\"钢板,72,1,72.00,是,,";
    let bill = understood(file(&[inch, "合计,,,,,,,72.00,,,"]).as_bytes()).bill;
    assert_eq!(&*bill.lines[0].name, "5\"钢板");
}

#[test]
fn a_web_page_and_bytes_that_are_no_text_are_named() {
    for (bytes, code) in [
        (&b"<html><table><tr><td>1"[..], "bill_web_page"),
        (
            b"\xEF\xBB\xBF \r\n<?xml version=\"1.0\"?><Workbook>",
            "bill_web_page",
        ),
        (b"\x89PNG\r\n\x1a\n\xff\xff", "bill_not_text"),
        (b"%PDF-1.7\n\x00\x01", "bill_not_text"),
    ] {
        assert_eq!(notice(bytes).code, code);
    }
}

#[test]
fn a_fault_that_is_logged_shows_nothing_of_the_file() {
    let error = read(
        file(&["1,2025-08-12,药品,测试病人,药,72,1,七,是,,"]).as_bytes(),
        &Mapping::default(),
    )
    .unwrap_err();
    assert!(!format!("{error:?} {error}").contains("测试病人"));
    let error = read("测试病人,电话\n".as_bytes(), &Mapping::default()).unwrap_err();
    assert!(!format!("{error:?} {error}").contains("测试病人"));
}
