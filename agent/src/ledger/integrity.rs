//! Whether the file is sound: a quick look when it is opened, a thorough one in the background.

use std::sync::Arc;
use std::thread::JoinHandle;

use rusqlite::{Connection, InterruptHandle};
use tokio::sync::watch;

use super::Shared;
use super::error::LedgerError;
use super::journal::{self, Verdict};

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

/// The thorough check, on a thread and a connection of its own; dropping it ends it.
pub(super) struct Background {
    interrupt: InterruptHandle,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    pub(super) fn start(conn: Connection, shared: Arc<Shared>) -> std::io::Result<Self> {
        let interrupt = conn.get_interrupt_handle();
        let thread = std::thread::Builder::new()
            .name("ledger-check".to_owned())
            .spawn(move || {
                let found = check(&conn, &shared);
                shared.integrity.send_replace(found);
            })?;
        Ok(Self {
            interrupt,
            thread: Some(thread),
        })
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
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the ledger's check panicked");
        }
    }
}

/// The first thing that is wrong, if anything is.
fn thorough(conn: &Connection, shared: &Shared) -> Result<Option<String>, LedgerError> {
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
