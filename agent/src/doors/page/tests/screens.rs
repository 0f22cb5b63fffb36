//! The screens: a stay from card to settlement, and what comes back when something is wrong.

use jiff::ToSpan;
use reqwest::{StatusCode, header};

use super::window::{FIRST_WORKER, UNFILED_WORKER, Window, bill, days_ago, now};
use crate::doors::page::fields;

#[tokio::test]
async fn the_way_from_card_to_settlement_leads_through_the_screens() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let home = window.get("/").await;
    assert!(home.text.contains("这位职工在院"));
    assert!(home.text.contains(&format!("href=\"/visits/{visit}\"")));

    let quoted = window.quote(&visit, &now(), &bill()).await;
    let quote = quoted.leads_to().to_owned();
    let screen = window.get(&quote).await;
    assert_eq!(screen.status, StatusCode::OK, "{}", screen.text);
    for part in [
        "可以直接结算",
        "7600.00",
        "210.00",
        "E02",
        "E03",
        "E04",
        "确认结算",
    ] {
        assert!(screen.text.contains(part), "{part}");
    }

    let unconfirmed = window
        .post(&format!("{quote}/settle"), &[("collect", "209.99")])
        .await;
    assert_eq!(unconfirmed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        unconfirmed.text.contains("collect_not_confirmed")
            && unconfirmed.text.contains("210.00 元")
    );
    let (first, second) = tokio::join!(window.press(&quote), window.press(&quote));
    let settlement = first.leads_to().to_owned();
    assert_eq!(second.leads_to(), settlement);
    let shown = window.get(&settlement).await;
    for part in [
        "请向工伤职工收取",
        "210.00",
        "7600.00",
        "7810.00",
        "等待上传",
        "张收款",
    ] {
        assert!(shown.text.contains(part), "{part}");
    }
    let slip = window.get(&format!("{settlement}/slip")).await;
    assert_eq!(slip.header(header::CONTENT_TYPE), "application/pdf");
    assert!(slip.text.starts_with("%PDF-"));
    let again = window.get(&quote).await;
    assert!(again.text.contains("这次就诊已经结算") && !again.text.contains("确认结算"));
    assert!(
        window
            .get(&format!("/visits/{visit}"))
            .await
            .text
            .contains("已经结算")
    );
}

#[tokio::test]
async fn a_key_means_one_thing_on_each_screen() {
    let window = Window::open().await;
    let empty = window.get("/").await;
    let visit = window.admit_first_worker().await;
    let quoted = window.quote(&visit, &now(), &bill()).await;
    let quote = quoted.leads_to().to_owned();
    let mut screens = vec![
        (empty, vec!["F1", "F2", "F4", "F7", "F8"]),
        (
            window.get("/").await,
            vec!["F1", "F2", "F4", "F7", "F8", "F9"],
        ),
        (
            window.get("/admission").await,
            vec!["F1", "F2", "F6", "F7", "F8", "F9"],
        ),
        (window.get("/uploads").await, vec!["F1", "F2", "F6", "F8"]),
        (
            window.get(&format!("/visits/{visit}")).await,
            vec!["F1", "F2", "F6", "F7", "F8", "F9"],
        ),
        (
            window.get(&quote).await,
            vec!["F1", "F10", "F12", "F2", "F7", "F8"],
        ),
    ];
    let settled = window.press(&quote).await;
    let settlement = window.get(settled.leads_to()).await;
    screens.push((settlement, vec!["F1", "F2", "F3", "F8", "F9"]));
    for (screen, keys) in &screens {
        assert_eq!(screen.keys(), *keys);
    }
}

#[tokio::test]
async fn a_hostile_item_name_is_shown_as_text() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let quoted = window.quote(&visit, &now(), &bill()).await;
    let screen = window.get(quoted.leads_to()).await;
    assert!(!screen.text.contains("<script>alert"));
    assert!(
        screen
            .text
            .contains("&#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62;头孢")
    );
    assert!(screen.text.contains("氨氯地平&#34;片&#34;"));
}

#[tokio::test]
async fn lines_can_be_narrowed_to_what_the_worker_pays() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let quoted = window.quote(&visit, &now(), &bill()).await;
    let quote = quoted.leads_to();
    for (show, kept, left_out) in [
        ("personal", "三人间床位费", "头孢"),
        ("self_pay", "三人间床位费", "氨氯地平"),
        ("other", "氨氯地平", "三人间床位费"),
    ] {
        let screen = window.get(&format!("{quote}?show={show}")).await;
        let lines = screen.text.split_once("id=\"lines\"").unwrap().1;
        assert!(lines.contains(kept) && !lines.contains(left_out), "{show}");
    }
}

