//! Annex 10 drawn from the ledger, for the screen or a file.

use crate::counter::Counter;
use crate::counter::actor::Actor;
use crate::counter::aside::Weight;
use crate::counter::error::CounterError;
use crate::counter::settle::error::SettleError;
use crate::counter::slip::again::Again;
use crate::counter::slip::facts;
use crate::ledger::numbers::SettlementNumber;
use crate::ledger::{journal, require_as_settled, settlements, visits};
use crate::records::staff::Role;

impl Counter {
    /// The settlement's slip for the screen or the printer: the first pair, the same bytes every time.
    pub async fn slip(&self, number: &str, actor: &Actor) -> Result<Vec<u8>, CounterError> {
        self.drawn(number, None, actor, "slip_shown").await
    }

    /// One later copy for the screen or the printer.
    pub async fn slip_again(
        &self,
        number: &str,
        again: Again,
        actor: &Actor,
    ) -> Result<Vec<u8>, CounterError> {
        self.drawn(number, Some(again), actor, "slip_shown").await
    }

    /// The first pair for a file, or one later copy; that it was written is an act in the journal.
    pub async fn write_slip(
        &self,
        number: &str,
        again: Option<Again>,
        actor: &Actor,
    ) -> Result<Vec<u8>, CounterError> {
        self.drawn(number, again, actor, "slip_written").await
    }

    /// Draws the slip, then journals the act, and only then hands it out: what could not be drawn was not shown, and what is
    /// shown stands in the journal.
    async fn drawn(
        &self,
        number: &str,
        again: Option<Again>,
        actor: &Actor,
        act: &'static str,
    ) -> Result<Vec<u8>, CounterError> {
        actor
            .require(Role::Cashier)
            .or(actor.require(Role::Reviewer))?;
        self.require_sound_ledger()?;
        let number = SettlementNumber::parse(number).map_err(CounterError::NotANumber)?;
        let body = match &again {
            None => serde_json::json!({ "v": 1, "by": actor.code, "came": actor.came }),
            Some(again) => {
                serde_json::json!({ "v": 1, "by": actor.code, "came": actor.came, "again": again })
            }
        };
        let body = body.to_string();
        let wanted = number.clone();
        let (settlement, visit) = self
            .0
            .ledger
            .read(move |conn| {
                let found = settlements::find(conn, &wanted)?;
                let found = found.ok_or(SettleError::Unknown)?;
                require_as_settled(conn, &found)?;
                let visit = visits::find(conn, &found.visit)?.ok_or(CounterError::VisitUnknown)?;
                Ok((found, visit))
            })
            .await
            .inspect_err(|error| self.note_damage(error))?;
        let known = visit.registration.as_deref();
        let sheet = facts::sheet(&settlement, settlement.slip()?, known);
        let sheet = match &again {
            None => sheet,
            Some(again) => again.mark(sheet, self.clock().now(), actor),
        };
        let drawn = self
            .aside(Weight::Light, move |counter| {
                Ok(receipts::render(&sheet, &counter.0.fonts)?)
            })
            .await?;
        self.0
            .ledger
            .write(move |entry| {
                entry.require_sound()?;
                journal::append(entry, act, number.as_str(), &body)?;
                Ok::<_, CounterError>(())
            })
            .await?;
        Ok(drawn)
    }
}
