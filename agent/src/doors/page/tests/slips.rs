//! What the journal says of slips: those that were handed out, and no others.

use reqwest::{StatusCode, header};

use super::window::{Window, bill, now};
use crate::counter::Actor;
use crate::counter::CounterError;
use crate::counter::{Again, SlipCopy};

#[tokio::test]
async fn a_slip_that_cannot_be_drawn_leaves_no_entry_in_the_journal() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let quoted = window.quote(&visit, &now(), &bill()).await;
    let quote = quoted.leads_to().strip_prefix("/quotes/").unwrap();
    let undrawable = Actor::for_tests("cashier", "张\u{1f600}");
    let settled = window.counter.settle(quote, &undrawable).await.unwrap();
    for drawn in [
        window.counter.slip(&settled.number, &undrawable).await,
        window
            .counter
            .write_slip(&settled.number, None, &undrawable)
            .await,
    ] {
        assert!(matches!(drawn, Err(CounterError::Slip(_))), "{drawn:?}");
    }
    assert_eq!(slips_in_the_journal(&window).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_slip_that_is_handed_out_stands_in_the_journal() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let settlement = window.settle(&visit).await;
    let cashier = Actor::for_tests("cashier", "张收款");
    window.counter.slip(&settlement, &cashier).await.unwrap();
    window
        .counter
        .write_slip(&settlement, None, &cashier)
        .await
        .unwrap();
    assert_eq!(
        slips_in_the_journal(&window).await,
        [
            format!("slip_shown {settlement}"),
            format!("slip_written {settlement}")
        ]
    );
}

#[tokio::test]
async fn a_later_copy_stands_in_the_journal_with_the_copy_it_replaces_and_why() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let settlement = window.settle(&visit).await;
    let cashier = Actor::for_tests("cashier", "张收款");
    let first = window
        .counter
        .write_slip(&settlement, None, &cashier)
        .await
        .unwrap();
    let again = Again::wanted(SlipCopy::Worker, " 职工遗失 ").unwrap();
    let later = window
        .counter
        .write_slip(&settlement, Some(again), &cashier)
        .await
        .unwrap();
    assert_ne!(first, later);
    let bodies = window.journal("slip_written").await;
    let bodies: Vec<serde_json::Value> = bodies
        .iter()
        .map(|body| serde_json::from_str(body).unwrap())
        .collect();
    assert!(bodies[0].get("again").is_none());
    assert_eq!(
        bodies[1]["again"],
        serde_json::json!({ "copy": "worker", "reason": "职工遗失" })
    );
}

#[tokio::test]
async fn a_later_copy_is_shown_from_the_page_once_a_reason_is_given() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let settlement = window.settle(&visit).await;
    let path = format!("/settlements/{settlement}/copy");
    let form = window.get(&path).await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(form.text.contains("补打哪一联"), "{}", form.text);

    let blank = window
        .post(&path, &[("copy", "institution"), ("reason", "")])
        .await;
    assert_eq!(blank.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(blank.text.contains("“补打原因”没有填写"), "{}", blank.text);
    assert!(
        blank
            .text
            .contains("<option value=\"institution\" selected>"),
        "what was chosen is still there"
    );
    let unknown = window
        .post(&path, &[("copy", "third"), ("reason", "遗失")])
        .await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(slips_in_the_journal(&window).await, Vec::<String>::new());

    let shown = window
        .post(&path, &[("copy", "institution"), ("reason", "污损")])
        .await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(shown.header(header::CONTENT_TYPE), "application/pdf");
    assert_eq!(shown.header(header::CACHE_CONTROL), "no-store");
    let body: serde_json::Value =
        serde_json::from_str(&window.journal("slip_shown").await[0]).unwrap();
    assert_eq!(
        body["again"],
        serde_json::json!({ "copy": "institution", "reason": "污损" })
    );
}

#[test]
fn a_later_copy_without_a_reason_is_refused() {
    for reason in ["", " \n", &"因".repeat(101), "遗\u{200b}失"] {
        assert!(Again::wanted(SlipCopy::Institution, reason).is_err());
    }
}

async fn slips_in_the_journal(window: &Window) -> Vec<String> {
    window
        .counter
        .ledger()
        .read(|conn| {
            let mut found = conn
                .prepare(
                    "SELECT kind || ' ' || subject FROM journal WHERE kind LIKE 'slip_%' ORDER BY sequence",
                )
                .unwrap();
            let rows = found.query_map([], |row| row.get(0)).unwrap();
            Ok::<_, CounterError>(rows.map(Result::unwrap).collect())
        })
        .await
        .unwrap()
}
