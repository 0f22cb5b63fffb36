//! What the cashier is told beside the rules: a stay that was settled before, a line in another column than the catalogue's.

use reqwest::StatusCode;

use super::window::{FIRST_WORKER, Window, bill, days_ago, now, visit_of};
use crate::doors::page::fields;

#[tokio::test]
async fn a_stay_that_overlaps_a_settled_one_is_warned_of_at_admission_and_at_the_quote() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let settlement = window.settle(&visit).await;

    let form = window.get("/admission").await;
    assert!(
        !form.text.contains("stay_overlaps_settled"),
        "none begins now"
    );
    let five_days_ago = fields::write_minute(days_ago(5));
    let judged = window
        .post(
            "/admission",
            &[
                ("act", "judge"),
                ("key", form.field("key")),
                ("kind", "inpatient_medical"),
                ("liability", "none"),
                ("registered_at", &five_days_ago),
            ],
        )
        .await;
    for part in [
        "stay_overlaps_settled",
        &settlement,
        "住院号 ZY0001",
        "可以入院登记",
    ] {
        assert!(judged.text.contains(part), "{part}: {}", judged.text);
    }
    let admitted = window.admit(&form, "ZY0002", &five_days_ago).await;
    let second = visit_of(&admitted);
    let bill = bill().replace(&day(8), &day(4));
    let quoted = window.quote(second, &now(), &bill).await;
    let screen = window.get(quoted.leads_to()).await;
    for part in ["stay_overlaps_settled", &settlement, "确认结算"] {
        assert!(screen.text.contains(part), "{part}: {}", screen.text);
    }
}

#[tokio::test]
async fn a_name_that_the_slip_cannot_show_is_noticed_at_admission() {
    let window = Window::open().await;
    // Its own name agrees but for what the slip's fonts lack; no font of this machine has a character at this place.
    let unshown = format!("{}\u{F0000}", FIRST_WORKER.1);
    window.present((FIRST_WORKER.0, &unshown));
    let form = window.get("/admission").await;
    let judged = window
        .post(
            "/admission",
            &[
                ("act", "judge"),
                ("key", form.field("key")),
                ("kind", "inpatient_medical"),
                ("liability", "none"),
                ("registered_at", &fields::write_minute(days_ago(5))),
            ],
        )
        .await;
    for part in ["not_on_slip", "姓名中的字", "U+F0000", "fonts-hanazono"] {
        assert!(judged.text.contains(part), "{part}: {}", judged.text);
    }
    window.present(FIRST_WORKER);
    let form = window.get("/admission").await;
    assert!(!form.text.contains("not_on_slip"));
}

#[tokio::test]
async fn the_same_stay_is_not_settled_under_another_visit() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let settlement = window.settle(&visit).await;
    let form = window.get("/admission").await;
    let ten_days_ago = fields::write_minute(days_ago(10));
    let refused = window.admit(&form, "ZY0001", &ten_days_ago).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    for part in ["already_settled_directly", &settlement] {
        assert!(refused.text.contains(part), "{part}: {}", refused.text);
    }
    assert!(window.counter.open_visits().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_stay_that_begins_when_the_settled_one_has_ended_is_not_warned_of() {
    let window = Window::open().await;
    window.present(FIRST_WORKER);
    let form = window.get("/admission").await;
    let ten_days_ago = fields::write_minute(days_ago(10));
    let admitted = window.admit(&form, "ZY0001", &ten_days_ago).await;
    let visit = visit_of(&admitted);
    let discharged = fields::write_minute(days_ago(5));
    let quoted = window.quote(visit, &discharged, &bill()).await;
    let settled = window.press(quoted.leads_to()).await;
    assert!(settled.leads_to().starts_with("/settlements/"));
    let form = window.get("/admission").await;
    let again = window.admit(&form, "ZY0001", &discharged).await;
    let second = visit_of(&again);
    let bill = bill().replace(&day(8), &day(4));
    let quoted = window.quote(second, &now(), &bill).await;
    let screen = window.get(quoted.leads_to()).await;
    assert!(!screen.text.contains("stay_overlaps_settled"));
    assert!(screen.text.contains("确认结算"));
}

#[tokio::test]
async fn a_line_that_the_catalogue_has_in_another_column_is_pointed_out() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let right = window.quote(&visit, &now(), &bill()).await;
    let right = window.get(right.leads_to()).await;
    assert!(!right.text.contains("column_differs") && !right.text.contains("目录在"));

    // The drug as a treatment; the line for another illness in the wrong column too, which changes nothing.
    let wrong = bill()
        .replace("药品,XN02", "诊疗项目,XN02")
        .replace("药品,XC08", "诊疗项目,XC08");
    let quoted = window.quote(&visit, &now(), &wrong).await;
    let screen = window.get(quoted.leads_to()).await;
    assert!(
        screen
            .text
            .contains("账单第 1 号明细（共 1 行）的类别与目录不同"),
        "{}",
        screen.text
    );
    assert!(screen.text.contains("column_differs"));
    assert_eq!(screen.text.matches("目录在“药品”").count(), 1);
    // 7200.00 and 200.00 above the bed's standard are self-pay: the split itself is the rules'.
    assert!(screen.text.contains("7400.00"));
}

fn day(ago: i64) -> String {
    let minute = fields::write_minute(days_ago(ago));
    minute.split_once(' ').unwrap().0.to_owned()
}
