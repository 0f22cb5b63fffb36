//! The journal: every act in order, each entry sealed by a keyed MAC over itself and the one before it.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use thiserror::Error;

use super::entry::{Entry, millisecond};
use super::error::LedgerError;
use super::layout;
use super::mac::MacKey;

/// The version of what the MAC covers.
pub(super) const VERSION: i64 = 1;

/// What the first entry has in place of a predecessor's MAC.
pub(super) const GENESIS: [u8; 32] = [0; 32];

/// The entry's kind and subject by which the journal says that from now on a witness is kept.
const WITNESS_BEGUN: (&str, &str) = ("witness_begun", "witness");

/// The entry's kind and subject by which a person accepts a clock that is behind the journal.
const CLOCK_ACCEPTED: (&str, &str) = ("clock_accepted", "clock");

/// Where the journal stood: the last entry, and half of its MAC. It travels in uploads and stands on slips, so that
/// a tail cut off or a rewrite shows against what others hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The entry's sequence; 1 for the first.
    pub sequence: i64,
    mac: [u8; 8],
}

impl Head {
    /// The head after the entry of this sequence and MAC.
    pub(super) fn new(sequence: i64, mac: &[u8; 32]) -> Self {
        Self {
            sequence,
            mac: short(mac),
        }
    }

    /// The half of the MAC that travels, 16 hexadecimal digits.
    pub fn mac_hex(&self) -> String {
        hex::encode(self.mac)
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.sequence, self.mac_hex())
    }
}

/// Not a journal head as [`Head`] is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a journal head: expected a number, a hyphen and 16 hexadecimal digits")]
pub struct NotAHead;

impl FromStr for Head {
    type Err = NotAHead;

    fn from_str(text: &str) -> Result<Self, NotAHead> {
        let (sequence, digits) = text.split_once('-').ok_or(NotAHead)?;
        let mut mac = [0; 8];
        hex::decode_to_slice(digits, &mut mac).map_err(|_not_hex| NotAHead)?;
        let sequence = sequence.parse().map_err(|_not_a_number| NotAHead)?;
        Ok(Self { sequence, mac })
    }
}

/// Appends an act. `kind` is a stable word, `subject` the number it concerns, `body` JSON that opens with its version.
pub fn append(
    entry: &Entry<'_>,
    kind: &str,
    subject: &str,
    body: &str,
) -> Result<Head, LedgerError> {
    let sequence = next_sequence(entry)?;
    let before = last(entry)?.map_or(GENESIS, |last| last.mac);
    let act = Act {
        sequence,
        version: VERSION,
        at: entry.now().civil.as_millisecond(),
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        body: body.to_owned(),
    };
    let mac = act.seal(entry.journal_key(), &before);
    entry
        .prepare_cached(
            "INSERT INTO journal (sequence, version, at, kind, subject, body, mac) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![sequence, act.version, act.at, kind, subject, body, mac])?;
    Ok(Head {
        sequence,
        mac: short(&mac),
    })
}

/// The sequence that the next act will have.
///
/// # Errors
/// [`LedgerError::Damaged`] where the journal once reached further than it does.
pub(super) fn next_sequence(entry: &Entry<'_>) -> Result<i64, LedgerError> {
    let reached = last(entry)?.map_or(0, |last| last.sequence);
    let ever = highest_ever(entry)?;
    if ever == reached {
        Ok(reached + 1)
    } else {
        Err(LedgerError::Damaged {
            what: format!("the journal ends at {reached} and reached {ever}"),
        })
    }
}

/// Appends an act whose body is a struct of its own.
pub(super) fn append_body(
    entry: &Entry<'_>,
    kind: &str,
    subject: &str,
    body: &impl Serialize,
) -> Result<Head, LedgerError> {
    append(entry, kind, subject, &json(body)?)
}

/// A body as it stands in the journal.
pub(crate) fn json(body: &impl Serialize) -> Result<String, LedgerError> {
    serde_json::to_string(body).map_err(|error| LedgerError::Damaged {
        what: format!("a journal body cannot be written as JSON: {error}"),
    })
}

/// The bodies of one kind of act on one subject, oldest first.
pub fn bodies(conn: &Connection, kind: &str, subject: &str) -> Result<Vec<String>, LedgerError> {
    let mut statement = conn.prepare_cached(
        "SELECT body FROM journal WHERE subject = ?1 AND kind = ?2 ORDER BY sequence",
    )?;
    let mut rows = statement.query([subject, kind])?;
    let mut bodies = Vec::new();
    while let Some(row) = rows.next()? {
        bodies.push(row.get(0)?);
    }
    Ok(bodies)
}

/// The journal's head; none before the first entry.
pub fn head(conn: &Connection) -> Result<Option<Head>, LedgerError> {
    Ok(last(conn)?.map(|last| Head {
        sequence: last.sequence,
        mac: short(&last.mac),
    }))
}

/// The head as it was after entry `sequence`.
pub(super) fn head_at(conn: &Connection, sequence: i64) -> Result<Head, LedgerError> {
    let mac: [u8; 32] = conn
        .prepare_cached("SELECT mac FROM journal WHERE sequence = ?1")?
        .query_row([sequence], |row| row.get(0))?;
    Ok(Head {
        sequence,
        mac: short(&mac),
    })
}

/// The last entry's sequence and MAC; none in an empty journal.
pub(super) fn last_mac(conn: &Connection) -> Result<Option<(i64, [u8; 32])>, LedgerError> {
    Ok(last(conn)?.map(|last| (last.sequence, last.mac)))
}

/// The MAC of entry `sequence`, where it is there.
pub(super) fn mac_at(conn: &Connection, sequence: i64) -> Result<Option<[u8; 32]>, LedgerError> {
    Ok(conn
        .prepare_cached("SELECT mac FROM journal WHERE sequence = ?1")?
        .query_row([sequence], |row| row.get(0))
        .optional()?)
}

/// Whether the journal says that a witness is kept.
pub(super) fn has_witness(conn: &Connection) -> Result<bool, LedgerError> {
    if layout::require_known(conn)? == 0 {
        return Ok(false);
    }
    let (kind, subject) = WITNESS_BEGUN;
    Ok(conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM journal WHERE subject = ?2 AND kind = ?1)",
        [kind, subject],
        |row| row.get(0),
    )?)
}

