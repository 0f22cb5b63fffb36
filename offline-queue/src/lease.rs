//! Handing out the next upload: whose turn it is, and for how long.

use std::fmt;
use std::time::Duration;

use rusqlite::{OptionalExtension, Transaction, named_params, params};

use crate::attempt::{LeaseToken, Next, end_attempt, end_lease};
use crate::moment::whole_ms;
use crate::upload::AttemptEnd;
use crate::way::Way;
use crate::{Deadline, Moment, QueueError};

/// One upload handed out to be sent. Commit the transaction before sending.
#[derive(Clone, PartialEq, Eq)]
pub struct Lease {
    /// What [`crate::finish`] wants back.
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

/// Which lanes a lease may come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lanes {
    /// All; those whose last attempt brought nothing come last.
    All,
    /// Only those whose last attempt was no failure of their own.
    Untroubled,
}

/// Hands out the most urgent upload whose turn it is, for `lease_for`; none where none may be sent now.
///
/// Lanes whose last attempt hung, or was put off, come after all others. While the way is shut (see
/// [`crate::Outcome::NotSent`]) one upload at a time is handed out, to try it.
pub fn lease(
    tx: &Transaction<'_>,
    now: &Moment,
    lease_for: Duration,
    lanes: Lanes,
) -> Result<Option<Lease>, QueueError> {
    expire(tx, now, Overdue::Only)?;
    let way = Way::read(tx)?;
    if !way.admits(tx, now)? {
        return Ok(None);
    }
    let Some(found) = most_urgent(tx, now, lanes)? else {
        return Ok(None);
    };
    let token = begin(tx, &way, found, now, lease_for)?;
    let lease = tx
        .prepare_cached(
            "SELECT key, lane, kind, body, due_civil, due_boot, due_boottime
             FROM queue_upload JOIN queue_body ON upload = sequence WHERE sequence = ?1",
        )?
        .query_row([token.sequence], |row| {
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
                ask_first: found.ask_first,
            })
        })?;
    Ok(Some(lease))
}

/// Leases the upload with this key, whoever's turn it is: for a sender that sent it while no lease could be written, and now
/// records that in one transaction with what came of it. `ask_first` is whether it may have arrived by an attempt that is not
/// in the file. None where it neither waits nor is out.
pub fn lease_sent(
    tx: &Transaction<'_>,
    key: &str,
    ask_first: bool,
    now: &Moment,
) -> Result<Option<LeaseToken>, QueueError> {
    let found = tx
        .prepare_cached(
            "SELECT sequence, attempts, ask_first, state = 'leased' FROM queue_upload
             WHERE key = ?1 AND state IN ('waiting', 'leased')",
        )?
        .query_row([key], |row| {
            let found = Found {
                sequence: row.get(0)?,
                attempts: row.get(1)?,
                ask_first: row.get(2)?,
            };
            Ok((found, row.get::<_, bool>(3)?))
        })
        .optional()?;
    let Some((found, leased)) = found else {
        return Ok(None);
    };
    if leased {
        let before = LeaseToken {
            sequence: found.sequence,
            attempt: found.attempts,
            taken_before: 0,
        };
        end_attempt(tx, before, &AttemptEnd::LeaseExpired, now)?;
    }
    let ask_first = found.ask_first || ask_first || leased;
    tx.prepare_cached("UPDATE queue_upload SET ask_first = ?2 WHERE sequence = ?1")?
        .execute(params![found.sequence, ask_first])?;
    let found = Found { ask_first, ..found };
    begin(tx, &Way::read(tx)?, found, now, Duration::ZERO).map(Some)
}

/// An upload that may be leased.
#[derive(Clone, Copy)]
struct Found {
    sequence: i64,
    attempts: u32,
    ask_first: bool,
}

fn begin(
    tx: &Transaction<'_>,
    way: &Way,
    found: Found,
    now: &Moment,
    lease_for: Duration,
) -> Result<LeaseToken, QueueError> {
    let attempt = found.attempts + 1;
    let until = Deadline::after(now, lease_for);
    tx.prepare_cached(
        "UPDATE queue_upload SET state = 'leased', attempts = ?2, until_civil = ?3, until_boot = ?4,
                                 until_boottime = ?5
         WHERE sequence = ?1",
    )?
    .execute(params![
        found.sequence,
        attempt,
        until.civil_ms,
        until.boot_id,
        until.boottime_ms
    ])?;
    tx.prepare_cached(
        "INSERT INTO queue_attempt (upload, number, began_civil, ask_first) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        found.sequence,
        attempt,
        now.civil.as_millisecond(),
        found.ask_first
    ])?;
    way.lent(tx, found.sequence)?;
    Ok(LeaseToken {
        sequence: found.sequence,
        attempt,
        taken_before: way.taken,
    })
}

/// Among heads that may be tried now: lanes without trouble of their own first, then the earliest deadline in the lane.
fn most_urgent(
    tx: &Transaction<'_>,
    now: &Moment,
    lanes: Lanes,
) -> Result<Option<Found>, QueueError> {
    let found = tx
        .prepare_cached(
            "SELECT head.sequence, head.attempts, head.ask_first,
                    head.held IS NOT NULL AND head.held <> 'not_sent' AS troubled
             FROM queue_upload head
             WHERE head.state NOT IN ('delivered', 'set_aside') AND head.state = 'waiting'
               AND (head.until_boot <> :boot OR head.until_boottime <= :boottime)
               AND (:all OR NOT troubled)
               AND NOT EXISTS (SELECT 1 FROM queue_upload earlier
                               WHERE earlier.lane = head.lane AND earlier.sequence < head.sequence
                                 AND earlier.state NOT IN ('delivered', 'set_aside') AND NOT earlier.passable)
             ORDER BY troubled,
                      (SELECT MIN(CASE WHEN lane.due_boot = :boot THEN lane.due_boottime - :boottime
                                       ELSE lane.due_civil - :civil END)
                       FROM queue_upload lane
                       WHERE lane.lane = head.lane AND lane.state NOT IN ('delivered', 'set_aside')
                         AND NOT lane.passable),
                      head.sequence
             LIMIT 1",
        )?
        .query_row(
            named_params! {
                ":boot": now.boot_id,
                ":boottime": whole_ms(now.boottime),
                ":civil": now.civil.as_millisecond(),
                ":all": lanes == Lanes::All,
            },
            |row| {
                Ok(Found {
                    sequence: row.get(0)?,
                    attempts: row.get(1)?,
                    ask_first: row.get(2)?,
                })
            },
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
                taken_before: 0,
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
        // A process that died is no sign that the far side hangs.
        let held = match overdue {
            Overdue::Only if until.wait(now).is_zero() => Some("unknown"),
            Overdue::Only => continue,
            Overdue::OrNot => None,
        };
        end_attempt(tx, token, &AttemptEnd::LeaseExpired, now)?;
        let next = Next::Waiting {
            not_before: Deadline::at(now.civil, now),
            ask_first: true,
            held,
        };
        end_lease(tx, token, next)?;
        expired += 1;
    }
    Ok(expired)
}
