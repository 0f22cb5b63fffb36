//! A connection to the ledger's file, and the mark by which that file is told from any other.

use std::path::Path;

use rusqlite::Connection;

use super::error::LedgerError;
use super::key::LedgerKey;
use crate::database::{self, Durable, OpenError};

/// "WISL" (work-injury settlement ledger): tells this file from any other `SQLite` file once it is open.
const APPLICATION_ID: i64 = 0x5749_534C;

/// What a connection may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// The writer's: also creates the file.
    Write,
    /// Everybody else's.
    Read,
    /// That of whoever fills a new copy, which keeps no log beside it.
    Copy,
}

/// Opens the encrypted file.
///
/// # Errors
/// [`LedgerError::WrongKey`] where the first page cannot be decrypted.
pub(super) fn open(
    path: &Path,
    key: &LedgerKey,
    access: Access,
) -> Result<Connection, LedgerError> {
    let wanted = match access {
        Access::Write => database::Access::Write(Durable::AtEachCommit),
        Access::Read => database::Access::Read,
        Access::Copy => database::Access::Copy,
    };
    let conn = database::open(path, &key.hex(), wanted).map_err(|error| match error {
        OpenError::NotUnderThisKey => LedgerError::WrongKey {
            path: path.to_owned(),
        },
        error @ OpenError::JournalMode(_) => LedgerError::Damaged {
            what: error.to_string(),
        },
        OpenError::Sqlite(error) => error.into(),
    })?;
    if access == Access::Write {
        claim(&conn)?;
    }
    Ok(conn)
}

/// Marks a new file as a ledger, and refuses a file that is something else.
fn claim(conn: &Connection) -> Result<(), LedgerError> {
    let found: i64 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (found, tables) {
        (APPLICATION_ID, _) => Ok(()),
        (0, 0) => {
            conn.pragma_update(None, "application_id", APPLICATION_ID)?;
            Ok(())
        }
        (other, _) => Err(LedgerError::Damaged {
            what: format!("application_id is {other:#x}: this file is not a ledger"),
        }),
    }
}