/// Says that from now on a witness is kept: one that is missing was taken away.
pub(super) fn begin_witness(entry: &Entry<'_>) -> Result<Head, LedgerError> {
    let (kind, subject) = WITNESS_BEGUN;
    append(entry, kind, subject, r#"{"v":1}"#)
}

/// The body of entry `sequence`, where it is of this kind and subject.
pub(super) fn body_at(
    conn: &Connection,
    sequence: i64,
    kind: &str,
    subject: &str,
) -> Result<Option<String>, LedgerError> {
    Ok(conn
        .prepare_cached(
            "SELECT body FROM journal WHERE sequence = ?1 AND kind = ?2 AND subject = ?3",
        )?
        .query_row(params![sequence, kind, subject], |row| row.get(0))
        .optional()?)
}

struct Last {
    sequence: i64,
    mac: [u8; 32],
}

fn last(conn: &Connection) -> Result<Option<Last>, LedgerError> {
    Ok(conn
        .prepare_cached("SELECT sequence, mac FROM journal ORDER BY sequence DESC LIMIT 1")?
        .query_row([], |row| {
            Ok(Last {
                sequence: row.get(0)?,
                mac: row.get(1)?,
            })
        })
        .optional()?)
}

/// The highest sequence that the journal ever had.
pub(super) fn highest_ever(conn: &Connection) -> Result<i64, LedgerError> {
    Ok(conn
        .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'journal'")?
        .query_row([], |row| row.get(0))
        .optional()?
        .unwrap_or(0))
}

fn short(mac: &[u8; 32]) -> [u8; 8] {
    std::array::from_fn(|at| mac[at])
}

/// One entry, as its MAC covers it.
pub(super) struct Act {
    pub(super) sequence: i64,
    pub(super) version: i64,
    pub(super) at: i64,
    pub(super) kind: String,
    pub(super) subject: String,
    pub(super) body: String,
}

impl Act {
    pub(super) fn seal(&self, key: &MacKey, before: &[u8; 32]) -> [u8; 32] {
        key.mac(&[
            &self.version.to_be_bytes(),
            &self.sequence.to_be_bytes(),
            &self.at.to_be_bytes(),
            self.kind.as_bytes(),
            self.subject.as_bytes(),
            self.body.as_bytes(),
            before,
        ])
    }
}

/// Refuses where the clock is behind the journal: what is settled then would have a time that is not so.
pub(super) fn require_clock(entry: &Entry<'_>) -> Result<(), LedgerError> {
    let now = entry.now().civil;
    match latest(entry)? {
        Some(last) if last > now => Err(LedgerError::ClockBehind { last, now }),
        Some(_) | None => Ok(()),
    }
}

/// The latest time in the journal since a person last accepted the clock.
pub fn latest(conn: &Connection) -> Result<Option<Timestamp>, LedgerError> {
    let (kind, subject) = CLOCK_ACCEPTED;
    let latest: Option<i64> = conn
        .prepare_cached(
            "SELECT at FROM journal
             WHERE sequence >= COALESCE((SELECT MAX(sequence) FROM journal WHERE subject = ?2 AND kind = ?1), 0)
             ORDER BY at DESC LIMIT 1",
        )?
        .query_row([kind, subject], |row| row.get(0))
        .optional()?;
    Ok(latest.map(millisecond))
}

/// Records that a person has checked the clock and found it right although the journal has later times: the way out
/// after a clock that ran years ahead was set right.
pub fn accept_clock(entry: &Entry<'_>, who: &str, why: &str) -> Result<Head, LedgerError> {
    #[derive(Serialize)]
    struct Body<'a> {
        v: u8,
        who: &'a str,
        why: &'a str,
    }
    let (kind, subject) = CLOCK_ACCEPTED;
    append_body(entry, kind, subject, &Body { v: 1, who, why })
}
