//! Files that the agent had open when it started the card process, and that came along.

use std::os::fd::{AsFd as _, AsRawFd as _, RawFd};
use std::{io, str};

use rustix::fs::{Mode, OFlags};

/// Closes every file but standard input, output and error. To be called before anything is opened.
///
/// # Errors
///
/// The open files cannot be listed, or one of them not closed.
pub fn close_inherited_files() -> io::Result<()> {
    let folder = rustix::fs::open(
        "/proc/self/fd",
        OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
    )?;
    let mut inherited = Vec::new();
    for entry in rustix::fs::Dir::read_from(folder.as_fd())? {
        let number = entry?;
        let number = str::from_utf8(number.file_name().to_bytes()).map_err(io::Error::other)?;
        if let Ok(number) = number.parse::<RawFd>() {
            inherited.push(number);
        }
    }
    inherited.retain(|number| *number > 2 && *number != folder.as_raw_fd());
    for number in inherited {
        match nix::unistd::close(number) {
            // The listing's own file was open while it was listed.
            Ok(()) | Err(nix::Error::EBADF) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
