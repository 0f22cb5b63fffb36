//! The layouts that the ledger's tables have had, and which of them a file has.

use rusqlite::Connection;

use super::error::LedgerError;

/// Step n brings the file from layout n to n + 1. Steps only add: what was written stays as it was sealed.
pub(super) const STEPS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
    include_str!("schema/6.sql"),
];

/// The first layout whose acts seal the records that they write.
pub(super) const SEALED: usize = 2;

/// The first layout of records: what is needed again of a settlement is a column, and its evidence has a version.
pub(super) const RECORDS: usize = 5;

/// The first layout that knows people.
pub(super) const PEOPLE: usize = 6;

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

/// The last layout there is.
pub(super) fn known() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}
