//! What was queued, as it was queued.

use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::{Deadline, NewUpload, QueueError};

/// The upload with this key as it was taken in, with its body: what never changes of it, whatever has become of it since.
pub fn frozen(conn: &Connection, key: &str) -> Result<Option<NewUpload>, QueueError> {
    Ok(conn
        .prepare_cached(
            "SELECT u.key, u.lane, u.kind, b.body, u.due_civil, u.due_boot, u.due_boottime
             FROM queue_upload u JOIN queue_body b ON b.upload = u.sequence WHERE u.key = ?1",
        )?
        .query_row([key], |row| {
            Ok(NewUpload {
                key: row.get(0)?,
                lane: row.get(1)?,
                kind: row.get(2)?,
                body: row.get(3)?,
                deadline: Deadline {
                    civil_ms: row.get(4)?,
                    boot_id: row.get(5)?,
                    boottime_ms: row.get(6)?,
                },
            })
        })
        .optional()?)
}

/// The keys of all uploads there ever were, in the order of their arrival.
pub fn keys(conn: &Connection) -> Result<Vec<String>, QueueError> {
    let mut statement = conn.prepare("SELECT key FROM queue_upload ORDER BY sequence")?;
    let keys = statement.query_map([], |row| row.get(0))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// From here on nothing is known of what was sent before: whatever still waits or is out is asked about first. For a file that
/// was brought back from a copy.
pub fn doubt_everything(tx: &Transaction<'_>) -> Result<usize, QueueError> {
    Ok(tx.execute(
        "UPDATE queue_upload SET ask_first = 1 WHERE state IN ('waiting', 'leased', 'rejected')",
        [],
    )?)
}
