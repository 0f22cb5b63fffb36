//! What both doors of the sandbox share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;

use crate::clock::Clock;
use crate::door::Door;
use crate::faults::Faults;
use crate::province::Province;

/// What both doors share.
pub(crate) struct Simulation {
    pub(crate) province: Arc<Mutex<Province>>,
    pub(crate) faults: Arc<Mutex<Faults>>,
    pub(crate) clock: Arc<Clock>,
    pub(crate) refuse_certificates: Arc<AtomicBool>,
    pub(crate) door: Door,
}

impl Simulation {
    pub(crate) async fn refuse_certificates(&self, refuse: bool) -> Result<()> {
        self.refuse_certificates.store(refuse, Ordering::SeqCst);
        if self.door.is_open().await {
            self.door.shut().await;
            self.door.reopen().await?;
        }
        Ok(())
    }

    pub(crate) async fn set_listening(&self, listening: bool) -> Result<()> {
        if listening {
            self.door.reopen().await
        } else {
            self.door.shut().await;
            Ok(())
        }
    }
}

/// Takes hold of what is shared, also after a panic of whoever held it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
