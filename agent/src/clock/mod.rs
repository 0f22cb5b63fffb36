//! The only clock of the program: civil time, and the boot's own time that nobody can set.

#[cfg(feature = "test-clock")]
pub(crate) mod movable;

use std::time::Duration;

use jiff::Timestamp;
use rustix::time::{ClockId, clock_gettime};

/// The longest the clock sleeps before it looks again: the runtime's own timer stands still while the machine is suspended.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// One reading of the time, as deadlines keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockTimes {
    /// Civil time.
    pub civil: Timestamp,
    /// The kernel's identifier of this boot (`/proc/sys/kernel/random/boot_id`).
    pub boot_id: String,
    /// `CLOCK_BOOTTIME` since that boot, suspend included.
    pub boottime: Duration,
}

/// Tells the time and waits. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Clock {
    boot_id: String,
    #[cfg(feature = "test-clock")]
    moved: movable::Moved,
}

impl Clock {
    /// The machine's clock.
    ///
    /// # Errors
    /// Where the kernel's boot identifier cannot be read.
    pub fn system() -> std::io::Result<Self> {
        let boot_id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id")?
            .trim()
            .to_owned();
        Ok(Self {
            boot_id,
            #[cfg(feature = "test-clock")]
            moved: movable::Moved::from_environment()?,
        })
    }

    /// The machine's clock and a hand that moves it.
    #[cfg(all(test, feature = "test-clock"))]
    pub(crate) fn with_hand() -> std::io::Result<(Self, movable::Hand)> {
        let mut clock = Self::system()?;
        let (moved, hand) = movable::Moved::by_hand();
        clock.moved = moved;
        Ok((clock, hand))
    }

    /// Civil time now.
    pub fn now(&self) -> Timestamp {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads civil time"
        )]
        let real = Timestamp::now();
        #[cfg(feature = "test-clock")]
        let real = real.saturating_add(self.moved.civil()).unwrap_or(real);
        real
    }

    /// Civil time, boot and boot time in one reading.
    pub fn times(&self) -> ClockTimes {
        ClockTimes {
            civil: self.now(),
            boot_id: self.boot_id.clone(),
            boottime: self.boottime(),
        }
    }

    /// Returns once `span` has gone by, suspend included, whatever civil time is set to meanwhile.
    pub async fn pause(&self, span: Duration) {
        let until = self.boottime().saturating_add(span);
        loop {
            #[cfg(feature = "test-clock")]
            let mut moved = self.moved.watch();
            let left = until.saturating_sub(self.boottime());
            if left.is_zero() {
                return;
            }
            let nap = tokio::time::sleep(left.min(LONGEST_SLEEP));
            #[cfg(feature = "test-clock")]
            tokio::select! {
                () = nap => {}
                () = movable::again(&mut moved) => {}
            }
            #[cfg(not(feature = "test-clock"))]
            nap.await;
        }
    }

    #[cfg_attr(
        not(feature = "test-clock"),
        expect(
            clippy::unused_self,
            reason = "the test clock keeps its offset in self"
        )
    )]
    fn boottime(&self) -> Duration {
        let since = clock_gettime(ClockId::Boottime);
        let seconds = u64::try_from(since.tv_sec).unwrap_or(0);
        let nanos = u32::try_from(since.tv_nsec).unwrap_or(0);
        let real = Duration::new(seconds, nanos);
        #[cfg(feature = "test-clock")]
        let real = real.saturating_add(self.moved.boot());
        real
    }
}

#[cfg(all(test, feature = "test-clock"))]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use jiff::SignedDuration;

    use super::*;

    #[tokio::test]
    async fn a_pause_ends_by_boot_time_although_civil_time_was_set_back_eight_hours() {
        let (clock, hand) = Clock::with_hand().unwrap();
        let before = clock.now();
        let mut pause = pin!(clock.pause(Duration::from_mins(10)));
        let mut waits = move || {
            let looked = pause.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            looked.is_pending()
        };
        assert!(waits());
        hand.set_civil(SignedDuration::from_hours(-8));
        hand.advance(Duration::from_mins(9));
        assert!(waits());
        assert!(clock.now() < before);
        hand.advance(Duration::from_mins(1));
        assert!(!waits());
    }
}
