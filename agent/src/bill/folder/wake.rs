//! What tells that something has happened in the folder: the kernel, or for network shares, where it hears only what this PC itself
//! does, nobody but the clock.

use std::collections::HashSet;
use std::ffi::OsString;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::ffi::OsStringExt as _;
use std::path::Path;

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};
use rustix::fs::statfs;
use rustix::io::Errno;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// File systems that others change, by the number that `statfs` gives them (`linux/magic.h`): NFS, SMB and CIFS, SMB2, FUSE, 9P, Ceph,
/// AFS, Coda, NCP, OCFS2, GFS2.
const OTHERS_CHANGE: [u32; 12] = [
    0x6969,
    0x517B,
    0xFF53_4D42,
    0xFE53_4D42,
    0x6573_5546,
    0x0102_1997,
    0x00C3_6400,
    0x5346_414F,
    0x7375_7245,
    0x564C,
    0x7461_636F,
    0x0116_1970,
];

/// How one hears of changes.
#[derive(Debug)]
pub(crate) enum Watch {
    /// From the kernel.
    Kernel(AsyncFd<OwnedFd>),
    /// By looking.
    Clock,
}

/// What was heard.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// Files that were closed after writing, or came whole.
    pub(crate) closed: HashSet<OsString>,
    /// The folder itself is another one, or gone.
    pub(crate) folder_gone: bool,
}

impl Watch {
    /// Of the folder there now. Must be called on the runtime.
    pub(crate) fn of(path: &Path) -> Self {
        match Self::kernel(path) {
            Ok(watch) => watch,
            Err(error) => {
                tracing::info!(%error, "the bill folder is looked at by the clock: the kernel does not tell of it");
                Self::Clock
            }
        }
    }

    fn kernel(path: &Path) -> io::Result<Self> {
        if others_change(path)? {
            return Ok(Self::Clock);
        }
        let events = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC)?;
        let wanted = WatchFlags::CLOSE_WRITE
            | WatchFlags::MOVE
            | WatchFlags::CREATE
            | WatchFlags::DELETE
            | WatchFlags::DELETE_SELF
            | WatchFlags::MOVE_SELF
            | WatchFlags::ONLYDIR
            | WatchFlags::DONT_FOLLOW;
        inotify::add_watch(&events, path, wanted)?;
        #[expect(
            deprecated,
            reason = "what the safe constructor cannot promise for every type holds for an owned descriptor: it stays open and the same \
                      for as long as it is registered"
        )]
        let events = AsyncFd::with_interest(events, Interest::READABLE)?;
        Ok(Self::Kernel(events))
    }

    /// Waits until something has happened; for ever where nobody tells.
    pub(crate) async fn told(&self) -> Told {
        let Self::Kernel(events) = self else {
            return std::future::pending().await;
        };
        loop {
            let Ok(mut ready) = events.readable().await else {
                // The runtime ends.
                return std::future::pending().await;
            };
            if let Ok(told) =
                ready.try_io(|events| heard(events.get_ref()).map_err(io::Error::from))
            {
                return told.unwrap_or(Told {
                    closed: HashSet::new(),
                    folder_gone: true,
                });
            }
        }
    }
}

fn others_change(path: &Path) -> io::Result<bool> {
    let kind = statfs(path)?.f_type;
    // The number has 32 bits, whatever the width of the field.
    let magic = u32::try_from(kind & 0xFFFF_FFFF).unwrap_or_default();
    Ok(OTHERS_CHANGE.contains(&magic))
}

/// Everything that is there to be heard; that there is nothing is an error.
fn heard(events: &OwnedFd) -> Result<Told, Errno> {
    let mut buffer = [MaybeUninit::uninit(); 4096];
    let mut reader = Reader::new(events.as_fd(), &mut buffer);
    let mut told = Told::default();
    let mut any = false;
    loop {
        let event = match reader.next() {
            Ok(event) => event,
            Err(Errno::AGAIN) if any => return Ok(told),
            Err(error) => return Err(error),
        };
        any = true;
        let what = event.events();
        told.folder_gone |= what.intersects(
            // Events were lost where the queue ran over: begin anew.
            ReadFlags::DELETE_SELF
                | ReadFlags::MOVE_SELF
                | ReadFlags::IGNORED
                | ReadFlags::UNMOUNT
                | ReadFlags::QUEUE_OVERFLOW,
        );
        if what.intersects(ReadFlags::CLOSE_WRITE | ReadFlags::MOVED_TO)
            && let Some(name) = event.file_name()
        {
            told.closed
                .insert(OsString::from_vec(name.to_bytes().to_vec()));
        }
    }
}
