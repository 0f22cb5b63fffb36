//! The ledger's tables, step by step.

use rusqlite::Connection;

use super::entry::Entry;
use super::error::LedgerError;
use super::{numbers, seal};

/// Step n brings the file from version n to n + 1. Steps only add, so that the program before can still read.
const STEPS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
];

/// The first version whose acts seal the records that they write.
pub(super) const SEALED: usize = 2;

/// Creates the tables and begins the first epoch, or brings older ones up to date and seals what they hold.
pub(super) fn migrate(entry: &Entry<'_>) -> Result<(), LedgerError> {
    let done = require_known(entry)?;
    let steps = STEPS.get(done..).unwrap_or_default();
    for step in steps {
        entry.execute_batch(step)?;
    }
    if !steps.is_empty() {
        entry.pragma_update(None, "user_version", known())?;
    }
    offline_queue::install(entry)?;
    if done == 0 {
        numbers::begin_epoch(entry, "created")?;
    } else if done < SEALED {
        seal::anew(entry)?;
    }
    Ok(())
}

/// How many steps the file has behind it.
///
/// # Errors
/// [`LedgerError::NewerFile`] where it has more than there are.
pub(super) fn require_known(conn: &Connection) -> Result<usize, LedgerError> {
    let found: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    usize::try_from(found)
        .ok()
        .filter(|done| *done <= STEPS.len())
        .ok_or(LedgerError::NewerFile {
            found,
            known: known(),
        })
}

/// Whether the file has all the steps there are.
pub(super) fn is_current(conn: &Connection) -> Result<bool, LedgerError> {
    Ok(require_known(conn)? == STEPS.len())
}

fn known() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}
