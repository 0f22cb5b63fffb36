//! Keeping the registry current: at start, then as often as the settings say, for as long as the daemon runs.

use std::time::Duration;

use crate::counter::Counter;
use crate::ledger::numbers::SettlementNumber;
use crate::pulse::{self, Pulse};
use crate::registry::{SyncError, synchronise};

/// After a failed synchronisation the next one comes sooner.
const AFTER_FAILURE: Duration = Duration::from_secs(20);

impl Counter {
    /// Synchronises for ever.
    pub async fn run_synchronisation(self) {
        // One page: signing in, asking, and taking it in.
        let page = 2 * self.0.settings.platform.upload_timeout + pulse::STEP;
        let pulse = self.0.pulses.of("synchronisation", page);
        loop {
            let pause = match self.synchronise_once(&pulse).await {
                Ok(()) => {
                    pulse.beat();
                    self.compare_heads().await;
                    self.0.settings.platform.sync_every
                }
                Err(error) => {
                    tracing::warn!(%error, "the registry could not be synchronised");
                    AFTER_FAILURE
                }
            };
            pulse.wait(self.0.clock.pause(pause)).await;
        }
    }

    /// Asks the province for the last head it holds of this terminal's journal. Nothing waits for the answer, and without one
    /// nothing is held up.
    async fn compare_heads(&self) {
        let held = match self.0.platform.last_head(self.0.clock.now()).await {
            Ok(Some(held)) => held,
            Ok(None) => return,
            Err(error) => {
                tracing::info!(%error, "the province was not asked for the journal's head");
                return;
            }
        };
        let number = SettlementNumber::parse(&held.settlement_number);
        let known = format!("{}-{}", held.journal.sequence, held.journal.mac).parse();
        let (Ok(number), Ok(known)) = (number, known) else {
            tracing::warn!("the head that the province holds cannot be read");
            return;
        };
        match self.0.ledger.hold_against(number, known).await {
            Ok(_) => self.changed(),
            Err(error) => {
                tracing::warn!(%error, "the journal was not held against the province's head");
            }
        }
    }

    async fn synchronise_once(&self, pulse: &Pulse) -> Result<(), SyncError> {
        let before_a_page = || {
            pulse.beat();
            self.0.clock.now()
        };
        let synchronised = synchronise(&self.0.platform, &self.0.registry, before_a_page).await;
        match &synchronised {
            Ok(_) => self.province_answered(),
            Err(SyncError::Platform(error)) => {
                self.province_failed(error);
            }
            Err(error @ SyncError::Endless { .. }) => {
                self.0.trouble.send_replace(Some(error.notice()));
            }
            Err(SyncError::Registry(_)) => {}
        }
        self.changed();
        synchronised.map(drop)
    }
}
