//! The queue's tables, with a version of their own, in the caller's file.

use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::QueueError;

/// Step n brings the tables from version n to n + 1. Steps only add, so that the program before can still read.
const STEPS: &[&str] = &[VERSION_1, VERSION_2, VERSION_3, VERSION_4];

/// Times are milliseconds of civil time; a point that must outlive a wrong clock also has its boot and that boot's
/// milliseconds. `until_…` is the wait's end while waiting and the lease's end while leased.
const VERSION_1: &str = "
CREATE TABLE queue_upload (
    sequence        INTEGER PRIMARY KEY AUTOINCREMENT,
    key             TEXT    NOT NULL UNIQUE CHECK (key <> ''),
    lane            TEXT    NOT NULL CHECK (lane <> ''),
    kind            TEXT    NOT NULL CHECK (kind <> ''),
    body_bytes      INTEGER NOT NULL,
    enqueued_civil  INTEGER NOT NULL,
    due_civil       INTEGER NOT NULL,
    due_boot        TEXT    NOT NULL,
    due_boottime    INTEGER NOT NULL,
    state           TEXT    NOT NULL DEFAULT 'waiting'
                    CHECK (state IN ('waiting', 'leased', 'delivered', 'rejected', 'set_aside')),
    ask_first       INTEGER NOT NULL DEFAULT 0 CHECK (ask_first IN (0, 1)),
    failures        INTEGER NOT NULL DEFAULT 0,
    attempts        INTEGER NOT NULL DEFAULT 0,
    until_civil     INTEGER NOT NULL,
    until_boot      TEXT    NOT NULL,
    until_boottime  INTEGER NOT NULL
) STRICT;

-- Apart from its upload's row, which changes with every attempt: a body is written once and read once an attempt.
CREATE TABLE queue_body (
    upload          INTEGER PRIMARY KEY REFERENCES queue_upload (sequence),
    body            BLOB    NOT NULL
) STRICT;

CREATE INDEX queue_open ON queue_upload (lane, sequence) WHERE state NOT IN ('delivered', 'set_aside');

