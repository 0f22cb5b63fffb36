//! Giving out numbers, unique across an institution's counters although the counters never talk.

use jiff::Timestamp;
use rules::china_time::CHINA;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, params};

use super::entry::Entry;
use super::error::LedgerError;
use crate::records::numbers::QUEUED_PER_SECOND;

pub use crate::records::numbers::{
    MessageId, NotANumber, SettlementNumber, Terminal, TerminalError, VisitNumber,
};

macro_rules! kept_as_text {
    ($($name:ident),+) => {
        $(impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                self.as_str().to_sql()
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                Self::parse(value.as_str()?).map_err(FromSqlError::other)
            }
        })+
    };
}

kept_as_text!(VisitNumber, SettlementNumber);

/// The next visit number.
pub fn next_visit(entry: &Entry<'_>) -> Result<VisitNumber, LedgerError> {
    let (epoch, sequence) = next(entry, "visit")?;
    Ok(VisitNumber::given(entry.terminal(), &epoch, sequence))
}

/// The next settlement number.
pub fn next_settlement(entry: &Entry<'_>) -> Result<SettlementNumber, LedgerError> {
    let (epoch, sequence) = next(entry, "settlement")?;
    Ok(SettlementNumber::given(entry.terminal(), &epoch, sequence))
}

/// Epoch and sequence of the next number of a series.
fn next(entry: &Entry<'_>, series: &'static str) -> Result<(String, i64), LedgerError> {
    let epoch = current_epoch(entry)?.ok_or_else(|| LedgerError::Damaged {
        what: "number_epoch is empty".to_owned(),
    })?;
    let sequence: i64 = entry
        .prepare_cached(
            "INSERT INTO number_last (series, epoch, last) VALUES (?1, ?2, 1)
             ON CONFLICT (series, epoch) DO UPDATE SET last = last + 1 RETURNING last",
        )?
        .query_row(params![series, epoch], |row| row.get(0))?;
    Ok((china(epoch.saturating_mul(60), "%y%m%d%H%M")?, sequence))
}

/// Begins an epoch: a new ledger's first.
pub fn begin_epoch(entry: &Entry<'_>, why: &str) -> Result<(), LedgerError> {
    let minute = entry.now().civil.as_second().div_euclid(60);
    let epoch = match current_epoch(entry)? {
        Some(last) => minute.max(last.saturating_add(1)),
        None => minute,
    };
    entry.execute(
        "INSERT INTO number_epoch (epoch, began_at, why) VALUES (?1, ?2, ?3)",
        params![epoch, entry.now().civil.as_millisecond(), why],
    )?;
    Ok(())
}

/// Whether a number was given in an epoch before this ledger's present one; the epoch is its ten digits after the terminal.
pub(super) fn is_of_earlier_epoch(
    conn: &Connection,
    number: &SettlementNumber,
) -> Result<bool, LedgerError> {
    let present = match current_epoch(conn)? {
        Some(epoch) => china(epoch.saturating_mul(60), "%y%m%d%H%M")?,
        None => return Ok(false),
    };
    Ok(number
        .as_str()
        .get(3..13)
        .is_some_and(|epoch| epoch < present.as_str()))
}

/// Begins an epoch after `seen` and all that this file knows of, and leaves behind the message identifiers given up to the second
/// `message_second` or by this file: no number of what was lost is given again. Gives back the epoch.
pub(super) fn begin_epoch_after(
    entry: &Entry<'_>,
    why: &str,
    (seen, message_second): (i64, i64),
) -> Result<i64, LedgerError> {
    let now = entry.now().civil;
    let last = current_epoch(entry)?.unwrap_or(0).max(seen);
    let epoch = now.as_second().div_euclid(60).max(last.saturating_add(1));
    entry.execute(
        "INSERT INTO number_epoch (epoch, began_at, why) VALUES (?1, ?2, ?3)",
        params![epoch, now.as_millisecond(), why],
    )?;
    entry.execute(
        "INSERT INTO message_last (only, second, used) VALUES (1, ?1, ?2)
         ON CONFLICT (only) DO UPDATE SET second = MAX(second, excluded.second), used = excluded.used",
        params![message_second.max(now.as_second()), QUEUED_PER_SECOND],
    )?;
    Ok(epoch)
}

pub(super) fn current_epoch(conn: &Connection) -> Result<Option<i64>, LedgerError> {
    Ok(conn
        .prepare_cached("SELECT MAX(epoch) FROM number_epoch")?
        .query_row([], |row| row.get(0))?)
}

/// The next message identifier (`msgid`): institution 12, China's civil time 14, four digits of this terminal's own
/// hundred. Its time never runs backwards, whatever the clock does, and runs ahead where a second is used up.
pub fn next_message_id(entry: &Entry<'_>) -> Result<MessageId, LedgerError> {
    let now = entry.now().civil.as_second();
    let last: Option<(i64, i64)> = entry
        .prepare_cached("SELECT second, used FROM message_last")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (second, used) = match last {
        Some((second, used)) if second >= now && used < i64::from(QUEUED_PER_SECOND) => {
            (second, used)
        }
        Some((second, _)) if second >= now => (second.saturating_add(1), 0),
        Some(_) | None => (now, 0),
    };
    entry
        .prepare_cached(
            "INSERT INTO message_last (only, second, used) VALUES (1, ?1, ?2)
             ON CONFLICT (only) DO UPDATE SET second = excluded.second, used = excluded.used",
        )?
        .execute(params![second, used + 1])?;
    let terminal = entry.terminal();
    let ending = terminal.first_queued_ending() + u16::try_from(used).unwrap_or(0);
    let at = instant(second)?;
    Ok(MessageId::compose(terminal.institution(), at, ending))
}

fn china(second: i64, format: &str) -> Result<String, LedgerError> {
    Ok(CHINA
        .to_datetime(instant(second)?)
        .strftime(format)
        .to_string())
}

fn instant(second: i64) -> Result<Timestamp, LedgerError> {
    Timestamp::from_second(second).map_err(|error| LedgerError::Damaged {
        what: format!("a number's time: {error}"),
    })
}
