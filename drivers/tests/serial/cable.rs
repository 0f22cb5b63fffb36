//! A serial device that can be plugged in, pulled out and plugged in again elsewhere.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use drivers::serial::{SerialAddress, SystemRoots};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use tempfile::TempDir;

/// A place where devices are found by id: a `/dev` of the test's own.
pub(crate) struct Hub {
    directory: TempDir,
}

/// The far end of a plugged-in device. Dropping it pulls it out.
pub(crate) struct Plugged {
    line: File,
    link: PathBuf,
    pub(crate) path: PathBuf,
}

const ID: &str = "usb-Maker_Device_A123-if00";

impl Hub {
    pub(crate) fn new() -> Self {
        let directory = TempDir::new().expect("directory");
        fs::create_dir_all(directory.path().join("serial/by-id")).expect("by-id");
        Self { directory }
    }

    pub(crate) fn roots(&self) -> SystemRoots {
        SystemRoots {
            dev: self.directory.path().to_owned(),
            sys: self.directory.path().join("sys"),
        }
    }

    pub(crate) fn address() -> SerialAddress {
        SerialAddress::ById("Device_A123".into())
    }

    /// Takes a number, so that nobody else gets it.
    pub(crate) fn plug_in_elsewhere(self) -> (Self, Plugged) {
        let plugged = self.plug_in();
        (self, plugged)
    }

    /// Plugs the device in; the kernel chooses its number.
    pub(crate) fn plug_in(&self) -> Plugged {
        let line = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("pseudo-terminal");
        grantpt(&line).expect("grant");
        unlockpt(&line).expect("unlock");
        // A device echoes nothing.
        let mut terminal = tcgetattr(&line).expect("modes");
        terminal
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON);
        tcsetattr(&line, OptionalActions::Now, &terminal).expect("modes");
        let name = PathBuf::from(
            ptsname(&line, Vec::new())
                .expect("name")
                .into_string()
                .expect("name"),
        );
        let by_id = self.directory.path().join("serial/by-id").join(ID);
        symlink(&name, &by_id).expect("link");
        Plugged {
            line: File::from(line),
            link: by_id,
            path: name,
        }
    }
}

impl Plugged {
    pub(crate) fn say(&mut self, bytes: &[u8]) {
        self.line.write_all(bytes).expect("line");
    }

    /// Waits for bytes from the driver.
    pub(crate) fn hear(&mut self, length: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.line.read_exact(&mut bytes).ok().map(|()| bytes)
    }

    pub(crate) fn pull_out(self) {
        drop(self);
    }
}

impl Drop for Plugged {
    fn drop(&mut self) {
        // The link is gone already where its hub is.
        drop(fs::remove_file(&self.link));
    }
}
