//! Who is asked for by number: whether they may act, and whether they have to choose a password first.

use jiff::{SignedDuration, Timestamp};

use crate::counter::Counter;
use crate::counter::actor::{Actor, Came};
use crate::counter::error::CounterError;
use crate::ledger::staff::{self, StaffRecord};
use crate::records::staff::StaffNumber;

impl Counter {
    /// Whether people are set up here: then nobody acts who is none of them.
    pub fn has_staff(&self) -> bool {
        !self.0.roster.now().is_empty()
    }

    /// Everybody, by number.
    pub(crate) fn staff(&self) -> Vec<StaffRecord> {
        self.0.roster.now().values().cloned().collect()
    }

    /// The person with this number.
    pub(crate) fn person(&self, number: &StaffNumber) -> Option<StaffRecord> {
        self.0.roster.now().get(number).cloned()
    }

    /// The person with this number, come this way to act; none where they may not sign in.
    pub(crate) fn person_come(&self, number: &StaffNumber, came: Came) -> Option<Actor> {
        let person = self.person(number).filter(|person| !person.disabled)?;
        Some(Actor {
            code: person.number.to_string(),
            name: person.name,
            roles: person.roles,
            came,
        })
    }

    /// Whether a person has to choose a password before anything else: theirs was handed out, or is too old.
    pub(crate) fn must_choose_password(&self, person: &StaffRecord, now: Timestamp) -> bool {
        let days = self.0.settings.staff.password_days;
        let age = now.duration_since(person.password_at);
        !person.password_own || (days > 0 && age >= SignedDuration::from_hours(24) * days.into())
    }

    /// Reads the list anew after it was written.
    pub(super) async fn staff_changed(&self) -> Result<(), CounterError> {
        let reading = self.0.roster.reading.lock().await;
        let people = self
            .0
            .ledger
            .read(|conn| staff::all(conn).map_err(CounterError::from))
            .await?;
        self.0.roster.put(people);
        drop(reading);
        self.changed();
        Ok(())
    }
}
