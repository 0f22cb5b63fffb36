//! The witness: how far the journal had come, in a second folder, so that a ledger that was put back or cut short is told from
//! the one that was.
//!
//! It is written after the commit by a thread of its own and may lag; a journal behind it, or another than it names, is not
//! gone on with. Its MAC keeps others from writing one; an old witness put back together with an old ledger shows against
//! the heads on slips and at the province alone.
//!
//! Where both folders are put back together, only the heads on slips and in uploads tell. After each synchronisation
//! the province is asked for the last head it holds, where its table has such a question; nothing waits for the
//! answer.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use rusqlite::{Connection, OptionalExtension};
use subtle::ConstantTimeEq;

use super::error::LedgerError;
use super::found::Held;
use super::journal::Head;
use super::key::{LedgerKey, sync_folder};
use super::mac::MacKey;
use super::{journal, layout, numbers};
use crate::records::numbers::SettlementNumber;

/// The file's first words; the number is its version.
const HEADING: &str = "settlement-agent witness 1";

/// The file in the witness's folder.
const NAME: &str = "ledger.witness";

/// How far a ledger had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Mark {
    /// The last epoch of its numbers; 0 before the first.
    pub(super) epoch: i64,
    /// The journal's last entry; 0 before the first.
    pub(super) sequence: i64,
    /// That entry's MAC.
    pub(super) mac: [u8; 32],
    /// The last second that a message's identifier carries.
    pub(super) message_second: i64,
}

impl Mark {
    /// How far the ledger behind this connection has come.
    pub(super) fn of(conn: &Connection) -> Result<Self, LedgerError> {
        if layout::require_known(conn)? == 0 {
            return Ok(Self::default());
        }
        let (sequence, mac) = journal::last_mac(conn)?.unwrap_or_default();
        Ok(Self {
            epoch: numbers::current_epoch(conn)?.unwrap_or(0),
            sequence,
            mac,
            message_second: conn
                .prepare_cached("SELECT second FROM message_last")?
                .query_row([], |row| row.get(0))
                .optional()?
                .unwrap_or(0),
        })
    }

    /// The entry's place and half of its MAC, as slips carry it.
    pub(super) fn head(&self) -> journal::Head {
        journal::Head::new(self.sequence, &self.mac)
    }
}

/// What lies in the witness's folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    Missing,
    /// Something lies there that this ledger's key did not write.
    Unreadable,
    Found(Mark),
}

impl Seen {
    /// Whether it speaks of a ledger that was begun.
    pub(super) fn of_something(self) -> bool {
        match self {
            Self::Missing => false,
            Self::Unreadable => true,
            Self::Found(mark) => mark.sequence > 0,
        }
    }

    /// The mark, where there is one.
    pub(super) fn mark(self) -> Option<Mark> {
        match self {
            Self::Missing | Self::Unreadable => None,
            Self::Found(mark) => Some(mark),
        }
    }
}

/// Whether the ledger behind this connection is the one that the witness saw, or a later state of it.
pub(super) fn compare(conn: &Connection, seen: Seen) -> Result<Option<Held>, LedgerError> {
    let mark = match seen {
        Seen::Missing => {
            return Ok(journal::has_witness(conn)?.then_some(Held::WitnessMissing));
        }
        Seen::Unreadable => return Ok(Some(Held::WitnessUnreadable)),
        Seen::Found(mark) => mark,
    };
    let reached = Mark::of(conn)?.sequence;
    if mark.sequence > reached {
        return Ok(Some(Held::Behind {
            reached,
            witnessed: mark.sequence,
        }));
    }
    let same = mark.sequence == 0 || journal::mac_at(conn, mark.sequence)? == Some(mark.mac);
    Ok((!same).then_some(Held::Another {
        sequence: mark.sequence,
    }))
}

/// Whether the journal has the head that the province holds for a settlement. One of an epoch before the present is what a person
/// has decided about already.
pub(super) fn compare_with_province(
    conn: &Connection,
    of: &SettlementNumber,
    head: Head,
) -> Result<Option<Held>, LedgerError> {
    let sequence = head.sequence;
    let here = journal::mac_at(conn, sequence)?.map(|mac| Head::new(sequence, &mac));
    if here == Some(head) || numbers::is_of_earlier_epoch(conn, of)? {
        return Ok(None);
    }
    Ok(Some(Held::Province { sequence }))
}

/// The witness of one ledger.
#[derive(Debug, Clone)]
pub(super) struct Witness {
    path: PathBuf,
    key: MacKey,
}

impl Witness {
    pub(super) fn new(folder: &Path, key: &LedgerKey) -> Self {
        Self {
            path: folder.join(NAME),
            key: MacKey::derive(key.bytes(), "settlement-agent witness 1"),
        }
    }

