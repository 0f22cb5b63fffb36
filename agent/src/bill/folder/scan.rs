//! One look into the folder: names and versions, nothing read; and a file's content, once it is wanted.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read as _;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat, fstat, openat, statat};

use super::file::{FolderTrouble, MOST_FILES, Unfit, Version};
use crate::bill::bounds::LARGEST_FILE;

/// What lies in the folder.
#[derive(Debug)]
pub(crate) struct Scanned {
    /// The folder itself: another one under the same path is another folder.
    pub(crate) folder: (u64, u64),
    pub(crate) files: Vec<(OsString, Version, Option<Unfit>)>,
    /// Names beyond those that are looked at.
    pub(crate) more: usize,
}

/// Looks at every name in the folder. Hidden files and those that programs name for the time of writing are none.
pub(crate) fn scan(path: &Path) -> Result<Scanned, FolderTrouble> {
    let folder = open(path)?;
    let own = fstat(&folder).map_err(FolderTrouble::of)?;
    let mut files = Vec::new();
    let mut more = 0;
    for entry in Dir::read_from(&folder).map_err(FolderTrouble::of)? {
        let entry = entry.map_err(FolderTrouble::of)?;
        let name = OsString::from_vec(entry.file_name().to_bytes().to_vec());
        if is_passed_over(&name) {
            continue;
        }
        // Gone since it was listed.
        let Ok(stat) = statat(&folder, name.as_os_str(), AtFlags::SYMLINK_NOFOLLOW) else {
            continue;
        };
        let kind = FileType::from_raw_mode(stat.st_mode);
        if kind == FileType::Directory {
            continue;
        }
        if files.len() == MOST_FILES {
            more += 1;
            continue;
        }
        files.push((name, Version::of(&stat), unfit(kind, &stat)));
    }
    Ok(Scanned {
        folder: (own.st_dev, own.st_ino),
        files,
        more,
    })
}

/// The content of a file in just this version; none where it is another by now.
pub(crate) fn content(
    path: &Path,
    name: &OsStr,
    wanted: &Version,
) -> Result<Option<Vec<u8>>, Unfit> {
    let unreadable =
        |error: rustix::io::Errno| Unfit::Unreadable(std::io::Error::from(error).kind());
    let folder = open(path).map_err(|_gone| Unfit::Unreadable(std::io::ErrorKind::NotFound))?;
    // A pipe that took the file's place would block, a link would lead elsewhere.
    let flags =
        OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = openat(&folder, name, flags, Mode::empty()).map_err(unreadable)?;
    let is_wanted = |file: &OwnedFd| -> Result<bool, Unfit> {
        let stat = fstat(file).map_err(unreadable)?;
        let kind = FileType::from_raw_mode(stat.st_mode);
        Ok(unfit(kind, &stat).is_none() && Version::of(&stat) == *wanted)
    };
    if !is_wanted(&file)? {
        return Ok(None);
    }
    let mut file = File::from(file);
    let mut bytes = Vec::new();
    let most = u64::try_from(LARGEST_FILE).unwrap_or(u64::MAX);
    file.by_ref()
        .take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Unfit::Unreadable(error.kind()))?;
    // Somebody may have written while it was read.
    let read_whole = u64::try_from(bytes.len()).is_ok_and(|length| length == wanted.size);
    let unchanged = is_wanted(&OwnedFd::from(file))?;
    Ok((read_whole && unchanged).then_some(bytes))
}

fn open(path: &Path) -> Result<OwnedFd, FolderTrouble> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    openat(CWD.as_fd(), path, flags, Mode::empty()).map_err(FolderTrouble::of)
}

/// Hidden, or named as spreadsheets, browsers and copying programs name what they have not finished, and their locks.
fn is_passed_over(name: &OsStr) -> bool {
    let name = name.as_bytes().to_ascii_lowercase();
    let begins = [&b"."[..], b"~$", b"~"];
    let ends = [
        &b".tmp"[..],
        b".part",
        b".partial",
        b".crdownload",
        b".filepart",
        b"~",
    ];
    begins.iter().any(|begin| name.starts_with(begin)) || ends.iter().any(|end| name.ends_with(end))
}

fn unfit(kind: FileType, stat: &Stat) -> Option<Unfit> {
    match kind {
        FileType::RegularFile => match usize::try_from(stat.st_size) {
            Ok(0) => Some(Unfit::Empty),
            Ok(size) if size <= LARGEST_FILE => None,
            Ok(_) | Err(_) => Some(Unfit::TooLarge),
        },
        FileType::Symlink => Some(Unfit::Link),
        FileType::Directory
        | FileType::Fifo
        | FileType::Socket
        | FileType::CharacterDevice
        | FileType::BlockDevice
        | FileType::Unknown => Some(Unfit::Special),
    }
}
