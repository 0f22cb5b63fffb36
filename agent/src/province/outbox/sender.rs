//! The loop that sends: several at a time, earliest deadline first, until the province has it or a person must look.

use std::time::Duration;

use offline_queue::{Lanes, lease, next_wake, reclaim};

use super::Outbox;
use super::sent::{Errand, Sent};
use super::slots::{LONGEST_WAIT, SendingSlots, UnderWay};
use super::unwritten::Written;
use crate::ledger::{LedgerError, moment};
use crate::province::chain::Chain;

/// Beyond what an attempt can take: a question, and a message with signing in.
const LEASE_MARGIN: Duration = Duration::from_secs(30);

/// After an error of our own (the ledger), before the next try.
const PAUSE: Duration = Duration::from_secs(5);

/// Nor does it turn in a circle, should queue and clock ever disagree on whose turn it is.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);

impl Outbox {
    /// Sends for ever.
    pub(crate) async fn run(self) {
        self.run_senders(SendingSlots::DEFAULT).await;
    }

    pub(super) async fn run_senders(self, places: SendingSlots) {
        // What sends has its own bounds: between two waits this loop only looks at the ledger.
        let pulse = self.0.with.pulses.of("uploader", LONGEST_WAIT);
        self.take_over().await;
        let mut under_way = UnderWay::new(places);
        loop {
            pulse.beat();
            let pause = self.fill(&mut under_way).await;
            let woken = async {
                tokio::select! {
                    () = under_way.one_ended() => {}
                    () = self.0.with.clock.pause(pause) => {}
                    () = self.0.with.ledger.uploads_due() => self.0.with.changes.tell(),
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
            .with
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
            let lanes = match under_way.room(self.0.with.clock.times().boottime) {
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
        self.0.with.changes.tell();
        let outbox = self.clone();
        under_way.begin(self.0.with.clock.times().boottime, async move {
            let sent = errand.deliver(&outbox.0.with).await;
            outbox.notice_outcome(&errand, &sent);
            if matches!(sent, Sent::Altered) {
                let what = format!("upload {} is not what was queued", errand.key);
                outbox.0.with.ledger.found_damaged(what);
            }
            outbox.record(errand, sent).await;
            outbox.0.with.changes.tell();
        });
    }

    async fn next(&self, lanes: Lanes) -> Result<Option<Errand>, LedgerError> {
        let lease_for = 3 * self.0.with.answer_within + LEASE_MARGIN;
        self.0
            .with
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
        let now = moment(&self.0.with.clock.times());
        let wake = self
            .0
            .with
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

    fn notice_outcome(&self, errand: &Errand, sent: &Sent) {
        match sent {
            Sent::Taken(..) => self.0.with.trouble.is_over(),
            Sent::Failed(error) | Sent::StillUnknown(error) => {
                tracing::warn!(
                    kind = errand.kind,
                    msgid = errand.key,
                    code = error.code(),
                    error = %Chain(error.as_ref()),
                    "an upload was not acknowledged"
                );
                self.0.with.trouble.failed(error);
            }
            Sent::Altered | Sent::Unreadable(_) | Sent::NotRegistered => {}
        }
    }
}
