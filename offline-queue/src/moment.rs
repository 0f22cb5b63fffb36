//! Moments and deadlines that survive both a reboot and a clock that somebody sets.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// One reading of the machine's clocks. The caller reads them; this package never does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Civil time. Kept to the millisecond.
    pub civil: Timestamp,
    /// Which boot `boottime` counts from (Linux: `/proc/sys/kernel/random/boot_id`).
    pub boot_id: String,
    /// Time since that boot, suspend included, not settable (Linux: `CLOCK_BOOTTIME`).
    pub boottime: Duration,
}

/// A point in time known by both clocks.
///
/// Within the boot it was made in, what is left is measured by that boot's own clock, so that setting civil time
/// neither shortens nor extends it. After a reboot only civil time can tell.
#[derive(Clone, PartialEq, Eq)]
pub struct Deadline {
    pub(crate) civil_ms: i64,
    pub(crate) boot_id: String,
    pub(crate) boottime_ms: i64,
}

impl Deadline {
    /// The point `after` a moment.
    pub fn after(now: &Moment, after: Duration) -> Self {
        let after_ms = whole_ms(after);
        Self {
            civil_ms: now.civil.as_millisecond().saturating_add(after_ms),
            boot_id: now.boot_id.clone(),
            boottime_ms: whole_ms(now.boottime).saturating_add(after_ms),
        }
    }

    /// The point at civil time `due`, as seen from `now`; it may lie in the past.
    pub fn at(due: Timestamp, now: &Moment) -> Self {
        let left_ms = due
            .as_millisecond()
            .saturating_sub(now.civil.as_millisecond());
        Self {
            civil_ms: due.as_millisecond(),
            boot_id: now.boot_id.clone(),
            boottime_ms: whole_ms(now.boottime).saturating_add(left_ms),
        }
    }

    /// Civil time of this point, as it was known when it was made.
    pub fn civil(&self) -> Timestamp {
        timestamp(self.civil_ms)
    }

    /// What is left from `now`; negative once it has passed.
    pub fn left(&self, now: &Moment) -> SignedDuration {
        let ms = if self.boot_id == now.boot_id {
            self.boottime_ms.saturating_sub(whole_ms(now.boottime))
        } else {
            self.civil_ms.saturating_sub(now.civil.as_millisecond())
        };
        SignedDuration::from_millis(ms)
    }

    /// What is left of a wait that was begun in some boot; waits go by boot time alone, and none outlives its boot.
    pub(crate) fn wait(&self, now: &Moment) -> Duration {
        if self.boot_id != now.boot_id {
            return Duration::ZERO;
        }
        let left_ms = self.boottime_ms.saturating_sub(whole_ms(now.boottime));
        Duration::from_millis(u64::try_from(left_ms).unwrap_or(0))
    }
}

impl fmt::Debug for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Deadline({})", self.civil())
    }
}

/// Whole milliseconds, the unit on disk; a longer span than 292 million years counts as that.
pub(crate) fn whole_ms(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

/// Civil time from milliseconds, held within what a timestamp can say.
pub(crate) fn timestamp(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(if ms < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(civil: &str, boot_id: &str, boottime_s: u64) -> Moment {
        Moment {
            civil: civil.parse().unwrap(),
            boot_id: boot_id.to_owned(),
            boottime: Duration::from_secs(boottime_s),
        }
    }

    #[test]
    fn a_clock_set_an_hour_ahead_does_not_shorten_a_deadline_of_the_same_boot() {
        let made = moment("2026-11-22T02:00:00Z", "a", 100);
        let deadline = Deadline::after(&made, Duration::from_mins(30));
        let later = moment("2026-11-22T03:10:00Z", "a", 700);
        assert_eq!(deadline.left(&later), SignedDuration::from_mins(20));
    }

    #[test]
    fn after_a_reboot_civil_time_tells_what_is_left() {
        let made = moment("2026-11-22T02:00:00Z", "a", 100_000);
        let deadline = Deadline::after(&made, Duration::from_mins(30));
        let later = moment("2026-11-22T02:40:00Z", "b", 60);
        assert_eq!(deadline.left(&later), SignedDuration::from_mins(-10));
    }

    #[test]
    fn a_deadline_given_as_civil_time_may_lie_before_the_boot() {
        let now = moment("2026-11-22T02:00:00Z", "a", 5);
        let deadline = Deadline::at("2026-11-22T01:59:00Z".parse().unwrap(), &now);
        assert_eq!(deadline.left(&now), SignedDuration::from_secs(-60));
        assert_eq!(deadline.civil().to_string(), "2026-11-22T01:59:00Z");
    }
}
