//! Work that would hold up the runtime, on threads of its own: bills, documents, the registry's cache.
//!
//! The threads are the runtime's for calls that block. A worker of its own, like the ledger's, would let one bill of 200,000
//! lines hold up every look at the cache; the permits here keep such bills to one at a time and leave the rest to everybody
//! else. A permit belongs to the work and not to who waits for it: a hospital system that hangs up and asks again gains nothing.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::bill::is_workbook;

/// A bill file larger than this is long work, in bytes. A stay has some hundred lines of about 100 bytes.
const LONG_BILL: usize = 512 * 1024;

/// How much work it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Done before anybody notices.
    Light,
    /// May take many seconds.
    Long,
}

impl Weight {
    /// Of a bill file, and of all that is done with the bill in it. A workbook may unpack to a multiple of its size.
    pub(crate) fn of_bill(file: &[u8]) -> Self {
        if file.len() > LONG_BILL || is_workbook(file) {
            Self::Long
        } else {
            Self::Light
        }
    }
}

/// How much of each weight is done at once.
#[derive(Debug)]
pub(crate) struct Permits {
    light: Arc<Semaphore>,
    long: Arc<Semaphore>,
}

impl Default for Permits {
    fn default() -> Self {
        Self {
            light: Arc::new(Semaphore::new(4)),
            long: Arc::new(Semaphore::new(1)),
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
}
