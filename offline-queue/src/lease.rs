//! Handing out the next upload and taking what came of it.

use std::fmt;
use std::time::Duration;

use rusqlite::{OptionalExtension, Transaction, named_params, params};

use crate::moment::whole_ms;
use crate::upload::{AttemptEnd, FreeText};
use crate::{Deadline, Moment, QueueError, Retry};

/// One upload handed out to be sent. Commit the transaction before sending.
#[derive(Clone, PartialEq, Eq)]
pub struct Lease {
    /// What [`finish`] wants back.
    pub token: LeaseToken,
    /// The message's identifier.
    pub key: String,
    /// Its lane.
    pub lane: String,
    /// What it is.
    pub kind: String,
    /// The bytes to send.
    pub body: Vec<u8>,
    /// When it is due.
    pub deadline: Deadline,
    /// An earlier attempt may have arrived: ask the far side by key, and send only what it does not have.
    pub ask_first: bool,
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease")
            .field("token", &self.token)
            .field("key", &self.key)
            .field("lane", &self.lane)
            .field("kind", &self.kind)
            .field("body", &format_args!("<{} bytes>", self.body.len()))
            .field("deadline", &self.deadline)
            .field("ask_first", &self.ask_first)
            .finish()
    }
}

/// Names one attempt at one upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LeaseToken {
    sequence: i64,
    attempt: u32,
}

impl LeaseToken {
    /// 1 for the first attempt at this upload.
    pub fn attempt(self) -> u32 {
        self.attempt
    }
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The far side has it.
    Delivered {
        /// What it answered, to be kept.
        receipt: FreeText,
    },
    /// The far side will not have it as it is; a person must look.
    Rejected {
        /// The far side's code.
        code: String,
        /// The far side's words.
        reason: FreeText,
    },
    /// It was sent, or may have been, and no answer came. It is tried again, asking first.
    OutcomeUnknown {
        /// What happened, for display.
        detail: FreeText,
    },
    /// It certainly did not reach the far side. It is tried again.
    NotSent {
        /// What happened, for display.
        detail: FreeText,
    },
}

/// Hands out the most urgent upload whose turn it is, for `lease_for`; none where none may be sent now.
pub fn lease(
    tx: &Transaction<'_>,
    now: &Moment,
    lease_for: Duration,
) -> Result<Option<Lease>, QueueError> {
    expire(tx, now, Overdue::Only)?;
    let Some((sequence, attempts, ask_first)) = most_urgent(tx, now)? else {
        return Ok(None);
    };
    let attempt = attempts + 1;
    let until = Deadline::after(now, lease_for);
    tx.prepare_cached(
        "UPDATE queue_upload SET state = 'leased', attempts = ?2, until_civil = ?3, until_boot = ?4,
                                 until_boottime = ?5
         WHERE sequence = ?1",
    )?
    .execute(params![
        sequence,
        attempt,
        until.civil_ms,
        until.boot_id,
        until.boottime_ms
    ])?;
    tx.prepare_cached(
        "INSERT INTO queue_attempt (upload, number, began_civil, ask_first) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        sequence,
        attempt,
        now.civil.as_millisecond(),
        ask_first
    ])?;
    let token = LeaseToken { sequence, attempt };
    let lease = tx
        .prepare_cached(
            "SELECT key, lane, kind, body, due_civil, due_boot, due_boottime
             FROM queue_upload JOIN queue_body ON upload = sequence WHERE sequence = ?1",
        )?
        .query_row([sequence], |row| {
            Ok(Lease {
                token,
                key: row.get("key")?,
                lane: row.get("lane")?,
                kind: row.get("kind")?,
                body: row.get("body")?,
                deadline: Deadline {
                    civil_ms: row.get("due_civil")?,
                    boot_id: row.get("due_boot")?,
                    boottime_ms: row.get("due_boottime")?,
                },
                ask_first,
            })
        })?;
    Ok(Some(lease))
}