#[tokio::test]
async fn a_bill_that_cannot_be_read_leaves_the_form_as_it_was() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let cut = bill().replace("7810.00", "7811.00");
    let at = now();
    let answer = window.quote(&visit, &at, &cut).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("bill_sum_wrong"));
    assert_eq!(answer.field("discharged_at"), at);
    assert_eq!(answer.field("diagnosis"), "左胫骨骨折愈合");
    assert_eq!(answer.field("diagnosis_code"), "S82.1");
    let later = fields::write_minute(days_ago(-1) + 1.hour());
    let answer = window.quote(&visit, &later, &bill()).await;
    assert!(answer.text.contains("discharge_time"));
    assert_eq!(answer.field("discharged_at"), later);
}

#[tokio::test]
async fn a_form_with_a_gap_comes_back_filled_in() {
    let window = Window::open().await;
    window.present(FIRST_WORKER);
    let form = window.get("/admission").await;
    assert!(form.text.contains("需先核实") && form.text.contains("liability_undeclared"));
    let answer = window
        .post(
            "/admission",
            &[
                ("act", "admit"),
                ("key", form.field("key")),
                ("presented", form.field("presented")),
                ("kind", "inpatient_medical"),
                ("liability", "none"),
                ("department", "骨科"),
                ("inpatient_number", "ZY\"0002<"),
            ],
        )
        .await;
    assert!(answer.text.contains("“入院诊断”没有填写"));
    assert!(answer.text.contains("可以入院登记"));
    assert_eq!(answer.field("department"), "骨科");
    assert_eq!(answer.field("inpatient_number"), "ZY&#34;0002&#60;");
    assert_eq!(answer.field("key"), form.field("key"));
    assert!(window.get("/").await.text.contains("没有在院登记"));
}

#[tokio::test]
async fn a_form_filled_in_for_one_person_is_not_taken_for_another() {
    let window = Window::open().await;
    window.present(FIRST_WORKER);
    let form = window.get("/admission").await;
    window.present(UNFILED_WORKER);
    let answer = window
        .post(
            "/admission",
            &[
                ("act", "admit"),
                ("key", form.field("key")),
                ("presented", form.field("presented")),
                ("who", form.field("who")),
                ("kind", "inpatient_medical"),
                ("liability", "none"),
                ("department", "骨科"),
                ("inpatient_number", "ZY0003"),
                ("diagnosis", "左胫骨骨折"),
            ],
        )
        .await;
    assert!(answer.text.contains("person_changed"));
    assert!(answer.text.contains("不能直接结算") || answer.text.contains("需先核实"));
    assert_eq!(answer.field("department"), "");
    assert!(window.counter.open_visits().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_unfiled_worker_is_refused_with_article_and_next_step() {
    let window = Window::open().await;
    window.present(UNFILED_WORKER);
    let form = window.get("/admission").await;
    for part in [
        "不能直接结算",
        "not_filed",
        "依据：",
        "先协助工伤职工办妥备案",
    ] {
        assert!(form.text.contains(part), "{part}");
    }
    let answer = window
        .post(
            "/admission",
            &[
                ("act", "admit"),
                ("key", form.field("key")),
                ("presented", form.field("presented")),
                ("kind", "inpatient_medical"),
                ("liability", "none"),
                ("department", "骨科"),
                ("inpatient_number", "ZY0004"),
                ("diagnosis", "骨折"),
            ],
        )
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("not_allowed"));
    assert_eq!(answer.field("diagnosis"), "骨折");
    assert!(window.counter.open_visits().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_does_not_exist_is_said_in_words() {
    let window = Window::open().await;
    for (path, status) in [
        ("/nothing-here", StatusCode::NOT_FOUND),
        ("/visits/nonsense", StatusCode::UNPROCESSABLE_ENTITY),
        ("/quotes/00", StatusCode::CONFLICT),
        (
            "/settlements/nonsense/slip",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ] {
        let answer = window.get(path).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(
            answer.text.contains("回到首页") && answer.text.contains("代码"),
            "{path}"
        );
    }
}
