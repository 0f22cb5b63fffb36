//! What is shown: lists, one upload, its history, and when to look again.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Row, named_params};

use crate::moment::{timestamp, whole_ms};
use crate::upload::{Attempt, AttemptEnd, FreeText, Held, Upload, UploadState};
use crate::way::Way;
use crate::{Deadline, Lane, Moment, QueueError, RemedyEntry, RemedyKind};

/// Which uploads to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which<'a> {
    /// All that are neither delivered nor set aside, most urgent first.
    Open,
    /// All of one lane, in its order.
    Lane(&'a str),
    /// Those queued from the first time to before the second, in their order.
    QueuedBetween(Timestamp, Timestamp),
    /// Those queued since then that the far side got after they were due, the last ones first.
    DeliveredLate(Timestamp),
}

const COLUMNS: &str = "
    SELECT u.sequence, u.key, u.lane, u.kind, u.body_bytes, u.enqueued_civil,
           u.due_civil, u.due_boot, u.due_boottime, u.state, u.ask_first, u.attempts, u.held, u.passable,
           u.until_civil, u.until_boot, u.until_boottime,
           a.ended_civil, a.ended_left, a.code, a.detail,
           r.at_civil AS resolved_civil, r.who, r.why,
           (SELECT head.key FROM queue_upload head
            WHERE head.lane = u.lane AND head.sequence < u.sequence
              AND head.state NOT IN ('delivered', 'set_aside') AND NOT head.passable
              AND u.state NOT IN ('delivered', 'set_aside')
            ORDER BY head.sequence LIMIT 1) AS waits_for
    FROM queue_upload u
    LEFT JOIN queue_attempt a ON a.upload = u.sequence AND a.number = u.attempts
    LEFT JOIN queue_resolution r
           ON u.state = 'set_aside' AND r.number = (SELECT MAX(number) FROM queue_resolution WHERE upload = u.sequence)";

/// Lists uploads as they stand at `now`.
pub fn list(conn: &Connection, which: Which<'_>, now: &Moment) -> Result<Vec<Upload>, QueueError> {
    let mut uploads = match which {
        Which::Open => collect(
            conn,
            "WHERE u.state NOT IN ('delivered', 'set_aside')",
            &[],
            now,
        )?,
        Which::Lane(lane) => collect(
            conn,
            "WHERE u.lane = :lane ORDER BY u.sequence",
            &[(":lane", &lane)],
            now,
        )?,
        Which::QueuedBetween(from, to) => collect(
            conn,
            "WHERE u.enqueued_civil >= :from AND u.enqueued_civil < :to ORDER BY u.sequence",
            &[
                (":from", &from.as_millisecond()),
                (":to", &to.as_millisecond()),
            ],
            now,
        )?,
        Which::DeliveredLate(since) => collect(
            conn,
            "WHERE u.enqueued_civil >= :since AND u.state = 'delivered' AND a.ended_left < 0
             ORDER BY u.enqueued_civil DESC, u.sequence DESC",
            &[(":since", &since.as_millisecond())],
            now,
        )?,
    };
    if which == Which::Open {
        uploads.sort_by_key(|upload| (upload.left, upload.sequence));
    }
    Ok(uploads)
}

/// The upload with this key, as it stands at `now`.
pub fn find(conn: &Connection, key: &str, now: &Moment) -> Result<Option<Upload>, QueueError> {
    Ok(collect(conn, "WHERE u.key = :key", &[(":key", &key)], now)?.pop())
}

fn collect(
    conn: &Connection,
    condition: &str,
    values: &[(&str, &dyn rusqlite::ToSql)],
    now: &Moment,
) -> Result<Vec<Upload>, QueueError> {
    let mut statement = conn.prepare_cached(&format!("{COLUMNS} {condition}"))?;
    let mut rows = statement.query(values)?;
    let mut uploads = Vec::new();
    while let Some(row) = rows.next()? {
        uploads.push(upload(row, now)?);
    }
    Ok(uploads)
}

