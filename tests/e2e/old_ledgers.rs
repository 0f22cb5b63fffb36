//! Ledgers that earlier programs wrote, opened by this one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
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

/// Every word of a slip, without the blanks.
pub(crate) async fn slip_text(stage: &Stage, number: &str) -> String {
    let pdf = stage.folder().join(format!("{number}.pdf"));
    let to = pdf.to_str().unwrap();
    let written = stage.premises.run_configured("slip", [number, "--to", to]);
    let written = written.await.unwrap();
    assert!(written.status.success(), "{written:?}");
    let text = Command::new("pdftotext")
        .args(["-layout", to, "-"])
        .output();
    let text = String::from_utf8(text.await.unwrap().stdout).unwrap();
    fs::remove_file(to).unwrap();
    text.split_whitespace().collect()
}

/// The slip shows every word that the earlier program printed.
async fn shows_what_was_printed(stage: &Stage, left: &Left, number: &str) {
    let text = slip_text(stage, number).await;
    let before = fs::read_to_string(left.folder.join(format!("{number}.txt"))).unwrap();
    for word in before.split_whitespace() {
        assert!(text.contains(word), "{number} lacks {word}: {text}");
    }
}

/// What the province must have in the end.
struct Arrived {
    registrations: usize,
    fee_details: usize,
    settlements: usize,
}

/// Opens what is left, finds everything as it was told then, and sends what waits, once.
async fn goes_on(left: &Left, copy: &str, arrived: &Arrived) -> Stage {
    let mut stage = Stage::inheriting(Vec::new(), &left.folder).await.unwrap();
    stage
        .premises
        .configure("[card]\nenabled = false\n")
        .unwrap();
    stage.province.set_listening(false).await.unwrap();
    stage.start_agent(&[]).await.unwrap();
    let agent = stage.agent().unwrap();
    agent.hear("check has ended found=Sound").await.unwrap();
    agent.hear(copy).await.unwrap();
    assert!(stage.premises.state().join(copy).exists());
    let his = agent.his().clone();
    for before in left.settlements() {
        let now = his.settlement(number(before)).await.unwrap();
        assert_eq!(told(&now), told(before));
        assert_eq!(
            serde_json::to_value(states(&stage, number(before)).await).unwrap(),
            before["uploads"]
        );
        shows_what_was_printed(&stage, left, number(before)).await;
    }
    let open = his.visit(left.facts["open"].as_str().unwrap()).await;
    assert_eq!(open.unwrap()["state"], "open");

    stage.province.set_listening(true).await.unwrap();
    let refused = number(&left.settlements()[1]);
    eventually("the upload of what waited", async || {
        stage.agent()?.advance(60).await?;
        let open = stage.agent()?.his().uploads().await?;
        let open = open.as_array().context("a list of uploads")?;
        Ok((open.len() == 1).then_some(()))
    })
    .await
    .unwrap();
    let accepted = stage.province.accepted().await.unwrap();
    let of_kind = |upload| accepted.iter().filter(|one| one.upload == upload).count();
    assert_eq!(
        of_kind(Upload::Settlement),
        arrived.settlements,
        "the refused one stays here"
    );
    assert_eq!(of_kind(Upload::FeeDetail), arrived.fee_details);
    assert_eq!(of_kind(Upload::VisitRegistration), arrived.registrations);
    assert_eq!(states(&stage, refused).await[2], "rejected");
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_of_the_first_layout_keeps_its_settlements_and_slips_and_sends_its_queue_once() {
    let arrived = Arrived {
        registrations: 4,
        fee_details: 3,
        settlements: 2,
    };
    let stage = goes_on(&Left::by("1"), "ledger.db.before-upgrade-from-1", &arrived).await;
    stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_of_the_third_layout_sends_its_bodies_as_they_are_and_its_slips_gain_the_number() {
    let arrived = Arrived {
        registrations: 5,
        fee_details: 4,
        settlements: 3,
    };
    let left = Left::by("2");
    let stage = goes_on(&left, "ledger.db.before-upgrade-from-3", &arrived).await;
    // Settled before its registration was answered: the body that was frozen then says so for ever, the slip does not.
    let fourth = number(&left.settlements()[3]);
    let settled = stage.agent().unwrap().his().settlement(fourth).await;
    let visit = settled.unwrap()["visit"]["number"]
        .as_str()
        .unwrap()
        .to_owned();
    let his = stage.agent().unwrap().his();
    let given = his.registration_number(&visit).await.unwrap();
    let accepted = stage.province.accepted().await.unwrap();
    let record = accepted.last().unwrap();
    assert_eq!(record.upload, Upload::Settlement);
    assert!(record.body.get().contains(fourth));
    assert!(record.body.get().contains(r#""registration_number":null"#));
    assert!(slip_text(&stage, fourth).await.contains(&given));
    stage.strike().await.unwrap();
}
