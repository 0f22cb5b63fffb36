//! The steps of the stay, from the province's start to its acknowledgement.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use end_to_end::{Agent, His, ReaderRoom, Stage, Stay, bill_ending_on, rows, written};
use sandbox::{Accepted, Receipt};
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::Instant;

use crate::ending::{self, Outcome, Timing};
use crate::narration::{Narration, complain, took};

/// The argument with which this program becomes the room with the reader.
pub(crate) const CARD_HALL: &str = "card-room";

/// What is running. Fields drop in order.
#[derive(Debug)]
pub(crate) struct Play {
    stage: Stage,
    room: ReaderRoom,
    /// Where bill and slip stay.
    folder: PathBuf,
    _reader_folder: TempDir,
}

/// What the card showed, and how long that took.
struct Identity {
    name: String,
    number: String,
    inserted: Instant,
    took: Duration,
}

impl Play {
    /// The whole stay; ends with the table.
    pub(crate) async fn whole(narration: &Narration) -> Result<Self> {
        let mut play = Self::set_the_stage(narration).await?;
        match play.acts(narration).await {
            Ok(()) => Ok(play),
            Err(error) => {
                complain("a step failed; the agent's log so far:");
                complain(&play.stage.agent()?.log());
                Err(error)
            }
        }
    }

    async fn acts(&mut self, narration: &Narration) -> Result<()> {
        let stay = Stay::ending_now()?;
        let bill = write_bill(narration, &self.folder, &stay)?;
        let visit = self.admission(narration, &stay).await?;
        let outcome = self.discharge(narration, &visit, &stay, &bill).await?;
        ending::table(narration, &outcome);
        Ok(())
    }

