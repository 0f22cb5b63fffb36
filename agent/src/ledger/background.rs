//! The thread that looks the ledger through while everything else goes on.

use std::sync::Arc;

use rusqlite::{Connection, InterruptHandle};
use tokio::sync::watch;

use super::error::LedgerError;
use super::found::Integrity;
use super::integrity;
use super::shared::Shared;
use super::worker::{Job, Worker};

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
    match integrity::thorough(conn, &shared.journal_key) {
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
