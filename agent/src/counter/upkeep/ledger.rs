//! How the counter's own ledger is found: said on every screen and at every door, and where it is not to be trusted nothing is
//! admitted, settled or printed on it; where it takes nothing in, why.

use std::sync::Arc;

use crate::counter::Counter;
use crate::counter::error::CounterError;
use crate::counter::views::{LedgerDoubt, LedgerState};
use crate::ledger::{Integrity, LedgerError};

impl Counter {
    /// Waits for the ledger's thorough check, says in the log what it found, and has every screen look again.
    pub async fn run_integrity_watch(self) {
        let found = self.0.ledger.checked().await;
        tracing::info!(?found, "the ledger's thorough check has ended");
        self.changed();
    }

    /// How the ledger is found.
    pub fn ledger_state(&self) -> LedgerState {
        match self.0.ledger.require_sound() {
            Err(error) => LedgerState::Stopped(Arc::new(error)),
            Ok(()) => match (self.0.ledger.integrity(), self.no_room()) {
                (Integrity::Damaged { what }, _) => {
                    LedgerState::Stopped(Arc::new(LedgerError::Damaged { what }))
                }
                (
                    Integrity::Sound | Integrity::Checking | Integrity::NotChecked { .. },
                    Some(no_room),
                ) => LedgerState::Full(no_room),
                (Integrity::Sound, None) if self.0.ledger.witness_trouble().is_some() => {
                    LedgerState::Unknown(LedgerDoubt::WitnessNotWritten)
                }
                (Integrity::Sound, None) => LedgerState::Sound,
                (Integrity::Checking, None) => LedgerState::Checking,
                (Integrity::NotChecked { why: _ }, None) => {
                    LedgerState::Unknown(LedgerDoubt::NotChecked)
                }
            },
        }
    }

    /// Damage that somebody came upon is said on every screen, not to them alone.
    pub(crate) fn note_damage(&self, error: &CounterError) {
        if let CounterError::Ledger(LedgerError::Damaged { what }) = error {
            self.0.ledger.found_damaged(what.clone());
            self.changed();
        }
    }

    /// Refuses where the ledger is not to be trusted, before anything is begun on it.
    pub(crate) fn require_sound_ledger(&self) -> Result<(), CounterError> {
        Ok(self.0.ledger.require_sound()?)
    }
}
