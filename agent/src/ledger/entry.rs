//! One transaction of the writer: its time, its terminal, and the way to commit it.

use std::cell::Cell;
use std::fmt;
use std::ops::Deref;
use std::sync::atomic::Ordering;

use jiff::Timestamp;
use offline_queue::Moment;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::error::LedgerError;
use super::mac::MacKey;
use super::shared::Shared;
use crate::clock::ClockTimes;
use crate::records::numbers::Terminal;

/// A transaction on the writer's thread. All that is written through it commits together, or not at all.
pub struct Entry<'conn> {
    tx: Transaction<'conn>,
    now: Moment,
    shared: &'conn Shared,
    /// Something is to be sent once this is on disk.
    due: Cell<bool>,
    /// What the connection had changed before this transaction.
    changes_before: u64,
}

impl<'conn> Entry<'conn> {
    /// Begins a transaction. The clock is read after the write lock is had, so that times follow the order of commits.
    pub(super) fn begin(
        conn: &'conn mut Connection,
        shared: &'conn Shared,
    ) -> Result<Self, LedgerError> {
        // A ledger that is held is not written to at all: what were added to it would become a second history.
        shared.require_not_held()?;
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut now = moment(&(shared.now)());
        now.civil = millisecond(now.civil.as_millisecond());
        Ok(Self {
            changes_before: tx.total_changes(),
            tx,
            now,
            shared,
            due: Cell::new(false),
        })
    }

    /// Commits, and wakes whoever sends where there is something to send: nobody who asked for this transaction need still be
    /// there to do it.
    pub(super) fn commit(self) -> Result<(), LedgerError> {
        let wrote = self.tx.total_changes() != self.changes_before;
        let committed = self.tx.commit().map_err(LedgerError::from);
        match &committed {
            Err(error) if error.says_nothing_can_be_written() => {
                self.shared.takes_nothing_in.store(true, Ordering::Relaxed);
            }
            Ok(()) if wrote => {
                self.shared.takes_nothing_in.store(false, Ordering::Relaxed);
            }
            Ok(()) | Err(_) => {}
        }
        committed?;
        if self.due.get() {
            self.shared.uploads_due.notify_one();
        }
        Ok(())
    }

    /// The moment of this transaction, civil time in whole milliseconds as it is kept on disk.
    pub fn now(&self) -> &Moment {
        &self.now
    }

    /// The terminal that this ledger belongs to.
    pub fn terminal(&self) -> &Terminal {
        &self.shared.terminal
    }

    /// Something is to be sent once this is on disk.
    pub(super) fn something_is_due(&self) {
        self.due.set(true);
    }

    /// Refuses where the ledger is not to be trusted: what is added to a damaged file may be lost with it.
    pub fn require_sound(&self) -> Result<(), LedgerError> {
        self.shared.require_sound()
    }

    pub(super) fn journal_key(&self) -> &MacKey {
        &self.shared.journal_key
    }
}

impl<'conn> Deref for Entry<'conn> {
    type Target = Transaction<'conn>;

    fn deref(&self) -> &Self::Target {
        &self.tx
    }
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

/// The queue's view of a reading of the clock.
pub fn moment(times: &ClockTimes) -> Moment {
    Moment {
        civil: times.civil,
        boot_id: times.boot_id.clone(),
        boottime: times.boottime,
    }
}

/// A time as the ledger keeps it.
pub(super) fn millisecond(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(if ms < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}
