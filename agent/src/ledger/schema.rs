//! The ledger's tables, step by step.

use rusqlite::{Connection, Transaction};

use super::error::LedgerError;

/// Step n brings the file from version n to n + 1. Steps only add, so that the program before can still read.
const STEPS: &[&str] = &[include_str!("schema/1.sql")];

/// Creates the tables, or brings older ones up to date. Gives back whether the file was new.
pub(super) fn migrate(tx: &Transaction<'_>) -> Result<bool, LedgerError> {
    let done = require_known(tx)?;
    let steps = STEPS.get(done..).unwrap_or_default();
    for step in steps {
        tx.execute_batch(step)?;
    }
    if !steps.is_empty() {
        tx.pragma_update(None, "user_version", known())?;
    }
    offline_queue::install(tx)?;
    Ok(done == 0)
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

fn known() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}
