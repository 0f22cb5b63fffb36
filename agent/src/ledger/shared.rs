//! What a ledger is opened with, and what its threads have in common.

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use tokio::sync::{Notify, watch};

use super::error::LedgerError;
use super::found::{Held, Integrity};
use super::key::LedgerKey;
use super::mac::MacKey;
use crate::clock::ClockTimes;
use crate::records::numbers::Terminal;

/// Reads the clock; `Clock::reading` in the agent.
pub type ReadClock = Arc<dyn Fn() -> ClockTimes + Send + Sync>;

/// What a ledger is opened with.
pub struct OpenLedger {
    /// The file; made, with its folder's permission, where it is not there.
    pub path: PathBuf,
    /// Its key.
    pub key: LedgerKey,
    /// The folder of its witness, which must be another than the ledger's and must be there.
    pub witness: PathBuf,
    /// This counter.
    pub terminal: Terminal,
    /// The clock, read once at the beginning of each writing transaction.
    pub now: ReadClock,
}

impl fmt::Debug for OpenLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenLedger")
            .field("path", &self.path)
            .field("terminal", &self.terminal)
            .finish_non_exhaustive()
    }
}

/// What the ledger's threads have in common.
pub(super) struct Shared {
    pub(super) path: PathBuf,
    pub(super) terminal: Terminal,
    pub(super) journal_key: MacKey,
    pub(super) now: ReadClock,
    pub(super) integrity: watch::Sender<Integrity>,
    pub(super) held: OnceLock<Held>,
    pub(super) uploads_due: Notify,
    pub(super) takes_nothing_in: AtomicBool,
}

impl Shared {
    pub(super) fn new(with: &OpenLedger, held: Option<Held>) -> Self {
        Self {
            journal_key: MacKey::of_journal(with.key.bytes()),
            path: with.path.clone(),
            terminal: with.terminal.clone(),
            now: Arc::clone(&with.now),
            integrity: watch::Sender::new(Integrity::Checking),
            held: held.map_or_else(OnceLock::new, OnceLock::from),
            uploads_due: Notify::new(),
            takes_nothing_in: AtomicBool::new(false),
        }
    }

    pub(super) fn require_not_held(&self) -> Result<(), LedgerError> {
        self.held
            .get()
            .map_or(Ok(()), |held| Err(LedgerError::Held(*held)))
    }

    pub(super) fn require_sound(&self) -> Result<(), LedgerError> {
        self.require_not_held()?;
        match &*self.integrity.borrow() {
            Integrity::Damaged { what } => Err(LedgerError::Damaged { what: what.clone() }),
            Integrity::Checking | Integrity::Sound | Integrity::NotChecked { .. } => Ok(()),
        }
    }
}
