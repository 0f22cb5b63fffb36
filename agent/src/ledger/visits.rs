//! Visits: admitted here, registered with the platform, settled, voided, settled again, or closed otherwise.

use jiff::Timestamp;
use offline_queue::NewUpload;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};
use serde::Serialize;

use super::entry::{Entry, millisecond};
use super::error::{LedgerError, Refused};
use super::numbers;
use super::seal::{self, Record};
use crate::records;
use crate::records::numbers::{SettlementNumber, VisitNumber};
use crate::records::visit::Beside;

/// A visit to be admitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVisit {
    /// The press of the button that admits: pressed twice, it admits once. Not empty.
    pub key: String,
    /// What is kept of it, the card that was confirmed for it among it.
    pub record: records::visit::Visit,
    /// Who admits.
    pub admitted_by: String,
}

/// A visit in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Its number here; also its lane in the queue.
    pub number: VisitNumber,
    /// The key it was admitted with.
    pub key: String,
    /// What was admitted.
    pub record: records::visit::Visit,
    /// When it was admitted here.
    pub admitted_at: Timestamp,
    /// Who admitted.
    pub admitted_by: String,
    /// 就医登记号, once the platform has answered the registration.
    pub registration: Option<String>,
    /// Where it stands.
    pub state: VisitState,
}

/// Where a visit stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisitState {
    /// Not settled; a settlement now would be of this generation.
    Open {
        /// 1 before the first settlement; one more after each that was voided.
        generation: u32,
    },
    /// Settled.
    Settled {
        /// The settlement's generation.
        generation: u32,
        /// The settlement that stands.
        settlement: SettlementNumber,
    },
    /// Ended without a settlement here.
    Closed {
        /// When.
        at: Timestamp,
        /// By whom.
        by: String,
        /// Why.
        reason: CloseReason,
    },
}

/// Why a visit ends without a settlement here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseReason {
    /// The worker pays and claims from the insured place by hand (N38).
    ManualReimbursement,
    /// It should not have been admitted.
    RegisteredInError,
}

impl CloseReason {
    fn as_str(self) -> &'static str {
        match self {
            Self::ManualReimbursement => "manual_reimbursement",
            Self::RegisteredInError => "registered_in_error",
        }
    }

    fn from_stored(text: &str) -> Result<Self, LedgerError> {
        [Self::ManualReimbursement, Self::RegisteredInError]
            .into_iter()
            .find(|reason| reason.as_str() == text)
            .ok_or_else(|| LedgerError::Damaged {
                what: "visit_close.reason".to_owned(),
            })
    }
}

/// What came of admitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admitted {
    /// The visit is new.
    First(Visit),
    /// This key admitted it before; nothing was written.
    Again(Visit),
}

impl Admitted {
    /// The visit, new or not.
    pub fn visit(&self) -> &Visit {
        match self {
            Self::First(visit) | Self::Again(visit) => visit,
        }
    }
}

/// Admits a visit and queues the uploads that report it, which `uploads` writes for its number.
///
/// # Errors
/// [`LedgerError::Damaged`]; [`Refused::KeyBelongsToAnother`] where the key admitted somebody else.
pub fn admit<E: From<LedgerError>>(
    entry: &Entry<'_>,
    new: &NewVisit,
    uploads: impl FnOnce(&Visit) -> Result<Vec<NewUpload>, E>,
) -> Result<Admitted, E> {
    if let Some(visit) = find_by_key(entry, &new.key)? {
        let (before, now) = (&visit.record, &new.record);
        let same = before.worker.social_security_number == now.worker.social_security_number
            && before.kind == now.kind
            && before.registered_at.as_millisecond() == now.registered_at.as_millisecond();
        return if same {
            Ok(Admitted::Again(visit))
        } else {
            Err(LedgerError::from(Refused::KeyBelongsToAnother).into())
        };
    }
    entry.require_sound()?;
    let number = numbers::next_visit(entry)?;
    insert(entry, &number, new)?;
    let visit = required(entry, &number)?;
    entry.enqueue(&uploads(&visit)?)?;
    Ok(Admitted::First(visit))
}

