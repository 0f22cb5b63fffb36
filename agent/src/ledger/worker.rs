//! A thread that owns one connection and does, one after another, what is submitted to it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;

use rusqlite::{Connection, TransactionBehavior};

use super::entry::Entry;
use super::error::LedgerError;
use super::shared::Shared;

pub(super) type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// The thread ends, and its connection closes, when the worker is dropped and what was submitted is done.
#[derive(Debug)]
pub(super) struct Worker {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts the thread; `kept` lives as long as its connection.
    pub(super) fn start(
        name: &str,
        mut conn: Connection,
        kept: impl Send + 'static,
    ) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel::<Job>();
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                for job in queue {
                    job(&mut conn);
                }
                drop(conn);
                drop(kept);
            })?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    pub(super) fn submit(&self, job: Job) -> Result<(), LedgerError> {
        self.jobs
            .as_ref()
            .and_then(|jobs| jobs.send(job).ok())
            .ok_or(LedgerError::Closed)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            // The last handle may be dropped by a job, on the thread itself.
            && thread.thread().id() != std::thread::current().id()
            && thread.join().is_err()
        {
            tracing::error!("a ledger thread panicked");
        }
    }
}

/// Runs `work` in one immediate transaction and commits it; an error or a panic rolls it back.
pub(super) fn transact<T, E: From<LedgerError>>(
    conn: &mut Connection,
    shared: &Shared,
    work: impl FnOnce(&Entry<'_>) -> Result<T, E>,
) -> Result<T, E> {
    guarded(|| {
        let entry = Entry::begin(conn, shared)?;
        let value = work(&entry)?;
        entry.commit()?;
        Ok(value)
    })
}

/// Runs `look` on one consistent state of the ledger.
pub(super) fn look<T, E: From<LedgerError>>(
    conn: &mut Connection,
    look: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    guarded(|| {
        let tx = conn
            .transaction_with_behavior(TransactionBehavior::Deferred)
            .map_err(LedgerError::from)?;
        look(&tx)
    })
}

/// A panic drops the transaction, which rolls it back: the connection is as it was before.
fn guarded<T, E: From<LedgerError>>(work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_panic| Err(LedgerError::Panicked.into()))
}
