//! How many messages are under way at a time, and that one which hangs takes nobody's place.

use std::collections::HashMap;
use std::time::Duration;

use offline_queue::Lanes;
use tokio::task::{Id, JoinSet};

/// The queue is looked at this often although nobody woke us: no wait is unbounded.
pub(super) const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// An answer takes a few hundred milliseconds. Whoever has been under way for longer than this gives the place to another.
const SLOW: Duration = Duration::from_secs(3);

/// How many may be under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct SendingSlots {
    /// Not counting the slow ones.
    prompt: usize,
    /// With them.
    most: usize,
    /// With so many slow ones, lanes that hung before wait: what is left is for those that did not.
    slow: usize,
}

impl SendingSlots {
    pub(super) const DEFAULT: Self = Self {
        prompt: 4,
        most: 16,
        slow: 8,
    };

    /// Strictly one after another.
    #[cfg(test)]
    pub(super) const ONE: Self = Self {
        prompt: 1,
        most: 1,
        slow: 1,
    };
}

/// What is under way.
pub(super) struct UnderWay {
    places: SendingSlots,
    senders: JoinSet<()>,
    /// Boot time at which each set out.
    began: HashMap<Id, Duration>,
}

impl UnderWay {
    pub(super) fn new(places: SendingSlots) -> Self {
        Self {
            places,
            senders: JoinSet::new(),
            began: HashMap::new(),
        }
    }

    /// Which lanes there is room for at `now`, boot time; else how long until there may be.
    pub(super) fn room(&self, now: Duration) -> Result<Lanes, Duration> {
        let ages = self.began.values().map(|began| now.saturating_sub(*began));
        let slow = ages.clone().filter(|age| *age >= SLOW).count();
        let all = self.began.len();
        if all >= self.places.most {
            return Err(LONGEST_WAIT);
        }
        if all - slow >= self.places.prompt {
            let oldest_prompt = ages.filter(|age| *age < SLOW).max().unwrap_or_default();
            return Err(SLOW.saturating_sub(oldest_prompt));
        }
        Ok(if slow >= self.places.slow {
            Lanes::Untroubled
        } else {
            Lanes::All
        })
    }

    pub(super) fn begin(
        &mut self,
        now: Duration,
        errand: impl Future<Output = ()> + Send + 'static,
    ) {
        let id = self.senders.spawn(errand).id();
        self.began.insert(id, now);
    }

    /// Returns when one of them has ended; never where there is none.
    ///
    /// # Panics
    /// Where it panicked: this task ends as that one did, so that whoever watches it knows.
    pub(super) async fn one_ended(&mut self) {
        match self.senders.join_next_with_id().await {
            None => std::future::pending().await,
            Some(Ok((id, ()))) => {
                self.began.remove(&id);
            }
            Some(Err(error)) => {
                self.began.remove(&error.id());
                if let Ok(panic) = error.try_into_panic() {
                    std::panic::resume_unwind(panic);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[tokio::test]
    async fn one_that_hangs_gives_its_place_to_another_and_all_together_leave_room_for_those_that_did_not()
     {
        let mut under_way = UnderWay::new(SendingSlots::DEFAULT);
        for round in 0..2 {
            let now = seconds(10 * round);
            for _ in 0..4 {
                assert_eq!(under_way.room(now), Ok(Lanes::All));
                under_way.begin(now, std::future::pending());
            }
            assert_eq!(under_way.room(now), Err(SLOW));
            assert_eq!(
                under_way.room(now + seconds(1)),
                Err(seconds(SLOW.as_secs() - 1))
            );
        }
        let now = seconds(20);
        for _ in 0..4 {
            assert_eq!(under_way.room(now), Ok(Lanes::Untroubled));
            under_way.begin(now, std::future::pending());
        }
        assert_eq!(under_way.room(now), Err(SLOW));
        for _ in 0..4 {
            under_way.begin(seconds(30), std::future::pending());
        }
        assert_eq!(under_way.room(seconds(99)), Err(LONGEST_WAIT));
    }

    #[tokio::test]
    async fn one_that_has_ended_makes_room() {
        let mut under_way = UnderWay::new(SendingSlots::ONE);
        under_way.begin(seconds(0), std::future::ready(()));
        under_way.one_ended().await;
        assert_eq!(under_way.room(seconds(0)), Ok(Lanes::All));
    }
}
