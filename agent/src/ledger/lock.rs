//! The lock beside the ledger: one process at a time, and a note of which file and key belong together.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use subtle::ConstantTimeEq;

use super::error::LedgerError;
use super::key::LedgerKey;
use super::mac::MacKey;

/// The note's first words; the number is its version.
const HEADING: &str = "settlement-agent ledger 1";

/// Bytes of the random salt that an `SQLCipher` file opens with, in the clear.
const SALT: usize = 16;

/// Held as long as the ledger is open; the kernel lets go of it when the process ends, however it ends.
///
/// It is asked for once and not waited for: whoever finds it taken says so and ends.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    path: PathBuf,
}

/// What the lock file remembers of the ledger that was last opened here.
///
/// `SQLCipher` cannot tell a wrong key from a damaged first page. The note can: it says whether this key opened it before.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Note {
    salt: [u8; SALT],
    tag: [u8; 32],
}

impl Note {
    fn new(salt: [u8; SALT], key: &LedgerKey) -> Self {
        let tag = MacKey::derive(key.bytes(), "settlement-agent lock note 1").mac(&[&salt]);
        Self { salt, tag }
    }

    /// Whether `key` is the key that last opened the ledger.
    pub(super) fn knows(&self, key: &LedgerKey) -> bool {
        Self::new(self.salt, key).tag.ct_eq(&self.tag).into()
    }
}

/// Said aloud rather than left to the closing of the file: a program that this process is starting just then holds a copy of
/// its open files, from its fork to its exec, and with it the lock.
impl Drop for Lock {
    fn drop(&mut self) {
        if let Err(error) = self.file.unlock() {
            tracing::warn!(%error, "the ledger's lock is let go only with the process");
        }
    }
}

impl Lock {
    /// Takes the lock of the ledger at `ledger`.
    ///
    /// # Errors
    /// [`LedgerError::SecondInstance`] where another process holds it.
    pub(super) fn take(ledger: &Path) -> Result<Self, LedgerError> {
        let mut name = ledger.as_os_str().to_owned();
        name.push(".lock");
        let path = PathBuf::from(name);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(|source| LedgerError::File {
                doing: "create",
                path: path.clone(),
                source,
            })?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file, path }),
            Err(TryLockError::WouldBlock) => Err(LedgerError::SecondInstance {
                path: ledger.to_owned(),
            }),
            Err(TryLockError::Error(source)) => Err(LedgerError::File {
                doing: "lock",
                path,
                source,
            }),
        }
    }

    /// The note, where there is one that this version can read.
    pub(super) fn note(&mut self) -> Result<Option<Note>, LedgerError> {
        let mut text = String::new();
        self.file
            .seek(SeekFrom::Start(0))
            .and_then(|_start| self.file.read_to_string(&mut text))
            .map_err(|source| self.failed("read", source))?;
        Ok(parse(&text))
    }

    /// Notes that `key` opened the ledger that begins with `salt`.
    pub(super) fn write_note(&mut self, ledger: &Path, key: &LedgerKey) -> Result<(), LedgerError> {
        let mut salt = [0; SALT];
        File::open(ledger)
            .and_then(|mut file| file.read_exact(&mut salt))
            .map_err(|source| LedgerError::File {
                doing: "read",
                path: ledger.to_owned(),
                source,
            })?;
        let note = Note::new(salt, key);
        if self.note()?.as_ref() == Some(&note) {
            return Ok(());
        }
        let line = format!(
            "{HEADING} {} {}\n",
            hex::encode(note.salt),
            hex::encode(note.tag)
        );
        self.file
            .set_len(0)
            .and_then(|()| self.file.seek(SeekFrom::Start(0)))
            .and_then(|_start| self.file.write_all(line.as_bytes()))
            .and_then(|()| self.file.sync_all())
            .map_err(|source| self.failed("write", source))
    }

    fn failed(&self, doing: &'static str, source: std::io::Error) -> LedgerError {
        LedgerError::File {
            doing,
            path: self.path.clone(),
            source,
        }
    }
}

fn parse(text: &str) -> Option<Note> {
    let (salt, tag) = text.strip_prefix(HEADING)?.trim().split_once(' ')?;
    let mut note = Note {
        salt: [0; SALT],
        tag: [0; 32],
    };
    hex::decode_to_slice(salt, &mut note.salt).ok()?;
    hex::decode_to_slice(tag, &mut note.tag).ok()?;
    Some(note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_was_let_go_is_free_although_a_program_being_started_holds_a_copy_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = folder.path().join("ledger.db");
        let lock = Lock::take(&ledger).unwrap();
        let copy = lock.file.try_clone().unwrap();
        assert!(matches!(
            Lock::take(&ledger),
            Err(LedgerError::SecondInstance { .. })
        ));
        drop(lock);
        Lock::take(&ledger).unwrap();
        drop(copy);
    }
}