fn insert(entry: &Entry<'_>, number: &VisitNumber, new: &NewVisit) -> Result<(), LedgerError> {
    #[derive(Serialize)]
    struct Body<'a> {
        v: u8,
        visit: &'a str,
        kind: &'a str,
        by: &'a str,
    }
    let body = Body {
        v: 2,
        visit: number.as_str(),
        kind: new.record.kind.name(),
        by: &new.admitted_by,
    };
    let record = &new.record;
    let facts = record.encode()?;
    seal::write(entry, Record::Visit, number.as_str(), &body, |sequence| {
        Ok(entry
            .prepare_cached(
                "INSERT INTO visit (number, key, kind, social_security_number, name, hospital_number, registered_at,
                                    admitted_at, admitted_by, journal, facts)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                number,
                new.key,
                record.kind.name(),
                record.worker.social_security_number.as_str(),
                record.worker.name.as_str(),
                record.inpatient_number,
                record.registered_at.as_millisecond(),
                entry.now().civil.as_millisecond(),
                new.admitted_by,
                sequence,
                facts,
            ])?)
    })?;
    Ok(())
}

/// Stores the registration number that the platform gave. The same number again changes nothing.
pub fn record_registration(
    entry: &Entry<'_>,
    visit: &VisitNumber,
    number: &str,
) -> Result<(), LedgerError> {
    #[derive(Serialize)]
    struct Body<'a> {
        v: u8,
        number: &'a str,
    }
    match required(entry, visit)?.registration {
        Some(known) if known == number => return Ok(()),
        Some(_) => return Err(Refused::RegisteredOtherwise.into()),
        None => {}
    }
    let (key, at) = (visit.as_str(), entry.now().civil.as_millisecond());
    seal::write(
        entry,
        Record::Registration,
        key,
        &Body { v: 2, number },
        |sequence| {
            Ok(entry.execute(
            "INSERT INTO visit_registration (visit, number, at, journal) VALUES (?1, ?2, ?3, ?4)",
            params![visit, number, at, sequence],
        )?)
        },
    )?;
    Ok(())
}

/// Ends a visit that is not settled here.
///
/// # Errors
/// [`Refused::VisitSettled`], [`Refused::VisitClosed`], [`Refused::UnknownVisit`].
pub fn close(
    entry: &Entry<'_>,
    visit: &VisitNumber,
    by: &str,
    reason: CloseReason,
) -> Result<(), LedgerError> {
    #[derive(Serialize)]
    struct Body<'a> {
        v: u8,
        by: &'a str,
        reason: &'a str,
    }
    required(entry, visit)?.open_generation()?;
    let reason = reason.as_str();
    let (key, at) = (visit.as_str(), entry.now().civil.as_millisecond());
    seal::write(
        entry,
        Record::Close,
        key,
        &Body { v: 2, by, reason },
        |sequence| {
            Ok(entry.execute(
            "INSERT INTO visit_close (visit, at, by, reason, journal) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![visit, at, by, reason, sequence],
        )?)
        },
    )?;
    Ok(())
}

impl Visit {
    /// The generation that a settlement now would have.
    pub(super) fn open_generation(&self) -> Result<u32, Refused> {
        match &self.state {
            VisitState::Open { generation } => Ok(*generation),
            VisitState::Settled { settlement, .. } => Err(Refused::VisitSettled {
                settlement: settlement.clone(),
            }),
            VisitState::Closed { .. } => Err(Refused::VisitClosed),
        }
    }
}

/// The visit with this number.
pub fn find(conn: &Connection, number: &VisitNumber) -> Result<Option<Visit>, LedgerError> {
    one(conn, "v.number = ?1", number)
}

/// The visit that this key admitted.
pub fn find_by_key(conn: &Connection, key: &str) -> Result<Option<Visit>, LedgerError> {
    one(conn, "v.key = ?1", &key)
}

