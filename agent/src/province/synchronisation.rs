//! Keeping the registry current: at start, then as often as the settings say, for as long as the daemon runs.

use std::time::Duration;

use super::fetch::{SyncError, synchronise};
use super::means::Means;
use crate::ledger::numbers::SettlementNumber;
use crate::province::trouble::Hindrance;
use crate::pulse::{self, Pulse};
use crate::registry::Registry;

/// After a failed synchronisation the next one comes sooner.
const AFTER_FAILURE: Duration = Duration::from_secs(20);

/// Keeps the registry current.
#[derive(Debug, Clone)]
pub(crate) struct Synchronisation {
    /// What it works with.
    pub(crate) with: Means,
    /// What it keeps current.
    pub(crate) registry: Registry,
    /// How often, where it went well.
    pub(crate) every: Duration,
}

impl Synchronisation {
    /// Synchronises for ever.
    pub(crate) async fn run(self) {
        // One page: signing in, asking, and taking it in.
        let page = 2 * self.with.answer_within + pulse::STEP;
        let pulse = self.with.pulses.of("synchronisation", page);
        loop {
            let pause = match self.synchronise_once(&pulse).await {
                Ok(()) => {
                    pulse.beat();
                    self.compare_heads().await;
                    self.every
                }
                Err(error) => {
                    tracing::warn!(%error, "the registry could not be synchronised");
                    AFTER_FAILURE
                }
            };
            pulse.wait(self.with.clock.pause(pause)).await;
        }
    }

    /// Asks the province for the last head it holds of this terminal's journal. Nothing waits for the answer, and without one
    /// nothing is held up.
    async fn compare_heads(&self) {
        let held = match self.with.platform.last_head(self.with.clock.now()).await {
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
        match self.with.ledger.hold_against(number, known).await {
            Ok(_) => self.with.changes.tell(),
            Err(error) => {
                tracing::warn!(%error, "the journal was not held against the province's head");
            }
        }
    }

    async fn synchronise_once(&self, pulse: &Pulse) -> Result<(), SyncError> {
        let before_a_page = || {
            pulse.beat();
            self.with.clock.now()
        };
        let synchronised = synchronise(&self.with.platform, &self.registry, before_a_page).await;
        match &synchronised {
            Ok(_) => self.with.trouble.is_over(),
            Err(SyncError::Platform(error)) => self.with.trouble.failed(error),
            Err(SyncError::Endless { .. }) => self.with.trouble.hinders(Hindrance::Endless),
            Err(SyncError::Registry(_)) => {}
        }
        self.with.changes.tell();
        synchronised.map(drop)
    }
}
