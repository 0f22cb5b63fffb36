//! A file of the folder, by its name and its version; why one cannot be a bill, and why nothing is known of the folder.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt as _;

use jiff::Timestamp;
use rustix::fs::Stat;
use sha2::{Digest as _, Sha256};

use crate::redacted::closed_debug;

/// Files that are looked at; of a folder with more the rest is counted.
pub(crate) const MOST_FILES: usize = 5_000;

/// Why nothing is known of the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolderTrouble {
    /// There is none: a share that is not mounted, or a path that is wrong.
    Missing,
    /// It is no folder, or a link to one.
    NotAFolder,
    /// This program's account may not look into it.
    Forbidden,
    /// The file system fails.
    Fails(io::ErrorKind),
    /// The file system has not answered for a while: a network share that hangs.
    Silent,
}

impl FolderTrouble {
    pub(crate) fn of(error: rustix::io::Errno) -> Self {
        use rustix::io::Errno;
        match error {
            Errno::NOENT | Errno::STALE => Self::Missing,
            Errno::NOTDIR | Errno::LOOP => Self::NotAFolder,
            Errno::ACCESS | Errno::PERM => Self::Forbidden,
            other => Self::Fails(io::Error::from(other).kind()),
        }
    }
}

/// Why a file in it cannot be a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// A symbolic link: where it leads is not the folder's to say.
    Link,
    /// A pipe, a socket or a device.
    Special,
    /// Nothing stands in it.
    Empty,
    /// Larger than a bill can be.
    TooLarge,
    /// It cannot be read.
    Unreadable(io::ErrorKind),
}

/// One version of a file: what has the same is the same content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version {
    device: u64,
    inode: u64,
    pub(crate) size: u64,
    pub(super) modified: (i64, i64),
    changed: (i64, i64),
}

impl Version {
    pub(super) fn of(stat: &Stat) -> Self {
        let nanoseconds = |part: u64| i64::try_from(part).unwrap_or_default();
        Self {
            device: stat.st_dev,
            inode: stat.st_ino,
            size: u64::try_from(stat.st_size).unwrap_or_default(),
            modified: (stat.st_mtime, nanoseconds(stat.st_mtime_nsec)),
            changed: (stat.st_ctime, nanoseconds(stat.st_ctime_nsec)),
        }
    }

    /// When its content was last written.
    pub(crate) fn modified(&self) -> Option<Timestamp> {
        let nanoseconds = i32::try_from(self.modified.1).ok()?;
        Timestamp::new(self.modified.0, nanoseconds).ok()
    }
}

/// Names a file in one version: chosen by a person, it is this content that is read, or nothing.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FileId(String);

closed_debug!(FileId);

impl FileId {
    pub(crate) fn of(name: &OsStr, version: &Version) -> Self {
        let mut hash = Sha256::new();
        for part in [
            version.device,
            version.inode,
            version.size,
            version.modified.0.cast_unsigned(),
            version.modified.1.cast_unsigned(),
            version.changed.0.cast_unsigned(),
            version.changed.1.cast_unsigned(),
        ] {
            hash.update(part.to_le_bytes());
        }
        hash.update(name.as_bytes());
        Self(hex::encode(&hash.finalize()[..16]))
    }

    /// As it stands in a form.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A file's name as it is shown and compared: UTF-8, or GBK where a Windows program has written it over a share.
pub(crate) fn name_text(name: &OsStr) -> String {
    match std::str::from_utf8(name.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_gbk) => encoding_rs::GB18030
            .decode_without_bom_handling(name.as_bytes())
            .0
            .into_owned(),
    }
}