fn upload(row: &Row<'_>, now: &Moment) -> Result<Upload, QueueError> {
    let sequence: i64 = row.get("sequence")?;
    let damaged = |column| QueueError::Damaged { sequence, column };
    let due = Deadline {
        civil_ms: row.get("due_civil")?,
        boot_id: row.get("due_boot")?,
        boottime_ms: row.get("due_boottime")?,
    };
    let state = state(row, now, sequence)?;
    let left = if matches!(state, UploadState::Delivered { .. }) {
        let at_delivery: Option<i64> = row.get("ended_left")?;
        SignedDuration::from_millis(at_delivery.ok_or_else(|| damaged("ended_left"))?)
    } else {
        due.left(now)
    };
    let body_bytes: i64 = row.get("body_bytes")?;
    Ok(Upload {
        sequence,
        key: row.get("key")?,
        lane: row.get("lane")?,
        kind: row.get("kind")?,
        body_bytes: u64::try_from(body_bytes).map_err(|_negative| damaged("body"))?,
        enqueued_at: timestamp(row.get("enqueued_civil")?),
        due_at: due.civil(),
        left,
        attempts: row.get("attempts")?,
        waits_for: row.get("waits_for")?,
        state,
    })
}

fn state(row: &Row<'_>, now: &Moment, sequence: i64) -> Result<UploadState, QueueError> {
    let damaged = |column| QueueError::Damaged { sequence, column };
    let ended = || -> Result<Timestamp, QueueError> {
        let at: Option<i64> = row.get("ended_civil")?;
        at.map(timestamp).ok_or_else(|| damaged("ended_civil"))
    };
    let text = |column: &'static str| -> Result<String, QueueError> {
        let text: Option<String> = row.get(column)?;
        text.ok_or_else(|| damaged(column))
    };
    let until = Deadline {
        civil_ms: row.get("until_civil")?,
        boot_id: row.get("until_boot")?,
        boottime_ms: row.get("until_boottime")?,
    };
    // Shown in civil time as it is now, which may have been set since.
    let until = now
        .civil
        .saturating_add(until.wait(now))
        .unwrap_or(until.civil());
    let name: String = row.get("state")?;
    match name.as_str() {
        "waiting" => Ok(UploadState::Waiting {
            not_before: until,
            ask_first: row.get("ask_first")?,
            held: match row.get::<_, Option<String>>("held")?.as_deref() {
                None => None,
                Some("not_sent") => Some(Held::NotSent),
                Some("later") => Some(Held::Later),
                Some("unknown") => Some(Held::Unknown),
                Some("untold") => Some(Held::Untold {
                    code: text("code")?,
                    reason: text("detail")?.into(),
                }),
                Some(_) => return Err(damaged("held")),
            },
        }),
        "leased" => Ok(UploadState::Leased { until }),
        "delivered" => Ok(UploadState::Delivered {
            at: ended()?,
            receipt: text("detail")?.into(),
        }),
        "rejected" => Ok(UploadState::Rejected {
            at: ended()?,
            code: text("code")?,
            reason: text("detail")?.into(),
            lane: if row.get("passable")? {
                Lane::GoesOn
            } else {
                Lane::Waits
            },
        }),
        "set_aside" => {
            let at: Option<i64> = row.get("resolved_civil")?;
            Ok(UploadState::SetAside {
                at: timestamp(at.ok_or_else(|| damaged("resolved_civil"))?),
                who: text("who")?.into(),
                why: text("why")?.into(),
            })
        }
        _ => Err(damaged("state")),
    }
}

/// The attempts at an upload, first to last; empty where there were none or the key is unknown.
pub fn attempts(conn: &Connection, key: &str) -> Result<Vec<Attempt>, QueueError> {
    let mut statement = conn.prepare_cached(
        "SELECT u.sequence, a.number, a.began_civil, a.ask_first, a.sent_as, a.ended_civil, a.outcome, a.code,
                a.detail
         FROM queue_attempt a JOIN queue_upload u ON u.sequence = a.upload
         WHERE u.key = :key ORDER BY a.number",
    )?;
    let mut rows = statement.query(named_params! {":key": key})?;
    let mut attempts = Vec::new();
    while let Some(row) = rows.next()? {
        let ended_ms: Option<i64> = row.get("ended_civil")?;
        attempts.push(Attempt {
            number: row.get("number")?,
            began_at: timestamp(row.get("began_civil")?),
            ask_first: row.get("ask_first")?,
            sent_as: row.get("sent_as")?,
            ended: match ended_ms {
                Some(ms) => Some((timestamp(ms), attempt_end(row)?)),
                None => None,
            },
        });
    }
    Ok(attempts)
}

