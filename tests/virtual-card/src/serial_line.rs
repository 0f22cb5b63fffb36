//! A serial device on a pseudo-terminal, which the kernel treats as a serial line: plugged in, pulled out, plugged in elsewhere.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

/// The far end of a plugged-in serial device. Dropping it pulls it out.
#[derive(Debug)]
pub struct SerialDevice {
    line: File,
    link: PathBuf,
    path: PathBuf,
}

impl SerialDevice {
    /// Plugs a device in; the kernel chooses its number, `link` leads to it.
    ///
    /// # Errors
    ///
    /// The kernel gives no pseudo-terminal, or `link` cannot be made.
    pub fn plug_in(link: &Path) -> io::Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        // A device echoes nothing, and no program that is started meanwhile keeps it plugged in.
        let mut terminal = tcgetattr(&master)?;
        terminal
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON);
        tcsetattr(&master, OptionalActions::Now, &terminal)?;
        let path = ptsname(&master, Vec::new())?
            .into_string()
            .map_err(io::Error::other)?;
        symlink(&path, link)?;
        Ok(Self {
            line: File::from(master),
            link: link.to_owned(),
            path: path.into(),
        })
    }

    /// The device's own path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Sends bytes.
    ///
    /// # Errors
    ///
    /// The line is closed.
    pub fn say(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.line.write_all(bytes)
    }

    /// Waits for so many bytes.
    ///
    /// # Errors
    ///
    /// The line is closed.
    pub fn hear(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.line.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Pulls it out.
    pub fn pull_out(self) {
        drop(self);
    }
}

impl Drop for SerialDevice {
    fn drop(&mut self) {
        // The link is gone already where its folder is.
        drop(fs::remove_file(&self.link));
    }
}
