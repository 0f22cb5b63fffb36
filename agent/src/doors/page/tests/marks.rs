//! Marks that an export lacks are asked for on the page; nothing is marked that nobody chose, and the journal says who did.

use std::fmt::Write as _;

use reqwest::StatusCode;

use super::window::{Window, days_ago, now};
use crate::doors::page::fields;

const HEAD: &str = "序号,日期,类别,项目编码,项目名称,单价,数量,金额";

fn day(ago: i64) -> String {
    let minute = fields::write_minute(days_ago(ago));
    minute.split_once(' ').unwrap().0.to_owned()
}

/// An export without any mark: two drugs, ten nights, and one box of the first drug brought back.
fn export() -> String {
    let (day, later) = (day(8), day(7));
    [
        HEAD,
        &format!("1,{day},药品,XN02BEA123A001010100001,头孢,72.00,100,7200.00"),
        &format!("2,{day},药品,XC08CAB001A001010100001,氨氯地平片,5.00,2,10.00"),
        &format!("3,{day},住院服务标准,001109000010000,三人间床位费,60.00,10,600.00"),
        &format!("4,{later},药品,XN02BEA123A001010100001,头孢,72.00,-1,-72.00"),
        "合计,,,,,,,7738.00",
    ]
    .join("\r\n")
}

/// The screen on which marks are given, for this bill.
async fn asked(window: &Window, visit: &str, bill: &str) -> String {
    let quoted = window.quote(visit, &now(), bill).await;
    let path = quoted.leads_to().to_owned();
    assert!(path.ends_with("/marks"), "{path}");
    path
}

#[tokio::test]
async fn what_an_export_lacks_is_asked_for_and_settles_as_it_was_chosen() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let path = asked(&window, &visit, &export()).await;
    let screen = window.get(&path).await;
    for part in [
        "治疗工伤：还有 4 行没有标",
        "冲销序号：有 1 行退费没有写冲销哪一行",
        "采用建议：1 行",
        "建议：第 1 号",
        "账单：4 行，合计 7738.00 元",
    ] {
        assert!(screen.text.contains(part), "{part}: {}", screen.text);
    }
    // The quote before it says what is missing, and cannot be settled.
    let quote = path.strip_suffix("/marks").unwrap();
    let before = window.get(quote).await;
    for part in ["还缺标记", "marks_missing", "injury_unmarked", "补标"] {
        assert!(before.text.contains(part), "{part}: {}", before.text);
    }
    let settled = window.press(quote).await;
    assert_eq!(settled.status, StatusCode::CONFLICT);

    let marked = window
        .post(
            &path,
            &[
                ("injury.rest", "yes"),
                ("injury.no", "2"),
                ("proposals", "on"),
            ],
        )
        .await;
    let after = marked.leads_to();
    let screen = window.get(after).await;
    // 7,128.00 of the drug and 400.00 of the bed are the fund's; 10.00 for another illness.
    for part in [
        "可以直接结算",
        "7528.00",
        "210.00",
        "冲销第 1 行",
        "张收款 补标了“治疗工伤” 4 行、“冲销序号” 1 行。",
    ] {
        assert!(screen.text.contains(part), "{part}: {}", screen.text);
    }
    let kept = window.journal("bill_marked").await;
    for part in [
        r#""by":"cashier","came":{"account":"#,
        r#""door":"page""#,
        r#"{"mark":"treats_injury","value":false,"by":"lines","which":"2","lines":1}"#,
        r#"{"mark":"treats_injury","value":true,"by":"rest","lines":3}"#,
        r#"{"mark":"reverses","by":"proposed","lines":1}"#,
        r#""missing_injury":0"#,
    ] {
        assert!(kept[0].contains(part), "{part}: {}", kept[0]);
    }
    let settled = window.press(after).await;
    assert!(
        settled.leads_to().starts_with("/settlements/"),
        "{}",
        settled.text
    );
}