fn attempt_end(row: &Row<'_>) -> Result<AttemptEnd, QueueError> {
    let sequence: i64 = row.get("sequence")?;
    let text = |column: &'static str| -> Result<String, QueueError> {
        let text: Option<String> = row.get(column)?;
        text.ok_or(QueueError::Damaged { sequence, column })
    };
    let detail = || text("detail").map(FreeText::from);
    match text("outcome")?.as_str() {
        "delivered" => Ok(AttemptEnd::Delivered { receipt: detail()? }),
        "rejected" => Ok(AttemptEnd::Rejected {
            code: text("code")?,
            reason: detail()?,
        }),
        "unknown" => Ok(match row.get::<_, Option<String>>("code")? {
            None => AttemptEnd::OutcomeUnknown { detail: detail()? },
            Some(code) => AttemptEnd::Untold {
                code,
                reason: detail()?,
            },
        }),
        "not_sent" => Ok(AttemptEnd::NotSent { detail: detail()? }),
        "expired" => Ok(AttemptEnd::LeaseExpired),
        _ => Err(QueueError::Damaged {
            sequence,
            column: "outcome",
        }),
    }
}

/// What persons decided about an upload, first to last, and when.
pub fn remedies(conn: &Connection, key: &str) -> Result<Vec<(Timestamp, RemedyEntry)>, QueueError> {
    let mut statement = conn.prepare_cached(
        "SELECT u.sequence, r.at_civil, r.decision, r.who, r.why
         FROM queue_resolution r JOIN queue_upload u ON u.sequence = r.upload
         WHERE u.key = :key ORDER BY r.number",
    )?;
    let mut rows = statement.query(named_params! {":key": key})?;
    let mut decisions = Vec::new();
    while let Some(row) = rows.next()? {
        let remedy = RemedyKind::from_stored(&row.get::<_, String>("decision")?);
        let decision = RemedyEntry {
            remedy: remedy.ok_or(QueueError::Damaged {
                sequence: row.get("sequence")?,
                column: "decision",
            })?,
            who: row.get::<_, String>("who")?.into(),
            why: row.get::<_, String>("why")?.into(),
        };
        decisions.push((timestamp(row.get("at_civil")?), decision));
    }
    Ok(decisions)
}

/// How long until [`crate::lease`] may have something to hand out: nothing where it has, longer where an upload waits
/// or a lease is out, none where all that is open waits for a person.
pub fn next_wake(conn: &Connection, now: &Moment) -> Result<Option<Duration>, QueueError> {
    let mut shortest = conn.prepare_cached(
        "SELECT MIN(CASE WHEN head.until_boot = :boot THEN MAX(head.until_boottime - :boottime, 0) ELSE 0 END)
         FROM queue_upload head
         WHERE head.state NOT IN ('delivered', 'set_aside') AND head.state = :state
           AND NOT EXISTS (SELECT 1 FROM queue_upload earlier
                           WHERE earlier.lane = head.lane AND earlier.sequence < head.sequence
                             AND earlier.state NOT IN ('delivered', 'set_aside') AND NOT earlier.passable)",
    )?;
    let mut of = |state: &str| -> Result<Option<Duration>, QueueError> {
        let left_ms: Option<i64> = shortest.query_row(
            named_params! {
                ":boot": now.boot_id,
                ":boottime": whole_ms(now.boottime),
                ":state": state,
            },
            |row| row.get(0),
        )?;
        Ok(left_ms.map(|left| Duration::from_millis(u64::try_from(left).unwrap_or(0))))
    };
    let (waiting, leased) = (of("waiting")?, of("leased")?);
    // Nobody is handed out before the way may be tried, whatever their own waits.
    let waiting = match (waiting, Way::read(conn)?.wait(conn, now)?) {
        (Some(own), Some(way)) => Some(own.max(way)),
        (None, _) | (_, None) => None,
    };
    Ok([waiting, leased].into_iter().flatten().min())
}
