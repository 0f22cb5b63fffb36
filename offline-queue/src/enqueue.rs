//! Taking an upload in, in the transaction of what it reports.

use std::fmt;

use rusqlite::{ErrorCode, Transaction, named_params, params};

use crate::{Deadline, Moment, QueueError};

/// An upload to be queued. Its key and body are what will be sent, however often it must be tried.
#[derive(Clone, PartialEq, Eq)]
pub struct NewUpload {
    /// The message's identifier; unique in the file, not empty.
    pub key: String,
    /// Uploads of one lane go in order; not empty.
    pub lane: String,
    /// What it is, for whoever sends it; not empty.
    pub kind: String,
    /// The bytes to send.
    pub body: Vec<u8>,
    /// When it is due.
    pub deadline: Deadline,
}

impl fmt::Debug for NewUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUpload")
            .field("key", &self.key)
            .field("lane", &self.lane)
            .field("kind", &self.kind)
            .field("body", &format_args!("<{} bytes>", self.body.len()))
            .field("deadline", &self.deadline)
            .finish()
    }
}

/// Queues an upload behind those of its lane. It is on disk when the caller's transaction is.
///
/// # Errors
/// [`QueueError::KeyTaken`] where an upload with this key was ever queued.
pub fn enqueue(tx: &Transaction<'_>, new: &NewUpload, now: &Moment) -> Result<(), QueueError> {
    let enqueued = Deadline::at(now.civil, now);
    let inserted = tx
        .prepare_cached(
            "INSERT INTO queue_upload (key, lane, kind, body_bytes, enqueued_civil, due_civil, due_boot, due_boottime,
                                       until_civil, until_boot, until_boottime)
             VALUES (:key, :lane, :kind, :body_bytes, :now_civil, :due_civil, :due_boot, :due_boottime,
                     :now_civil, :now_boot, :now_boottime)",
        )?
        .execute(named_params! {
            ":key": new.key,
            ":lane": new.lane,
            ":kind": new.kind,
            ":body_bytes": whole_bytes(new.body.len()),
            ":due_civil": new.deadline.civil_ms,
            ":due_boot": new.deadline.boot_id,
            ":due_boottime": new.deadline.boottime_ms,
            ":now_civil": enqueued.civil_ms,
            ":now_boot": enqueued.boot_id,
            ":now_boottime": enqueued.boottime_ms,
        });
    match inserted {
        Ok(_) => {
            tx.prepare_cached("INSERT INTO queue_body (upload, body) VALUES (?1, ?2)")?
                .execute(params![tx.last_insert_rowid(), new.body])?;
            Ok(())
        }
        Err(rusqlite::Error::SqliteFailure(failure, _))
            if failure.code == ErrorCode::ConstraintViolation
                && failure.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE =>
        {
            Err(QueueError::KeyTaken {
                key: new.key.clone(),
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// A length as the database keeps it; no slice is longer than it can say.
fn whole_bytes(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