CREATE TABLE queue_attempt (
    upload          INTEGER NOT NULL REFERENCES queue_upload (sequence),
    number          INTEGER NOT NULL,
    began_civil     INTEGER NOT NULL,
    ask_first       INTEGER NOT NULL,
    ended_civil     INTEGER,
    ended_left      INTEGER,
    outcome         TEXT CHECK (outcome IN ('delivered', 'rejected', 'unknown', 'not_sent', 'expired')),
    code            TEXT,
    detail          TEXT,
    PRIMARY KEY (upload, number),
    CHECK ((ended_civil IS NULL) = (outcome IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE queue_resolution (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    upload          INTEGER NOT NULL REFERENCES queue_upload (sequence),
    attempt         INTEGER NOT NULL,
    at_civil        INTEGER NOT NULL,
    decision        TEXT    NOT NULL CHECK (decision IN ('send_again', 'set_aside')),
    who             TEXT    NOT NULL CHECK (who <> ''),
    why             TEXT    NOT NULL
) STRICT;

CREATE TRIGGER queue_upload_kept BEFORE DELETE ON queue_upload
BEGIN SELECT RAISE(ABORT, 'queue: uploads are never deleted'); END;
CREATE TRIGGER queue_upload_frozen
BEFORE UPDATE OF sequence, key, lane, kind, body_bytes, enqueued_civil, due_civil, due_boot, due_boottime ON queue_upload
BEGIN SELECT RAISE(ABORT, 'queue: what was queued never changes'); END;
CREATE TRIGGER queue_body_kept BEFORE DELETE ON queue_body
BEGIN SELECT RAISE(ABORT, 'queue: uploads are never deleted'); END;
CREATE TRIGGER queue_body_frozen BEFORE UPDATE ON queue_body
BEGIN SELECT RAISE(ABORT, 'queue: what was queued never changes'); END;
CREATE TRIGGER queue_upload_ended BEFORE UPDATE ON queue_upload WHEN OLD.state IN ('delivered', 'set_aside')
BEGIN SELECT RAISE(ABORT, 'queue: this upload has ended'); END;
CREATE TRIGGER queue_attempt_kept BEFORE DELETE ON queue_attempt
BEGIN SELECT RAISE(ABORT, 'queue: history is never deleted'); END;
CREATE TRIGGER queue_attempt_ended BEFORE UPDATE ON queue_attempt WHEN OLD.ended_civil IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'queue: history never changes'); END;
CREATE TRIGGER queue_resolution_kept BEFORE DELETE ON queue_resolution
BEGIN SELECT RAISE(ABORT, 'queue: history is never deleted'); END;
CREATE TRIGGER queue_resolution_frozen BEFORE UPDATE ON queue_resolution
BEGIN SELECT RAISE(ABORT, 'queue: history never changes'); END;
";

/// Why an upload waits, what a rejection means for its lane, and the way to the far side. `held` is how the last attempt of a
/// waiting upload ended; what the version before left waiting is read from its history.
const VERSION_2: &str = "
ALTER TABLE queue_upload ADD COLUMN held TEXT CHECK (held IN ('not_sent', 'later', 'unknown', 'untold'));
ALTER TABLE queue_upload ADD COLUMN passable INTEGER NOT NULL DEFAULT 0 CHECK (passable IN (0, 1));
UPDATE queue_upload SET held = 'not_sent'
WHERE state = 'waiting' AND EXISTS (SELECT 1 FROM queue_attempt
                                    WHERE upload = sequence AND number = attempts AND outcome = 'not_sent');
UPDATE queue_upload SET held = 'unknown'
WHERE state = 'waiting' AND EXISTS (SELECT 1 FROM queue_attempt
                                    WHERE upload = sequence AND number = attempts AND outcome = 'unknown');

-- One row. While the way is shut `trying` is the upload that was handed out last to try it; it is not tried again before
-- `try_boottime`. `taken` counts the uploads that the far side has taken. `mark_kept` tells that the sender keeps a mark beside
-- this file, whose absence means that it sent what it could not write down.
CREATE TABLE queue_way (
    only            INTEGER PRIMARY KEY CHECK (only = 1),
    shut            INTEGER NOT NULL CHECK (shut IN (0, 1)),
    trying          INTEGER REFERENCES queue_upload (sequence),
    try_boot        TEXT    NOT NULL,
    try_boottime    INTEGER NOT NULL,
    taken           INTEGER NOT NULL DEFAULT 0,
    mark_kept       INTEGER NOT NULL DEFAULT 0 CHECK (mark_kept IN (0, 1))
) STRICT;
INSERT INTO queue_way (only, shut, try_boot, try_boottime) VALUES (1, 0, '', 0);
CREATE TRIGGER queue_way_kept BEFORE DELETE ON queue_way
BEGIN SELECT RAISE(ABORT, 'queue: the way is never deleted'); END;
";

/// As what an attempt was sent: what was queued need not be the bytes that left.
const VERSION_3: &str = "
ALTER TABLE queue_attempt ADD COLUMN sent_as TEXT;
";

/// Those of some days are found among those of years.
const VERSION_4: &str = "
CREATE INDEX queue_enqueued ON queue_upload (enqueued_civil);
";

/// Whether the tables have all the steps there are; also where there are none yet.
///
/// # Errors
/// [`QueueError::NewerSchema`] where a newer version made them.
pub fn is_current(conn: &Connection) -> Result<bool, QueueError> {
    let there: bool = conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'queue_schema')",
        [],
        |row| row.get(0),
    )?;
    if !there {
        return Ok(true);
    }
    let found: i64 = conn
        .query_row("SELECT version FROM queue_schema", [], |row| row.get(0))
        .optional()?
        .unwrap_or(0);
    if found > known_version() {
        return Err(QueueError::NewerSchema {
            found,
            known: known_version(),
        });
    }
    Ok(found == known_version())
}

/// Creates the queue's tables, or brings older ones up to date; does nothing where they are.
///
/// # Errors
/// [`QueueError::NewerSchema`] where a newer version made them.
pub fn install(tx: &Transaction<'_>) -> Result<(), QueueError> {
    tx.execute_batch(
        "CREATE TABLE IF NOT EXISTS queue_schema (
            only INTEGER PRIMARY KEY CHECK (only = 1), version INTEGER NOT NULL
        ) STRICT",
    )?;
    let found: i64 = tx
        .query_row("SELECT version FROM queue_schema", [], |row| row.get(0))
        .optional()?
        .unwrap_or(0);
    let steps = usize::try_from(found)
        .ok()
        .and_then(|done| STEPS.get(done..))
        .ok_or(QueueError::NewerSchema {
            found,
            known: known_version(),
        })?;
    if steps.is_empty() {
        return Ok(());
    }
    for step in steps {
        tx.execute_batch(step)?;
    }
    tx.execute(
        "INSERT INTO queue_schema (only, version) VALUES (1, ?1)
         ON CONFLICT (only) DO UPDATE SET version = excluded.version",
        [known_version()],
    )?;
    Ok(())
}

fn known_version() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}
