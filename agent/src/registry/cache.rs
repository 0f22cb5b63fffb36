//! The file behind the registry: `SQLCipher`, opened in one place, replaced where it cannot be trusted.

use std::fs::{OpenOptions, Permissions};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use zeroize::Zeroizing;

use crate::database::{self, Access, Durable, OpenError};
use crate::records::version::RecordError;

/// The layout's version, in `user_version`. A cache of any other is thrown away: it is fetched again, not migrated.
const LAYOUT: i32 = 3;

const SCHEMA: &str = "
    CREATE TABLE run (
        name TEXT PRIMARY KEY,
        cursor TEXT,
        page INTEGER NOT NULL DEFAULT 0,
        generation INTEGER NOT NULL DEFAULT 0,
        as_of_ms INTEGER,
        repaired INTEGER NOT NULL DEFAULT 0,
        skipped INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    INSERT INTO run (name) VALUES ('registry'), ('catalogue');
    CREATE TABLE worker (
        number TEXT PRIMARY KEY,
        record TEXT,
        unreadable TEXT,
        as_of_ms INTEGER NOT NULL,
        generation INTEGER,
        CHECK ((record IS NULL) <> (unreadable IS NULL))
    ) STRICT;
    CREATE TABLE institution (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        record TEXT,
        unreadable TEXT,
        CHECK ((record IS NULL) <> (unreadable IS NULL))
    ) STRICT;
    CREATE TABLE division (code TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT;
    CREATE TABLE catalogue (
        owner TEXT NOT NULL,
        matrix_column TEXT NOT NULL,
        code TEXT NOT NULL,
        valid_from TEXT NOT NULL,
        valid_to TEXT,
        restricted INTEGER NOT NULL,
        ceiling TEXT,
        generation INTEGER NOT NULL,
        PRIMARY KEY (owner, matrix_column, code, valid_from)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX catalogue_shape ON catalogue (owner, ltrim(upper(code), '0'));
    CREATE TABLE catalogue_unreadable (
        owner TEXT,
        matrix_column TEXT,
        code TEXT NOT NULL,
        field TEXT NOT NULL,
        generation INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX catalogue_unreadable_code ON catalogue_unreadable (code);
    CREATE TABLE refused (
        number TEXT PRIMARY KEY,
        code TEXT NOT NULL,
        words TEXT NOT NULL,
        at_ms INTEGER NOT NULL
    ) STRICT;
";

/// The raw 32-byte key of the cache's file.
#[derive(Clone)]
pub struct CacheKey(Zeroizing<[u8; 32]>);

impl CacheKey {
    /// Takes the key's bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl std::fmt::Debug for CacheKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CacheKey")
    }
}

/// Why a cache was thrown away and begun anew. Nothing is lost but the time to fetch it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rebuilt {
    /// Not readable under this key: another key, or not a database at all.
    KeyOrFile,
    /// Readable, and damaged inside.
    Damaged,
    /// Written in another layout.
    Layout,
}

/// Why the cache does not answer.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The file or its folder cannot be used.
    #[error("the registry cache {} cannot be used", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database refuses.
    #[error("the registry cache does not answer")]
    Database(#[from] rusqlite::Error),
    /// The file was found damaged and has been begun anew: synchronise.
    #[error("the registry cache was damaged and has been begun anew")]
    BegunAnew(Rebuilt),
    /// What the province told of this is not as agreed; names the field, never what stood there.
    #[error("the province's record is not as agreed: {field}")]
    Malformed {
        /// The field.
        field: String,
    },
    /// The catalogue lists a code, and what it says of it is not as agreed.
    #[error("the province's catalogue entry of {code} is not as agreed: {field}")]
    MalformedEntry {
        /// The code.
        code: String,
        /// The field.
        field: String,
    },
    /// A page came that does not follow the one before it.
    #[error("page {found} came where page {expected} was to come")]
    PageOutOfOrder {
        /// The page that would follow.
        expected: u32,
        /// The page that came.
        found: u32,
    },
    /// A record cannot be kept, or read back.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The thread that asked it ended before it answered.
    #[error("a look into the registry cache was interrupted")]
    Interrupted(#[source] tokio::task::JoinError),
}

/// One open cache.
#[derive(Debug)]
pub(super) struct Cache {
    connection: Connection,
    path: PathBuf,
    key: CacheKey,
}

enum Unusable {
    Distrusted(Rebuilt),
    Failed(rusqlite::Error),
}

impl From<rusqlite::Error> for Unusable {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::Distrusted(Rebuilt::KeyOrFile),
            Some(ErrorCode::DatabaseCorrupt) => Self::Distrusted(Rebuilt::Damaged),
            Some(_) | None => Self::Failed(error),
        }
    }
}

impl Cache {
    pub(super) fn open(
        path: &Path,
        key: &CacheKey,
    ) -> Result<(Self, Option<Rebuilt>), RegistryError> {
        let whole = |connection| Self {
            connection,
            path: path.to_owned(),
            key: key.clone(),
        };
        keep_private(path).map_err(|source| unusable(path, source))?;
        match open_checked(path, key) {
            Ok(connection) => Ok((whole(connection), None)),
            Err(Unusable::Failed(error)) => Err(error.into()),
            Err(Unusable::Distrusted(reason)) => {
                tracing::warn!(path = %path.display(), ?reason, "registry cache thrown away, to be fetched anew");
                Ok((whole(begin_anew(path, key)?), Some(reason)))
            }
        }
    }

    /// Runs `work` in one transaction. Damage found on the way throws the file away at once.
    pub(super) fn run<T>(
        &mut self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        let result = attempt(&mut self.connection, behavior, work);
        let Err(RegistryError::Database(error)) = result else {
            return result;
        };
        match Unusable::from(error) {
            Unusable::Failed(error) => Err(error.into()),
            Unusable::Distrusted(reason) => {
                tracing::warn!(path = %self.path.display(), ?reason, "registry cache thrown away, to be fetched anew");
                self.connection = begin_anew(&self.path, &self.key)?;
                Err(RegistryError::BegunAnew(reason))
            }
        }
    }
}

fn attempt<T>(
    connection: &mut Connection,
    behavior: TransactionBehavior,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, RegistryError>,
) -> Result<T, RegistryError> {
    let transaction = connection.transaction_with_behavior(behavior)?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

fn open_checked(path: &Path, key: &CacheKey) -> Result<Connection, Unusable> {
    let mut connection = open_file(path, key)?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    if tables == 0 {
        install(&mut connection)?;
        return Ok(connection);
    }
    let layout: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if layout != LAYOUT {
        return Err(Unusable::Distrusted(Rebuilt::Layout));
    }
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(Unusable::Distrusted(Rebuilt::Damaged));
    }
    Ok(connection)
}

fn begin_anew(path: &Path, key: &CacheKey) -> Result<Connection, RegistryError> {
    for file in files(path) {
        match std::fs::remove_file(file) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(unusable(path, source)),
        }
    }
    keep_private(path).map_err(|source| unusable(path, source))?;
    let mut connection = open_file(path, key).map_err(|error| match error {
        Unusable::Failed(error) => RegistryError::Database(error),
        Unusable::Distrusted(reason) => RegistryError::BegunAnew(reason),
    })?;
    install(&mut connection)?;
    Ok(connection)
}

