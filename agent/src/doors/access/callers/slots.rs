//! Slots for connections at the doors: a connection takes one and gives it back when it ends.
//!
//! Operators and the hospital's system have lots of their own. Everybody else shares one, however many accounts somebody
//! has: subordinate ids cost nothing.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::doors::access::operators::Operators;

/// Connections of all operators and of the caretakers; a browser holds a handful.
const OF_OPERATORS: usize = 96;

/// Connections of the hospital's system.
const OF_THE_HOSPITAL: usize = 64;

/// Connections of all others together. With the other lots it leaves most of the 1,024 files that a process may open to
/// the ledger and the uploads.
const OF_OTHERS: usize = 32;

/// Accounts that the log names as turned away. More are not worth its room.
const MOST_NAMED: usize = 16;

/// Who has a lot of their own.
#[derive(Debug, Default)]
pub(crate) struct Reserved {
    /// The operators' accounts.
    pub(crate) operators: HashSet<u32>,
    /// The accounts of the hospital's system.
    pub(crate) hospital: HashSet<u32>,
}

/// The places of all doors.
#[derive(Debug)]
pub(crate) struct ConnectionSlots {
    reserved: Reserved,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    operators: usize,
    hospital: usize,
    others: usize,
    /// Whom the log has named. Once is enough: a log that fills up is as good as none.
    named: HashSet<Option<u32>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lot {
    Operators,
    Hospital,
    Others,
}

/// A taken place; dropping it gives it back.
#[derive(Debug)]
pub(super) struct ConnectionSlot {
    places: Arc<ConnectionSlots>,
    lot: Lot,
}

impl ConnectionSlots {
    /// All of them free.
    pub(crate) fn new(reserved: Reserved) -> Arc<Self> {
        Arc::new(Self {
            reserved,
            taken: Mutex::default(),
        })
    }

    /// A place for a connection of `account`, unless its lot is taken. None is an account that the kernel did not tell.
    pub(super) fn of(self: &Arc<Self>, account: Option<u32>) -> Option<ConnectionSlot> {
        let mut taken = self.lock();
        let free = self
            .lots(account)
            .into_iter()
            .flatten()
            .find(|lot| *taken.of(*lot) < lot.places());
        if let Some(lot) = free {
            *taken.of(lot) += 1;
            return Some(ConnectionSlot {
                places: Arc::clone(self),
                lot,
            });
        }
        if taken.named.len() < MOST_NAMED && taken.named.insert(account) {
            tracing::warn!(?account, "too many local connections: turned away");
        }
        None
    }

    /// Where a connection of `account` may stand, in this order.
    fn lots(&self, account: Option<u32>) -> [Option<Lot>; 2] {
        let Some(account) = account else {
            return [Some(Lot::Others), None];
        };
        let operators =
            self.reserved.operators.contains(&account) || Operators::is_caretaker(account);
        let hospital = self.reserved.hospital.contains(&account);
        match (operators, hospital) {
            (false, false) => [Some(Lot::Others), None],
            (true, false) => [Some(Lot::Operators), None],
            (false, true) => [Some(Lot::Hospital), None],
            (true, true) => [Some(Lot::Hospital), Some(Lot::Operators)],
        }
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn of(&mut self, lot: Lot) -> &mut usize {
        match lot {
            Lot::Operators => &mut self.operators,
            Lot::Hospital => &mut self.hospital,
            Lot::Others => &mut self.others,
        }
    }
}

impl Lot {
    const fn places(self) -> usize {
        match self {
            Self::Operators => OF_OPERATORS,
            Self::Hospital => OF_THE_HOSPITAL,
            Self::Others => OF_OTHERS,
        }
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        *self.places.lock().of(self.lot) -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASHIER: u32 = 70_001;
    const HOSPITAL: u32 = 70_002;

    fn places() -> Arc<ConnectionSlots> {
        ConnectionSlots::new(Reserved {
            operators: HashSet::from([CASHIER]),
            hospital: HashSet::from([HOSPITAL]),
        })
    }

    #[test]
    fn many_accounts_together_keep_neither_operators_nor_the_hospital_out() {
        let places = places();
        let taken: Vec<_> = (100_000..100_500)
            .filter_map(|subordinate| places.of(Some(subordinate)))
            .collect();
        assert_eq!(taken.len(), 32, "all others share one lot");
        assert!(places.of(None).is_none());
        let cashier = places.of(Some(CASHIER));
        let hospital = places.of(Some(HOSPITAL));
        assert!(cashier.is_some() && hospital.is_some() && places.of(Some(0)).is_some());
        drop(taken);
        assert!(places.of(Some(100_000)).is_some(), "places are given back");
    }

    #[test]
    fn no_lot_reaches_into_another() {
        let places = places();
        let theirs =
            |account: u32| std::iter::from_fn(|| places.of(Some(account))).collect::<Vec<_>>();
        let (cashiers, hospitals) = (theirs(CASHIER), theirs(HOSPITAL));
        assert_eq!((cashiers.len(), hospitals.len()), (96, 64));
        assert_eq!(theirs(100_000).len(), 32);
    }

    #[test]
    fn an_operator_under_whose_account_the_hospitals_system_runs_has_both_lots() {
        let places = ConnectionSlots::new(Reserved {
            operators: HashSet::from([CASHIER]),
            hospital: HashSet::from([CASHIER]),
        });
        let taken: Vec<_> = std::iter::from_fn(|| places.of(Some(CASHIER))).collect();
        assert_eq!(taken.len(), 160);
    }
}
