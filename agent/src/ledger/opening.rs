//! Finding the ledger's file, or making it where there never was one, and bringing it up to date.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;

use rusqlite::Connection;

use super::connection::{self, Access};
use super::copy::keep_before_upgrade;
use super::error::LedgerError;
use super::key::LedgerKey;
use super::lock::Lock;
use super::shared::{OpenLedger, Shared};
use super::witness::{Mark, Seen, Witness};
use super::{integrity, journal, key, layout, schema, worker};

/// Brings the tables up to date, and begins the witness where there never was one.
pub(super) fn bring_up_to_date(
    conn: &mut Connection,
    (shared, key): (&Shared, &LedgerKey),
    witness: &Witness,
    seen: Seen,
) -> Result<(), LedgerError> {
    keep_before_upgrade(conn, &shared.path, key)?;
    if seen == Seen::Missing {
        // Before the journal says that there is one: a power cut between the two leaves a witness that is not behind, and
        // no journal that misses it.
        witness.write_durably(&Mark::of(conn)?)?;
    }
    worker::transact(conn, shared, |entry| {
        schema::migrate(entry)?;
        if !journal::has_witness(entry)? {
            journal::begin_witness(entry)?;
        }
        Ok(())
    })
}

/// Opens the file for writing, and makes it where there never was one.
pub(super) fn open_writer(
    with: &OpenLedger,
    lock: &mut Lock,
    seen: Seen,
) -> Result<Connection, LedgerError> {
    let (path, key) = (&with.path, &with.key);
    let note = lock.note()?;
    let begun_before = note.is_some() || seen.of_something();
    let vanished = || LedgerError::Vanished { path: path.clone() };
    let failed = |doing| {
        move |source| LedgerError::File {
            doing,
            path: path.clone(),
            source,
        }
    };
    // An empty file would become a new, empty ledger without a word.
    let length = match std::fs::metadata(path) {
        Ok(found) => found.len(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
        Err(error) => return Err(failed("examine")(error)),
    };
    if length == 0 && begun_before {
        return Err(vanished());
    }
    if length == 0 {
        OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(path)
            .and_then(|file| file.sync_all())
            .and_then(|()| key::sync_folder(path))
            .map_err(failed("create"))?;
    }
    let conn = match connection::open(path, key, Access::Write) {
        Err(LedgerError::WrongKey { .. }) if note.is_some_and(|note| note.knows(key)) => {
            return Err(LedgerError::Damaged {
                what: "the first page cannot be read with the key that opened it before".to_owned(),
            });
        }
        other => other?,
    };
    integrity::quick(&conn)?;
    // So would a file whose first commit lay in a log that is lost.
    if begun_before && layout::require_known(&conn)? == 0 {
        return Err(vanished());
    }
    Ok(conn)
}
