//! Copies of the ledger that are whole by themselves: a back-up, and the one that is kept before the tables are brought up to date.

use std::fs::{self, File};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::connection::{self, Access};
use super::error::LedgerError;
use super::journal::{self, Head};
use super::key::{LedgerKey, sync_folder};
use super::mac::MacKey;
use super::shared::OpenLedger;
use super::{integrity, layout};

/// A connection that cannot write, for a program that looks at a ledger which another process may have open.
///
/// # Errors
/// As [`Ledger::open`], but for the lock.
pub fn open_to_read(path: &Path, key: &LedgerKey) -> Result<Connection, LedgerError> {
    let conn = connection::open(path, key, Access::Read)?;
    layout::require_known(&conn)?;
    Ok(conn)
}

/// Whether a ledger that is not open here knows people.
///
/// # Errors
/// As [`open_to_read`].
pub fn has_people(path: &Path, key: &LedgerKey) -> Result<bool, LedgerError> {
    let conn = open_to_read(path, key)?;
    if layout::require_known(&conn)? < layout::PEOPLE {
        return Ok(false);
    }
    Ok(conn.query_row("SELECT EXISTS (SELECT 1 FROM staff)", [], |row| row.get(0))?)
}

/// Makes a copy of the ledger that is whole by itself, whether or not the daemon runs, and looks through it. Gives back its
/// head.
///
/// # Errors
/// [`LedgerError::File`] where `to` exists already or cannot be written; [`LedgerError::Damaged`] where the copy is not sound.
pub fn back_up(with: &OpenLedger, to: &Path) -> Result<Option<Head>, LedgerError> {
    let source = open_to_read(&with.path, &with.key)?;
    copy(&source, to, &with.key)?;
    require_whole(to, with)
}

/// Keeps a copy of a ledger of an earlier layout beside it, before anything of it is changed: with the program of before and this copy one
/// can go back, as long as nothing was settled or sent since.
pub(super) fn keep_before_upgrade(
    conn: &Connection,
    path: &Path,
    key: &LedgerKey,
) -> Result<(), LedgerError> {
    let layout = layout::require_known(conn)?;
    let queue = offline_queue::is_current(conn)?;
    if layout == 0 || (layout::is_current(conn)? && queue) {
        return Ok(());
    }
    let kept = beside(path, &format!(".before-upgrade-from-{layout}"));
    let new = beside(&kept, ".new");
    // One that was begun when the power went.
    match fs::remove_file(&new) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(failed("remove", &new)(error));
        }
        Ok(()) | Err(_) => {}
    }
    copy(conn, &new, key)?;
    integrity::quick(&connection::open(&new, key, Access::Read)?)?;
    fs::rename(&new, &kept).map_err(failed("put in place", &kept))?;
    sync_folder(&kept).map_err(failed("sync", &kept))?;
    tracing::info!(
        copy = %kept.display(),
        layout,
        "the ledger is brought up to date; as it was before, it lies in the copy"
    );
    Ok(())
}

/// Writes one state of the ledger to a new file, and it is on disk when this returns.
fn copy(source: &Connection, to: &Path, key: &LedgerKey) -> Result<(), LedgerError> {
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)
        .map_err(failed("create", to))?;
    {
        let mut copy = connection::open(to, key, Access::Copy)?;
        let backup = rusqlite::backup::Backup::new(source, &mut copy)?;
        // All pages in one step: one state of the ledger, while the writer goes on in its log.
        backup.step(-1)?;
        drop(backup);
        // By itself, without a log beside it.
        copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_row| Ok(()))?;
    }
    File::open(to)
        .and_then(|file| file.sync_all())
        .and_then(|()| sync_folder(to))
        .map_err(failed("sync", to))
}

/// Looks through a copy as the thorough check does.
pub(super) fn require_whole(copy: &Path, with: &OpenLedger) -> Result<Option<Head>, LedgerError> {
    let conn = connection::open(copy, &with.key, Access::Read)?;
    if layout::require_known(&conn)? == 0 {
        return Err(LedgerError::Damaged {
            what: "the copy holds no ledger".to_owned(),
        });
    }
    match integrity::thorough(&conn, &MacKey::of_journal(with.key.bytes()))? {
        Some(what) => Err(LedgerError::Damaged { what }),
        None => journal::head(&conn),
    }
}

/// The same path with something added to its name.
pub(super) fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(more);
    PathBuf::from(name)
}

/// An error of the system, about this file.
pub(super) fn failed(
    doing: &'static str,
    path: &Path,
) -> impl FnOnce(std::io::Error) -> LedgerError {
    let path = path.to_owned();
    move |source| LedgerError::File {
        doing,
        path,
        source,
    }
}