#[tokio::test]
async fn nothing_is_marked_that_nobody_chose() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let path = asked(&window, &visit, &export()).await;
    for (fields, code) in [
        (vec![], "marks_nothing_chosen"),
        (vec![("injury.no", "x")], "marks_not_lines"),
        (vec![("injury.no", "9")], "marks_not_missing"),
        (
            vec![("injury.no", "1"), ("injury.yes", "1-2")],
            "marks_both_ways",
        ),
        (vec![("reversal.4", "2")], "marks_not_reversible"),
        (vec![("reversal.1", "2")], "marks_not_reversible"),
        (vec![("injury.rest", "maybe")], "marks_nothing_chosen"),
    ] {
        let refused = window.post(&path, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains(code), "{code}: {}", refused.text);
    }
    assert!(window.journal("bill_marked").await.is_empty());

    // What was chosen is marked; what was not is asked for again, with what fits.
    let drugs = [("injury.category.drug", "yes")];
    let marked = window.post(&path, &drugs).await;
    let path = marked.leads_to().to_owned();
    let screen = window.get(&path).await;
    for part in ["治疗工伤：还有 1 行没有标", "三人间床位费", "有 1 行退费"] {
        assert!(screen.text.contains(part), "{part}: {}", screen.text);
    }
    let bed = [("injury.code.001109000010000", "no"), ("reversal.4", "1")];
    let marked = window.post(&path, &bed).await;
    let screen = window.get(marked.leads_to()).await;
    assert!(screen.text.contains("可以直接结算"), "{}", screen.text);

    // Taken back, all of it is asked for again.
    let undone = window
        .post(&format!("{}/unmark", marked.leads_to()), &[])
        .await;
    let screen = window.get(undone.leads_to()).await;
    assert!(
        screen.text.contains("治疗工伤：还有 4 行没有标"),
        "{}",
        screen.text
    );
    assert_eq!(window.journal("bill_unmarked").await.len(), 1);
    let again = window
        .post(&format!("{}/unmark", marked.leads_to()), &[])
        .await;
    assert!(again.text.contains("quote_superseded"), "{}", again.text);
}

#[tokio::test]
async fn an_item_is_offered_as_it_was_marked_on_the_last_settled_bill() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let path = asked(&window, &visit, &export()).await;
    assert!(!window.get(&path).await.text.contains("标过的编码按上次"));
    let chosen = [
        ("injury.rest", "yes"),
        ("injury.no", "2"),
        ("proposals", "on"),
    ];
    let marked = window.post(&path, &chosen).await;
    let settled = window.press(marked.leads_to()).await;
    assert!(settled.leads_to().starts_with("/settlements/"));

    let visit = window.admit_first_worker_as("ZY0009").await;
    let other = export()
        .replace("72.00,100,7200.00", "71.00,90,6390.00")
        .replace("72.00,-1,-72.00", "71.00,-1,-71.00")
        .replace("5.00,2,10.00", "5.00,3,15.00")
        .replace("60.00,10,600.00", "60.00,9,540.00")
        .replace("7738.00", "6874.00");
    let quoted = window.quote(&visit, &now(), &other).await;
    let screen = window.get(quoted.leads_to()).await;
    // The first stay of the same worker overlaps: the rules have more to say, and the marks are reached by the key.
    assert!(screen.text.contains("/marks"), "{}", screen.text);
    let path = format!("{}/marks", quoted.leads_to().trim_end_matches("/marks"));
    let screen = window.get(&path).await;
    assert!(
        screen.text.contains("标过的编码按上次（4 行）"),
        "{}",
        screen.text
    );
    assert!(screen.text.contains("否（"), "{}", screen.text);
    let marked = window
        .post(&path, &[("injury.last", "on"), ("proposals", "on")])
        .await;
    assert_eq!(marked.status, StatusCode::SEE_OTHER, "{}", marked.text);
    let kept = window.journal("bill_marked").await;
    let last = kept.last().unwrap();
    for part in [
        r#"{"mark":"treats_injury","value":false,"by":"last_time","lines":1}"#,
        r#"{"mark":"treats_injury","value":true,"by":"last_time","lines":3}"#,
    ] {
        assert!(last.contains(part), "{last}");
    }
}