    /// A link that opens the counter's page once.
    pub(crate) async fn page_link(&mut self) -> Result<String> {
        let made = self.stage.premises.run_configured("page", []).await?;
        ensure!(
            made.status.success(),
            "no link to the page: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        Ok(String::from_utf8(made.stdout)?.trim().to_owned())
    }

    /// Ends everything in order.
    pub(crate) async fn end(self, narration: &Narration) -> Result<()> {
        let Self { stage, room, .. } = self;
        let struck = stage.strike().await;
        let closed = room.close().await;
        struck.and(closed)?;
        narration.say(
            "Agent, province and pcscd have ended; nothing stays behind but the bill and the slip.",
        );
        Ok(())
    }

    async fn set_the_stage(narration: &Narration) -> Result<Self> {
        let reader_folder = TempDir::with_prefix("demo-").context("temporary folder")?;
        let room =
            ReaderRoom::open(&std::env::current_exe()?, CARD_HALL, reader_folder.path()).await?;
        narration.say("pcscd runs with a virtual reader (vsmartcard-vpcd), in a network of its own: nobody else sees it.");
        let stage = Stage::raise(room.environment()).await?;
        narration.say("The province's sandbox (省平台模拟) listens, HTTPS with client certificates from its own CA:");
        narration.more(&stage.province.ready().url);
        let agent = stage.agent()?;
        narration.say(
            "settlement-agent runs as a process of its own, its ledger encrypted (SQLCipher):",
        );
        narration.more(&format!(
            "page and hospital interface on {}, configuration {}",
            agent.origin(),
            stage.premises.configuration().display()
        ));
        let as_of = agent.his().synchronised().await?;
        narration.say(
            "The registry is synchronised: institution, filings (备案), catalogues (三个目录),",
        );
        narration.more(&format!("as of {}.", as_of.as_str().unwrap_or("?")));
        Ok(Self {
            stage,
            room,
            folder: demo_folder()?,
            _reader_folder: reader_folder,
        })
    }

    /// 入院登记, ten days ago.
    async fn admission(&mut self, narration: &Narration, stay: &Stay) -> Result<String> {
        narration.plain("");
        narration.say(&format!(
            "ADMISSION 入院登记, recorded for {}",
            written(stay.admitted)
        ));
        let identity = self.read_card(narration).await?;
        let his = self.his()?;
        let visit = his.admit("demo-admission", stay).await?;
        let number = text(&visit, "number")?;
        narration.say(&format!(
            "Filing and identity stand (national Art. 33): {} is admitted as visit {number}.",
            identity.name
        ));
        let registration = his.registration_number(&number).await?;
        narration.say(&format!(
            "The province has registered the visit: 就医登记号 {registration}."
        ));
        self.room.draw_out().await?;
        his.drawn().await?;
        narration.say("The card is drawn out.");
        Ok(number)
    }

    /// 出院结算, now.
    async fn discharge(
        &mut self,
        narration: &Narration,
        visit: &str,
        stay: &Stay,
        bill: &str,
    ) -> Result<Outcome> {
        narration.plain("");
        narration.say(&format!("DISCHARGE 出院结算, {}", written(stay.discharged)));
        let identity = self.read_card(narration).await?;
        let began = identity.inserted;
        let his = self.his()?;
        let quote = his.quote(visit, stay, bill.as_bytes()).await?;
        let decided = began.elapsed();
        told_decision(narration, &quote)?;
        let settlement = his.settle(&text(&quote, "id")?).await?;
        let committed = began.elapsed();
        let number = text(&settlement, "number")?;
        narration.say(&format!(
            "Settled and committed with its journal entry and its uploads in one transaction: {number}."
        ));
        let slip = self.write_slip(&number).await?;
        let written = began.elapsed();
        narration.say("Annex 10 (结算单) is written.");
        let delivered = his.delivered(&number).await?;
        let acknowledged = began.elapsed();
        let record = self.acknowledged_record(&number).await?;
        same_to_the_cent(&delivered, &record.1)?;
        in_time(&record.0.receipt)?;
        narration.say(&format!(
            "The province has checked every line and sum and acknowledged the same totals: receipt {}, in time.",
            record.0.receipt.receipt_number
        ));
        Ok(Outcome {
            quote,
            rows: rows(bill)?,
            record: record.1,
            settlement: number,
            slip,
            timing: Timing {
                read: identity.took,
                decided,
                committed,
                slip: written,
                acknowledged,
            },
        })
    }

    async fn read_card(&mut self, narration: &Narration) -> Result<Identity> {
        let inserted = Instant::now();
        self.room.insert().await?;
        let presented = self.his()?.read().await?;
        opened_by_the_province(&presented)?;
        let identity = Identity {
            name: text(&presented, "name")?,
            number: text(&presented, "social_security_number")?,
            inserted,
            took: Duration::from_millis(presented["took_ms"].as_u64().context("took_ms")?),
        };
        narration.say(&format!(
            "A social security card (3.0) is put in; external authentication (外部认证) relayed to the province; read in {}:",
            took(identity.took)
        ));
        narration.more(&format!(
            "{} {} (synthetic)",
            identity.name, identity.number
        ));
        Ok(identity)
    }

    async fn write_slip(&self, settlement: &str) -> Result<PathBuf> {
        let path = self.folder.join(format!("annex10-{settlement}.pdf"));
        let to = path.to_str().context("the slip's path is not UTF-8")?;
        let premises = &self.stage.premises;
        let made = premises
            .run_configured("slip", [settlement, "--to", to])
            .await?;
        ensure!(
            made.status.success(),
            "no slip: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        Ok(path)
    }

    /// The settlement record as the province keeps it.
    async fn acknowledged_record(&self, settlement: &str) -> Result<(Accepted, Value)> {
        for message in self.stage.province.accepted().await? {
            if message.upload == sandbox::Upload::Settlement {
                let body: Value = serde_json::from_str(message.body.get())?;
                if body["settlement_number"] == settlement {
                    return Ok((message, body));
                }
            }
        }
        bail!("the province does not have settlement {settlement}, although the agent says so")
    }

    fn his(&self) -> Result<His> {
        self.stage.agent().map(Agent::his).cloned()
    }
}

fn told_decision(narration: &Narration, quote: &Value) -> Result<()> {
    ensure!(
        quote["may_be_settled"] == true,
        "the rules do not allow this settlement: {}",
        quote["reasons"]
    );
    let asked = if quote["cache_age_minutes"].is_null() {
        "the province answered just now"
    } else {
        "from the cache"
    };
    narration.say(&format!(
        "The rules allow direct settlement (直接结算; {asked}). Total 总费用 {}:",
        text(quote, "total")?
    ));
    narration.more(&format!(
        "fund 基金支付 {}, self-pay 自费 {}, other 其他 {}; the worker pays 个人支付 {}.",
        text(quote, "fund")?,
        text(quote, "self_pay")?,
        text(quote, "other")?,
        text(quote, "personal")?
    ));
    Ok(())
}

/// What the agent committed is what the province keeps.
fn same_to_the_cent(settlement: &Value, record: &Value) -> Result<()> {
    let matrix = &record["matrix"];
    let pairs = [
        (&settlement["total"], &matrix["total"]),
        (&settlement["fund"], &matrix["fund"]["total"]),
        (&settlement["self_pay"], &matrix["self_pay"]["total"]),
        (&settlement["other"], &matrix["other"]["total"]),
        (&settlement["personal"], &matrix["personal"]),
    ];
    for (ours, theirs) in pairs {
        ensure!(
            ours.is_string() && ours == theirs,
            "the totals differ: {ours} here, {theirs} at the province"
        );
    }
    Ok(())
}

/// The thirty minutes of national Art. 33, as the province counts them.
fn in_time(receipt: &Receipt) -> Result<()> {
    match receipt.late_by_s {
        None => Ok(()),
        Some(seconds) => bail!("the settlement reached the province {seconds} s too late"),
    }
}

/// The card gave its holder up to the province's answer; where it does not, the agent remarks on it and asks by card number.
fn opened_by_the_province(presented: &Value) -> Result<()> {
    let remarks = presented["remarks"].as_array().context("remarks")?;
    ensure!(
        remarks.is_empty(),
        "the card was read with remarks: {}",
        presented["remarks"]
    );
    Ok(())
}

/// The shipped bill, moved to end today, as the file that the hospital's system would have written.
fn write_bill(narration: &Narration, folder: &Path, stay: &Stay) -> Result<String> {
    let bill = bill_ending_on(stay.last_day)?;
    let path = folder.join("bill.csv");
    std::fs::write(&path, &bill).context("the bill's file")?;
    narration.say(&format!(
        "The hospital's bill: {} lines, tests/bills/discharge.csv with its dates moved to end today:",
        rows(&bill)?.len()
    ));
    narration.more(&path.display().to_string());
    Ok(bill)
}

/// A new folder for what stays, `target/demo/<time>-…`; for its owner alone, as what names a patient would be.
fn demo_folder() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let target = own
        .parent()
        .and_then(Path::parent)
        .context("where this program lies")?;
    let all = target.join("demo");
    std::fs::create_dir_all(&all).with_context(|| format!("the folder {}", all.display()))?;
    let now = written(Stay::ending_now()?.discharged).replace(':', "");
    let folder = tempfile::Builder::new()
        .prefix(&format!("{}-", &now[..17]))
        .tempdir_in(&all)
        .with_context(|| format!("a folder in {}", all.display()))?;
    Ok(folder.keep())
}

fn text(value: &Value, field: &str) -> Result<String> {
    value[field]
        .as_str()
        .map(str::to_owned)
        .with_context(|| format!("the agent's answer has no {field}"))
}

#[cfg(test)]
mod tests {
    use sandbox::Receipt;
    use serde_json::json;

    use super::{in_time, opened_by_the_province};

    #[test]
    fn a_late_receipt_is_not_told_as_in_time() {
        let mut receipt = Receipt {
            receipt_number: "R1".to_owned(),
            received_at: "2026-11-01T10:00:00+08:00".to_owned(),
            registration_number: None,
            late_by_s: None,
        };
        assert!(in_time(&receipt).is_ok());
        receipt.late_by_s = Some(1);
        let refused = in_time(&receipt).err().map(|error| error.to_string());
        let wanted = "the settlement reached the province 1 s too late";
        assert_eq!(refused.as_deref(), Some(wanted));
    }

    #[test]
    fn a_card_that_withheld_its_holder_is_not_told_as_authenticated() {
        assert!(opened_by_the_province(&json!({ "remarks": [] })).is_ok());
        for presented in [json!({ "remarks": ["持卡人未能从卡上读出"] }), json!({})] {
            assert!(opened_by_the_province(&presented).is_err(), "{presented}");
        }
    }
}