/// The visit with this number, which must exist.
pub(super) fn required(conn: &Connection, number: &VisitNumber) -> Result<Visit, LedgerError> {
    find(conn, number)?.ok_or_else(|| Refused::UnknownVisit.into())
}

/// Visits that are neither settled nor closed, oldest first.
pub fn list_open(conn: &Connection) -> Result<Vec<Visit>, LedgerError> {
    many(
        conn,
        "c.visit IS NULL AND (s.number IS NULL OR w.settlement IS NOT NULL) ORDER BY v.number",
        &[],
    )
}

/// All visits of one worker, oldest first.
pub fn of_worker(
    conn: &Connection,
    social_security_number: &str,
) -> Result<Vec<Visit>, LedgerError> {
    many(
        conn,
        "v.social_security_number = ?1 ORDER BY v.admitted_at, v.number",
        &[&social_security_number],
    )
}

/// A visit with its last settlement, and whether that was voided.
const COLUMNS: &str = "
    SELECT v.*, r.number AS registration, c.at AS closed_at, c.by AS closed_by, c.reason AS closed_reason,
           s.number AS settlement, s.generation, w.settlement AS voided
    FROM visit v
    LEFT JOIN visit_registration r ON r.visit = v.number
    LEFT JOIN visit_close c ON c.visit = v.number
    LEFT JOIN settlement s ON s.visit = v.number
          AND s.generation = (SELECT MAX(generation) FROM settlement WHERE visit = v.number)
    LEFT JOIN settlement_void w ON w.settlement = s.number
    WHERE ";

fn one(
    conn: &Connection,
    condition: &str,
    value: &dyn ToSql,
) -> Result<Option<Visit>, LedgerError> {
    conn.prepare_cached(&format!("{COLUMNS}{condition}"))?
        .query_row([value], |row| Ok(visit(row)))
        .optional()?
        .transpose()
}

fn many(
    conn: &Connection,
    condition: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<Visit>, LedgerError> {
    let mut statement = conn.prepare_cached(&format!("{COLUMNS}{condition}"))?;
    let mut rows = statement.query(values)?;
    let mut visits = Vec::new();
    while let Some(row) = rows.next()? {
        visits.push(visit(row)?);
    }
    Ok(visits)
}

fn visit(row: &Row<'_>) -> Result<Visit, LedgerError> {
    let facts: String = row.get("facts")?;
    let (kind, number, name): (String, String, String) = (
        row.get("kind")?,
        row.get("social_security_number")?,
        row.get("name")?,
    );
    let beside = Beside {
        kind: &kind,
        social_security_number: &number,
        name: &name,
        registered_at: millisecond(row.get("registered_at")?),
    };
    Ok(Visit {
        number: row.get("number")?,
        key: row.get("key")?,
        record: records::visit::Visit::decode(&facts, &beside)?,
        admitted_at: millisecond(row.get("admitted_at")?),
        admitted_by: row.get("admitted_by")?,
        registration: row.get("registration")?,
        state: state(row)?,
    })
}

fn state(row: &Row<'_>) -> Result<VisitState, LedgerError> {
    if let Some(at) = row.get::<_, Option<i64>>("closed_at")? {
        return Ok(VisitState::Closed {
            at: millisecond(at),
            by: row.get("closed_by")?,
            reason: CloseReason::from_stored(&row.get::<_, String>("closed_reason")?)?,
        });
    }
    let Some(settlement) = row.get::<_, Option<SettlementNumber>>("settlement")? else {
        return Ok(VisitState::Open { generation: 1 });
    };
    let generation: u32 = row.get("generation")?;
    let voided: Option<SettlementNumber> = row.get("voided")?;
    Ok(if voided.is_some() {
        VisitState::Open {
            generation: generation + 1,
        }
    } else {
        VisitState::Settled {
            generation,
            settlement,
        }
    })
}
