//! Keeping the registry current: at start, then as often as the settings say, for as long as the daemon runs.

use jiff::SignedDuration;

use super::Counter;
use crate::registry::{SyncError, synchronise};

/// After a failed synchronisation the next one comes sooner.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_secs(20);

impl Counter {
    /// Synchronises for ever.
    pub async fn run_synchronisation(self) {
        loop {
            let pause = match self.synchronise_once().await {
                Ok(()) => SignedDuration::try_from(self.0.settings.platform.sync_every)
                    .unwrap_or(AFTER_FAILURE),
                Err(error) => {
                    tracing::warn!(%error, "the registry could not be synchronised");
                    AFTER_FAILURE
                }
            };
            let now = self.0.clock.now();
            self.0
                .clock
                .sleep_until(now.saturating_add(pause).unwrap_or(now))
                .await;
        }
    }

    async fn synchronise_once(&self) -> Result<(), SyncError> {
        let clock = self.0.clock.clone();
        let synchronised =
            synchronise(&self.0.platform, &self.0.registry, move || clock.now()).await;
        match &synchronised {
            Ok(_) => self.province_answered(),
            Err(SyncError::Platform(error)) => {
                self.province_failed(error);
            }
            Err(_) => {}
        }
        self.changed();
        synchronised.map(drop)
    }
}