/// The head of the lane that holds the earliest deadline, among heads that may be tried now: its sequence, its attempts
/// so far, whether to ask first.
fn most_urgent(tx: &Transaction<'_>, now: &Moment) -> Result<Option<(i64, u32, bool)>, QueueError> {
    let found = tx
        .prepare_cached(
            "SELECT head.sequence, head.attempts, head.ask_first FROM queue_upload head
             WHERE head.state NOT IN ('delivered', 'set_aside') AND head.state = 'waiting'
               AND CASE WHEN head.until_boot = :boot THEN head.until_boottime - :boottime
                        ELSE head.until_civil - :civil END <= 0
               AND NOT EXISTS (SELECT 1 FROM queue_upload earlier
                               WHERE earlier.lane = head.lane AND earlier.sequence < head.sequence
                                 AND earlier.state NOT IN ('delivered', 'set_aside'))
             ORDER BY (SELECT MIN(CASE WHEN lane.due_boot = :boot THEN lane.due_boottime - :boottime
                                       ELSE lane.due_civil - :civil END)
                       FROM queue_upload lane
                       WHERE lane.lane = head.lane AND lane.state NOT IN ('delivered', 'set_aside')),
                      head.sequence
             LIMIT 1",
        )?
        .query_row(
            named_params! {
                ":boot": now.boot_id,
                ":boottime": whole_ms(now.boottime),
                ":civil": now.civil.as_millisecond(),
            },
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    Ok(found)
}

/// Takes back every lease that is out. For the start of the only process that sends: whoever held
/// them is gone, and how their attempts ended is unknown. Gives back how many there were.
pub fn reclaim(tx: &Transaction<'_>, now: &Moment) -> Result<usize, QueueError> {
    expire(tx, now, Overdue::OrNot)
}

#[derive(Clone, Copy)]
enum Overdue {
    Only,
    OrNot,
}

fn expire(tx: &Transaction<'_>, now: &Moment, overdue: Overdue) -> Result<usize, QueueError> {
    let mut leased = tx.prepare_cached(
        "SELECT sequence, attempts, until_civil, until_boot, until_boottime FROM queue_upload
         WHERE state NOT IN ('delivered', 'set_aside') AND state = 'leased'",
    )?;
    let rows = leased
        .query_map([], |row| {
            let token = LeaseToken {
                sequence: row.get(0)?,
                attempt: row.get(1)?,
            };
            let until = Deadline {
                civil_ms: row.get(2)?,
                boot_id: row.get(3)?,
                boottime_ms: row.get(4)?,
            };
            Ok((token, until))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    let mut expired = 0;
    for (token, until) in rows {
        let over = match overdue {
            Overdue::Only => !until.left(now).is_positive(),
            Overdue::OrNot => true,
        };
        if over {
            end_attempt(tx, token, &AttemptEnd::LeaseExpired, now)?;
            let next = Next::Waiting {
                not_before: Deadline::at(now.civil, now),
                ask_first: true,
            };
            end_lease(tx, token, next)?;
            expired += 1;
        }
    }
    Ok(expired)
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
    let again = |ask_first| Next::Waiting {
        not_before: Deadline::after(now, retry.wait(failures.saturating_add(1))),
        ask_first,
    };
    let (end, next) = match outcome {
        Outcome::Delivered { receipt } => (AttemptEnd::Delivered { receipt }, Next::Delivered),
        Outcome::Rejected { code, reason } => {
            (AttemptEnd::Rejected { code, reason }, Next::Rejected)
        }
        Outcome::OutcomeUnknown { detail } => (AttemptEnd::OutcomeUnknown { detail }, again(true)),
        // An earlier attempt may still have arrived: not having sent this one does not settle that.
        Outcome::NotSent { detail } => (AttemptEnd::NotSent { detail }, again(asked_first)),
    };
    end_attempt(tx, token, &end, now)?;
    end_lease(tx, token, next)
}

enum Next {
    Waiting {
        not_before: Deadline,
        ask_first: bool,
    },
    Delivered,
    Rejected,
}

fn end_lease(tx: &Transaction<'_>, token: LeaseToken, next: Next) -> Result<(), QueueError> {
    match next {
        Next::Waiting {
            not_before,
            ask_first,
        } => tx
            .prepare_cached(
                "UPDATE queue_upload SET state = 'waiting', ask_first = ?2, failures = failures + 1, until_civil = ?3,
                                         until_boot = ?4, until_boottime = ?5
                 WHERE sequence = ?1",
            )?
            .execute(params![
                token.sequence,
                ask_first,
                not_before.civil_ms,
                not_before.boot_id,
                not_before.boottime_ms
            ])?,
        Next::Delivered => set_state(tx, token, "delivered")?,
        Next::Rejected => set_state(tx, token, "rejected")?,
    };
    Ok(())
}

fn set_state(
    tx: &Transaction<'_>,
    token: LeaseToken,
    state: &'static str,
) -> Result<usize, QueueError> {
    let changed = tx
        .prepare_cached("UPDATE queue_upload SET state = ?2 WHERE sequence = ?1")?
        .execute(params![token.sequence, state])?;
    Ok(changed)
}

fn end_attempt(
    tx: &Transaction<'_>,
    token: LeaseToken,
    end: &AttemptEnd,
    now: &Moment,
) -> Result<(), QueueError> {
    let (outcome, code, detail) = match end {
        AttemptEnd::Delivered { receipt } => ("delivered", None, Some(receipt)),
        AttemptEnd::Rejected { code, reason } => ("rejected", Some(code), Some(reason)),
        AttemptEnd::OutcomeUnknown { detail } => ("unknown", None, Some(detail)),
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
