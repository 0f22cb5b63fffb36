//! Work that would hold up the runtime, on threads of its own: bills, documents, the registry's cache.
//!
//! The threads are the runtime's for calls that block. A worker of its own, like the ledger's, would let one bill of 200,000
//! lines hold up every look at the cache; the permits here keep such bills to one at a time and leave the rest to everybody
//! else. A permit belongs to the work and not to who waits for it: a hospital system that hangs up and asks again gains nothing.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::bill::is_workbook;
use crate::counter::Counter;
use crate::counter::error::CounterError;

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

impl Counter {
    /// Does `work` on a thread that may compute for long or wait for the disk.
    ///
    /// # Errors
    /// What `work` gives, and [`CounterError::Interrupted`] where it panics.
    pub(crate) async fn aside<T: Send + 'static>(
        &self,
        weight: Weight,
        work: impl FnOnce(&Self) -> Result<T, CounterError> + Send + 'static,
    ) -> Result<T, CounterError> {
        let permits = match weight {
            Weight::Light => &self.0.permits.light,
            Weight::Long => &self.0.permits.long,
        };
        // Nobody closes a semaphore of ours.
        let permit = Arc::clone(permits).acquire_owned().await;
        let counter = self.clone();
        tokio::task::spawn_blocking(move || {
            let done = work(&counter);
            drop(permit);
            done
        })
        .await
        .map_err(CounterError::Interrupted)?
    }
}
