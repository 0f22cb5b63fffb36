//! The one function that opens `SQLite`, and every pragma it states.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use zeroize::Zeroizing;

use super::error::LedgerError;
use super::key::LedgerKey;

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

/// Opens the encrypted file with every setting stated, so that no default of a build or a version decides.
///
/// # Errors
/// [`LedgerError::WrongKey`] where the first page cannot be decrypted.
pub(super) fn open(
    path: &Path,
    key: &LedgerKey,
    access: Access,
) -> Result<Connection, LedgerError> {
    let flags = match access {
        Access::Write | Access::Copy => {
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
        }
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    // Each connection is used by one thread at a time.
    let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    // A wrong key is our own finding, told in our own words, not in SQLCipher's on standard error.
    conn.pragma_update(None, "cipher_log_level", "NONE")?;
    // The key comes before anything that reads a page. As x'…' it is used as it is, without key derivation.
    let raw = Zeroizing::new(format!("x'{}'", *key.hex()));
    conn.pragma_update(None, "key", raw.as_str())?;
    conn.pragma_update(None, "cipher_compatibility", 4)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    let readable = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
        row.get::<_, i64>(0)
    });
    match readable {
        Ok(_) => {}
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            return Err(LedgerError::WrongKey {
                path: path.to_owned(),
            });
        }
        Err(error) => return Err(error.into()),
    }
    if access == Access::Write {
        // Kept in the file; the reader finds them there. WAL lets readers go on while a settlement commits.
        let mode: String =
            conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
        if mode != "wal" {
            return Err(LedgerError::Damaged {
                what: format!("the journal mode is {mode}, not wal"),
            });
        }
        claim(&conn)?;
    }
    // A commit returns when its bytes have been synced: a settlement that was shown is on disk.
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "recursive_triggers", true)?;
    conn.pragma_update(None, "secure_delete", true)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    // Nothing of a patient in a temporary file, nor in a mapping that a stray pointer could write through.
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "mmap_size", 0)?;
    conn.pragma_update(None, "wal_autocheckpoint", 1_000)?;
    conn.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
    // Only the writer writes; this is for the moment in which another connection recovers the log.
    conn.pragma_update(None, "busy_timeout", 5_000)?;
    conn.pragma_update(None, "query_only", access == Access::Read)?;
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
