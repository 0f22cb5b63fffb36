//! The steps of a read: noted by the thread that reads, told by another one when the read hangs. Never their payload.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::stopwatch;

/// One step of a read: never its payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which.
    pub name: StepName,
    /// How long it took.
    pub took: Duration,
    /// The card's status word, where the step was an exchange with the card that brought one.
    pub status: Option<u16>,
}

/// The steps of a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepName {
    /// Connecting to the card: power and protocol.
    Connect,
    /// Beginning the transaction.
    Transaction,
    /// Selecting the application SSSE.
    SelectApplication,
    /// Selecting EF05 or EF06.
    SelectFile(u8),
    /// Reading the record of a file.
    ReadRecord {
        /// 05 or 06.
        file: u8,
        /// The record's tag; absent while records are read by number.
        tag: Option<u8>,
    },
    /// Asking the card for a challenge.
    Challenge,
    /// Internal authentication.
    InternalAuthentication,
    /// Asking the province's HSM.
    Relay,
    /// External authentication.
    ExternalAuthentication,
    /// A call of the vendor's library.
    VendorCall,
}

impl fmt::Display for StepName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect => f.write_str("connect"),
            Self::Transaction => f.write_str("transaction"),
            Self::SelectApplication => f.write_str("select application"),
            Self::SelectFile(file) => write!(f, "select EF{file:02X}"),
            Self::ReadRecord {
                file,
                tag: Some(tag),
            } => write!(f, "read EF{file:02X} record {tag:02X}"),
            Self::ReadRecord { file, tag: None } => write!(f, "read EF{file:02X} by number"),
            Self::Challenge => f.write_str("challenge"),
            Self::InternalAuthentication => f.write_str("internal authentication"),
            Self::Relay => f.write_str("relay to the province"),
            Self::ExternalAuthentication => f.write_str("external authentication"),
            Self::VendorCall => f.write_str("vendor library"),
        }
    }
}

/// Steps kept at most; of a longer read the last one takes the place of the one before.
const MOST: usize = 256;

/// What a read has done so far. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct StepLog(Arc<Mutex<Noted>>);

#[derive(Debug, Default)]
struct Noted {
    ended: Vec<Step>,
    /// The step that is going on, and since when.
    begun: Option<(StepName, Duration)>,
}

impl StepLog {
    /// A new read begins.
    pub(crate) fn clear(&self) {
        let mut noted = self.lock();
        noted.ended.clear();
        noted.begun = None;
    }

    /// A step begins.
    pub(crate) fn begin(&self, name: StepName) {
        self.lock().begun = Some((name, stopwatch::now()));
    }

    /// The step begun last ends: with the card's status word, or without one.
    pub(crate) fn end(&self, status: Option<u16>) {
        let mut noted = self.lock();
        if let Some(step) = noted.begun.take() {
            if noted.ended.len() == MOST {
                noted.ended.pop();
            }
            noted.ended.push(ended(step, status));
        }
    }

    /// The steps so far; one that is going on comes last, with the time it has taken until now.
    pub(crate) fn so_far(&self) -> Vec<Step> {
        let noted = self.lock();
        let going_on = noted.begun.map(|step| ended(step, None));
        noted.ended.iter().copied().chain(going_on).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn ended((name, begun): (StepName, Duration), status: Option<u16>) -> Step {
    Step {
        name,
        took: stopwatch::now().saturating_sub(begun),
        status,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(log: &StepLog) -> Vec<(StepName, Option<u16>)> {
        let steps = log.so_far();
        steps.iter().map(|step| (step.name, step.status)).collect()
    }

    #[test]
    fn a_step_that_goes_on_is_told_last() {
        let log = StepLog::default();
        log.begin(StepName::Connect);
        log.end(None);
        log.begin(StepName::Challenge);
        log.end(Some(0x9000));
        log.begin(StepName::SelectFile(5));
        let told = [
            (StepName::Connect, None),
            (StepName::Challenge, Some(0x9000)),
            (StepName::SelectFile(5), None),
        ];
        assert_eq!(names(&log), told);
        log.clear();
        assert_eq!(names(&log), []);
    }

    #[test]
    fn a_read_without_an_end_keeps_few_steps_and_its_last_one() {
        let log = StepLog::default();
        for _ in 0..1_000 {
            log.begin(StepName::Challenge);
            log.end(Some(0x9000));
        }
        log.begin(StepName::Relay);
        log.end(None);
        let steps = names(&log);
        assert_eq!(steps.len(), 256);
        assert_eq!(steps.last(), Some(&(StepName::Relay, None)));
    }
}
