//! The truth on disk: visits, settlements, the chained journal, and the queue in the same file.
//!
//! One thread writes. What it is given runs in one `BEGIN IMMEDIATE` transaction, whether or not the one who
//! asked still waits. A second connection reads. The file is `SQLCipher`'s from its first page on.

mod agreement;
mod background;
pub mod bills;
mod connection;
mod copy;
mod entry;
mod epoch;
mod error;
mod found;
mod handle;
mod integrity;
pub mod journal;
mod key;
mod layout;
mod lock;
mod mac;
pub mod numbers;
mod opening;
mod schema;
mod seal;
pub mod settlements;
mod shared;
pub mod staff;
#[cfg(test)]
mod tests;
mod uploads;
mod verify;
pub mod visits;
mod witness;
mod worker;

pub use agreement::require_as_settled;
pub use copy::{back_up, has_people, open_to_read};
pub use entry::{Entry, moment};
pub use epoch::{Begun, Way, begin_epoch};
pub use error::{KeyFileError, LedgerError, Refused};
pub use found::{Held, Integrity};
pub use handle::Ledger;
pub use key::LedgerKey;
pub use shared::{OpenLedger, ReadClock};
pub use verify::{Fault, Verdict};
