//! Sending what is queued: earliest deadline first, asking before a repeat, until the province has it or a person must look.

use std::time::Duration;

use offline_queue::{Backoff, Lease, Outcome, Retry, finish, lease, next_wake, reclaim};

use super::Counter;
use super::error::CounterError;
use crate::ledger::numbers::VisitNumber;
use crate::ledger::{Entry, LedgerError, journal, moment, visits};
use crate::notice::Notice;
use crate::platform::wire::answer::Receipt;
use crate::platform::{Asked, Delivery, FrozenMessage, PlatformError, Transaction};

/// Two seconds at first, a minute at most: a deadline of 30 minutes leaves room for a dozen tries.
const BACKOFF: Backoff = Backoff {
    first: Duration::from_secs(2),
    most: Duration::from_mins(1),
};

/// Longer than any attempt can take: question and message, each with its time-out.
const LEASE_MARGIN: Duration = Duration::from_secs(30);

/// After an error of our own (the ledger), before the next try.
const PAUSE: Duration = Duration::from_secs(5);

/// The queue is looked at this often although nobody woke us: no wait is unbounded.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

impl Counter {
    /// Sends for ever. At its start every lease of a process before is taken back: how it ended is unknown.
    pub async fn run_uploader(self) {
        // One attempt: what its lease allows it.
        let pulse = self.0.pulses.of("uploader", self.lease_for());
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
        loop {
            pulse.beat();
            match self.send_next().await {
                Ok(true) => {}
                Ok(false) => pulse.wait(self.wait_for_uploads()).await,
                Err(error) => {
                    tracing::error!(error = %Chain(&error), "the uploader could not go on");
                    pulse.wait(self.0.clock.pause(PAUSE)).await;
                }
            }
        }
    }

    fn lease_for(&self) -> Duration {
        2 * self.0.settings.platform.upload_timeout + LEASE_MARGIN
    }

    /// Leases one upload and sees to it; false where none may be sent now.
    async fn send_next(&self) -> Result<bool, CounterError> {
        let lease_for = self.lease_for();
        let leased = self
            .0
            .ledger
            .write(move |entry| lease(entry, entry.now(), lease_for).map_err(LedgerError::from))
            .await?;
        let Some(leased) = leased else {
            return Ok(false);
        };
        self.changed();
        let sent = self.deliver(&leased).await;
        self.record(leased, sent).await?;
        self.changed();
        Ok(true)
    }

    async fn deliver(&self, leased: &Lease) -> Sent {
        let message = match FrozenMessage::decode(&leased.body) {
            Ok(message) => message,
            Err(error) => return Sent::Unreadable(error.to_string()),
        };
        let platform = &self.0.platform;
        if leased.ask_first {
            match platform.ask(&message.msgid(), self.0.clock.now()).await {
                Ok(Asked::Taken(receipt)) => return Sent::Taken(message.transaction(), receipt),
                Ok(Asked::NotTaken) => {}
                Err(error) => return Sent::StillUnknown(error),
            }
        }
        match platform.send(&message, self.0.clock.now()).await {
            Ok(receipt) => Sent::Taken(message.transaction(), receipt),
            Err(error) => Sent::Failed(error),
        }
    }

    async fn record(&self, leased: Lease, sent: Sent) -> Result<(), CounterError> {
        match &sent {
            Sent::Taken(..) => self.province_answered(),
            Sent::Failed(error) | Sent::StillUnknown(error) => {
                self.province_failed(error);
            }
            Sent::Unreadable(_) => {}
        }
        let mut random = [0; 4];
        getrandom::fill(&mut random).map_err(crate::page::session::NoRandomness::from)?;
        let retry = Retry {
            backoff: BACKOFF,
            random: u32::from_ne_bytes(random),
        };
        self.0
            .ledger
            .write(move |entry| {
                if let Sent::Taken(transaction, receipt) = &sent {
                    acknowledged(entry, &leased, *transaction, receipt)?;
                }
                finish(entry, leased.token, sent.outcome(), entry.now(), retry)
                    .map_err(LedgerError::from)?;
                Ok(())
            })
            .await
    }

    async fn wait_for_uploads(&self) {
        let now = moment(&self.0.clock.reading());
        let wake = self
            .0
            .ledger
            .read(move |conn| next_wake(conn, &now).map_err(LedgerError::from))
            .await;
        let longest = match wake {
            Ok(left) => left.unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT),
            Err(error) => {
                tracing::error!(%error, "the queue could not be read");
                PAUSE
            }
        };
        tokio::select! {
            () = self.0.clock.pause(longest) => {}
            () = self.0.ledger.uploads_due() => self.changed(),
        }
    }

    pub(super) fn province_answered(&self) {
        self.0
            .trouble
            .send_if_modified(|trouble| trouble.take().is_some());
    }

    /// Remembers, for the page, what hindered the last exchange; a refusal of one message is not such a thing.
    pub(super) fn province_failed(&self, error: &PlatformError) -> Notice {
        let notice = error.notice();
        if error.delivery() != Delivery::Refused {
            self.0.trouble.send_replace(Some(notice.clone()));
            self.changed();
        }
        notice
    }
}

/// What came of one attempt.
enum Sent {
    Taken(Transaction, Receipt),
    Failed(PlatformError),
    /// It was asked about, and the question had no answer.
    StillUnknown(PlatformError),
    /// The queue's bytes cannot be read: a person must look.
    Unreadable(String),
}

impl Sent {
    fn outcome(self) -> Outcome {
        match self {
            Self::Taken(_, receipt) => Outcome::Delivered {
                receipt: receipt.receipt_number.into(),
            },
            Self::Unreadable(reason) => Outcome::Rejected {
                code: "unreadable".to_owned(),
                reason: reason.into(),
            },
            Self::StillUnknown(error) => Outcome::OutcomeUnknown {
                detail: error.notice().code.into_owned().into(),
            },
            Self::Failed(PlatformError::Rejected {
                rejection,
                transaction: _,
            }) => Outcome::Rejected {
                code: rejection.code,
                reason: rejection.message.into(),
            },
            Self::Failed(error) => match error.delivery() {
                Delivery::NotSent => Outcome::NotSent {
                    detail: error.notice().code.into_owned().into(),
                },
                Delivery::Unknown | Delivery::Refused => Outcome::OutcomeUnknown {
                    detail: error.notice().code.into_owned().into(),
                },
            },
        }
    }
}

/// Writes what the province acknowledged into the journal, and a registration's number to its visit.
fn acknowledged(
    entry: &Entry<'_>,
    leased: &Lease,
    transaction: Transaction,
    receipt: &Receipt,
) -> Result<(), CounterError> {
    if transaction == Transaction::VisitRegistration
        && let Some(number) = &receipt.registration_number
    {
        let visit = VisitNumber::parse(&leased.lane).map_err(CounterError::NotANumber)?;
        visits::record_registration(entry, &visit, number)?;
    }
    let body = serde_json::json!({
        "v": 1,
        "visit": leased.lane,
        "kind": leased.kind,
        "receipt": receipt.receipt_number,
        "received_at": receipt.received_at,
        "late_by_s": receipt.late_by_s,
    });
    journal::append(entry, "acknowledged", &leased.key, &body.to_string())?;
    Ok(())
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
