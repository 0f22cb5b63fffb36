//! What the journal says of slips: those that were handed out, and no others.

use super::window::{Window, bill, now};
use crate::counter::Actor;
use crate::counter::CounterError;

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
            .write_slip(&settled.number, &undrawable)
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
        .write_slip(&settlement, &cashier)
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
