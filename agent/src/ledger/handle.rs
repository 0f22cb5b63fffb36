//! The ledger as it is open: what is given to its threads, and what comes back.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::background::{self, Background};
use super::connection::{self, Access};
use super::entry::Entry;
use super::error::LedgerError;
use super::found::Integrity;
use super::journal::Head;
use super::lock::Lock;
use super::shared::{OpenLedger, Shared};
use super::verify::{self, Verdict};
use super::witness::{self, Board, Keeper, Mark, Witness};
use super::worker::{self, Worker};
use super::{layout, opening};
use crate::records::numbers::SettlementNumber;

/// The open ledger. Cheap to clone; when the last clone is dropped what was submitted is finished, the file closed and
/// the lock let go.
#[derive(Clone)]
pub struct Ledger(Arc<Open>);

/// Fields in the order in which they must end: the writer after the others, so that it folds the log into the file, and the
/// witness after the writer.
struct Open {
    background: Background,
    reader: Worker,
    writer: Worker,
    /// Only to be dropped: it writes what the writer left for it.
    _keeper: Keeper,
    shared: Arc<Shared>,
    witness: Board,
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger")
            .field("path", &self.0.shared.path)
            .finish_non_exhaustive()
    }
}

impl Ledger {
    /// Opens the ledger, or makes it: takes the lock, checks the file quickly, brings its tables up to date, and starts
    /// the thorough check in the background.
    pub fn open(with: &OpenLedger) -> Result<Self, LedgerError> {
        let mut lock = Lock::take(&with.path)?;
        let witness = Witness::new(&with.witness, &with.key);
        let seen = witness.read()?;
        let mut conn = opening::open_writer(with, &mut lock, seen)?;
        let held = witness::compare(&conn, seen)?;
        let shared = Arc::new(Shared::new(with, held));
        match held {
            None => opening::bring_up_to_date(&mut conn, (&shared, &with.key), &witness, seen)?,
            // It is shown, and not written to: an earlier layout's rows could not be read.
            Some(held) if !layout::is_current(&conn)? => return Err(LedgerError::Held(held)),
            Some(held) => tracing::error!(?held, "the ledger is held"),
        }
        lock.write_note(&with.path, &with.key)?;
        let board = Board::default();
        tell_witness(&board, &shared, &conn);
        let reader = connection::open(&with.path, &with.key, Access::Read)?;
        let checker = connection::open(&with.path, &with.key, Access::Read)?;
        let thread = |source| LedgerError::File {
            doing: "start a thread for",
            path: with.path.clone(),
            source,
        };
        // Let go of when both that may write have ended.
        let lock = Arc::new(lock);
        let kept = Arc::clone(&lock);
        Ok(Self(Arc::new(Open {
            background: Background::start(checker, Arc::clone(&shared)).map_err(thread)?,
            reader: Worker::start("ledger-reader", reader, ()).map_err(thread)?,
            writer: Worker::start("ledger-writer", conn, lock).map_err(thread)?,
            _keeper: Keeper::start(witness, &board, kept).map_err(thread)?,
            shared,
            witness: board,
        })))
    }

    /// Runs `work` on the writer's thread in one immediate transaction, and commits it where it gives `Ok`.
    ///
    /// It is submitted by this call; dropping the future neither stops nor undoes it. What comes back as `Ok` is on disk.
    pub fn write<T, E, F>(
        &self,
        work: F,
    ) -> impl Future<Output = Result<T, E>> + Send + use<T, E, F>
    where
        F: FnOnce(&Entry<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        let answer = self.submit_write(work);
        async move { answer?.await.unwrap_or_else(|_gone| closed()) }
    }

