//! Uploads that have waited: from the network coming back to the first and the last of three hundred messages, and a healthy visit
//! beside five whose registrations hang.
//!
//! A hundred stays are admitted and settled while the province is down, three messages each. Times are from the province
//! listening again: five to ten seconds of the first are the wait between two tries.

use std::io::Write as _;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use end_to_end::{His, Stage, Stay, bill_ending_on};
use tokio::time::Instant;
use virtual_card::{Card, Holder, Rig, Variant};

/// Stays in the outage; three messages each.
const STAYS: usize = 100;

/// Outages that are timed.
const OUTAGES: usize = 3;

/// Healthy registrations that are timed, each beside five that hang.
const HEALTHY: usize = 5;

/// How often the province is asked what it has.
const ASK_EVERY: Duration = Duration::from_millis(10);

fn main() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(run())
}

async fn run() -> Result<()> {
    let rig = Rig::start(&["Virtual PCD"])?;
    let mut back = Vec::new();
    for _ in 0..OUTAGES {
        back.push(outage(&rig).await?);
    }
    let mut out = std::io::stdout();
    let messages = STAYS * 3;
    for (what, times) in [
        ("first", back.iter().map(|(first, _)| *first).collect()),
        (
            "last",
            back.iter().map(|(_, last)| *last).collect::<Vec<_>>(),
        ),
    ] {
        let (median, most) = middle(times)?;
        writeln!(
            out,
            "figure: uploads: network back to the {what} of {messages} waiting: median {median:.0} ms, most {most:.0} ms of {OUTAGES}"
        )?;
    }
    let (alone, beside) = hanging(&rig).await?;
    let ((alone, _), (beside, most)) = (middle(alone)?, middle(beside)?);
    writeln!(
        out,
        "figure: uploads: press to the province having a healthy registration: alone median {alone:.0} ms, beside five that hang median {beside:.0} ms ({:.1} times), most {most:.0} ms of {HEALTHY}",
        beside / alone
    )?;
    Ok(())
}

/// Median and longest, in milliseconds.
fn middle(mut times: Vec<Duration>) -> Result<(f64, f64)> {
    times.sort_unstable();
    let ms = |time: Option<&Duration>| time.map(|time| time.as_secs_f64() * 1e3);
    let median = ms(times.get(times.len() / 2)).context("nothing was timed")?;
    let most = ms(times.last()).context("nothing was timed")?;
    Ok((median, most))
}

/// From the province listening again to its having the first, and all, of what has waited.
async fn outage(rig: &Rig) -> Result<(Duration, Duration)> {
    let stage = Stage::raise(rig.environment()).await?;
    let his = stage.agent()?.his();
    his.synchronised().await?;
    let inserted = rig.insert(0, Card::new(Variant::V30, &Holder::default())?)?;
    his.read().await?;
    stage.province.set_listening(false).await?;
    let stay = Stay::ending_now()?;
    let bill = bill_ending_on(stay.last_day)?;
    for press in 0..STAYS {
        let visit = admitted(his, press, &stay).await?;
        let quote = his.quote(&visit, &stay, bill.as_bytes()).await?;
        his.settle(quote["id"].as_str().context("a quote")?).await?;
    }
    stage.province.set_listening(true).await?;
    let began = Instant::now();
    let first = has(&stage, 1, began).await?;
    let last = has(&stage, STAYS * 3, began).await?;
    inserted.draw_out();
    his.drawn().await?;
    stage.strike().await?;
    Ok((first, last))
}

/// How long until the province has so many messages.
async fn has(stage: &Stage, messages: usize, began: Instant) -> Result<Duration> {
    loop {
        if stage.province.accepted().await?.len() >= messages {
            return Ok(began.elapsed());
        }
        ensure!(
            began.elapsed() < Duration::from_mins(5),
            "{messages} messages did not come"
        );
        tokio::time::sleep(ASK_EVERY).await;
    }
}

async fn admitted(his: &His, press: usize, stay: &Stay) -> Result<String> {
    let visit = his
        .admit_as(&format!("ZY{press}"), &format!("press-{press}"), stay)
        .await?;
    let number = visit["number"].as_str().context("a visit's number")?;
    Ok(number.to_owned())
}

/// From the press to the province having a healthy registration: alone, and beside five that hang.
async fn hanging(rig: &Rig) -> Result<(Vec<Duration>, Vec<Duration>)> {
    let stage = Stage::raise(rig.environment()).await?;
    let his = stage.agent()?.his();
    his.synchronised().await?;
    let inserted = rig.insert(0, Card::new(Variant::V30, &Holder::default())?)?;
    his.read().await?;
    let stay = Stay::ending_now()?;
    let bill = bill_ending_on(stay.last_day)?;
    let mut press = 0;
    let mut alone = Vec::new();
    let mut beside = Vec::new();
    for hang in [false, true] {
        for number in 0..(HEALTHY + if hang { 5 } else { 0 }) {
            press += 1;
            let hangs = hang && number < 5;
            if hangs {
                let hospital_number = format!("\"ZY{press}\"");
                stage.province.hang(&hospital_number).await?;
            }
            let taken = stage.province.accepted().await?.len();
            let began = Instant::now();
            let visit = admitted(his, press, &stay).await?;
            if !hangs {
                let took = has(&stage, taken + 1, began).await?;
                if hang { &mut beside } else { &mut alone }.push(took);
            }
            // One open visit a worker: settled, so that the next can be admitted.
            let quote = his.quote(&visit, &stay, bill.as_bytes()).await?;
            let settled = his.settle(quote["id"].as_str().context("a quote")?).await?;
            if !hangs {
                his.delivered(settled["number"].as_str().context("a number")?)
                    .await?;
            }
        }
    }
    inserted.draw_out();
    his.drawn().await?;
    stage.strike().await?;
    Ok((alone, beside))
}
