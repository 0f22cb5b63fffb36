//! What was sent while nothing could be written (a full disk), kept in mind until it can be written down.
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

use offline_queue::Outcome;

use super::sent::{Errand, Sent};

/// While nothing gets through, it is tried every five to ten seconds.
pub(super) const WAY_EVERY: Duration = Duration::from_secs(5);

/// Where one was not taken, before it is sent unwritten again.
const AGAIN_AFTER: Duration = Duration::from_secs(20);

/// What was sent, and what the file does not know of it yet.
#[derive(Debug)]
pub(super) struct Memory {
    pub(super) mark: PathBuf,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
pub(super) struct Kept {
    /// The ledger tells that there is a mark: where it is missing, a next start doubts.
    pub(super) known: bool,
    /// The mark is not there.
    pub(super) unmarked: bool,
    /// Every waiting upload has to be asked about: the process before may have sent it.
    pub(super) doubtful: bool,
    /// Keys of what is being sent; true where its lease is in the file.
    pub(super) out: HashMap<String, bool>,
    /// What came of what was sent, to be written down.
    pub(super) ended: HashMap<String, Ended>,
    /// Boot time before which nothing is tried unwritten: nothing gets through.
    shut_until: Duration,
}

/// What came of a message, with what is known of it.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) errand: Errand,
    pub(super) sent: Sent,
    /// Boot time before which it is not sent again.
    pub(super) not_before: Duration,
}

impl Memory {
    pub(super) fn beside(ledger: &Path) -> Self {
        let mut mark = ledger.as_os_str().to_owned();
        mark.push(".sent-as-written");
        Self {
            mark: mark.into(),
            kept: Mutex::default(),
        }
    }

    pub(super) fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn sets_out(&self, errand: &Errand) {
        let leased = errand.token.is_some();
        self.kept().out.insert(errand.key.clone(), leased);
    }

    pub(super) fn is_back(&self, key: &str) {
        self.kept().out.remove(key);
    }

    /// Keeps in mind what could not be written down at `now`, boot time.
    pub(super) fn keep(&self, mut errand: Errand, sent: Sent, now: Duration) {
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

    pub(super) fn take_one(&self) -> Option<Ended> {
        let mut kept = self.kept();
        let key = kept.ended.keys().next()?.clone();
        kept.ended.remove(&key)
    }

    /// Takes the mark away, so that whoever comes after this process doubts.
    pub(super) fn unmark(&self) -> io::Result<()> {
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
    pub(super) fn mark(&self) -> io::Result<()> {
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

impl Kept {
    /// Keys of what the province has, and of what is not to be sent now; none where nothing is to be sent.
    pub(super) fn not_to_be_sent(
        &self,
        now: Duration,
    ) -> Option<(HashSet<String>, HashSet<String>)> {
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
