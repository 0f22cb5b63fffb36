//! People as the ledger keeps them: each change a sealed row of its own, and how often a password was wrong.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;

use super::entry::{Entry, millisecond};
use super::error::LedgerError;
use super::seal::{self, Record};
use crate::records::staff::{Roles, StaffNumber};
use crate::redacted::closed_debug;

/// A person, as they are from this row on.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffRecord {
    /// 工号.
    pub number: StaffNumber,
    /// The name on the slip.
    pub name: String,
    /// What they may do.
    pub roles: Roles,
    /// They may not sign in any more.
    pub disabled: bool,
    /// The password's argon2id hash, as a PHC string.
    pub password: String,
    /// Since when it is this one.
    pub password_at: Timestamp,
    /// The person chose it; one that was handed out is good for choosing another alone.
    pub password_own: bool,
}

closed_debug!(StaffRecord);

/// Writes a person as they are from now on; `body` is what the journal keeps of the act.
pub fn write(
    entry: &Entry<'_>,
    person: &StaffRecord,
    body: &impl Serialize,
) -> Result<(), LedgerError> {
    let version: i64 = entry
        .prepare_cached("SELECT COALESCE(MAX(version), 0) + 1 FROM staff WHERE number = ?1")?
        .query_row([person.number.as_str()], |row| row.get(0))?;
    let id = format!("{}/{version}", person.number);
    let at = entry.now().civil.as_millisecond();
    seal::write(entry, Record::Staff, &id, body, |sequence| {
        Ok(entry
            .prepare_cached(
                "INSERT INTO staff (id, number, version, name, roles, disabled, password, password_at, password_own, at, journal)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                id,
                person.number.as_str(),
                version,
                person.name,
                person.roles.to_string(),
                person.disabled,
                person.password,
                person.password_at.as_millisecond(),
                person.password_own,
                at,
                sequence,
            ])?)
    })?;
    Ok(())
}

const LAST: &str = "SELECT s.* FROM staff s
     WHERE s.version = (SELECT MAX(version) FROM staff WHERE number = s.number)";

/// Everybody, by number.
pub fn all(conn: &Connection) -> Result<Vec<StaffRecord>, LedgerError> {
    let mut statement = conn.prepare_cached(&format!("{LAST} ORDER BY s.number"))?;
    let mut rows = statement.query([])?;
    let mut people = Vec::new();
    while let Some(row) = rows.next()? {
        people.push(person(row)?);
    }
    Ok(people)
}

/// The person with this number.
pub fn find(conn: &Connection, number: &StaffNumber) -> Result<Option<StaffRecord>, LedgerError> {
    conn.prepare_cached(&format!("{LAST} AND s.number = ?1"))?
        .query_row([number.as_str()], |row| Ok(person(row)))
        .optional()?
        .transpose()
}

/// The hashes of a person's last passwords, the present one first.
pub fn passwords(
    conn: &Connection,
    number: &StaffNumber,
    last: usize,
) -> Result<Vec<String>, LedgerError> {
    let mut statement = conn.prepare_cached(
        "SELECT password FROM staff WHERE number = ?1 GROUP BY password ORDER BY MAX(version) DESC LIMIT ?2",
    )?;
    let last = i64::try_from(last).unwrap_or(i64::MAX);
    let found = statement.query_map(params![number.as_str(), last], |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn person(row: &Row<'_>) -> Result<StaffRecord, LedgerError> {
    let damaged = |what: &str| LedgerError::Damaged {
        what: format!("staff.{what}"),
    };
    let (number, roles): (String, String) = (row.get("number")?, row.get("roles")?);
    Ok(StaffRecord {
        number: StaffNumber::parse(&number).map_err(|_no_number| damaged("number"))?,
        name: row.get("name")?,
        roles: Roles::parse(&roles).ok_or_else(|| damaged("roles"))?,
        disabled: row.get("disabled")?,
        password: row.get("password")?,
        password_at: millisecond(row.get("password_at")?),
        password_own: row.get("password_own")?,
    })
}

/// Wrong passwords of one person since the last right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Trials {
    /// How many.
    pub wrong: u32,
    /// How long ago the last of them was; none before the first. A clock that was set back does not make it longer ago, nor does one
    /// set ahead within the same boot.
    pub since: Option<Duration>,
}

/// How often this person's password was wrong.
pub fn trials(entry: &Entry<'_>, number: &StaffNumber) -> Result<Trials, LedgerError> {
    let found: Option<(u32, i64, String, i64)> = entry
        .prepare_cached(
            "SELECT wrong, at, boot_id, boottime_ms FROM staff_trial WHERE number = ?1",
        )?
        .query_row([number.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some((wrong, at, boot_id, boottime_ms)) = found else {
        return Ok(Trials::default());
    };
    let now = entry.now();
    let since = if boot_id == now.boot_id {
        let then = Duration::from_millis(boottime_ms.unsigned_abs());
        now.boottime.saturating_sub(then)
    } else {
        let gone = now.civil.duration_since(millisecond(at));
        Duration::try_from(gone.max(SignedDuration::ZERO)).unwrap_or_default()
    };
    Ok(Trials {
        wrong,
        since: Some(since),
    })
}

/// Keeps that so many passwords in a row were wrong, the last one now; none forgets them.
pub fn keep_trials(entry: &Entry<'_>, number: &StaffNumber, wrong: u32) -> Result<(), LedgerError> {
    if wrong == 0 {
        entry.execute(
            "DELETE FROM staff_trial WHERE number = ?1",
            [number.as_str()],
        )?;
        return Ok(());
    }
    let now = entry.now();
    let boottime_ms = i64::try_from(now.boottime.as_millis()).unwrap_or(i64::MAX);
    entry.execute(
        "INSERT INTO staff_trial (number, wrong, at, boot_id, boottime_ms) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (number) DO UPDATE SET wrong = excluded.wrong, at = excluded.at,
             boot_id = excluded.boot_id, boottime_ms = excluded.boottime_ms",
        params![number.as_str(), wrong, now.civil.as_millisecond(), now.boot_id, boottime_ms],
    )?;
    Ok(())
}
