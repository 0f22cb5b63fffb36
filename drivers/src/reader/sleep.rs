//! Whether the PC has slept: readers are often dead afterwards, and the service's word about them is old.

use std::time::Duration;

use crate::stopwatch;

/// Two clocks, one of which stands still while the PC sleeps.
pub(super) struct SleepWatch {
    slept: Duration,
}

/// Reading two clocks one after the other takes a moment, too.
const TOO_SHORT: Duration = Duration::from_secs(2);

impl SleepWatch {
    pub(super) fn new() -> Self {
        Self {
            slept: slept(stopwatch::now(), stopwatch::since_boot()),
        }
    }

    /// Whether it has since the last question.
    pub(super) fn has_slept(&mut self) -> bool {
        self.notes(slept(stopwatch::now(), stopwatch::since_boot()))
    }

    fn notes(&mut self, slept: Duration) -> bool {
        let before = std::mem::replace(&mut self.slept, slept);
        slept.saturating_sub(before) >= TOO_SHORT
    }
}

/// How long the PC has slept since it was started.
fn slept(awake: Duration, since_boot: Duration) -> Duration {
    since_boot.saturating_sub(awake)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleep_is_noticed_once() {
        let at =
            |awake, since_boot| slept(Duration::from_secs(awake), Duration::from_secs(since_boot));
        let mut watch = SleepWatch {
            slept: at(100, 100),
        };
        assert!(!watch.notes(at(110, 111)));
        assert!(watch.notes(at(111, 4_000)));
        assert!(!watch.notes(at(112, 4_001)));
        assert!(watch.notes(at(113, 4_100)));
    }
}
