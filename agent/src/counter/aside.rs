//! Work that would hold up the runtime, on threads of its own: bills, documents, the registry's cache.
//!
//! The threads are the runtime's for calls that block. A worker of its own, like the ledger's, would let one bill of 200,000
//! lines hold up every look at the cache; the permits here keep such bills to one at a time and leave the rest to everybody
//! else. A permit belongs to the work and not to who waits for it: a hospital system that hangs up and asks again gains nothing.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::bill::is_workbook;
use crate::clock::Clock;

/// A bill file larger than this is long work, in bytes. A stay has some hundred lines of about 100 bytes.
const LONG_BILL: usize = 512 * 1024;

/// Bytes that the long bodies of all requests together may have: the longest bill and half of another. While it is gathered a
/// body takes up to twice its length.
const MOST_BODIES: u64 = 96 * 1024 * 1024;

/// Bytes for which a body needs one permit.
const PIECE: u64 = 64 * 1024;

/// How long a request waits for room before its body is looked at.
const ROOM_WITHIN: Duration = Duration::from_secs(30);

tokio::task_local! {
    /// The room of the request in hand.
    static ROOM: Room;
}

/// Room that a request's body has; work that goes on when the request has been given up keeps it. Dropping it gives it back.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    _pieces: Option<Arc<OwnedSemaphorePermit>>,
}

impl Room {
    /// Answers the request that has it.
    pub(crate) async fn during<T>(self, answer: impl Future<Output = T>) -> T {
        ROOM.scope(self, answer).await
    }

    /// Of the request in hand, where it needed some.
    pub(super) fn in_hand() -> Option<Self> {
        ROOM.try_with(Self::clone).ok()
    }
}

/// How much work it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Done before anybody notices.
    Light,
    /// May take many seconds.
    Long,
}

impl Weight {
    /// Of so many bytes of a bill's text.
    pub(crate) fn of_bytes(bytes: usize) -> Self {
        if bytes > LONG_BILL {
            Self::Long
        } else {
            Self::Light
        }
    }

    /// Of a bill file, and of all that is done with the bill in it. A workbook may unpack to a multiple of its size.
    pub(crate) fn of_bill(file: &[u8]) -> Self {
        if is_workbook(file) {
            Self::Long
        } else {
            Self::of_bytes(file.len())
        }
    }
}

/// How much of each weight is done at once.
#[derive(Debug)]
pub(crate) struct Permits {
    light: Arc<Semaphore>,
    long: Arc<Semaphore>,
    /// For bodies, in pieces.
    bodies: Arc<Semaphore>,
}

/// Pieces of a body of so many bytes. None is larger than all the room there is.
fn pieces(bytes: u64) -> u32 {
    u32::try_from(bytes.min(MOST_BODIES).div_ceil(PIECE)).unwrap_or(u32::MAX)
}

impl Default for Permits {
    fn default() -> Self {
        Self {
            light: Arc::new(Semaphore::new(4)),
            long: Arc::new(Semaphore::new(1)),
            bodies: Arc::new(Semaphore::new(
                usize::try_from(pieces(MOST_BODIES)).unwrap_or_default(),
            )),
        }
    }
}

impl Permits {
    pub(super) fn of(&self, weight: Weight) -> Arc<Semaphore> {
        Arc::clone(match weight {
            Weight::Light => &self.light,
            Weight::Long => &self.long,
        })
    }

    /// Room for a body of so many bytes, as soon as there is some; none where that takes too long. A body that is
    /// no longer than most bills are needs none.
    pub(super) async fn room_for(&self, bytes: u64, clock: &Clock) -> Option<Room> {
        if bytes <= u64::try_from(LONG_BILL).unwrap_or(u64::MAX) {
            return Some(Room { _pieces: None });
        }
        let room = Arc::clone(&self.bodies).acquire_many_owned(pieces(bytes));
        tokio::select! {
            biased;
            // Nobody closes a semaphore of ours.
            room = room => Some(Room { _pieces: room.ok().map(Arc::new) }),
            () = clock.pause(ROOM_WITHIN) => None,
        }
    }
}
