//! Whether the file is sound: a quick look when it is opened, a thorough one in the background.
//!
//! The thorough check reads as SQLite does. `cipher_integrity_check` reads the file behind SQLite's back: pages that
//! a checkpoint was writing when the power failed count as damage there, although the log has them. `integrity_check`
//! reads the log's version first, and SQLCipher checks every page in use against its MAC on the way.

use std::sync::Arc;

use rusqlite::{Connection, InterruptHandle};
use tokio::sync::watch;

use super::Shared;
use super::error::LedgerError;
use super::journal::{self, Verdict};
use super::worker::{Job, Worker};

/// What the thorough check has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Integrity {
    /// It is still going on.
    Checking,
    /// Every page in use, every index and the whole journal are as they were written.
    Sound,
    /// They are not.
    Damaged {
        /// What was found, for the log.
        what: String,
    },
    /// It could not be finished.
    NotChecked {
        /// Why, for the log.
        why: String,
    },
}

/// The quick look: the structure of every table, not the content of the indexes.
pub(super) fn quick(conn: &Connection) -> Result<(), LedgerError> {
    match complaints(conn, "PRAGMA quick_check(1)", "ok")?.pop() {
        None => Ok(()),
        Some(what) => Err(LedgerError::Damaged { what }),
    }
}

/// A thread and a connection of their own for the thorough check and for walks along the journal; dropping it ends them.
pub(super) struct Background {
    interrupt: InterruptHandle,
    worker: Worker,
}

impl Background {
    /// Starts with the thorough check.
    pub(super) fn start(conn: Connection, shared: Arc<Shared>) -> std::io::Result<Self> {
        let interrupt = conn.get_interrupt_handle();
        let worker = Worker::start("ledger-check", conn, ())?;
        let check = move |conn: &mut Connection| {
            let found = check(conn, &shared);
            // What somebody came upon meanwhile stays said.
            shared.integrity.send_if_modified(|integrity| {
                let first = *integrity == Integrity::Checking;
                if first {
                    *integrity = found;
                }
                first
            });
        };
        drop(worker.submit(Box::new(check)));
        Ok(Self { interrupt, worker })
    }

    /// Has `job` done after what was given before.
    pub(super) fn submit(&self, job: Job) -> Result<(), LedgerError> {
        self.worker.submit(job)
    }
}

fn check(conn: &Connection, shared: &Shared) -> Integrity {
    match thorough(conn, shared) {
        Ok(None) => Integrity::Sound,
        Ok(Some(what)) | Err(LedgerError::Damaged { what }) => {
            tracing::error!(what, "the ledger is damaged");
            Integrity::Damaged { what }
        }
        Err(error) => {
            tracing::warn!(%error, "the ledger's thorough check did not end");
            Integrity::NotChecked {
                why: error.to_string(),
            }
        }
    }
}

/// Waits for the check's end.
pub(super) async fn ended(integrity: &watch::Sender<Integrity>) -> Integrity {
    let mut found = integrity.subscribe();
    let ended = found
        .wait_for(|integrity| *integrity != Integrity::Checking)
        .await;
    match ended {
        Ok(integrity) => integrity.clone(),
        Err(_sender_gone) => integrity.borrow().clone(),
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.interrupt.interrupt();
    }
}

/// The first thing that is wrong, if anything is.
pub(super) fn thorough(conn: &Connection, shared: &Shared) -> Result<Option<String>, LedgerError> {
    // Every page in use is read as SQLite reads it, the log's version before the file's, and held against its own MAC on
    // the way. SQLCipher's own pragma reads the file behind SQLite's back: pages that a checkpoint was writing when the power
    // went look torn there, and lie whole in the log.
    let structure = complaints(conn, "PRAGMA integrity_check(1)", "ok")?;
    if let Some(what) = structure.into_iter().next() {
        return Ok(Some(what));
    }
    let references: i64 =
        conn.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| {
            row.get(0)
        })?;
    if references > 0 {
        return Ok(Some(format!("{references} rows refer to missing rows")));
    }
    // One consistent state: a settlement committed while this walks must not look like a tail that was cut.
    let state = conn.unchecked_transaction()?;
    match journal::verify(&state, &shared.journal_key, &[])? {
        Verdict::Sound { .. } => Ok(None),
        Verdict::Broken {
            sequence,
            subject,
            fault,
        } => Ok(Some(format!(
            "journal entry {sequence} ({subject}): {fault:?}"
        ))),
    }
}

/// The rows that a checking pragma gives, without the one that means there is nothing to say.
fn complaints(conn: &Connection, pragma: &str, fine: &str) -> Result<Vec<String>, LedgerError> {
    let mut statement = conn.prepare(pragma)?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut complaints = Vec::new();
    for row in rows {
        let row = row?;
        if row != fine {
            complaints.push(row);
        }
    }
    Ok(complaints)
}
