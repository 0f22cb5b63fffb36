//! Taking what came of an attempt.

use rusqlite::{OptionalExtension, Transaction, named_params, params};

use crate::lease::LeaseToken;
use crate::moment::whole_ms;
use crate::upload::{AttemptEnd, FreeText};
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

/// What a rejected upload means for those behind it in its lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// They wait until a person has seen to it.
    Waits,
    /// They go up: the far side has what they build on.
    GoesOn,
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

pub(crate) enum Next {
    Waiting {
        not_before: Deadline,
        ask_first: bool,
        /// Why, as the table has it.
        held: Option<&'static str>,
    },
    Delivered,
    Rejected(Lane),
}

pub(crate) fn end_lease(
    tx: &Transaction<'_>,
    token: LeaseToken,
    next: Next,
) -> Result<(), QueueError> {
    match next {
        Next::Waiting {
            not_before,
            ask_first,
            held,
        } => tx
            .prepare_cached(
                "UPDATE queue_upload SET state = 'waiting', ask_first = ?2, failures = failures + 1, until_civil = ?3,
                                         until_boot = ?4, until_boottime = ?5, held = ?6
                 WHERE sequence = ?1",
            )?
            .execute(params![
                token.sequence,
                ask_first,
                not_before.civil_ms,
                not_before.boot_id,
                not_before.boottime_ms,
                held
            ])?,
        Next::Delivered => tx
            .prepare_cached("UPDATE queue_upload SET state = 'delivered' WHERE sequence = ?1")?
            .execute([token.sequence])?,
        Next::Rejected(lane) => tx
            .prepare_cached(
                "UPDATE queue_upload SET state = 'rejected', passable = ?2 WHERE sequence = ?1",
            )?
            .execute(params![token.sequence, lane == Lane::GoesOn])?,
    };
    Ok(())
}

pub(crate) fn end_attempt(
    tx: &Transaction<'_>,
    token: LeaseToken,
    end: &AttemptEnd,
    now: &Moment,
) -> Result<(), QueueError> {
    let (outcome, code, detail) = match end {
        AttemptEnd::Delivered { receipt } => ("delivered", None, Some(receipt)),
        AttemptEnd::Rejected { code, reason } => ("rejected", Some(code), Some(reason)),
        AttemptEnd::OutcomeUnknown { detail } => ("unknown", None, Some(detail)),
        AttemptEnd::Untold { code, reason } => ("unknown", Some(code), Some(reason)),
        AttemptEnd::NotSent { detail } => ("not_sent", None, Some(detail)),
        AttemptEnd::LeaseExpired => ("expired", None, None),
    };
    tx.prepare_cached(
        "UPDATE queue_attempt
         SET outcome = :outcome, code = :code, detail = :detail, ended_civil = :civil,
             ended_left = (SELECT CASE WHEN due_boot = :boot THEN due_boottime - :boottime ELSE due_civil - :civil END
                           FROM queue_upload WHERE sequence = :upload)
         WHERE upload = :upload AND number = :number",
    )?
    .execute(named_params! {
        ":outcome": outcome,
        ":code": code,
        ":detail": detail.map(FreeText::as_str),
        ":civil": now.civil.as_millisecond(),
        ":boot": now.boot_id,
        ":boottime": whole_ms(now.boottime),
        ":upload": token.sequence,
        ":number": token.attempt,
    })?;
    Ok(())
}
