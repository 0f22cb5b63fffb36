//! Whether the file is sound: a quick look when it is opened, a thorough one in the background.
//!
//! The thorough check reads as `SQLite` does. `cipher_integrity_check` reads the file behind `SQLite`'s back: pages that
//! a checkpoint was writing when the power failed count as damage there, although the log has them. `integrity_check`
//! reads the log's version first, and `SQLCipher` checks every page in use against its MAC on the way.

use rusqlite::Connection;

use super::error::LedgerError;
use super::mac::MacKey;
use super::verify::{self, Verdict};

/// The quick look: the structure of every table, not the content of the indexes.
pub(super) fn quick(conn: &Connection) -> Result<(), LedgerError> {
    match complaints(conn, "PRAGMA quick_check(1)", "ok")?.pop() {
        None => Ok(()),
        Some(what) => Err(LedgerError::Damaged { what }),
    }
}

/// The first thing that is wrong, if anything is.
pub(super) fn thorough(
    conn: &Connection,
    journal_key: &MacKey,
) -> Result<Option<String>, LedgerError> {
    // Every page in use is read as SQLite reads it, the log's version before the file's, and held against its own MAC on
    // the way. SQLCipher's own pragma reads the file behind SQLite's back: pages that a checkpoint was writing when the power
    // went look torn there, and lie whole in the log.
    let structure = complaints(conn, "PRAGMA integrity_check(1)", "ok")?;
    if let Some(what) = structure.into_iter().next() {
        return Ok(Some(what));
    }
    let references: i64 =
        conn.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| {
            row.get(0)
        })?;
    if references > 0 {
        return Ok(Some(format!("{references} rows refer to missing rows")));
    }
    // One consistent state: a settlement committed while this walks must not look like a tail that was cut.
    let state = conn.unchecked_transaction()?;
    match verify::verify(&state, journal_key, &[])? {
        Verdict::Sound { .. } => Ok(None),
        Verdict::Broken {
            sequence,
            subject,
            fault,
        } => Ok(Some(format!(
            "journal entry {sequence} ({subject}): {fault:?}"
        ))),
    }
}

/// The rows that a checking pragma gives, without the one that means there is nothing to say.
fn complaints(conn: &Connection, pragma: &str, fine: &str) -> Result<Vec<String>, LedgerError> {
    let mut statement = conn.prepare(pragma)?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut complaints = Vec::new();
    for row in rows {
        let row = row?;
        if row != fine {
            complaints.push(row);
        }
    }
    Ok(complaints)
}