    pub(super) fn read(&self) -> Result<Seen, LedgerError> {
        let text = match fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Seen::Missing);
            }
            Err(source) => return Err(self.failed("read", source)),
        };
        let text = String::from_utf8_lossy(&text);
        Ok(self.parse(&text).map_or(Seen::Unreadable, Seen::Found))
    }

    fn parse(&self, text: &str) -> Option<Mark> {
        let mut words = text.strip_prefix(HEADING)?.split_ascii_whitespace();
        let mut number = || words.next()?.parse::<i64>().ok();
        let (epoch, sequence, message_second) = (number()?, number()?, number()?);
        let (mut mac, mut tag) = ([0; 32], [0; 32]);
        hex::decode_to_slice(words.next()?, &mut mac).ok()?;
        hex::decode_to_slice(words.next()?, &mut tag).ok()?;
        let mark = Mark {
            epoch,
            sequence,
            mac,
            message_second,
        };
        let genuine: bool = self.tag(&mark).ct_eq(&tag).into();
        (genuine && words.next().is_none()).then_some(mark)
    }

    fn tag(&self, mark: &Mark) -> [u8; 32] {
        self.key.mac(&[
            &mark.epoch.to_be_bytes(),
            &mark.sequence.to_be_bytes(),
            &mark.message_second.to_be_bytes(),
            &mark.mac,
        ])
    }

    /// Puts `mark` in the place of what was there, whole or not at all.
    pub(super) fn write(&self, mark: &Mark) -> Result<(), LedgerError> {
        let line = format!(
            "{HEADING} {} {} {} {} {}\n",
            mark.epoch,
            mark.sequence,
            mark.message_second,
            hex::encode(mark.mac),
            hex::encode(self.tag(mark)),
        );
        let new = self.path.with_extension("new");
        // Synced before it takes the old one's place: some file systems would keep the name and not the bytes.
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&new)
            .and_then(|mut file: File| {
                file.write_all(line.as_bytes())?;
                file.sync_data()
            })
            .and_then(|()| fs::rename(&new, &self.path))
            .map_err(|source| self.failed("write", source))
    }

    /// The same, on disk with its name when this returns.
    pub(super) fn write_durably(&self, mark: &Mark) -> Result<(), LedgerError> {
        self.write(mark)?;
        sync_folder(&self.path).map_err(|source| self.failed("write", source))
    }

    fn failed(&self, doing: &'static str, source: std::io::Error) -> LedgerError {
        LedgerError::File {
            doing,
            path: self.path.clone(),
            source,
        }
    }
}

/// What is to be written, and how the last writing went.
#[derive(Debug, Default)]
struct State {
    next: Option<Mark>,
    told: Option<Mark>,
    ending: bool,
    trouble: Option<String>,
}

/// Where the writer leaves its mark for the thread that writes the witness.
#[derive(Debug, Clone, Default)]
pub(super) struct Board(Arc<(Mutex<State>, Condvar)>);

impl Board {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves the present mark where the journal has moved on; a mark that was not written yet gives way to it.
    pub(super) fn tell(&self, mark: Mark) {
        let mut state = self.lock();
        if state.told != Some(mark) {
            state.told = Some(mark);
            state.next = Some(mark);
            self.0.1.notify_one();
        }
    }

    /// Why the witness could not be written last; none where it could.
    pub(super) fn trouble(&self) -> Option<String> {
        self.lock().trouble.clone()
    }

    /// The next mark to be written; none at the end.
    fn next(&self) -> Option<Mark> {
        let mut state = self.lock();
        loop {
            if let Some(mark) = state.next.take() {
                return Some(mark);
            }
            if state.ending {
                return None;
            }
            state = self.0.1.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// The thread that writes the witness. When it is dropped what was left for it is written.
#[derive(Debug)]
pub(super) struct Keeper {
    board: Board,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts it; `kept` lives as long as the thread.
    pub(super) fn start(
        witness: Witness,
        board: &Board,
        kept: impl Send + 'static,
    ) -> std::io::Result<Self> {
        let wanted = board.clone();
        let thread = std::thread::Builder::new()
            .name("ledger-witness".to_owned())
            .spawn(move || {
                while let Some(mark) = wanted.next() {
                    let written = witness.write(&mark);
                    let mut state = wanted.lock();
                    state.trouble = match written {
                        Ok(()) => None,
                        Err(error) => {
                            tracing::warn!(error = ?error, "the witness was not written");
                            // The next mark is another chance; this one is not forgotten.
                            state.told = None;
                            Some(error.to_string())
                        }
                    };
                }
                drop(kept);
            })?;
        Ok(Self {
            board: board.clone(),
            thread: Some(thread),
        })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.board.lock().ending = true;
        self.board.0.1.notify_one();
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != std::thread::current().id()
            && thread.join().is_err()
        {
            tracing::error!("the witness's thread panicked");
        }
    }
}
