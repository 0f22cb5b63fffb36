//! The thread that keeps a serial line open: it finds the device again wherever it comes back.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::line::{Opened, Port, SerialLine};

/// Why a serial device cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SerialFault {
    /// It is not plugged in.
    #[error("the device is not plugged in")]
    Absent,
    /// It was unplugged.
    #[error("the device was unplugged")]
    Unplugged,
    /// Another program has it open.
    #[error("another program has the device open")]
    HeldByAnotherProgram,
    /// This user may not open it.
    #[error("no permission to open the device")]
    NotPermitted,
}

/// What happens to the line. A fault is told once, until the line is open again.
pub(crate) enum LineEvent<'a> {
    /// It is open; to be used until it breaks or an end is wanted.
    Open(Port, &'a Stop),
    Fault(SerialFault),
}

/// Whether the thread is to end.
#[derive(Debug, Default)]
pub(crate) struct Stop(AtomicBool);

impl Stop {
    pub(crate) fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Keeps a line open until dropped.
#[derive(Debug)]
pub(crate) struct LineKeeper {
    stop: Arc<Stop>,
    thread: Option<JoinHandle<()>>,
}

/// Nothing announces that a device came; its place is looked at this often.
const LOOK_EVERY: Duration = Duration::from_millis(500);

impl LineKeeper {
    pub(crate) fn start(
        name: &str,
        line: SerialLine,
        mut work: impl FnMut(LineEvent<'_>) + Send + 'static,
    ) -> io::Result<Self> {
        let stop = Arc::new(Stop::default());
        let thread = {
            let stop = Arc::clone(&stop);
            std::thread::Builder::new()
                .name(name.to_owned())
                .spawn(move || keep(&line, &stop, &mut work))?
        };
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for LineKeeper {
    fn drop(&mut self) {
        self.stop.0.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A panic there was printed by the runtime; nothing is left to be done.
            drop(thread.join());
        }
    }
}

fn keep(line: &SerialLine, stop: &Stop, work: &mut impl FnMut(LineEvent<'_>)) {
    let mut told = None;
    while !stop.is_wanted() {
        let fault = match Port::open(line) {
            Opened::Yes(port, path) => {
                tracing::info!(path = %path.display(), "serial line open");
                told = None;
                work(LineEvent::Open(port, stop));
                SerialFault::Unplugged
            }
            // Unplugged a moment ago, and still: said once.
            Opened::Absent if told == Some(SerialFault::Unplugged) => SerialFault::Unplugged,
            Opened::Absent => SerialFault::Absent,
            Opened::Refused(path, kind) => {
                tracing::warn!(path = %path.display(), %kind, "serial line");
                let denied = kind == io::ErrorKind::PermissionDenied;
                if denied {
                    SerialFault::NotPermitted
                } else {
                    SerialFault::HeldByAnotherProgram
                }
            }
        };
        if stop.is_wanted() {
            return;
        }
        if told != Some(fault) {
            told = Some(fault);
            work(LineEvent::Fault(fault));
        }
        std::thread::park_timeout(LOOK_EVERY);
    }
}
