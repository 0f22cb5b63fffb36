//! Sending while nothing can be written, and catching up with it.

use offline_queue::{doubt_everything, keep_mark, mark_is_kept, next_unwritten};

use super::Outbox;
use super::memory::Ended;
use super::sent::Errand;
use crate::ledger::{LedgerError, moment};
use crate::province::chain::Chain;

/// How the file stands to what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// It knows of everything.
    All,
    /// Of everything but what is being sent just now.
    AllButWhatIsOut,
    /// It cannot be brought up to it.
    Behind,
}

impl Outbox {
    /// For the start: whether the process before may have sent what it could not write down.
    pub(super) async fn recall(&self) -> Result<(), LedgerError> {
        let memory = &self.0.unwritten;
        let known = self
            .0
            .with
            .ledger
            .read(|conn| mark_is_kept(conn).map_err(LedgerError::from))
            .await?;
        let missing = !memory.mark.exists();
        {
            let mut kept = memory.kept();
            kept.known = known;
            kept.unmarked = missing;
            kept.doubtful = known && missing;
        }
        if known {
            return Ok(());
        }
        memory.mark().map_err(|source| LedgerError::File {
            doing: "create",
            path: memory.mark.clone(),
            source,
        })?;
        self.0
            .with
            .ledger
            .write(|entry| keep_mark(entry).map_err(LedgerError::from))
            .await?;
        memory.kept().known = true;
        Ok(())
    }

    /// Brings the file up to what was sent, as far as it goes.
    pub(super) async fn write_all_down(&self) -> Written {
        let memory = &self.0.unwritten;
        let (unmarked, doubtful) = {
            let kept = memory.kept();
            (kept.unmarked, kept.doubtful)
        };
        if !unmarked && memory.kept().ended.is_empty() {
            return Written::All;
        }
        if doubtful && !self.cast_doubt().await {
            return Written::Behind;
        }
        let mut wrote = doubtful;
        while let Some(Ended {
            errand,
            sent,
            not_before,
        }) = memory.take_one()
        {
            match self.write_down(&errand, &sent).await {
                Ok(()) => wrote = true,
                Err(error) => {
                    tracing::warn!(error = %Chain(&error), "what was sent is still unwritten");
                    let ended = Ended {
                        errand,
                        sent,
                        not_before,
                    };
                    let mut kept = memory.kept();
                    kept.ended.insert(ended.errand.key.clone(), ended);
                    return Written::Behind;
                }
            }
        }
        let unwritten_out = memory.kept().out.values().any(|leased| !leased);
        match (unwritten_out, wrote) {
            (true, true) => Written::AllButWhatIsOut,
            // Nobody knows whether it could be written: what is out will show.
            (true, false) => Written::Behind,
            (false, true) => {
                self.caught_up();
                Written::All
            }
            (false, false) => Written::All,
        }
    }

    /// The file has just been written to and knows of everything that was sent.
    pub(super) fn caught_up(&self) {
        if !self.0.unwritten.kept().unmarked {
            return;
        }
        match self.0.unwritten.mark() {
            Ok(()) => tracing::info!("what was sent stands in the ledger"),
            Err(error) => {
                tracing::warn!(%error, "the mark that all that was sent is written cannot be put back");
            }
        }
    }

    /// Has everything asked about that the process before may have sent.
    async fn cast_doubt(&self) -> bool {
        let doubted = self
            .0
            .with
            .ledger
            .write(|entry| doubt_everything(entry).map_err(LedgerError::from))
            .await;
        match doubted {
            Ok(_) => {
                self.0.unwritten.kept().doubtful = false;
                true
            }
            Err(error) => {
                tracing::warn!(%error, "nothing can be written yet");
                false
            }
        }
    }

    /// The next message to be sent although nothing can be written; none where there is none, or where whoever comes after this
    /// process could not know of it.
    pub(super) async fn next_unwritten(&self) -> Option<Errand> {
        let memory = &self.0.unwritten;
        if let Err(error) = memory.unmark() {
            tracing::error!(%error, "nothing is sent: a next start could not know of it");
            return None;
        }
        let reading = self.0.with.clock.times();
        let (delivered, held) = memory.kept().not_to_be_sent(reading.boottime)?;
        let now = moment(&reading);
        let next = self
            .0
            .with
            .ledger
            .read(move |conn| {
                next_unwritten(conn, &now, &delivered, &held).map_err(LedgerError::from)
            })
            .await;
        match next {
            Ok(next) => {
                let mut errand = Errand::unwritten(next?);
                let mut kept = memory.kept();
                errand.ask_first |= kept.doubtful;
                if let Some(before) = kept.ended.remove(&errand.key) {
                    errand.ask_first |= before.errand.ask_first;
                }
                Some(errand)
            }
            Err(error) => {
                tracing::error!(%error, "the queue could not be read");
                None
            }
        }
    }
}
