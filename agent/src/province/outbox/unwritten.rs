//! Sending while nothing can be written (a full disk): what went up is kept in mind until it can be written down.
//!
//! A process that dies meanwhile takes its memory along. So that the next one asks before it repeats, a mark beside the
//! ledger is taken away before the first message goes up unwritten: to delete a file needs no room. Where the mark is missing at the
//! start, every waiting message is asked about first.

use std::collections::{HashMap, HashSet};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use offline_queue::{Outcome, doubt_everything, keep_mark, mark_is_kept, next_unwritten};

use super::sent::{Errand, Sent};
use super::{Chain, WAY_EVERY};
use crate::counter::Counter;
use crate::ledger::{LedgerError, moment};

/// Where one was not taken, before it is sent unwritten again.
const AGAIN_AFTER: Duration = Duration::from_secs(20);

/// How the file stands to what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// It knows of everything.
    All,
    /// Of everything but what is being sent just now.
    AllButWhatIsOut,
    /// It cannot be brought up to it.
    Behind,
}

/// What was sent, and what the file does not know of it yet.
#[derive(Debug)]
pub(crate) struct Memory {
    mark: PathBuf,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// The ledger tells that there is a mark: where it is missing, a next start doubts.
    known: bool,
    /// The mark is not there.
    unmarked: bool,
    /// Every waiting upload has to be asked about: the process before may have sent it.
    doubtful: bool,
    /// Keys of what is being sent; true where its lease is in the file.
    out: HashMap<String, bool>,
    /// What came of what was sent, to be written down.
    ended: HashMap<String, Ended>,
    /// Boot time before which nothing is tried unwritten: nothing gets through.
    shut_until: Duration,
}

/// What came of a message, with what is known of it.
#[derive(Debug)]
struct Ended {
    errand: Errand,
    sent: Sent,
    /// Boot time before which it is not sent again.
    not_before: Duration,
}

impl Memory {
    pub(crate) fn beside(ledger: &Path) -> Self {
        let mut mark = ledger.as_os_str().to_owned();
        mark.push(".sent-as-written");
        Self {
            mark: mark.into(),
            kept: Mutex::default(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn sets_out(&self, errand: &Errand) {
        let leased = errand.token.is_some();
        self.kept().out.insert(errand.key.clone(), leased);
    }

    pub(crate) fn is_back(&self, key: &str) {
        self.kept().out.remove(key);
    }

    /// Keeps in mind what could not be written down at `now`, boot time.
    pub(crate) fn keep(&self, mut errand: Errand, sent: Sent, now: Duration) {
        let outcome = sent.outcome();
        errand.ask_first |= sent.may_have_arrived();
        let mut kept = self.kept();
        kept.out.remove(&errand.key);
        match outcome {
            Outcome::Delivered { .. } => kept.shut_until = now,
            Outcome::NotSent { .. } => kept.shut_until = now + WAY_EVERY,
            Outcome::Rejected { .. }
            | Outcome::OutcomeUnknown { .. }
            | Outcome::Untold { .. }
            | Outcome::Later { .. } => {}
        }
        let not_before = match outcome {
            Outcome::Rejected { .. } => Duration::MAX,
            Outcome::NotSent { .. } | Outcome::Delivered { .. } => now,
            Outcome::OutcomeUnknown { .. } | Outcome::Untold { .. } | Outcome::Later { .. } => {
                now + AGAIN_AFTER
            }
        };
        let ended = Ended {
            errand,
            sent,
            not_before,
        };
        kept.ended.insert(ended.errand.key.clone(), ended);
    }

    fn take_one(&self) -> Option<Ended> {
        let mut kept = self.kept();
        let key = kept.ended.keys().next()?.clone();
        kept.ended.remove(&key)
    }

    /// Takes the mark away, so that whoever comes after this process doubts.
    fn unmark(&self) -> io::Result<()> {
        if !self.kept().known {
            return Err(io::Error::other("the ledger does not know of the mark"));
        }
        if self.kept().unmarked {
            return Ok(());
        }
        match std::fs::remove_file(&self.mark) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        self.sync_folder()?;
        self.kept().unmarked = true;
        Ok(())
    }

    /// Puts the mark back once the file knows of everything.
    fn mark(&self) -> io::Result<()> {
        OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&self.mark)
            .and_then(|file| file.sync_all())
            .and_then(|()| self.sync_folder())?;
        self.kept().unmarked = false;
        Ok(())
    }

    fn sync_folder(&self) -> io::Result<()> {
        match self.mark.parent() {
            Some(folder) => File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    }
}

impl Counter {
    /// For the start: whether the process before may have sent what it could not write down.
    pub(crate) async fn recall(&self) -> Result<(), LedgerError> {
        let memory = &self.0.unwritten;
        let known = self
            .0
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
            .ledger
            .write(|entry| keep_mark(entry).map_err(LedgerError::from))
            .await?;
        memory.kept().known = true;
        Ok(())
    }

    /// Brings the file up to what was sent, as far as it goes.
    pub(crate) async fn write_all_down(&self) -> Written {
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
    pub(crate) fn caught_up(&self) {
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
    pub(crate) async fn next_unwritten(&self) -> Option<Errand> {
        let memory = &self.0.unwritten;
        if let Err(error) = memory.unmark() {
            tracing::error!(%error, "nothing is sent: a next start could not know of it");
            return None;
        }
        let reading = self.0.clock.reading();
        let (delivered, held) = memory.kept().not_to_be_sent(reading.boottime)?;
        let now = moment(&reading);
        let next = self
            .0
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

impl Kept {
    /// Keys of what the province has, and of what is not to be sent now; none where nothing is to be sent.
    fn not_to_be_sent(&self, now: Duration) -> Option<(HashSet<String>, HashSet<String>)> {
        if now < self.shut_until {
            return None;
        }
        let mut delivered = HashSet::new();
        let mut held: HashSet<String> = self.out.keys().cloned().collect();
        for (key, ended) in &self.ended {
            if matches!(ended.sent, Sent::Taken(..)) {
                delivered.insert(key.clone());
            } else if now < ended.not_before {
                held.insert(key.clone());
            }
        }
        Some((delivered, held))
    }
}
