//! How long a device took: the monotonic clock that parent and child processes share, never a time of day.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// `CLOCK_MONOTONIC`: how long something took.
pub(crate) fn now() -> Duration {
    read(ClockId::Monotonic)
}

/// `CLOCK_BOOTTIME`: how old something is; goes on while the PC sleeps.
pub(crate) fn since_boot() -> Duration {
    read(ClockId::Boottime)
}

fn read(clock: ClockId) -> Duration {
    let time = clock_gettime(clock);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let nanoseconds = u32::try_from(time.tv_nsec).unwrap_or(0);
    Duration::new(seconds, nanoseconds)
}
