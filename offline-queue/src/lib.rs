//! Durable uploads with deadlines, kept in the caller's own `SQLite` file and written in the caller's own transaction.
//!
//! An upload is a key, a lane, a kind and a body that this package never looks into, and a deadline. It is written
//! by [`enqueue`] together with whatever it reports, handed out by [`lease`], and stays until [`finish`] is
//! told that it was delivered, or a person [`resolve`]s it. The queue sends nothing itself.
//!
//! - Across lanes the earliest deadline goes first; a lane is as urgent as the most urgent upload in it. A lane whose last
//!   attempt hung comes after those that were not tried.
//! - Where nothing gets through, one upload at a time tries the way. The first one taken opens it for all.
//! - Within a lane uploads go first in, first out. A rejected one blocks its own lane and no other.
//! - A lease that is not finished in time (the process died) leaves the outcome unknown: the next lease says
//!   [`Lease::ask_first`].
//! - Nothing is deleted. A deadline that has passed changes nothing but what [`Upload::left`] says.
//!
//! Time and randomness are arguments. All functions of one file must be called by one writer at a time, which a
//! transaction begun with `BEGIN IMMEDIATE` ensures.
//!
//! The tables lie in the caller's file so that a settlement and its uploads commit together. Bodies lie apart from
//! the rows that change with every attempt: a bill of 200,000 lines is a thousand messages. A deadline keeps civil
//! time, boot id and boot time: a clock that somebody sets neither hastens nor hides it. Waits go by boot time alone,
//! and none outlives its boot.

mod attempt;
mod backoff;
mod enqueue;
mod error;
mod finish;
mod frozen;
mod hasten;
mod lease;
mod moment;
mod remedy;
mod schema;
mod unwritten;
mod upload;
mod view;
mod way;

pub use attempt::LeaseToken;
pub use backoff::{Backoff, Retry};
pub use enqueue::{NewUpload, enqueue};
pub use error::QueueError;
pub use finish::{Outcome, finish, note_sent_as};
pub use frozen::{doubt_everything, frozen, keys};
pub use hasten::hasten;
pub use lease::{Lanes, Lease, lease, lease_sent, reclaim};
pub use moment::{Deadline, Moment};
pub use remedy::{RemedyEntry, RemedyKind, remedy};
pub use schema::{install, is_current};
pub use unwritten::{Unwritten, keep_mark, mark_is_kept, next_unwritten};
pub use upload::{Attempt, AttemptEnd, FreeText, Held, Lane, Upload, UploadState};
pub use view::{Which, attempts, find, list, next_wake, remedies};
