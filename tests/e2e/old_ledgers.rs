//! Ledgers that earlier programs wrote, opened by this one.

use std::fs;
use std::path::{Path, PathBuf};

use end_to_end::{Stage, eventually};
use sandbox::Upload;
use serde_json::Value;
use tokio::process::Command;

/// What an earlier program left, and what is to be said of it.
pub(crate) struct Left {
    pub(crate) folder: PathBuf,
    facts: Value,
}

impl Left {
    pub(crate) fn by(version: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("ledgers")
            .join(version);
        let facts = fs::read_to_string(folder.join("facts.json")).unwrap();
        Self {
            folder,
            facts: serde_json::from_str(&facts).unwrap(),
        }
    }

    pub(crate) fn settlements(&self) -> &[Value] {
        self.facts["settlements"].as_array().unwrap()
    }
}

fn number(settlement: &Value) -> &str {
    settlement["number"].as_str().unwrap()
}

/// Everything of one settlement that a person sees, without where its uploads stand.
fn told(settlement: &Value) -> Vec<&Value> {
    [
        "number",
        "settled_at",
        "settled_by",
        "total",
        "fund",
        "self_pay",
        "other",
        "personal",
    ]
    .into_iter()
    .map(|field| &settlement[field])
    .collect()
}

async fn states(stage: &Stage, number: &str) -> Vec<String> {
    let settlement = stage.agent().unwrap().his().settlement(number).await;
    let settlement = settlement.unwrap();
    let uploads = settlement["uploads"].as_array().unwrap();
    let word = |upload: &Value| upload["state"].as_str().unwrap().to_owned();
    uploads.iter().map(word).collect()
}

/// The slip shows every word that the earlier program printed.
async fn shows_what_was_printed(stage: &Stage, left: &Left, number: &str) {
    let pdf = stage.folder().join(format!("{number}.pdf"));
    let to = pdf.to_str().unwrap();
    let written = stage.premises.run_configured("slip", [number, "--to", to]);
    let written = written.await.unwrap();
    assert!(written.status.success(), "{written:?}");
    let text = Command::new("pdftotext")
        .args(["-layout", to, "-"])
        .output();
    let text = String::from_utf8(text.await.unwrap().stdout).unwrap();
    let text: String = text.split_whitespace().collect();
    let before = fs::read_to_string(left.folder.join(format!("{number}.txt"))).unwrap();
    for word in before.split_whitespace() {
        assert!(text.contains(word), "{number} lacks {word}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_of_the_first_layout_keeps_its_settlements_and_slips_and_sends_its_queue_once() {
    let left = Left::by("1");
    let mut stage = Stage::inheriting(Vec::new(), &left.folder).await.unwrap();
    stage
        .premises
        .configure("[card]\nenabled = false\n")
        .unwrap();
    stage.province.set_listening(false).await.unwrap();
    stage.start_agent(&[]).await.unwrap();
    let agent = stage.agent().unwrap();
    agent.hear("check has ended found=Sound").await.unwrap();
    let his = agent.his().clone();
    for before in left.settlements() {
        let now = his.settlement(number(before)).await.unwrap();
        assert_eq!(told(&now), told(before));
        assert_eq!(
            serde_json::to_value(states(&stage, number(before)).await).unwrap(),
            before["uploads"]
        );
        shows_what_was_printed(&stage, &left, number(before)).await;
    }
    let open = his.visit(left.facts["open"].as_str().unwrap()).await;
    assert_eq!(open.unwrap()["state"], "open");

    stage.province.set_listening(true).await.unwrap();
    let waiting = number(left.settlements().last().unwrap());
    eventually("the upload of what waited", async || {
        stage.agent()?.advance(60).await?;
        let arrived = states(&stage, waiting).await;
        Ok(arrived
            .iter()
            .all(|state| state == "delivered")
            .then_some(()))
    })
    .await
    .unwrap();
    let accepted = stage.province.accepted().await.unwrap();
    let of_kind = |upload| accepted.iter().filter(|one| one.upload == upload).count();
    assert_eq!(of_kind(Upload::Settlement), 2, "the refused one stays here");
    assert_eq!(of_kind(Upload::FeeDetail), 3);
    assert_eq!(of_kind(Upload::VisitRegistration), 4);
    let refused = number(&left.settlements()[1]);
    assert_eq!(states(&stage, refused).await[2], "rejected");
    stage.strike().await.unwrap();
}
