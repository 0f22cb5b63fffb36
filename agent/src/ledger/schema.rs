//! The ledger's tables, step by step.

use rusqlite::Transaction;

use super::error::LedgerError;

/// Step n brings the file from version n to n + 1. Steps only add, so that the program before can still read.
const STEPS: &[&str] = &[include_str!("schema/1.sql")];

/// Creates the tables, or brings older ones up to date. Gives back whether the file was new.
pub(super) fn migrate(tx: &Transaction<'_>) -> Result<bool, LedgerError> {
    let found: i64 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    let steps = usize::try_from(found)
        .ok()
        .and_then(|done| STEPS.get(done..))
        .ok_or(LedgerError::NewerFile { found, known })?;
    for step in steps {
        tx.execute_batch(step)?;
    }
    if !steps.is_empty() {
        tx.pragma_update(None, "user_version", known)?;
    }
    offline_queue::install(tx)?;
    Ok(found == 0)
}
