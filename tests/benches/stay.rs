//! Whole stays through the running agent: from the card's insertion to the province's acknowledgement.
//!
//! The card's reading stands beside what pcscd takes to notice the card: the rest of the time until the agent shows who
//! it is. Quote, commit, slip and acknowledgement are those of the shipped bill, over the hospital's interface.

use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use end_to_end::{His, Stage, Stay, bill_ending_on, rows};
use serde_json::Value;
use tokio::time::Instant;
use virtual_card::{Card, Holder, Rig, Variant};

/// Stays that are timed; one more goes before.
const TIMED: usize = 20;

/// One stay's times.
struct Times {
    /// From the agent seeing the card to the identity, as the agent measures it.
    read: Duration,
    /// From the insertion to the identity on the desk, asked every 20 ms.
    shown: Duration,
    quote: Duration,
    settle: Duration,
    slip: Duration,
    /// From the commit's answer to the acknowledgement, asked every 20 ms.
    acknowledged: Duration,
}

/// What is told, and which of a stay's times it is.
type Figure = (&'static str, fn(&Times) -> Duration);

fn main() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(run())
}

async fn run() -> Result<()> {
    let rig = Rig::start(&["Virtual PCD"])?;
    let stage = Stage::raise(rig.environment()).await?;
    stage.agent()?.his().synchronised().await?;
    let stay_once = async |press: usize| stay(&rig, &stage, press).await;
    stay_once(0).await?;
    let mut all = Vec::with_capacity(TIMED);
    for press in 1..=TIMED {
        all.push(stay_once(press).await?);
    }
    report(&all)?;
    stage.strike().await
}

async fn stay(rig: &Rig, stage: &Stage, press: usize) -> Result<Times> {
    let his = stage.agent()?.his();
    let stay = Stay::ending_now()?;
    let bill = bill_ending_on(stay.last_day)?;
    let card = Card::new(Variant::V30, &Holder::default())?;
    let began = Instant::now();
    let inserted = rig.insert(0, card)?;
    let presented = his.read().await?;
    let shown = began.elapsed();
    let read = presented["took_ms"].as_u64().context("took_ms")?;
    let visit = text(
        &his.admit_as(&format!("ZY{press}"), &format!("press-{press}"), &stay)
            .await?,
        "number",
    )?;
    his.registration_number(&visit).await?;

    let began = Instant::now();
    let quoted = his.quote(&visit, &stay, bill.as_bytes()).await?;
    let quote = began.elapsed();
    let (settlement, settle) = settled(his, &quoted).await?;
    let began = Instant::now();
    let to = stage.folder().join(format!("{settlement}.pdf"));
    write_slip(stage, &settlement, &to).await?;
    let slip = began.elapsed();
    his.delivered(&settlement).await?;
    let acknowledged = began.elapsed();
    inserted.draw_out();
    his.drawn().await?;
    Ok(Times {
        read: Duration::from_millis(read),
        shown,
        quote,
        settle,
        slip,
        acknowledged,
    })
}

async fn settled(his: &His, quoted: &Value) -> Result<(String, Duration)> {
    let quote = text(quoted, "id")?;
    let began = Instant::now();
    let settlement = his.settle(&quote).await?;
    let took = began.elapsed();
    Ok((text(&settlement, "number")?, took))
}

async fn write_slip(stage: &Stage, settlement: &str, to: &Path) -> Result<()> {
    let to = to.to_str().context("a path in UTF-8")?;
    let written = stage
        .premises
        .run_configured("slip", [settlement, "--to", to])
        .await?;
    ensure!(written.status.success(), "no slip");
    Ok(())
}

fn report(all: &[Times]) -> Result<()> {
    let lines = rows(end_to_end::BILL)?.len();
    let mut out = std::io::stdout();
    let figures: [Figure; 6] = [
        ("card seen to identity, through agent and province", |t| {
            t.read
        }),
        (
            "card inserted to identity shown, pcscd's polling included",
            |t| t.shown,
        ),
        ("bill to decision", |t| t.quote),
        ("press to commit's answer", |t| t.settle),
        (
            "commit to slip on disk, a process of its own included",
            |t| t.slip,
        ),
        ("commit to acknowledgement, the slip meanwhile", |t| {
            t.acknowledged
        }),
    ];
    for (what, time) in figures {
        let mut times: Vec<Duration> = all.iter().map(time).collect();
        times.sort_unstable();
        let median = times.get(times.len() / 2).context("no stay was timed")?;
        let most = times.last().context("no stay was timed")?;
        writeln!(
            out,
            "figure: stay, {lines} lines: {what}: median {:.1} ms, most {:.1} ms of {TIMED}",
            median.as_secs_f64() * 1e3,
            most.as_secs_f64() * 1e3
        )?;
    }
    Ok(())
}

fn text(value: &Value, field: &str) -> Result<String> {
    let text = value[field].as_str().map(str::to_owned);
    text.with_context(|| format!("the agent's answer has no {field}"))
}
