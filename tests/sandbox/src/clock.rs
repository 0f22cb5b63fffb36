//! The province's clock: the machine's, moved as a test or a demo asks.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// China's civil time.
pub(crate) const CHINA: TimeZone = TimeZone::fixed(Offset::constant(8));

/// A clock that can be moved.
#[derive(Debug, Default)]
pub struct Clock {
    offset_ns: AtomicI64,
}

impl Clock {
    /// The machine's clock, or the same time of day on another date.
    pub(crate) fn new(today: Option<Date>) -> anyhow::Result<Self> {
        let clock = Self::default();
        if let Some(today) = today {
            let civil = clock.now().to_zoned(CHINA).datetime();
            clock.set(today.to_datetime(civil.time()).to_zoned(CHINA)?.timestamp());
        }
        Ok(clock)
    }

    /// The province's time.
    pub fn now(&self) -> Timestamp {
        let offset = SignedDuration::from_nanos(self.offset_ns.load(Ordering::SeqCst));
        let machine = machine_time();
        machine.saturating_add(offset).unwrap_or(machine)
    }

    /// Moves the clock to a moment; it goes on from there. It cannot be moved by more than 292 years.
    pub fn set(&self, moment: Timestamp) {
        let offset = nanoseconds(moment.duration_since(machine_time()));
        self.offset_ns.store(offset, Ordering::SeqCst);
    }

    /// Moves the clock forward (or back).
    pub fn advance(&self, seconds: i64) {
        let step = nanoseconds(SignedDuration::from_secs(seconds));
        self.offset_ns.fetch_add(step, Ordering::SeqCst);
    }

    /// The province's date.
    pub(crate) fn today(&self) -> Date {
        self.now().to_zoned(CHINA).date()
    }
}

fn nanoseconds(duration: SignedDuration) -> i64 {
    let bound = i128::from(i64::MAX);
    i64::try_from(duration.as_nanos().clamp(-bound, bound)).unwrap_or(0)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the simulated province has a clock of its own; this is it"
)]
fn machine_time() -> Timestamp {
    Timestamp::now()
}

/// RFC 3339 in China's time.
pub(crate) fn written(moment: Timestamp) -> String {
    moment
        .to_zoned(CHINA)
        .strftime("%Y-%m-%dT%H:%M:%S%:z")
        .to_string()
}
