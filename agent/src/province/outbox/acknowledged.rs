//! What the province has taken is written down; what of ours does not go on then is put before a person and holds up nobody.
//!
//! A registration that was taken without a usable number (blank, or another than before) does not hold up what its
//! visit sends; the registration itself waits for a person.

use std::time::Duration;

use offline_queue::{Backoff, Lane, LeaseToken, Outcome, Retry, finish};

use super::Outbox;
use super::error::OutboxError;
use super::memory::WAY_EVERY;
use super::sent::{Errand, NO_NUMBER, Sent};
use crate::ledger::numbers::VisitNumber;
use crate::ledger::{Entry, LedgerError, Refused, journal, visits};
use crate::province::Transaction;
use crate::province::chain::Chain;
use crate::province::wire::answer::Receipt;
use crate::random;
use crate::wording::notice::Notice;

/// Two seconds at first, a minute at most: a deadline of 30 minutes leaves room for a dozen tries.
const BACKOFF: Backoff = Backoff {
    first: Duration::from_secs(2),
    most: Duration::from_mins(1),
};

/// Longer than any 就医登记号, and as much as a slip can show.
const LONGEST_NUMBER: usize = 64;

/// Why a message that the province has taken is not done with; each is kept as the refusal's code.
const OTHER_NUMBER: &str = "registration_number_differs";
const NOT_RECORDED: &str = "acknowledgement_not_recorded";

impl Outbox {
    /// Writes down what came of an errand, or keeps it in mind where nothing can be written.
    pub(super) async fn record(&self, errand: Errand, sent: Sent) {
        match self.write_down(&errand, &sent).await {
            Ok(()) => self.0.unwritten.is_back(&errand.key),
            Err(OutboxError::Ledger(error)) if error.says_nothing_can_be_written() => {
                // A lease was written before: from now on what is in the file is behind what was sent.
                self.0
                    .unwritten
                    .keep(errand, sent, self.0.with.clock.times().boottime);
            }
            Err(error) => {
                tracing::error!(error = %Chain(&error), "an outcome could not be recorded");
                if let OutboxError::Ledger(LedgerError::Damaged { what }) = &error {
                    self.0.with.ledger.found_damaged(what.clone());
                    self.0.with.changes.tell();
                }
                self.0.unwritten.is_back(&errand.key);
            }
        }
    }

    /// In one transaction: what the province acknowledged, and the end of the attempt. Where ours fails, the attempt ends all the
    /// same, and what failed is put before a person.
    pub(super) async fn write_down(&self, errand: &Errand, sent: &Sent) -> Result<(), OutboxError> {
        let error = match self.end(errand, sent, None).await {
            Err(OutboxError::Ledger(error)) if error.says_nothing_can_be_written() => {
                return Err(error.into());
            }
            Err(error) if matches!(sent, Sent::Taken(..)) && !is_over(&error) => error,
            done => return done,
        };
        tracing::error!(error = %Chain(&error), msgid = errand.key, "what the province has taken could not be recorded");
        let notice = Notice::from(&error);
        let stuck = Stuck {
            code: NOT_RECORDED,
            reason: format!("{}（{}）", notice.say, notice.code),
        };
        self.end(errand, sent, Some(stuck)).await
    }

    async fn end(
        &self,
        errand: &Errand,
        sent: &Sent,
        stuck: Option<Stuck>,
    ) -> Result<(), OutboxError> {
        let retry = retry()?;
        let errand = Attempt::of(errand);
        let outcome = sent.outcome();
        let adapter = self.0.with.platform.adapter();
        let (table, needs_number) = (adapter.name().to_owned(), adapter.wants_number());
        let taken = match sent {
            Sent::Taken(transaction, receipt) => Some((*transaction, receipt.clone())),
            Sent::Failed(_)
            | Sent::StillUnknown(_)
            | Sent::Altered
            | Sent::Unreadable(_)
            | Sent::NotRegistered => None,
        };
        self.0
            .with
            .ledger
            .write(move |entry| {
                let Some(lease) = errand.token(entry)? else {
                    return Ok(());
                };
                let stuck = match (stuck, taken) {
                    (Some(stuck), _) => Some(stuck),
                    (None, Some((transaction, receipt))) => {
                        acknowledged(entry, &errand, transaction, &receipt)?
                    }
                    (None, None) => None,
                };
                let outcome = stuck.map_or(outcome, |stuck| stuck.outcome(needs_number));
                offline_queue::note_sent_as(entry, lease, &table).map_err(LedgerError::from)?;
                finish(entry, lease, outcome, entry.now(), retry).map_err(LedgerError::from)?;
                Ok(())
            })
            .await
    }
}

