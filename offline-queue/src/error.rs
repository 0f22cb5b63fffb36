//! What can go wrong in the queue.

use thiserror::Error;

/// Why the queue did not do what was asked. Nothing is changed by a call that returns one of these, once
/// the caller has rolled its transaction back.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum QueueError {
    /// `SQLite` refused or failed.
    #[error("the queue's file could not be read or written")]
    Sqlite(#[from] rusqlite::Error),
    /// The file's tables were made by a newer version of this package.
    #[error("the queue's tables have version {found}, this program knows up to {known}")]
    NewerSchema {
        /// Version found in the file.
        found: i64,
        /// The newest version this package knows.
        known: i64,
    },
    /// Another upload already has this key.
    #[error("an upload with key {key} is already queued")]
    KeyTaken {
        /// The key both have.
        key: String,
    },
    /// No upload has this key.
    #[error("no upload has key {key}")]
    Unknown {
        /// The key asked for.
        key: String,
    },
    /// The lease has expired, or was finished before; the upload is no longer this caller's.
    #[error("the lease is over: attempt {attempt} is not the one under way")]
    LeaseOver {
        /// The attempt that the lease stood for.
        attempt: u32,
    },
    /// The upload waits for no person.
    #[error("upload {key} is neither rejected nor untold: there is nothing to resolve")]
    NothingToRemedy {
        /// The upload's key.
        key: String,
    },
    /// A row holds what this package never writes.
    #[error("upload row {sequence} is damaged: {column}")]
    Damaged {
        /// Row number.
        sequence: i64,
        /// The column that cannot be understood.
        column: &'static str,
    },
}
