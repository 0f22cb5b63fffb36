//! Sending what is queued: several at a time, earliest deadline first, until the province has it or a person must look.
//!
//! The way to the province is open or shut. A connection that fails, a certificate or a sign-in that is refused
//! concern every message: one tries, every five to ten seconds, and the first one that the province takes lets all
//! others go, the earliest deadline first. A session that is gone twice, and an answer that means "later", concern
//! one message, which waits by itself. None of them is a refusal.
//!
//! One message that hangs keeps nobody else waiting: after three seconds another is sent beside it, and its lane
//! comes after those that did not hang.

mod acknowledged;
mod places;
mod sent;
#[cfg(all(test, feature = "test-clock"))]
#[expect(
    clippy::unwrap_used,
    reason = "a helper outside of a test function fails its test by panicking"
)]
mod tests;
mod unwritten;

use std::time::Duration;

use offline_queue::{Backoff, Lanes, Retry, lease, next_wake, reclaim};

use crate::counter::Counter;
use crate::counter::error::CounterError;
use crate::ledger::{LedgerError, moment};
use crate::province::{Delivery, PlatformError};
use crate::random;
use crate::wording::notice::Notice;
use places::{Places, UnderWay};
use sent::{Errand, Sent};
use unwritten::Written;

pub(crate) use unwritten::Memory;

/// Two seconds at first, a minute at most: a deadline of 30 minutes leaves room for a dozen tries.
const BACKOFF: Backoff = Backoff {
    first: Duration::from_secs(2),
    most: Duration::from_mins(1),
};

/// While nothing gets through, it is tried every five to ten seconds.
const WAY_EVERY: Duration = Duration::from_secs(5);

/// Beyond what an attempt can take: a question, and a message with signing in.
const LEASE_MARGIN: Duration = Duration::from_secs(30);

/// After an error of our own (the ledger), before the next try.
const PAUSE: Duration = Duration::from_secs(5);

/// The queue is looked at this often although nobody woke us: no wait is unbounded.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Nor does it turn in a circle, should queue and clock ever disagree on whose turn it is.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);

impl Counter {
    /// Sends for ever.
    pub async fn run_uploader(self) {
        self.run_senders(Places::DEFAULT).await;
    }

    async fn run_senders(self, places: Places) {
        // What sends has its own bounds: between two waits this loop only looks at the ledger.
        let pulse = self.0.pulses.of("uploader", LONGEST_WAIT);
        self.take_over().await;
        let mut under_way = UnderWay::new(places);
        loop {
            pulse.beat();
            let pause = self.fill(&mut under_way).await;
            let woken = async {
                tokio::select! {
                    () = under_way.one_ended() => {}
                    () = self.0.clock.pause(pause) => {}
                    () = self.0.ledger.uploads_due() => self.changed(),
                }
            };
            pulse.wait(woken).await;
        }
    }

    /// Takes back every lease of a process before: how it ended is unknown.
    async fn take_over(&self) {
        if let Err(error) = self.recall().await {
            tracing::error!(error = %Chain(&error), "whether all that was sent is written is not known");
        }
        let reclaimed = self
            .0
            .ledger
            .write(|entry| reclaim(entry, entry.now()).map_err(LedgerError::from))
            .await;
        match reclaimed {
            Ok(0) => {}
            Ok(count) => tracing::info!(
                count,
                "uploads under way when the last process ended will be asked about"
            ),
            Err(error) => tracing::error!(%error, "uploads could not be reclaimed"),
        }
    }

    /// Hands out whatever may be sent now, as long as there is room; how long to wait for more.
    async fn fill(&self, under_way: &mut UnderWay) -> Duration {
        loop {
            let lanes = match under_way.room(self.0.clock.reading().boottime) {
                Ok(lanes) => lanes,
                Err(until_room) => return until_room,
            };
            let next = match self.write_all_down().await {
                Written::All => self.next(lanes).await,
                Written::AllButWhatIsOut => return LONGEST_WAIT,
                Written::Behind => Err(LedgerError::DiskFull),
            };
            match next {
                Ok(Some(errand)) => {
                    self.caught_up();
                    self.set_out(under_way, errand);
                }
                Ok(None) => return self.until_next().await,
                Err(error) if error.says_nothing_can_be_written() => {
                    match self.next_unwritten().await {
                        Some(errand) => self.set_out(under_way, errand),
                        None => return PAUSE,
                    }
                }
                Err(error) => {
                    tracing::error!(error = %Chain(&error), "the uploader could not go on");
                    return PAUSE;
                }
            }
        }
    }

    fn set_out(&self, under_way: &mut UnderWay, errand: Errand) {
        self.0.unwritten.sets_out(&errand);
        self.changed();
        let counter = self.clone();
        under_way.begin(self.0.clock.reading().boottime, async move {
            let sent = counter.deliver(&errand).await;
            counter.notice_outcome(&sent);
            if matches!(sent, Sent::Altered) {
                let what = format!("upload {} is not what was queued", errand.key);
                counter.0.ledger.found_damaged(what);
            }
            counter.record(errand, sent).await;
            counter.changed();
        });
    }

    async fn next(&self, lanes: Lanes) -> Result<Option<Errand>, LedgerError> {
        let lease_for = 3 * self.0.settings.platform.upload_timeout + LEASE_MARGIN;
        self.0
            .ledger
            .write(move |entry| {
                let leased = lease(entry, entry.now(), lease_for, lanes)?;
                leased
                    .map(|leased| {
                        let as_queued = entry.is_as_queued(&leased)?;
                        Ok(Errand::leased(leased, as_queued))
                    })
                    .transpose()
            })
            .await
    }

    async fn until_next(&self) -> Duration {
        let now = moment(&self.0.clock.reading());
        let wake = self
            .0
            .ledger
            .read(move |conn| next_wake(conn, &now).map_err(LedgerError::from))
            .await;
        match wake {
            Ok(left) => left
                .unwrap_or(LONGEST_WAIT)
                .clamp(SHORTEST_WAIT, LONGEST_WAIT),
            Err(error) => {
                tracing::error!(%error, "the queue could not be read");
                PAUSE
            }
        }
    }

    fn notice_outcome(&self, sent: &Sent) {
        match sent {
            Sent::Taken(..) => self.province_answered(),
            Sent::Failed(error) | Sent::StillUnknown(error) => {
                self.province_failed(error);
            }
            Sent::Altered | Sent::Unreadable(_) => {}
        }
    }

    pub(crate) fn province_answered(&self) {
        self.0
            .trouble
            .send_if_modified(|trouble| trouble.take().is_some());
    }

    /// Remembers, for the page, what hindered the last exchange; a refusal of one message is not such a thing.
    pub(crate) fn province_failed(&self, error: &PlatformError) -> Notice {
        let notice = error.notice();
        match error.delivery() {
            Delivery::Refused => {}
            Delivery::NotSent | Delivery::Later | Delivery::Unknown => {
                self.0.trouble.send_replace(Some(notice.clone()));
                self.changed();
            }
        }
        notice
    }
}

fn retry() -> Result<Retry, CounterError> {
    Ok(Retry {
        backoff: BACKOFF,
        way_every: WAY_EVERY,
        random: u32::from_ne_bytes(random::bytes()?),
    })
}

/// An error with its sources, for the log.
struct Chain<'a>(&'a dyn std::error::Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}
