//! Taking what came of an attempt.

use rusqlite::{OptionalExtension, Transaction, params};

use crate::attempt::{LeaseToken, Next, end_attempt, end_lease};
use crate::upload::{AttemptEnd, FreeText, Lane};
use crate::way::Way;
use crate::{Deadline, Moment, QueueError, Retry};

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The far side has it.
    Delivered {
        /// What it answered, to be kept.
        receipt: FreeText,
    },
    /// It cannot be done with as it is; a person must look.
    Rejected {
        /// The far side's code, or the sender's own.
        code: String,
        /// In words.
        reason: FreeText,
        /// What becomes of those behind it.
        lane: Lane,
    },
    /// It was sent, or may have been, and no answer came. It is tried again, asking first.
    OutcomeUnknown {
        /// What happened, for display.
        detail: FreeText,
    },
    /// It may have arrived, and the far side refuses to say. It is asked again, and a person may decide meanwhile.
    Untold {
        /// The far side's code.
        code: String,
        /// The far side's words.
        reason: FreeText,
    },
    /// It did not get through, and neither would any other: the way is shut. One upload at a time tries it until the far side has taken one.
    NotSent {
        /// What happened, for display.
        detail: FreeText,
        /// It may have arrived all the same: ask before it is sent again.
        ask_first: bool,
    },
    /// The far side answers, and does not take this one now. It is tried again, and as soon as the far side has taken another.
    Later {
        /// What happened, for display.
        detail: FreeText,
    },
}

/// Notes with an attempt as what it left, in the sender's words: by which table its bytes were made. Before [`finish`].
pub fn note_sent_as(
    tx: &Transaction<'_>,
    token: LeaseToken,
    sent_as: &str,
) -> Result<(), QueueError> {
    tx.prepare_cached(
        "UPDATE queue_attempt SET sent_as = ?3 WHERE upload = ?1 AND number = ?2 AND ended_civil IS NULL",
    )?
    .execute(params![token.sequence, token.attempt, sent_as])?;
    Ok(())
}

/// Records what came of a leased attempt. Where it must be tried again, `retry` says how long to wait.
///
/// # Errors
/// [`QueueError::LeaseOver`] where the lease has expired meanwhile: another attempt may be under way, and it will ask
/// first. Nothing is recorded then.
pub fn finish(
    tx: &Transaction<'_>,
    token: LeaseToken,
    outcome: Outcome,
    now: &Moment,
    retry: Retry,
) -> Result<(), QueueError> {
    let leased: Option<(u32, bool)> = tx
        .prepare_cached(
            "SELECT failures, ask_first FROM queue_upload WHERE sequence = ?1 AND attempts = ?2 AND state = 'leased'",
        )?
        .query_row(params![token.sequence, token.attempt], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((failures, asked_first)) = leased else {
        return Err(QueueError::LeaseOver {
            attempt: token.attempt,
        });
    };
    let way = Way::read(tx)?;
    let again = |held, ask_first| Next::Waiting {
        not_before: Deadline::after(now, retry.wait(failures.saturating_add(1))),
        ask_first,
        held: Some(held),
    };
    let (end, next) = match outcome {
        Outcome::Delivered { receipt } => (AttemptEnd::Delivered { receipt }, Next::Delivered),
        Outcome::Rejected { code, reason, lane } => {
            (AttemptEnd::Rejected { code, reason }, Next::Rejected(lane))
        }
        Outcome::OutcomeUnknown { detail } => (
            AttemptEnd::OutcomeUnknown { detail },
            again("unknown", true),
        ),
        Outcome::Untold { code, reason } => {
            (AttemptEnd::Untold { code, reason }, again("untold", true))
        }
        // An earlier attempt may still have arrived: not having sent this one does not settle that.
        Outcome::Later { detail } => (AttemptEnd::NotSent { detail }, again("later", asked_first)),
        Outcome::NotSent { detail, ask_first } => {
            let ask_first = asked_first || ask_first;
            let next = if way.not_through(tx, token, now, retry.until_tried())? {
                // The way makes it wait, and nothing else.
                Next::Waiting {
                    not_before: Deadline::at(now.civil, now),
                    ask_first,
                    held: Some("not_sent"),
                }
            } else {
                again("not_sent", ask_first)
            };
            let end = if ask_first && !asked_first {
                AttemptEnd::OutcomeUnknown { detail }
            } else {
                AttemptEnd::NotSent { detail }
            };
            (end, next)
        }
    };
    match &next {
        Next::Delivered => Way::open(tx, now)?,
        Next::Waiting { .. } | Next::Rejected(_) => {
            way.tried(tx, token, now, retry.until_tried())?;
        }
    }
    end_attempt(tx, token, &end, now)?;
    end_lease(tx, token, next)
}