fn unusable(path: &Path, source: std::io::Error) -> RegistryError {
    RegistryError::File {
        path: path.to_owned(),
        source,
    }
}

/// The cache's file, its log and its shared memory.
fn files(path: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    })
}

/// Makes the file, where there is none, for its owner alone, whatever the process's mask; `SQLite` gives the files beside it the
/// same mode. What lies there open from before is closed to others.
fn keep_private(path: &Path) -> std::io::Result<()> {
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)?;
    for file in files(path) {
        match std::fs::set_permissions(file, Permissions::from_mode(0o600)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            done => done?,
        }
    }
    Ok(())
}

fn open_file(path: &Path, key: &CacheKey) -> Result<Connection, Unusable> {
    let digits = Zeroizing::new(hex::encode(*key.0));
    database::open(path, &digits, Access::Write(Durable::AtCheckpoints)).map_err(
        |error| match error {
            OpenError::NotUnderThisKey => Unusable::Distrusted(Rebuilt::KeyOrFile),
            OpenError::JournalMode(_) => Unusable::Distrusted(Rebuilt::Damaged),
            OpenError::Sqlite(error) => error.into(),
        },
    )
}

fn install(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(SCHEMA)?;
    transaction.pragma_update(None, "user_version", LAYOUT)?;
    transaction.commit()
}

/// A stored moment.
pub(super) fn moment(milliseconds: i64) -> Result<Timestamp, RegistryError> {
    Timestamp::from_millisecond(milliseconds).map_err(|_outside| RegistryError::Malformed {
        field: "as_of_ms".to_owned(),
    })
}
