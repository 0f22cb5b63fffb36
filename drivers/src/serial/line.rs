//! An open serial line.

use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serialport::TTYPort;

use super::{SerialAddress, SystemRoots};

/// A serial line to keep open.
#[derive(Debug, Clone)]
pub(crate) struct SerialLine {
    pub(crate) address: SerialAddress,
    pub(crate) roots: SystemRoots,
    pub(crate) baud: u32,
    /// How long a read waits.
    pub(crate) patience: Duration,
}

/// A serial line, 8N1.
pub(crate) struct Port(TTYPort);

/// Whether the device could be opened.
pub(super) enum Opened {
    Yes(Port, PathBuf),
    /// It is not plugged in.
    Absent,
    /// Another program has it open, or this user may not open it.
    Refused(PathBuf, io::ErrorKind),
}

impl Port {
    /// Opens the device where it is now.
    pub(super) fn open(line: &SerialLine) -> Opened {
        let Some(path) = line.address.find(&line.roots) else {
            return Opened::Absent;
        };
        match open(&path, line.baud, line.patience) {
            Ok(port) => Opened::Yes(Self(port), path),
            Err(_) if !path.exists() => Opened::Absent,
            Err(error) => Opened::Refused(path, io::Error::from(error).kind()),
        }
    }

    /// Reads what is there; zero bytes where nothing came in time.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer) {
            Ok(0) => Err(io::ErrorKind::BrokenPipe.into()),
            Ok(count) => Ok(count),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
                ) =>
            {
                Ok(0)
            }
            Err(error) => Err(error),
        }
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }
}

/// Opens with an exclusive lock, so that of two programs one is told.
fn open(path: &Path, baud: u32, patience: Duration) -> serialport::Result<TTYPort> {
    serialport::new(path.to_string_lossy(), baud)
        .timeout(patience)
        .open_native()
}
