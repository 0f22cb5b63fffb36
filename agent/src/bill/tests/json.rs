//! Bills as hospitals' systems post them: what JSON may look like, each fault with its path, and parts closed by a sum.

use proptest::prelude::*;

use super::super::json::{Part, check_part, read_parts};
use super::*;

/// A line of 72.00 as it is written most plainly.
const LINE: &str = r#"{"number":1,"date":"2025-08-12","category":"药品","code":"XN02","name":"头孢呋辛钠注射剂","unit_price":"72.00","quantity":"1","amount":"72.00","treats_injury":true}"#;

fn body(lines: &str, count: u32, total: &str) -> String {
    format!(r#"{{"lines":[{lines}],"count":{count},"total":{total}}}"#)
}

fn refused(body: &str) -> Notice {
    Notice::from(&read(body.as_bytes(), &Mapping::default()).unwrap_err())
}

/// What is told, the notice's sentence where it is one fault alone.
fn told(notice: &Notice) -> String {
    if notice.details.is_empty() {
        notice.say.clone()
    } else {
        notice.details.join("\n")
    }
}

#[test]
fn a_line_is_read_however_its_values_are_written() {
    let plain = understood(body(LINE, 1, "72.00").as_bytes());
    for (from, to) in [
        ("\"72.00\",\"quantity\"", "72,\"quantity\""),
        ("\"72.00\",\"quantity\"", "72.0000,\"quantity\""),
        ("\"72.00\",\"quantity\"", "7.2e1,\"quantity\""),
        ("\"quantity\":\"1\"", "\"quantity\":1"),
        ("\"quantity\":\"1\"", "\"quantity\":10e-1"),
        ("\"number\":1", "\"number\":\"1\""),
        ("true", "\"是\""),
        ("\"date\":\"2025-08-12\"", "\"date\":\"20250812\""),
        ("\"date\":\"2025-08-12\"", "\"date\":20250812"),
        ("\"name\":\"头孢", "\"name\":\"\\u5934\\u5b62"),
        ("\"code\"", "\"\\u0063ode\""),
        ("\"number\"", "\"序号\""),
        ("\"category\":\"药品\"", "\"收费类别\":\"西药费\""),
        ("{", "{\"restriction_met\":null,\"reverses\":null,"),
        ("{", "{\"规格\":[\"1g\"],"),
        ("\"number\":1,", ""),
    ] {
        let dressed = LINE.replacen(from, to, 1);
        assert_ne!(dressed, LINE, "{from}");
        let read = understood(body(&dressed, 1, "\"72.00\"").as_bytes());
        assert_eq!(read.bill, plain.bill, "{dressed}");
    }
    assert_eq!(plain.how.form.to_string(), "JSON");
    let odd = understood(body(&LINE.replacen('{', "{\"规格\":\"1g\",", 1), 1, "72").as_bytes());
    assert_eq!(odd.how.ignored, ["规格"]);
}

#[test]
fn numbers_are_taken_digit_by_digit() {
    // As a binary fraction 14.35 × 3 and 99999999.99 would be other numbers.
    for (price, quantity, amount) in [
        ("14.35", "3", "43.05"),
        ("0.1", "3", "0.30"),
        ("99999999.9999", "1", "100000000.00"),
        ("0.0001", "10000", "1.00"),
    ] {
        let line = LINE
            .replace(
                "\"unit_price\":\"72.00\"",
                &format!("\"unit_price\":{price}"),
            )
            .replace("\"quantity\":\"1\"", &format!("\"quantity\":{quantity}"))
            .replace("\"amount\":\"72.00\"", &format!("\"amount\":{amount}"));
        let read = understood(body(&line, 1, amount).as_bytes());
        assert_eq!(read.bill.lines[0].amount.to_string(), amount);
        assert_eq!(read.bill.total().to_string(), amount);
    }
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one table: what is wrong, and how it is told"
)]
fn each_fault_names_its_path_and_what_is_expected() {
    let line = |from: &str, to: &str| body(&LINE.replacen(from, to, 1), 1, "72.00");
    let cases: Vec<(String, &str, &str)> = vec![
        (
            line("\"amount\":\"72.00\"", "\"amount\":\"七十二\""),
            "bill_field_wrong",
            "lines[0].amount：写的是“七十二”",
        ),
        (
            line("\"amount\":\"72.00\"", "\"金额\":72.001"),
            "bill_field_wrong",
            "lines[0].金额：写的是“72.001”",
        ),
        (
            line("\"amount\":\"72.00\"", "\"amount\":[72]"),
            "bill_field_wrong",
            "不能是列表或对象",
        ),
        (
            line("\"amount\":\"72.00\"", "\"amount\":true"),
            "bill_field_wrong",
            "不能写 true 或 false",
        ),
        (
            line("\"amount\":\"72.00\",", ""),
            "bill_field_wrong",
            "lines[0].amount：不能为空",
        ),
        (
            line("\"code\":\"XN02\"", "\"code\":1101001020000"),
            "bill_field_wrong",
            "lines[0].code：写的是“1101001020000”，应为文字（加引号）",
        ),
        (
            line("\"code\":\"XN02\"", "\"code\":\"A\",\"code\":\"B\""),
            "bill_field_wrong",
            "lines[0].code：写的是“\"B\"”，同一项写了两次",
        ),
        (
            line("\"code\":\"XN02\"", "\"code\":\"A\",\"项目编码\":\"A\""),
            "bill_field_wrong",
            "同一项写了两次",
        ),
        (
            line("2025-08-12", "2025-02-30"),
            "bill_field_wrong",
            "lines[0].date",
        ),
        (
            line("药品", "杂费"),
            "bill_field_wrong",
            "lines[0].category：写的是“杂费”",
        ),
        (
            line("true", "\"也许\""),
            "bill_field_wrong",
            "lines[0].treats_injury",
        ),
        (line("头孢", "\\ud83d"), "bill_field_wrong", "lines[0].name"),
        (
            body("7", 1, "72.00"),
            "bill_row_broken",
            "lines[0]：写的是“7”，应为对象",
        ),
        (
            body(&format!("{LINE},{LINE}"), 2, "144.00"),
            "bill_number_repeated",
            "lines[1].number",
        ),
        (
            body(LINE, 1, "72.01"),
            "bill_sum_wrong",
            "total：写的是“72.01”，各行相加是 72.00 元",
        ),
        (
            body(LINE, 2, "72.00"),
            "bill_count_wrong",
            "count：写的是“2”，收到的明细是 1 行",
        ),
        (
            format!(r#"{{"lines":[{LINE}],"count":1}}"#),
            "bill_sum_missing",
            "total：缺少",
        ),
        (
            format!(r#"{{"lines":[{LINE}],"total":72}}"#),
            "bill_sum_missing",
            "count：缺少",
        ),
        (
            format!(r#"{{"lines":[{LINE}],"count":1,"total":72,"total":72}}"#),
            "bill_field_wrong",
            "total：同一项写了两次",
        ),
        (
            format!(r#"{{"lines":[{LINE}],"count":1.5,"total":72}}"#),
            "bill_field_wrong",
            "count：写的是“1.5”",
        ),
        (
            format!(r#"{{"lines":[{LINE}"#),
            "bill_json_broken",
            "没有写完",
        ),
        (
            r#"{"lines":{},"count":0,"total":0}"#.to_owned(),
            "bill_json_broken",
            "读不下去",
        ),
        (
            r#"{"lines":[],"count":0,"total":0}"#.to_owned(),
            "bill_empty",
            "空的",
        ),
        (body(LINE, 1, "72.00") + "x", "bill_json_broken", "读不下去"),
    ];
    for (json, code, part) in cases {
        let notice = refused(&json);
        assert_eq!(notice.code, code, "{json}: {notice}");
        assert!(told(&notice).contains(part), "{part}: {notice}");
    }
}

#[test]
fn all_faults_are_told_at_once_up_to_twenty() {
    let bad = |number: usize| {
        LINE.replace("\"number\":1", &format!("\"number\":{number}"))
            .replace("\"amount\":\"72.00\"", "\"amount\":\"?\"")
    };
    let lines: Vec<String> = (1..=25).map(bad).collect();
    let notice = refused(&body(&lines.join(","), 25, "1800.00"));
    assert_eq!(notice.details.len(), 20);
    assert!(notice.say.contains("25 处"), "{notice}");
    assert!(
        notice.details[19].starts_with("lines[19].amount："),
        "{notice}"
    );
}

#[test]
fn json_that_is_cut_off_or_not_utf_8_is_named_as_such() {
    let whole = body(LINE, 1, "72.00");
    for end in 1..whole.len() {
        if !whole.is_char_boundary(end) {
            continue;
        }
        let notice = refused(&whole[..end]);
        assert!(
            ["bill_json_broken", "bill_faults", "bill_field_wrong"].contains(&&*notice.code),
            "{end}: {notice}"
        );
    }
    let (gbk, _, _) = encoding_rs::GBK.encode(&whole);
    let notice = Notice::from(&read(&gbk, &Mapping::default()).unwrap_err());
    assert_eq!(notice.code, "bill_json_broken");
    assert!(notice.say.contains("不是 UTF-8"), "{notice}");
}

#[test]
fn parts_are_one_bill_and_are_closed_by_their_sum() {
    let line = |number: u32| LINE.replace("\"number\":1", &format!("\"number\":{number}"));
    let first = format!(r#"{{"lines":[{},{}]}}"#, line(1), line(2));
    let second = format!(r#"{{"lines":[{}]}}"#, line(3));
    let parts = [
        Part {
            number: 1,
            body: first.as_bytes(),
        },
        Part {
            number: 2,
            body: second.as_bytes(),
        },
    ];
    let mapping = Mapping::default();
    let close = |closing: &str| read_parts(&parts, closing.as_bytes(), &mapping);
    let read = close(r#"{"bill":"b","parts":2,"count":3,"total":"216.00"}"#).unwrap();
    assert_eq!(read.bill.lines.len(), 3);
    assert_eq!(read.bill.total().to_string(), "216.00");
    assert_eq!(read.how.form.to_string(), "JSON，分段发送");
    for (closing, code) in [
        (r#"{"count":3,"total":"216.01"}"#, "bill_sum_wrong"),
        (r#"{"count":2,"total":"216.00"}"#, "bill_count_wrong"),
        (r#"{"count":3}"#, "bill_sum_missing"),
        ("", "bill_json_broken"),
    ] {
        let notice = Notice::from(&close(closing).unwrap_err());
        assert_eq!(notice.code, code, "{notice}");
    }
    assert_eq!(check_part(parts[0], &mapping).unwrap(), 2);
    let again = Part {
        number: 3,
        ..parts[1]
    };
    let twice = [parts[0], parts[1], again];
    let closing = br#"{"count":4,"total":"288.00"}"#;
    let notice = Notice::from(&read_parts(&twice, closing, &mapping).unwrap_err());
    assert!(notice.say.contains("parts[3].lines[0].number"), "{notice}");
    let early = format!(r#"{{"lines":[{}],"total":72}}"#, line(9));
    let part = Part {
        number: 4,
        body: early.as_bytes(),
    };
    let notice = Notice::from(&check_part(part, &mapping).unwrap_err());
    assert!(
        notice
            .say
            .contains("parts[4].total：写的是“72”，分段里不写"),
        "{notice}"
    );
}

/// Cells as a hospital might write them, readable or not.
fn cells() -> impl Strategy<Value = [String; 4]> {
    let price = prop_oneof!["[0-9]{1,4}(\\.[0-9]{1,4})?", "-?[0-9]{0,3}\\.?[0-9]{0,5}"];
    let number = prop_oneof!["[1-9][0-9]{0,3}", "-?[0-9]{0,3}(\\.[0-9]{0,3})?"];
    let amount = prop_oneof!["-?[0-9]{1,5}\\.[0-9]{2}", "[0-9]{0,4}\\.?[0-9]{0,3}"];
    let code = prop_oneof!["[A-Z]{2}[0-9]{4,10}", "0{0,3}[0-9]{5,13}"];
    (price, number, amount, code)
        .prop_map(|(price, number, amount, code)| [price, number, amount, code])
}

proptest! {
    /// The same cells in a table and in JSON are the same bill, or are refused both.
    #[test]
    fn json_and_csv_say_the_same(rows in prop::collection::vec(cells(), 1..6)) {
        let table: Vec<String> = rows.iter().zip(1..).map(|([price, quantity, amount, code], number)| {
            format!("{number},2025-08-12,药品,{code},药,{price},{quantity},{amount},是,,")
        }).collect();
        let table: Vec<&str> = table.iter().map(String::as_str).collect();
        let lines: Vec<String> = rows.iter().zip(1..).map(|([price, quantity, amount, code], number)| {
            format!(r#"{{"number":{number},"date":"2025-08-12","category":"药品","code":"{code}","name":"药","unit_price":"{price}","quantity":"{quantity}","amount":"{amount}","treats_injury":true}}"#)
        }).collect();
        let total = |sum: &str| {
            let sum_row = format!("合计,,,,,,,{sum},,,");
            let csv = file(&table.iter().copied().chain([sum_row.as_str()]).collect::<Vec<_>>());
            let json = format!(r#"{{"lines":[{}],"count":{},"total":"{sum}"}}"#, lines.join(","), lines.len());
            (read(csv.as_bytes(), &Mapping::default()), read(json.as_bytes(), &Mapping::default()))
        };
        // The sum that the table's own refusal names, where the cells can be read.
        let (csv, json) = total("0.01");
        let computed = match csv {
            Err(error) => Notice::from(&error).say.split_once("各行相加是 ").and_then(|(_, rest)| rest.split_once(" 元")).map(|(sum, _)| sum.to_owned()),
            Ok(understood) => Some(understood.bill.total().to_string()),
        };
        match computed {
            None => prop_assert!(json.is_err()),
            Some(sum) => {
                let (csv, json) = total(&sum);
                prop_assert_eq!(csv.map(|read| read.bill).ok(), json.map(|read| read.bill).ok());
            }
        }
    }

    /// No bytes make it panic.
    #[test]
    fn no_json_panics(text in "\\{(\"(lines|count|total|x)\":(\\[|\\{|\"|[0-9]|,|\\]|\\}|null|e|-|\\.){0,12},?){0,4}\\}?") {
        drop(read(text.as_bytes(), &Mapping::default()));
    }
}
