//! Bringing the ledger's tables up to date, step by step.

use rusqlite::params;
use serde::{Deserialize, Serialize};

use rules::china_time::parse_instant;

use super::entry::Entry;
use super::error::LedgerError;
use super::layout::{RECORDS, SEALED, STEPS, known, require_known};
use super::seal::{self, Record};
use super::{numbers, uploads};

/// Creates the tables and begins the first epoch, or brings older ones up to date and seals what they hold.
pub(super) fn migrate(entry: &Entry<'_>) -> Result<(), LedgerError> {
    let done = require_known(entry)?;
    let steps = STEPS.get(done..).unwrap_or_default();
    for step in steps {
        entry.execute_batch(step)?;
    }
    if !steps.is_empty() {
        entry.pragma_update(None, "user_version", known())?;
    }
    offline_queue::install(entry)?;
    if done == 0 {
        return numbers::begin_epoch(entry, "created");
    }
    if done < SEALED {
        seal::anew(entry)?;
        uploads::seal_anew(entry)?;
    }
    if done < RECORDS {
        keep_discharges(entry)?;
    }
    Ok(())
}

/// The part of a case that says when its stay ended.
#[derive(Deserialize)]
struct KeptCase {
    visit: KeptVisit,
}

#[derive(Deserialize)]
struct KeptVisit {
    discharged_at: Option<String>,
}

/// Reads the discharge of each settlement out of its evidence, this once, into a record of its own: the settlement's row never
/// changes.
fn keep_discharges(entry: &Entry<'_>) -> Result<(), LedgerError> {
    #[derive(Serialize)]
    struct Body {
        v: u8,
    }
    let numbers: Vec<String> = entry
        .prepare("SELECT number FROM settlement ORDER BY number")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for number in numbers {
        let unreadable = || LedgerError::Damaged {
            what: format!("the case of settlement {number}"),
        };
        let case: String = entry
            .prepare_cached("SELECT case_json FROM settlement WHERE number = ?1")?
            .query_row([&number], |row| row.get(0))?;
        let case: KeptCase =
            serde_json::from_str(&case).map_err(|_its_words_may_quote| unreadable())?;
        let Some(discharged_at) = case.visit.discharged_at else {
            continue;
        };
        let at = parse_instant(&discharged_at).map_err(|_unshown| unreadable())?;
        seal::write(
            entry,
            Record::Discharge,
            &number,
            &Body { v: 1 },
            |sequence| {
                Ok(entry
                .prepare_cached(
                    "INSERT INTO settlement_discharge (settlement, discharged_at, journal) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![number, at.as_millisecond(), sequence])?)
            },
        )?;
    }
    Ok(())
}
