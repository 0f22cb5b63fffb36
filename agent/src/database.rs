//! The one function that opens `SQLite`, and every pragma it states, for the ledger and for the registry's cache alike.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use zeroize::Zeroizing;

/// What a connection may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// The writer's: also creates the file.
    Write(Durable),
    /// Everybody else's.
    Read,
    /// That of whoever fills a new copy, which keeps no log beside it.
    Copy,
}

/// What is on disk when a commit returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durable {
    /// It is: a settlement that was shown has been synced.
    AtEachCommit,
    /// Its last second may be lost in a power cut: it is fetched again.
    AtCheckpoints,
}

/// Why a file was not opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    /// The first page cannot be decrypted: another key, or no database at all.
    #[error("the key does not open the file")]
    NotUnderThisKey,
    /// It cannot keep its log in the way that is asked for.
    #[error("the journal mode is {0}, not wal")]
    JournalMode(String),
    /// `SQLite` refuses.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// Opens an encrypted file with every setting stated, so that no default of a build or a version decides. `key` are its 32 bytes, in
/// hexadecimal digits.
pub(crate) fn open(path: &Path, key: &str, access: Access) -> Result<Connection, OpenError> {
    let flags = match access {
        Access::Write(_) | Access::Copy => {
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
        }
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    // Each connection is used by one thread at a time.
    let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    // A wrong key is our own finding, told in our own words, not in SQLCipher's on standard error.
    conn.pragma_update(None, "cipher_log_level", "NONE")?;
    // The key comes before anything that reads a page. As x'…' it is used as it is, without key derivation.
    let raw = Zeroizing::new(format!("x'{key}'"));
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
            return Err(OpenError::NotUnderThisKey);
        }
        Err(error) => return Err(error.into()),
    }
    if let Access::Write(_) = access {
        // Kept in the file; readers find it there. WAL lets readers go on while a settlement commits.
        let mode: String =
            conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
        if mode != "wal" {
            return Err(OpenError::JournalMode(mode));
        }
    }
    let synchronous = match access {
        Access::Write(Durable::AtCheckpoints) => "NORMAL",
        Access::Write(Durable::AtEachCommit) | Access::Read | Access::Copy => "FULL",
    };
    conn.pragma_update(None, "synchronous", synchronous)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "recursive_triggers", true)?;
    conn.pragma_update(None, "secure_delete", true)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    // Nothing of a patient in a temporary file, nor in a mapping that a stray pointer could write through.
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "mmap_size", 0)?;
    conn.pragma_update(None, "wal_autocheckpoint", 1_000)?;
    conn.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
    // Only one writes; this is for the moment in which another connection recovers the log.
    conn.pragma_update(None, "busy_timeout", 5_000)?;
    conn.pragma_update(None, "query_only", access == Access::Read)?;
    Ok(conn)
}
