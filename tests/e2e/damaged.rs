//! A ledger that somebody who has the key wrote in by hand: every screen and door says so, and nothing goes on.

use std::fs;

use end_to_end::{Stage, Stay, eventually};
use reqwest::{Client, header};
use rusqlite::Connection;
use sandbox::{Accepted, Upload};
use serde_json::Value;

use crate::doors::entered;
use crate::old_ledgers::Left;

/// Runs `statements` on the stopped agent's ledger, with nothing in their way.
pub(crate) fn tamper(stage: &Stage, statements: &str) {
    let key = fs::read_to_string(stage.premises.ledger_key()).unwrap();
    let ledger = Connection::open(stage.premises.state().join("ledger.db")).unwrap();
    let raw = format!("x'{}'", key.trim());
    ledger.pragma_update(None, "key", raw).unwrap();
    let triggers: String = ledger
        .query_row(
            "SELECT group_concat('DROP TRIGGER ' || name, ';') FROM sqlite_schema WHERE type = 'trigger'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    ledger.execute_batch(&triggers).unwrap();
    ledger.execute_batch(statements).unwrap();
}

/// A signed-in browser's view of one screen.
pub(crate) async fn screen(stage: &Stage, cookie: &str, path: &str) -> String {
    let address = format!("{}{path}", stage.agent().unwrap().origin());
    let request = Client::new().get(address).header(header::COOKIE, cookie);
    request.send().await.unwrap().text().await.unwrap()
}

/// A browser that this account's link has signed in; its cookie.
pub(crate) async fn signed_in(stage: &Stage) -> String {
    let printed = stage.premises.run_configured("page", []).await.unwrap();
    entered(String::from_utf8(printed.stdout).unwrap().trim()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_altered_settlement_is_said_at_every_door_and_nothing_is_admitted_settled_or_printed() {
    let left = Left::by("1");
    let mut stage = Stage::inheriting(Vec::new(), &left.folder).await.unwrap();
    stage
        .premises
        .configure("[card]\nenabled = false\n")
        .unwrap();
    let number = left.settlements()[0]["number"].as_str().unwrap();
    tamper(
        &stage,
        &format!("UPDATE settlement SET fund = '24397.51' WHERE number = '{number}'"),
    );
    stage.start_agent(&[]).await.unwrap();
    let agent = stage.agent().unwrap();
    agent.hear("check has ended found=Damaged").await.unwrap();

    let his = agent.his();
    let standing = his.standing().await.unwrap();
    assert_eq!(standing["ledger"]["state"], "stopped");
    assert_eq!(standing["ledger"]["notice"]["code"], "ledger_damaged");
    let admitted = his.admit("press", &Stay::ending_now().unwrap()).await;
    assert_eq!(admitted.unwrap_err().code(), Some("ledger_damaged"));
    let settled = his.settle("any").await;
    assert_eq!(settled.unwrap_err().code(), Some("ledger_damaged"));
    let slip = stage.folder().join("slip.pdf");
    let printed = ["--to", slip.to_str().unwrap()];
    let printed = stage
        .premises
        .run_configured("slip", [number, printed[0], printed[1]]);
    let printed = printed.await.unwrap();
    let said = String::from_utf8(printed.stderr).unwrap();
    assert!(said.contains("（ledger_damaged）"), "{said}");
    assert!(!slip.exists());

    let cookie = signed_in(&stage).await;
    let settlement = format!("/settlements/{number}");
    for path in ["/", "/admission", "/uploads", &settlement] {
        let screen = screen(&stage, &cookie, path).await;
        for words in [
            "台账损坏或被改动过，已停止登记、结算和出单。",
            "台账：已停止办理",
        ] {
            assert!(screen.contains(words), "{path}: {screen}");
        }
    }
    stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_altered_upload_is_not_sent_and_every_door_says_so() {
    let left = Left::by("1");
    let mut stage = Stage::inheriting(Vec::new(), &left.folder).await.unwrap();
    stage
        .premises
        .configure("[card]\nenabled = false\n")
        .unwrap();
    stage.province.set_listening(false).await.unwrap();
    stage.start_agent(&[]).await.unwrap();
    stage.agent.take().unwrap().stop().await.unwrap();
    tamper(
        &stage,
        "UPDATE queue_body SET body = CAST(replace(CAST(body AS TEXT), '15.00', '25.00') AS BLOB)
         WHERE upload IN (SELECT sequence FROM queue_upload WHERE kind = 'fee_detail' AND state <> 'delivered')",
    );
    stage.start_agent(&[]).await.unwrap();
    stage.province.set_listening(true).await.unwrap();
    let agent = stage.agent().unwrap();
    let refused = eventually("an upload that is refused here", async || {
        agent.advance(60).await?;
        let uploads = agent.his().uploads().await?;
        let find =
            |upload: &&Value| upload["carries"] == "fee_detail" && upload["state"] == "rejected";
        Ok(uploads
            .as_array()
            .and_then(|all| all.iter().find(find).cloned()))
    });
    let refused = refused.await.unwrap();
    let said = refused["say"].as_str().unwrap();
    assert!(said.contains("被改动过，没有上传"), "{said}");
    let standing = agent.his().standing().await.unwrap();
    assert_eq!(standing["ledger"]["notice"]["code"], "ledger_damaged");
    let now = stage.province.accepted().await.unwrap();
    let details = |upload: &&Accepted| upload.upload == Upload::FeeDetail;
    assert_eq!(now.iter().filter(details).count(), 2);
    stage.strike().await.unwrap();
}
