//! Why the ledger did not do what was asked.

use std::path::PathBuf;

use jiff::Timestamp;
use offline_queue::QueueError;
use thiserror::Error;

use super::found::Held;
use crate::records::numbers::SettlementNumber;
use crate::records::version::RecordError;
use crate::secret_file::SecretFileError;

/// Why the ledger could not be opened, read or written. Whatever transaction was under way is rolled back.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// Another process has this ledger open.
    #[error("another process has the ledger {} open", path.display())]
    SecondInstance {
        /// The ledger's file.
        path: PathBuf,
    },
    /// The key does not open this file. Where no note of the file's key is left beside it, a damaged first page looks
    /// the same.
    #[error("the key does not open the ledger {}", path.display())]
    WrongKey {
        /// The ledger's file.
        path: PathBuf,
    },
    /// The file is not what was written.
    #[error("the ledger is damaged: {what}")]
    Damaged {
        /// What was found, for the log.
        what: String,
    },
    /// There was a ledger here, and its file is gone or empty.
    #[error("the ledger {} existed and is gone or empty", path.display())]
    Vanished {
        /// Where it was.
        path: PathBuf,
    },
    /// The ledger is not the one that its witness saw, or the witness is gone: nothing is written to it until a person has
    /// restored it or begun a new epoch.
    #[error("the ledger is held: {0:?}")]
    Held(Held),
    /// An empty ledger was asked for, and there is one with something in it.
    #[error("there is a ledger at {}", path.display())]
    InTheWay {
        /// Where.
        path: PathBuf,
    },
    /// A newer version of the program wrote this file.
    #[error("the ledger has version {found}, this program knows up to {known}")]
    NewerFile {
        /// Version found.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The key file cannot be used.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// A file beside the ledger, or its folder, could not be used.
    #[error("could not {doing} {}", path.display())]
    File {
        /// What was being done: "create", "lock" ….
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The disk is full: nothing was written, nothing is lost.
    #[error("no space is left for the ledger")]
    DiskFull,
    /// `SQLite` refused or failed.
    #[error("the ledger could not be read or written")]
    Sqlite(#[source] rusqlite::Error),
    /// The queue in the same file refused or failed.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// A record cannot be kept, or read back.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The work given to a transaction panicked; it was rolled back and the ledger goes on.
    #[error("the work of this transaction panicked and was rolled back")]
    Panicked,
    /// The ledger's thread has ended.
    #[error("the ledger is closed")]
    Closed,
    /// The system gave no random bytes.
    #[error("the system gave no random bytes")]
    Random(#[source] getrandom::Error),
    /// The clock is behind the last journal entry: nothing is settled until it is right.
    #[error("the clock says {now}, the last journal entry was made at {last}")]
    ClockBehind {
        /// The latest time in the journal.
        last: Timestamp,
        /// What the clock says.
        now: Timestamp,
    },
    /// The move is not open to this visit or settlement.
    #[error(transparent)]
    Refused(#[from] Refused),
}

/// A move that the state of a visit or settlement does not allow. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// No visit has this number.
    #[error("no such visit")]
    UnknownVisit,
    /// No settlement has this number.
    #[error("no such settlement")]
    UnknownSettlement,
    /// The visit was closed without a settlement here.
    #[error("the visit is closed")]
    VisitClosed,
    /// The visit is settled; it must be voided before it can be settled again.
    #[error("the visit is settled as {settlement}")]
    VisitSettled {
        /// The settlement that stands.
        settlement: SettlementNumber,
    },
    /// The visit has moved on since this generation was quoted.
    #[error("generation {asked} was asked for, the visit is at {current}")]
    GenerationPassed {
        /// The generation asked for.
        asked: u32,
        /// The one that would be settled now.
        current: u32,
    },
    /// This idempotency key already stands for something else.
    #[error("this key already belongs to another act")]
    KeyBelongsToAnother,
    /// The settlement was voided before.
    #[error("the settlement is already void")]
    AlreadyVoid,
    /// The visit already has another registration number.
    #[error("the visit is already registered under another number")]
    RegisteredOtherwise,
}

/// Why a key file cannot be used.
#[derive(Debug, Error)]
pub enum KeyFileError {
    /// It cannot be made.
    #[error("could not {doing} the key file {}", path.display())]
    File {
        /// What was being done.
        doing: &'static str,
        /// The key file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// It cannot be read, or others may read it.
    #[error(transparent)]
    Secret(#[from] SecretFileError),
    /// It does not hold 64 hexadecimal digits.
    #[error("the key file {} does not hold 64 hexadecimal digits", path.display())]
    NotAKey {
        /// The key file.
        path: PathBuf,
    },
}

impl LedgerError {
    /// Whether the file is as it was and only takes nothing in: its disk is full, or cannot be written to.
    pub fn says_nothing_can_be_written(&self) -> bool {
        match self {
            Self::DiskFull => true,
            Self::Sqlite(error) | Self::Queue(QueueError::Sqlite(error)) => matches!(
                error.sqlite_error_code(),
                Some(
                    rusqlite::ErrorCode::DiskFull
                        | rusqlite::ErrorCode::SystemIoFailure
                        | rusqlite::ErrorCode::ReadOnly
                )
            ),
            Self::SecondInstance { .. }
            | Self::WrongKey { .. }
            | Self::Damaged { .. }
            | Self::Vanished { .. }
            | Self::NewerFile { .. }
            | Self::KeyFile(_)
            | Self::File { .. }
            | Self::Queue(_)
            | Self::Record(_)
            | Self::Panicked
            | Self::Closed
            | Self::Random(_)
            | Self::ClockBehind { .. }
            | Self::Held(_)
            | Self::InTheWay { .. }
            | Self::Refused(_) => false,
        }
    }
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull,
            Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
                Self::Damaged {
                    what: error.to_string(),
                }
            }
            Some(_) | None => Self::Sqlite(error),
        }
    }
}
