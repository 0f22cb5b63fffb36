//! The only clock of the program: civil time, and the boot's own time that nobody can set.

#[cfg(feature = "test-clock")]
mod movable;

use std::time::Duration;

use jiff::Timestamp;
use rustix::time::{ClockId, clock_gettime};

/// The longest the clock sleeps before it looks at civil time again: civil time may be set meanwhile.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// One reading of the time, as deadlines keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
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

    /// Civil time now.
    pub fn now(&self) -> Timestamp {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads civil time"
        )]
        let real = Timestamp::now();
        #[cfg(feature = "test-clock")]
        let real = real.saturating_add(self.moved.by()).unwrap_or(real);
        real
    }

    /// Civil time, boot and boot time in one reading.
    pub fn reading(&self) -> Reading {
        Reading {
            civil: self.now(),
            boot_id: self.boot_id.clone(),
            boottime: self.boottime(),
        }
    }

    /// Returns when civil time has reached `until`; at once where it has already.
    pub async fn sleep_until(&self, until: Timestamp) {
        loop {
            #[cfg(feature = "test-clock")]
            let mut moved = self.moved.watch();
            let left = until.duration_since(self.now());
            let Ok(left) = Duration::try_from(left) else {
                return;
            };
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
        let real =
            real.saturating_add(Duration::try_from(self.moved.by()).unwrap_or(Duration::ZERO));
        real
    }
}
