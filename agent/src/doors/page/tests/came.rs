//! The journal says by whose account and which door somebody came who admitted, settled or saw a slip.

use nix::unistd::Uid;
use serde_json::{Value, json};

use super::window::Window;
use crate::counter::CounterError;
use crate::ledger::LedgerError;

/// Kind and body of every entry that names a door.
async fn with_a_door(window: &Window) -> Vec<(String, Value)> {
    window
        .counter
        .ledger()
        .read(|conn| {
            let query =
                "SELECT kind, body FROM journal WHERE body LIKE '%\"door\"%' ORDER BY sequence";
            let mut statement = conn.prepare(query).map_err(LedgerError::from)?;
            let rows = statement
                .query_map([], |row| {
                    Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
                })
                .map_err(LedgerError::from)?;
            let mut entries = Vec::new();
            for row in rows {
                let (kind, body) = row.map_err(LedgerError::from)?;
                entries.push((kind, serde_json::from_str(&body).unwrap()));
            }
            Ok::<_, CounterError>(entries)
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn every_act_at_the_page_names_account_and_door() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let settlement = window.settle(&visit).await;
    window.get(&format!("/settlements/{settlement}/slip")).await;
    let account = Uid::effective().as_raw();
    let act = |act: &str| json!({ "v": 1, "act": act, "by": "cashier", "account": account, "door": "page" });
    let slip = json!({ "v": 1, "by": "cashier", "came": { "account": account, "door": "page" } });
    assert_eq!(
        with_a_door(&window).await,
        [
            ("came".to_owned(), act("admitted")),
            ("came".to_owned(), act("settled")),
            ("slip_shown".to_owned(), slip),
        ]
    );
}
