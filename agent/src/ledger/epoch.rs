//! The ways on for a ledger that is not the one its witness saw: a person restores a copy, or goes on with what there is. Both begin
//! an epoch, which no number of the old can enter.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::connection::{self, Access};
use super::copy::{beside, failed, keep_before_upgrade, require_whole};
use super::error::LedgerError;
use super::journal::{self, Head};
use super::key::sync_folder;
use super::lock::Lock;
use super::shared::{OpenLedger, Shared};
use super::witness::{Mark, Witness};
use super::{integrity, layout, numbers, schema, worker};

/// How a person goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// With a copy that [`super::back_up`] made. What was in the ledger's place is set aside, not deleted.
    Restore {
        /// The copy.
        copy: PathBuf,
    },
    /// With the ledger that is there.
    GoOn,
    /// With an empty one: the ledger is gone, and there is no copy.
    Empty,
}

impl Way {
    fn name(&self) -> &'static str {
        match self {
            Self::Restore { .. } => "restored",
            Self::GoOn => "gone_on",
            Self::Empty => "begun_empty",
        }
    }
}

/// What the journal keeps of it, version 1.
#[derive(Serialize)]
struct Body<'a> {
    v: u8,
    way: &'static str,
    epoch: i64,
    /// How far the ledger had come, as the witness saw it; none where it could not be read.
    witnessed: Option<String>,
    who: &'a str,
    why: &'a str,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The journal's head, the beginning of the epoch included.
    pub head: Head,
    /// Where the ledger that was in the way now lies.
    pub set_aside: Option<PathBuf>,
}

/// Begins a new epoch on the stopped ledger; `who` and `why` stand in the journal.
///
/// # Errors
/// [`LedgerError::SecondInstance`] while the daemon runs; [`LedgerError::Vanished`] where there is none to go on with; [`LedgerError::InTheWay`] where there is one and an empty one
/// was asked for; [`LedgerError::Damaged`] where the copy is; [`LedgerError::ClockBehind`].
pub fn begin_epoch(
    with: &OpenLedger,
    way: &Way,
    who: &str,
    why: &str,
) -> Result<Begun, LedgerError> {
    let mut lock = Lock::take(&with.path)?;
    let witness = Witness::new(&with.witness, &with.key);
    let seen = witness.read()?;
    let set_aside = match way {
        Way::Restore { copy } => {
            let new = beside(&with.path, ".restoring");
            fs::copy(copy, &new).map_err(failed("copy", copy))?;
            require_whole(&new, with)?;
            let aside = set_aside(with)?;
            fs::rename(&new, &with.path).map_err(failed("put in place", &with.path))?;
            aside
        }
        Way::GoOn => {
            let conn = open(with)?;
            if layout::require_known(&conn)? == 0 {
                return Err(vanished(with));
            }
            None
        }
        Way::Empty => {
            if !is_empty(with)? {
                return Err(LedgerError::InTheWay {
                    path: with.path.clone(),
                });
            }
            set_aside(with)?
        }
    };
    sync_folder(&with.path).map_err(failed("sync", &with.path))?;
    let mut conn = connection::open(&with.path, &with.key, Access::Write)?;
    integrity::quick(&conn)?;
    keep_before_upgrade(&conn, &with.path, &with.key)?;
    let shared = Shared::new(with, None);
    let head = worker::transact(&mut conn, &shared, |entry| {
        schema::migrate(entry)?;
        journal::require_clock(entry)?;
        let mark = seen.mark().unwrap_or_default();
        let epoch =
            numbers::begin_epoch_after(entry, way.name(), (mark.epoch, mark.message_second))?;
        offline_queue::doubt_everything(entry)?;
        if !journal::has_witness(entry)? {
            journal::begin_witness(entry)?;
        }
        let body = Body {
            v: 1,
            way: way.name(),
            epoch,
            witnessed: seen.mark().map(|mark| mark.head().to_string()),
            who,
            why,
        };
        journal::append_body(entry, "epoch_begun", "epoch", &body)
    })?;
    lock.write_note(&with.path, &with.key)?;
    witness.write_durably(&Mark::of(&conn)?)?;
    Ok(Begun { head, set_aside })
}

fn open(with: &OpenLedger) -> Result<rusqlite::Connection, LedgerError> {
    if length(&with.path)? == 0 {
        return Err(vanished(with));
    }
    let conn = connection::open(&with.path, &with.key, Access::Write)?;
    integrity::quick(&conn)?;
    Ok(conn)
}

/// Whether nothing that was ever committed lies in the ledger's place.
fn is_empty(with: &OpenLedger) -> Result<bool, LedgerError> {
    if length(&with.path)? == 0 {
        return Ok(true);
    }
    let conn = connection::open(&with.path, &with.key, Access::Read)?;
    Ok(layout::require_known(&conn)? == 0)
}

/// Moves the ledger and its log to names of their own; none where there was nothing.
fn set_aside(with: &OpenLedger) -> Result<Option<PathBuf>, LedgerError> {
    let aside = beside(
        &with.path,
        &format!(".before-{}", (with.now)().civil.as_second()),
    );
    let mut moved = None;
    for part in ["-shm", "-wal", ""] {
        let (from, to) = (beside(&with.path, part), beside(&aside, part));
        match fs::rename(&from, &to) {
            Ok(()) => moved = Some(aside.clone()),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(source) => return Err(failed("set aside", &from)(source)),
        }
    }
    Ok(moved)
}

fn length(path: &Path) -> Result<u64, LedgerError> {
    match fs::metadata(path) {
        Ok(found) => Ok(found.len()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        Err(source) => Err(failed("examine", path)(source)),
    }
}

fn vanished(with: &OpenLedger) -> LedgerError {
    LedgerError::Vanished {
        path: with.path.clone(),
    }
}
