//! Signs of life: each loop of the daemon says that it goes round, and systemd is told so only while every one of them does.
//!
//! A loop that waits for what may be long in coming says so ([`Pulse::wait`]) and beats meanwhile: that shows that it is woken. What
//! it does between two waits must be done within its limit. What drives a device has no beat of its own: a card process that hangs
//! is replaced, and a serial line that hangs in the kernel would survive the process, too.

use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Clock;

/// What a loop does between two beats takes no longer, where nothing else is said.
pub(crate) const STEP: Duration = Duration::from_mins(1);

/// A loop that waits beats this often.
const BEAT_EVERY: Duration = Duration::from_secs(2);

/// One loop, as it is watched.
#[derive(Debug)]
struct Loop {
    name: String,
    /// How long it may be silent.
    limit: Duration,
    /// Its last beat, in milliseconds of boot time.
    last_ms: AtomicU64,
}

/// A loop's own hold on its sign of life. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Pulse {
    clock: Clock,
    beats: Arc<Loop>,
}

/// All loops there are. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Pulses {
    clock: Clock,
    loops: Arc<Mutex<Vec<Arc<Loop>>>>,
}

impl Pulses {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            loops: Arc::default(),
        }
    }

    /// The pulse of the loop with this name, which beats now and is watched from now on.
    pub(crate) fn of(&self, name: &str, limit: Duration) -> Pulse {
        let mut loops = self.all();
        let known = loops.iter().find(|known| known.name == name).cloned();
        let beats = known.unwrap_or_else(|| {
            let new = Arc::new(Loop {
                name: name.to_owned(),
                limit,
                last_ms: AtomicU64::new(0),
            });
            loops.push(Arc::clone(&new));
            new
        });
        drop(loops);
        let pulse = Pulse {
            clock: self.clock.clone(),
            beats,
        };
        pulse.beat();
        pulse
    }

    /// The names of the loops that have been silent for too long.
    pub(crate) fn still(&self) -> Vec<String> {
        let now = boot_ms(&self.clock);
        let silent = |one: &&Arc<Loop>| {
            let since = now.saturating_sub(one.last_ms.load(Ordering::Relaxed));
            Duration::from_millis(since) > one.limit
        };
        let loops = self.all();
        let still = loops.iter().filter(silent);
        still.map(|one| one.name.clone()).collect()
    }

    fn all(&self) -> MutexGuard<'_, Vec<Arc<Loop>>> {
        self.loops.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pulse {
    /// The loop goes round.
    pub(crate) fn beat(&self) {
        #[cfg(feature = "failpoints")]
        crate::failpoint::panics(&self.beats.name);
        let now = boot_ms(&self.clock);
        self.beats.last_ms.store(now, Ordering::Relaxed);
    }

    /// Waits for what may be long in coming, and beats meanwhile.
    pub(crate) async fn wait<T>(&self, what: impl Future<Output = T>) -> T {
        #[cfg(feature = "failpoints")]
        if crate::failpoint::stalls(&self.beats.name) {
            return std::future::pending().await;
        }
        let mut what = pin!(what);
        loop {
            self.beat();
            tokio::select! {
                biased;
                came = &mut what => {
                    self.beat();
                    return came;
                }
                () = tokio::time::sleep(BEAT_EVERY) => {}
            }
        }
    }
}

fn boot_ms(clock: &Clock) -> u64 {
    u64::try_from(clock.times().boottime.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(all(test, feature = "test-clock"))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_loop_that_is_silent_beyond_its_limit_is_named_until_it_goes_round_again() {
        let (clock, hand) = Clock::with_hand().unwrap();
        let pulses = Pulses::new(clock);
        let (short, long) = (pulses.of("short", STEP), pulses.of("long", 2 * STEP));
        assert!(pulses.still().is_empty());
        hand.advance(STEP + Duration::from_secs(1));
        assert_eq!(pulses.still(), ["short"]);
        hand.advance(STEP);
        assert_eq!(pulses.still(), ["short", "long"]);
        short.beat();
        assert_eq!(pulses.still(), ["long"]);
        long.wait(async {}).await;
        assert!(pulses.still().is_empty());
    }
}