#[tokio::test]
async fn a_negative_line_of_which_several_fit_waits_for_a_choice() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let twice = export().replace(
        "合计,,,,,,,7738.00",
        &format!(
            "5,{},药品,XN02BEA123A001010100001,头孢,72.00,2,144.00\r\n合计,,,,,,,7882.00",
            day(8)
        ),
    );
    let path = asked(&window, &visit, &twice).await;
    let screen = window.get(&path).await;
    for part in ["<option value=\"1\">第 1 号", "<option value=\"5\">第 5 号"] {
        assert!(screen.text.contains(part), "{part}: {}", screen.text);
    }
    assert!(!screen.text.contains("采用建议"));
    let marked = window
        .post(&path, &[("injury.rest", "yes"), ("proposals", "on")])
        .await;
    let path = marked.leads_to().to_owned();
    assert!(path.ends_with("/marks"), "still refused: {path}");
    let marked = window.post(&path, &[("reversal.4", "5")]).await;
    let screen = window.get(marked.leads_to()).await;
    assert!(screen.text.contains("冲销第 5 行"), "{}", screen.text);
}

#[tokio::test]
async fn five_thousand_lines_are_marked_by_one_press() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let day = day(8);
    let mut long = HEAD.to_owned();
    for number in 1..=5000 {
        write!(
            long,
            "\r\n{number},{day},住院服务标准,001109000010000,床位费,{}.00,1,{}.00",
            number % 7 + 1,
            number % 7 + 1
        )
        .unwrap();
    }
    let sum: u32 = (1..=5000).map(|number| number % 7 + 1).sum();
    write!(long, "\r\n合计,,,,,,,{sum}.00").unwrap();
    let path = asked(&window, &visit, &long).await;
    let screen = window.get(&path).await;
    assert!(
        screen.text.contains("还有 4900 行没有列出"),
        "{}",
        screen.text
    );
    assert!(screen.text.len() < 200_000, "{} bytes", screen.text.len());
    let chosen = [("injury.rest", "yes"), ("injury.no", "17、20-25，4999")];
    let marked = window.post(&path, &chosen).await;
    let screen = window.get(marked.leads_to()).await;
    assert!(
        screen.text.contains("补标了“治疗工伤” 5000 行"),
        "{}",
        screen.text
    );
    let kept = window.journal("bill_marked").await;
    assert!(
        kept[0].contains(r#""which":"17,20-25,4999","lines":8"#),
        "{}",
        kept[0]
    );
    assert!(
        kept[0].contains(r#""by":"rest","lines":4992"#),
        "{}",
        kept[0]
    );
}

#[tokio::test]
async fn marks_of_the_configuration_are_said_and_stand_in_the_journal_once_they_count() {
    let window = Window::configured("[bill.marks]\ntreats_injury = { \"药品\" = true }\n").await;
    let visit = window.admit_first_worker().await;
    let path = asked(&window, &visit, &export()).await;
    let before = window.get(path.strip_suffix("/marks").unwrap()).await;
    assert!(
        before.text.contains("文件没有“治疗工伤”，按配置标“是”"),
        "{}",
        before.text
    );
    assert!(window.journal("bill_marked").await.is_empty());
    let marked = window
        .post(&path, &[("injury.rest", "yes"), ("proposals", "on")])
        .await;
    let settled = window.press(marked.leads_to()).await;
    assert!(
        settled.leads_to().starts_with("/settlements/"),
        "{}",
        settled.text
    );
    let kept = window.journal("bill_marked").await;
    assert_eq!(kept.len(), 2, "{kept:?}");
    let configured = r#""by":"configuration","lines":"#;
    assert!(
        kept.iter().any(|entry| entry.contains(configured)),
        "{kept:?}"
    );
}
