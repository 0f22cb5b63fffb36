//! How long to wait after an attempt that brought nothing.

use std::time::Duration;

/// Doubling waits between `first` and `most`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The wait after the first failure.
    pub first: Duration,
    /// The longest wait.
    pub most: Duration,
}

/// The wait for one outcome: the policy, and the randomness that spreads the counters of a hall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// The policy for an upload of its own.
    pub backoff: Backoff,
    /// The shortest time between two tries of a way that is shut; the longest is twice that.
    pub way_every: Duration,
    /// Any 32 random bits.
    pub random: u32,
}

impl Retry {
    /// The wait after the `failures`-th failure in a row: half of the doubled wait, and up to the other half by chance.
    pub(crate) fn wait(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(31);
        let whole = self
            .backoff
            .first
            .saturating_mul(1_u32 << doublings)
            .min(self.backoff.most);
        self.spread(whole / 2)
    }

    /// The wait until a way that is shut is tried again.
    pub(crate) fn until_tried(&self) -> Duration {
        self.spread(self.way_every)
    }

    /// The least, and up to as much again by chance.
    fn spread(&self, least: Duration) -> Duration {
        let spread_ns = (least.as_nanos() * u128::from(self.random)) >> 32;
        least.saturating_add(Duration::from_nanos(
            u64::try_from(spread_ns).unwrap_or(u64::MAX),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait_ms(failures: u32, random: u32) -> u128 {
        Retry {
            backoff: Backoff {
                first: Duration::from_secs(2),
                most: Duration::from_mins(1),
            },
            way_every: Duration::from_secs(5),
            random,
        }
        .wait(failures)
        .as_millis()
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        assert_eq!(
            [1, 2, 3, 5, 6, 7, u32::MAX].map(|failures| wait_ms(failures, 0)),
            [1_000, 2_000, 4_000, 16_000, 30_000, 30_000, 30_000]
        );
    }

    #[test]
    fn chance_adds_up_to_as_much_again() {
        assert_eq!(wait_ms(1, 1 << 31), 1_500);
        assert_eq!(wait_ms(1, u32::MAX), 1_999);
    }
}