fn retry() -> Result<Retry, OutboxError> {
    Ok(Retry {
        backoff: BACKOFF,
        way_every: WAY_EVERY,
        random: u32::from_ne_bytes(random::bytes()?),
    })
}

/// Another attempt is under way: its outcome counts.
fn is_over(error: &OutboxError) -> bool {
    matches!(
        error,
        OutboxError::Ledger(LedgerError::Queue(
            offline_queue::QueueError::LeaseOver { .. }
        ))
    )
}

/// What of an errand the ledger keeps.
struct Attempt {
    key: String,
    lane: String,
    kind: String,
    ask_first: bool,
    token: Option<LeaseToken>,
}

impl Attempt {
    fn of(errand: &Errand) -> Self {
        Self {
            key: errand.key.clone(),
            lane: errand.lane.clone(),
            kind: errand.kind.clone(),
            ask_first: errand.ask_first,
            token: errand.token,
        }
    }

    /// Its lease, or one made up now for what was sent without; none where it was resolved meanwhile.
    fn token(&self, entry: &Entry<'_>) -> Result<Option<LeaseToken>, LedgerError> {
        match self.token {
            Some(token) => Ok(Some(token)),
            None => Ok(offline_queue::lease_sent(
                entry,
                &self.key,
                self.ask_first,
                entry.now(),
            )?),
        }
    }
}

/// What of ours did not go on although the province has the message.
struct Stuck {
    code: &'static str,
    reason: String,
}

impl Stuck {
    /// Its lane goes on: the province has what those behind it build on; but not where they need a number that it did not give.
    fn outcome(self, needs_number: bool) -> Outcome {
        Outcome::Rejected {
            code: self.code.to_owned(),
            reason: self.reason.into(),
            lane: if needs_number && self.code == NO_NUMBER {
                Lane::Waits
            } else {
                Lane::GoesOn
            },
        }
    }
}

/// Writes what the province acknowledged into the journal, and a registration's number to its visit.
fn acknowledged(
    entry: &Entry<'_>,
    attempt: &Attempt,
    transaction: Transaction,
    receipt: &Receipt,
) -> Result<Option<Stuck>, OutboxError> {
    let stuck = if transaction == Transaction::VisitRegistration {
        registered(entry, attempt, receipt)?
    } else {
        None
    };
    let body = serde_json::json!({
        "v": 1,
        "visit": attempt.lane,
        "kind": attempt.kind,
        "receipt": receipt.receipt_number,
        "received_at": receipt.received_at,
        "late_by_s": receipt.late_by_s,
        "stuck": stuck.as_ref().map(|stuck| stuck.code),
    });
    journal::append(entry, "acknowledged", &attempt.key, &body.to_string())?;
    Ok(stuck)
}

/// The number that the province gave the visit. Blank is none.
fn registered(
    entry: &Entry<'_>,
    attempt: &Attempt,
    receipt: &Receipt,
) -> Result<Option<Stuck>, OutboxError> {
    let visit = VisitNumber::parse(&attempt.lane).map_err(OutboxError::Lane)?;
    let given = receipt
        .registration_number
        .as_deref()
        .map(str::trim)
        .filter(|number| !number.is_empty());
    let Some(number) = given else {
        return Ok(Some(Stuck {
            code: NO_NUMBER,
            reason: "省平台已收到就医登记，但没有给出就医登记号。".to_owned(),
        }));
    };
    if number.chars().count() > LONGEST_NUMBER || number.chars().any(char::is_control) {
        return Ok(Some(Stuck {
            code: NO_NUMBER,
            reason: "省平台已收到就医登记，给出的就医登记号不能用（过长，或有不可见的字符）。"
                .to_owned(),
        }));
    }
    match visits::record_registration(entry, &visit, number) {
        Ok(()) => Ok(None),
        Err(LedgerError::Refused(Refused::RegisteredOtherwise)) => Ok(Some(Stuck {
            code: OTHER_NUMBER,
            reason: format!(
                "省平台这次给出的就医登记号是 {number}，与本机已记的不同；本机仍用原来的。"
            ),
        })),
        Err(error) => Err(error.into()),
    }
}
