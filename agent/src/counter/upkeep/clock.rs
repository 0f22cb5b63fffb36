//! The way out where the clock once ran ahead: the journal has later times, and a person says that the clock is right now.

use jiff::Timestamp;

use crate::counter::Counter;
use crate::counter::actor::Came;
use crate::counter::came;
use crate::counter::error::CounterError;
use crate::counter::texts::require;
use crate::counter::upkeep::error::ClockError;
use crate::ledger::journal;

/// What a person accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockAccepted {
    /// The latest time in the journal until then.
    pub last: Timestamp,
    /// The clock's.
    pub now: Timestamp,
}

impl Counter {
    /// Records that `who`, come this way, has checked the clock and found it right although the journal has later times; from then on
    /// settlement goes on by it.
    ///
    /// # Errors
    /// [`ClockError::NotBehind`] where nothing is to be accepted; [`CounterError::RemedyWords`] without a reason.
    pub async fn accept_clock(
        &self,
        who: &str,
        came: Came,
        reason: &str,
    ) -> Result<ClockAccepted, CounterError> {
        require("原因", reason)?;
        let (who, reason) = (who.to_owned(), reason.to_owned());
        let accepted = self
            .0
            .ledger
            .write(move |entry| {
                let now = entry.now().civil;
                match journal::latest(entry)? {
                    Some(last) if last > now => {
                        journal::accept_clock(entry, &who, &reason)?;
                        came::keep(entry, "clock_accepted", "clock", (&who, came))?;
                        Ok(ClockAccepted { last, now })
                    }
                    Some(_) | None => Err(CounterError::Clock(ClockError::NotBehind)),
                }
            })
            .await?;
        self.changed();
        Ok(accepted)
    }
}
