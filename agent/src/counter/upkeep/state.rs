//! Where the counter stands, and what of its work is still on the way.

use std::time::Duration;

use offline_queue::Which;

use crate::counter::Counter;
use crate::counter::error::CounterError;
use crate::counter::uploads;
use crate::counter::views::CounterState;
use crate::ledger::{LedgerError, moment};
use crate::pulse;

/// How often the ledger's threads are asked whether they are there.
const LEDGER_ASKED_EVERY: Duration = Duration::from_secs(10);

impl Counter {
    /// Where the counter stands: with its own ledger, and with the province.
    pub async fn state(&self) -> Result<CounterState, CounterError> {
        let uploads = self.uploads().await?;
        let (ages, faults) = self
            .0
            .registry
            .aside(|registry| Ok((registry.ages()?, registry.faults()?)))
            .await?;
        Ok(CounterState {
            ledger: self.ledger_state(),
            registry_as_of: ages.registry,
            catalogue_as_of: ages.catalogue,
            registry_faults: faults,
            province_trouble: self.0.trouble.last(),
            open_uploads: uploads.len(),
            late_uploads: uploads
                .iter()
                .filter(|upload| upload.left.is_negative())
                .count(),
            nearly_late_uploads: uploads.iter().filter(|upload| upload.nearly_late()).count(),
            rejected_uploads: uploads
                .iter()
                .filter(|upload| upload.state.needs_a_person())
                .count(),
        })
    }

    /// All uploads that are not delivered, most urgent first.
    pub async fn uploads(&self) -> Result<Vec<uploads::UploadView>, CounterError> {
        let now = moment(&self.0.clock.times());
        self.0
            .ledger
            .read(move |conn| {
                let open =
                    offline_queue::list(conn, Which::Open, &now).map_err(LedgerError::from)?;
                Ok(uploads::views(open))
            })
            .await
    }

    /// Asks the ledger's threads for a sign of life again and again; ends where one of them has ended.
    pub async fn run_ledger_watch(self) {
        // A settlement of a long bill keeps the writer busy for many seconds.
        let pulse = self.0.pulses.of("ledger", 2 * pulse::STEP);
        while self.0.ledger.answers().await.is_ok() {
            pulse.wait(self.0.clock.pause(LEDGER_ASKED_EVERY)).await;
        }
    }
}
