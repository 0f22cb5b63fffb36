//! Who is on the list, in memory: every request asks, and what the ledger takes in stands here at once.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;

use tokio::sync::Mutex;

use crate::ledger::staff::{self, StaffRecord};
use crate::ledger::{Ledger, LedgerError};
use crate::records::staff::{Role, StaffNumber};

/// The list. Whether a person may act is asked here, and what the ledger says of them is here before the act that wrote it returns.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    people: RwLock<Arc<BTreeMap<StaffNumber, StaffRecord>>>,
    /// Held while it is read anew: the last to read puts in what is newest.
    pub(super) reading: Mutex<()>,
}

impl Roster {
    /// As the ledger has it.
    pub(crate) fn of(ledger: &Ledger) -> Result<Self, LedgerError> {
        let roster = Self::default();
        // Asked on a thread of its own: whoever opens the counter may stand in the runtime.
        let read = || ledger.read_blocking(staff::all);
        let people = thread::scope(|scope| scope.spawn(read).join());
        roster.put(people.unwrap_or(Err(LedgerError::Panicked))?);
        Ok(roster)
    }

    pub(super) fn put(&self, people: Vec<StaffRecord>) {
        let people = people.into_iter().map(|one| (one.number.clone(), one));
        let people = Arc::new(people.collect());
        *self.people.write().unwrap_or_else(PoisonError::into_inner) = people;
    }

    pub(super) fn now(&self) -> Arc<BTreeMap<StaffNumber, StaffRecord>> {
        let people = self.people.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&people)
    }
}

/// Whether somebody of these keeps the list.
pub(super) fn has_administrator(people: &[StaffRecord]) -> bool {
    people
        .iter()
        .any(|person| !person.disabled && person.roles.have(Role::Administrator))
}