    /// [`Ledger::write`] for a caller outside the runtime.
    ///
    /// # Panics
    /// Where it is called from asynchronous code.
    pub fn write_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&Entry<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        self.submit_write(work)?
            .blocking_recv()
            .unwrap_or_else(|_gone| closed())
    }

    fn submit_write<T, E, F>(&self, work: F) -> Result<oneshot::Receiver<Result<T, E>>, LedgerError>
    where
        F: FnOnce(&Entry<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        let (shared, board) = (Arc::clone(&self.0.shared), self.0.witness.clone());
        self.0.writer.submit(Box::new(move |conn| {
            // Nobody waiting any more is no reason not to commit.
            drop(answer.send(worker::transact(conn, &shared, work)));
            // After the answer: nobody waits for the witness.
            tell_witness(&board, &shared, conn);
        }))?;
        Ok(receiver)
    }

    /// Runs `look` on a connection that cannot write, on one consistent state of the ledger.
    pub fn read<T, E, F>(&self, look: F) -> impl Future<Output = Result<T, E>> + Send + use<T, E, F>
    where
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        let answer = self.submit_read(look);
        async move { answer?.await.unwrap_or_else(|_gone| closed()) }
    }

    /// [`Ledger::read`] for a caller outside the runtime.
    ///
    /// # Panics
    /// Where it is called from asynchronous code.
    pub fn read_blocking<T, E, F>(&self, look: F) -> Result<T, E>
    where
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        self.submit_read(look)?
            .blocking_recv()
            .unwrap_or_else(|_gone| closed())
    }

    fn submit_read<T, E, F>(&self, look: F) -> Result<oneshot::Receiver<Result<T, E>>, LedgerError>
    where
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        self.0.reader.submit(Box::new(move |conn| {
            drop(answer.send(worker::look(conn, look)));
        }))?;
        Ok(receiver)
    }

    /// Returns when a transaction that queued or resolved an upload has been committed since the last time this returned.
    pub async fn uploads_due(&self) {
        self.0.shared.uploads_due.notified().await;
    }

    /// Returns when both threads have taken up an empty piece of work: they are there, and not stuck.
    ///
    /// # Errors
    /// [`LedgerError::Closed`] where one of them has ended.
    pub async fn answers(&self) -> Result<(), LedgerError> {
        for thread in [&self.0.reader, &self.0.writer] {
            let (answer, receiver) = oneshot::channel();
            thread.submit(Box::new(move |_conn| {
                // Nobody waiting any more: the daemon ends.
                let _unheard = answer.send(());
            }))?;
            receiver.await.map_err(|_ended| LedgerError::Closed)?;
        }
        Ok(())
    }

    /// Whether the last commit failed for want of room, or because the disk takes nothing in.
    pub fn takes_nothing_in(&self) -> bool {
        self.0.shared.takes_nothing_in.load(Ordering::Relaxed)
    }

    /// Walks the journal and compares it with `known` heads (from slips and acknowledged uploads), and every record and upload
    /// with its entry; after the thorough check, and beside whatever else is read and written.
    pub fn verify_journal(
        &self,
        known: Vec<Head>,
    ) -> impl Future<Output = Result<Verdict, LedgerError>> + Send + use<> {
        let (answer, receiver) = oneshot::channel();
        let shared = Arc::clone(&self.0.shared);
        let submitted = self.0.background.submit(Box::new(move |conn| {
            let verified = worker::look(conn, |state| {
                verify::verify(state, &shared.journal_key, &known)
            });
            drop(answer.send(verified));
        }));
        async move {
            submitted?;
            receiver.await.unwrap_or_else(|_gone| closed())
        }
    }

    /// Holds this ledger where the province has a head of this epoch that its journal does not have; gives back whether it does.
    pub async fn hold_against(
        &self,
        of: SettlementNumber,
        head: Head,
    ) -> Result<bool, LedgerError> {
        let found = self
            .read(move |conn| witness::compare_with_province(conn, &of, head))
            .await?;
        if let Some(held) = found
            && self.0.shared.held.set(held).is_ok()
        {
            tracing::error!(?held, "the ledger is held");
        }
        Ok(found.is_some())
    }

    /// Why the witness could not be written last; none where it could.
    pub fn witness_trouble(&self) -> Option<String> {
        self.0.witness.trouble()
    }

    /// Where the witness's thread says how it went, for tests that look at it after the end.
    #[cfg(test)]
    pub(super) fn witness_board(&self) -> Board {
        self.0.witness.clone()
    }

    /// What the thorough check has found so far.
    pub fn integrity(&self) -> Integrity {
        self.0.shared.integrity.borrow().clone()
    }

    /// Refuses where the ledger is not to be trusted: nothing is added to it then, nor printed from it.
    ///
    /// # Errors
    /// [`LedgerError::Held`], [`LedgerError::Damaged`].
    pub fn require_sound(&self) -> Result<(), LedgerError> {
        self.0.shared.require_sound()
    }

    /// Takes note of damage that was found in passing, as if the thorough check had found it.
    pub fn found_damaged(&self, what: String) {
        tracing::error!(what, "the ledger is damaged");
        self.0
            .shared
            .integrity
            .send_replace(Integrity::Damaged { what });
    }

    /// Waits until the thorough check has ended.
    pub async fn checked(&self) -> Integrity {
        background::ended(&self.0.shared.integrity).await
    }
}

/// Leaves for the witness how far the journal has come.
fn tell_witness(board: &Board, shared: &Shared, conn: &Connection) {
    if shared.held.get().is_some() {
        return;
    }
    match Mark::of(conn) {
        Ok(mark) => board.tell(mark),
        Err(error) => tracing::warn!(%error, "the witness is not told of a commit"),
    }
}

fn closed<T, E: From<LedgerError>>() -> Result<T, E> {
    Err(LedgerError::Closed.into())
}
