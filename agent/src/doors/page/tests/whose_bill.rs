//! Whose bill it is: another's is refused with both names said, and what the screen shows lets a person compare.

use reqwest::StatusCode;

use super::window::{Window, bill, days_ago, now};
use crate::doors::page::fields;

fn day(ago: i64) -> String {
    let minute = fields::write_minute(days_ago(ago));
    minute.split_once(' ').unwrap().0.to_owned()
}

/// The usual bill with a title above its head.
fn titled(title: &str) -> String {
    format!("{title}\r\n{}", bill())
}

#[tokio::test]
async fn a_bill_that_names_another_stay_or_patient_is_refused_with_both_said() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    for (title, found, own) in [
        (
            "住院号：ZY0002,姓名：测试一",
            "住院号是“ZY0002”（第 1 行）",
            "住院号是“ZY0001”",
        ),
        ("住院号,ZY0002", "住院号是“ZY0002”", "住院号是“ZY0001”"),
        (
            "住院号：ZY0001 姓名：测试二",
            "姓名是“测试二”",
            "姓名是“测试一”",
        ),
    ] {
        let refused = window.quote(&visit, &now(), &titled(title)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{title}");
        for part in ["bill_of_another", found, own] {
            assert!(refused.text.contains(part), "{part}: {}", refused.text);
        }
    }
    for (title, said) in [
        ("住院号：ZY0001,姓名：测试一", "本机不能核对"),
        ("住院号：ｚｙ０００１,姓名：测*一", "本机不能核对"),
    ] {
        let quoted = window.quote(&visit, &now(), &titled(title)).await;
        let screen = window.get(quoted.leads_to()).await;
        assert!(
            screen.text.contains("可以直接结算"),
            "{title}: {}",
            screen.text
        );
        assert!(!screen.text.contains(said), "{title}");
    }
}

#[tokio::test]
async fn a_column_of_stays_is_held_against_the_visit_line_by_line() {
    let window = Window::open().await;
    let visit = window.admit_first_worker_as("00811042").await;
    let with = |numbers: [&str; 3]| {
        let mut rows: Vec<String> = bill().split("\r\n").map(str::to_owned).collect();
        rows[0].push_str(",住院号");
        for (row, number) in rows[1..].iter_mut().zip(numbers) {
            row.push(',');
            row.push_str(number);
        }
        rows.join("\r\n")
    };
    let refused = window
        .quote(&visit, &now(), &with(["00811042", "00811042", "00811043"]))
        .await;
    assert!(
        refused.text.contains("“00811043”（第 4 行）"),
        "{}",
        refused.text
    );
    // A spreadsheet took the zeros away; nothing else differs.
    let quoted = window
        .quote(&visit, &now(), &with(["811042", "811042", "811042"]))
        .await;
    let screen = window.get(quoted.leads_to()).await;
    for part in ["可以直接结算", "“811042”少了前面的 0"] {
        assert!(screen.text.contains(part), "{part}: {}", screen.text);
    }
}

#[tokio::test]
async fn the_quote_shows_the_files_name_its_sum_its_lines_and_days() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let later = bill().replacen(
        &format!("3,{},药品", day(8)),
        &format!("3,{},药品", day(3)),
        1,
    );
    let quoted = window.quote(&visit, &now(), &later).await;
    let screen = window.get(quoted.leads_to()).await;
    for part in [
        format!("账单：3 行，合计 7810.00 元，日期 {} 至 {}", day(8), day(3)),
        "文件 bill.csv".to_owned(),
        "账单里没有住院号，本机不能核对".to_owned(),
    ] {
        assert!(screen.text.contains(&part), "{part}: {}", screen.text);
    }
}

#[tokio::test]
async fn lines_outside_the_stay_are_all_named_with_the_stays_days() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let early = bill()
        .replacen(
            &format!("1,{},药品", day(8)),
            &format!("1,{},药品", day(12)),
            1,
        )
        .replacen(
            &format!("3,{},药品", day(8)),
            &format!("3,{},药品", day(11)),
            1,
        );
    let refused = window.quote(&visit, &now(), &early).await;
    for part in [
        "line_outside_stay".to_owned(),
        format!(
            "有 2 行明细的日期不在本次住院（{} 至 {}）之内",
            day(10),
            day(0)
        ),
        format!("第 1 号（{}）、第 3 号（{}）", day(12), day(11)),
        "规程未明确，按默认口径".to_owned(),
    ] {
        assert!(refused.text.contains(&part), "{part}: {}", refused.text);
    }
}

#[tokio::test]
async fn days_before_the_admission_are_let_in_as_far_as_the_configuration_says() {
    let window = Window::configured("[bill]\ndays_before_admission = 2\n").await;
    let visit = window.admit_first_worker().await;
    let early = |ago: i64| {
        bill().replacen(
            &format!("1,{},药品", day(8)),
            &format!("1,{},药品", day(ago)),
            1,
        )
    };
    let quoted = window.quote(&visit, &now(), &early(12)).await;
    let screen = window.get(quoted.leads_to()).await;
    for part in [
        "可以直接结算",
        "line_before_admission",
        "账单第 1 号明细（共 1 行）的日期早于入院日",
        "规程未明确，按默认口径",
    ] {
        assert!(screen.text.contains(part), "{part}: {}", screen.text);
    }
    let refused = window.quote(&visit, &now(), &early(13)).await;
    assert!(
        refused.text.contains("含配置允许的入院前 2 天"),
        "{}",
        refused.text
    );
}
