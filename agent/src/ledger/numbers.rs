//! Numbers that are unique across an institution's counters although the counters never talk.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, params};
use thiserror::Error;

use super::entry::Entry;
use super::error::LedgerError;
use super::witness::Mark;

/// China's civil time, all year.
const CHINA: TimeZone = TimeZone::fixed(Offset::constant(8));

/// The four digits that end a message's identifier, divided among this many terminals.
const TERMINALS: u8 = 100;

/// Identifiers one terminal can give within one second.
const MESSAGES_PER_SECOND: i64 = 10_000 / TERMINALS as i64;

/// One counter of one institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terminal {
    institution: String,
    number: u8,
}

/// Why a terminal cannot be what the configuration says.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TerminalError {
    /// Message identifiers begin with the institution's code, which has 12 characters.
    #[error("an institution code has 12 letters and digits, this one has {characters} characters")]
    InstitutionCode {
        /// Characters found.
        characters: usize,
    },
    /// Each terminal has a hundred of the ten thousand endings a message's identifier can have.
    #[error("terminal numbers go from 0 to 99, this one is {number}")]
    Number {
        /// The number found.
        number: u8,
    },
}

impl Terminal {
    /// `institution` is the 12-character code that the province gave; `number` is this counter's own, 0 to 99.
    pub fn new(institution: &str, number: u8) -> Result<Self, TerminalError> {
        if institution.len() != 12 || !institution.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(TerminalError::InstitutionCode {
                characters: institution.chars().count(),
            });
        }
        if number >= TERMINALS {
            return Err(TerminalError::Number { number });
        }
        Ok(Self {
            institution: institution.to_owned(),
            number,
        })
    }

    /// The institution's code.
    pub fn institution(&self) -> &str {
        &self.institution
    }

    /// The counter's number.
    pub fn number(&self) -> u8 {
        self.number
    }
}

/// Not a number that this program gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a number of this ledger's form")]
pub struct NotANumber;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $letter:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Reads a number as this program writes it.
            pub fn parse(text: &str) -> Result<Self, NotANumber> {
                let digits = text.strip_prefix($letter).ok_or(NotANumber)?;
                if digits.len() < 18 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(NotANumber);
                }
                Ok(Self(text.to_owned()))
            }

            /// The number as it is written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                Self::parse(value.as_str()?).map_err(FromSqlError::other)
            }
        }
    };
}

number!(
    /// One visit at this institution: `V`, terminal (2), epoch (10), sequence (6 or more).
    VisitNumber,
    'V'
);
number!(
    /// One settlement: `S`, terminal (2), epoch (10), sequence (6 or more).
    SettlementNumber,
    'S'
);

/// The next visit number.
pub fn next_visit(entry: &Entry<'_>) -> Result<VisitNumber, LedgerError> {
    Ok(VisitNumber(next(entry, 'V', "visit")?))
}

/// The next settlement number.
pub fn next_settlement(entry: &Entry<'_>) -> Result<SettlementNumber, LedgerError> {
    Ok(SettlementNumber(next(entry, 'S', "settlement")?))
}

fn next(entry: &Entry<'_>, letter: char, series: &'static str) -> Result<String, LedgerError> {
    let epoch = current_epoch(entry)?.ok_or_else(|| LedgerError::Damaged {
        what: "number_epoch is empty".to_owned(),
    })?;
    let sequence: i64 = entry
        .prepare_cached(
            "INSERT INTO number_last (series, epoch, last) VALUES (?1, ?2, 1)
             ON CONFLICT (series, epoch) DO UPDATE SET last = last + 1 RETURNING last",
        )?
        .query_row(params![series, epoch], |row| row.get(0))?;
    let began = china(epoch.saturating_mul(60), "%y%m%d%H%M")?;
    let terminal = entry.terminal().number();
    Ok(format!("{letter}{terminal:02}{began}{sequence:06}"))
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

/// Begins an epoch after all that `mark` and this file know of, and leaves behind the message identifiers that either has given:
/// no number of what was lost is given again. Gives back the epoch.
pub(super) fn begin_epoch_after(
    entry: &Entry<'_>,
    why: &str,
    mark: &Mark,
) -> Result<i64, LedgerError> {
    let now = entry.now().civil;
    let last = current_epoch(entry)?.unwrap_or(0).max(mark.epoch);
    let epoch = now.as_second().div_euclid(60).max(last.saturating_add(1));
    entry.execute(
        "INSERT INTO number_epoch (epoch, began_at, why) VALUES (?1, ?2, ?3)",
        params![epoch, now.as_millisecond(), why],
    )?;
    entry.execute(
        "INSERT INTO message_last (only, second, used) VALUES (1, ?1, ?2)
         ON CONFLICT (only) DO UPDATE SET second = MAX(second, excluded.second), used = excluded.used",
        params![mark.message_second.max(now.as_second()), MESSAGES_PER_SECOND],
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
pub fn next_message_id(entry: &Entry<'_>) -> Result<String, LedgerError> {
    let now = entry.now().civil.as_second();
    let last: Option<(i64, i64)> = entry
        .prepare_cached("SELECT second, used FROM message_last")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (second, used) = match last {
        Some((second, used)) if second >= now && used < MESSAGES_PER_SECOND => (second, used),
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
    let ending = i64::from(terminal.number()) * MESSAGES_PER_SECOND + used;
    let time = china(second, "%Y%m%d%H%M%S")?;
    Ok(format!("{}{time}{ending:04}", terminal.institution()))
}

fn china(second: i64, format: &str) -> Result<String, LedgerError> {
    let time = Timestamp::from_second(second).map_err(|error| LedgerError::Damaged {
        what: format!("a number's time: {error}"),
    })?;
    Ok(time.to_zoned(CHINA).strftime(format).to_string())
}
