//! Places at a door: a connection takes one and gives it back when it ends.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Connections at one door. A process may open 1,024 files, and the two doors together must leave most of them.
const MOST: usize = 256;

/// So many are taken without asking whose they are; a cashier's browser and the hospital's system hold a handful.
const UNASKED: usize = 64;

/// Connections of one user, beside those nobody asked about.
const OF_ONE_USER: usize = 64;

/// The places of one door.
#[derive(Debug)]
pub(super) struct Places(Mutex<Taken>);

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_user: HashMap<Whose, usize>,
    /// Whom the log has named. Once is enough: a log that fills up is as good as none.
    named: HashSet<Whose>,
}

/// Whose a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Whose {
    /// Nobody asked.
    Anybodys,
    /// The kernel did not say.
    Unknown,
    /// This user's.
    User(u32),
}

impl From<Option<u32>> for Whose {
    fn from(user: Option<u32>) -> Self {
        user.map_or(Self::Unknown, Self::User)
    }
}

/// A taken place; dropping it gives it back.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    whose: Whose,
}

impl Places {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::default()))
    }

    /// A place for anybody, while there are many.
    pub(super) fn without_asking(self: &Arc<Self>) -> Option<Place> {
        let mut taken = self.lock();
        (taken.all < UNASKED).then(|| self.take(&mut taken, Whose::Anybodys))
    }

    /// A place for `whose` connection, unless that user has too many or none is left.
    pub(super) fn of(self: &Arc<Self>, whose: Whose) -> Option<Place> {
        let mut taken = self.lock();
        let theirs = taken.by_user.get(&whose).copied().unwrap_or(0);
        if theirs < OF_ONE_USER && taken.all < MOST {
            return Some(self.take(&mut taken, whose));
        }
        if taken.named.insert(whose) {
            let all = taken.all;
            tracing::warn!(
                ?whose,
                theirs,
                all,
                "too many local connections: turned away"
            );
        }
        None
    }

    fn take(self: &Arc<Self>, taken: &mut Taken, whose: Whose) -> Place {
        taken.all += 1;
        *taken.by_user.entry(whose).or_default() += 1;
        Place {
            places: Arc::clone(self),
            whose,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.all -= 1;
        if let Some(theirs) = taken.by_user.get_mut(&self.whose) {
            *theirs -= 1;
            if *theirs == 0 {
                taken.by_user.remove(&self.whose);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_user_who_takes_all_he_can_leaves_places_for_another() {
        let places = Places::new();
        let unasked: Vec<_> = std::iter::from_fn(|| places.without_asking()).collect();
        assert_eq!(unasked.len(), 64);
        let theirs: Vec<_> = std::iter::from_fn(|| places.of(Whose::User(65_534))).collect();
        assert_eq!(theirs.len(), 64);
        let another = places.of(Whose::User(1_000)).unwrap();
        drop(theirs);
        assert!(places.of(Whose::User(65_534)).is_some());
        drop((unasked, another));
        assert!(places.without_asking().is_some());
    }

    #[test]
    fn many_users_together_cannot_take_every_file_of_the_process() {
        let places = Places::new();
        let taken: Vec<_> = (0..10)
            .flat_map(|user| std::iter::repeat_n(Whose::User(user), 64))
            .filter_map(|whose| places.of(whose))
            .collect();
        assert_eq!(taken.len(), 256);
        assert!(places.of(Whose::Unknown).is_none());
        drop(taken);
        assert!(places.of(Whose::Unknown).is_some());
    }
}
