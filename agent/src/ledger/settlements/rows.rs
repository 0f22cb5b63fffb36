//! Settlements as they are read back.

use jiff::Timestamp;
use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, Row, ToSql};

use super::settlement::{Settlement, SettlementState, Totals};
use crate::ledger::entry::millisecond;
use crate::ledger::error::LedgerError;
use crate::ledger::{journal, layout};
use crate::records::credential::Credential;
use crate::records::evidence::{Evidence, EvidenceVersion};
use crate::records::numbers::{SettlementNumber, VisitNumber};

/// The settlement with this number.
pub fn find(
    conn: &Connection,
    number: &SettlementNumber,
) -> Result<Option<Settlement>, LedgerError> {
    one(conn, "s.number = ?1", number)
}

/// The settlement that this key made.
pub fn find_by_key(conn: &Connection, key: &str) -> Result<Option<Settlement>, LedgerError> {
    one(conn, "s.key = ?1", &key)
}

/// All settlements of a visit, by generation.
pub fn of_visit(conn: &Connection, visit: &VisitNumber) -> Result<Vec<Settlement>, LedgerError> {
    many(conn, "s.visit = ?1 ORDER BY s.generation", &[visit])
}

/// Settlements of one worker's visits that were not taken back, in order of time.
pub fn standing_of_worker(
    conn: &Connection,
    social_security_number: &str,
) -> Result<Vec<Settlement>, LedgerError> {
    many(
        conn,
        "w.settlement IS NULL AND s.visit IN (SELECT number FROM visit WHERE social_security_number = ?1)
         ORDER BY s.settled_at, s.number",
        &[&social_security_number],
    )
}

/// Settlements from the first time to before the second, in order of time.
pub fn settled_between(
    conn: &Connection,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Settlement>, LedgerError> {
    many(
        conn,
        "s.settled_at >= ?1 AND s.settled_at < ?2 ORDER BY s.settled_at, s.number",
        &[&from.as_millisecond(), &to.as_millisecond()],
    )
}

/// What a settlement was decided on.
pub fn evidence(
    conn: &Connection,
    number: &SettlementNumber,
) -> Result<Option<Evidence>, LedgerError> {
    conn.prepare_cached("SELECT * FROM settlement WHERE number = ?1")?
        .query_row([number], |row| Ok(kept_evidence(row)))
        .optional()?
        .transpose()
}

fn kept_evidence(row: &Row<'_>) -> Result<Evidence, LedgerError> {
    let credential: Option<String> = since(row, "credential")?;
    let resolutions: Option<String> = since(row, "resolutions")?;
    Ok(Evidence {
        version: EvidenceVersion::of(since(row, "evidence_version")?)?,
        case: row.get("case_json")?,
        result: row.get("result_json")?,
        resolutions: Evidence::decode_resolutions(resolutions.as_deref())?,
        credential: credential.as_deref().map(Credential::decode).transpose()?,
        profile_hash: row.get("profile_hash")?,
        rule_set: row.get("rule_set")?,
    })
}

/// A column that a later layout has added: a copy of an earlier one is looked at before it is brought up to date.
fn since<T: FromSql>(row: &Row<'_>, column: &str) -> Result<Option<T>, LedgerError> {
    match row.as_ref().column_index(column) {
        Ok(column) => Ok(row.get(column)?),
        Err(rusqlite::Error::InvalidColumnName(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The columns of a settlement, with its void; a copy of an earlier layout has no discharges.
fn columns(conn: &Connection) -> Result<String, LedgerError> {
    let (discharge, join) = if layout::require_known(conn)? < layout::RECORDS {
        ("NULL", "")
    } else {
        (
            "coalesce(s.discharged_at, d.discharged_at)",
            "LEFT JOIN settlement_discharge d ON d.settlement = s.number",
        )
    };
    Ok(format!(
        "SELECT s.number, s.visit, s.generation, s.key, s.settled_at, s.settled_by, s.fund, s.self_pay, s.other, s.total,
                s.personal, s.profile_hash, s.rule_set, s.journal, s.slip, {discharge} AS discharged_at,
                w.at AS voided_at, w.by AS voided_by, w.why AS voided_why
         FROM settlement s LEFT JOIN settlement_void w ON w.settlement = s.number {join}
         WHERE "
    ))
}

fn one(
    conn: &Connection,
    condition: &str,
    value: &dyn ToSql,
) -> Result<Option<Settlement>, LedgerError> {
    Ok(many(conn, condition, &[value])?.pop())
}

fn many(
    conn: &Connection,
    condition: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<Settlement>, LedgerError> {
    let mut statement = conn.prepare_cached(&format!("{}{condition}", columns(conn)?))?;
    let mut rows = statement.query(values)?;
    let mut settlements = Vec::new();
    while let Some(row) = rows.next()? {
        settlements.push(settlement(conn, row)?);
    }
    Ok(settlements)
}

fn settlement(conn: &Connection, row: &Row<'_>) -> Result<Settlement, LedgerError> {
    let voided_at: Option<i64> = row.get("voided_at")?;
    Ok(Settlement {
        number: row.get("number")?,
        visit: row.get("visit")?,
        generation: row.get("generation")?,
        key: row.get("key")?,
        settled_at: millisecond(row.get("settled_at")?),
        settled_by: row.get("settled_by")?,
        totals: Totals {
            fund: row.get("fund")?,
            self_pay: row.get("self_pay")?,
            other: row.get("other")?,
            total: row.get("total")?,
            personal: row.get("personal")?,
        },
        profile_hash: row.get("profile_hash")?,
        rule_set: row.get("rule_set")?,
        discharged_at: row.get::<_, Option<i64>>("discharged_at")?.map(millisecond),
        slip_text: row.get("slip")?,
        head: journal::head_at(conn, row.get("journal")?)?,
        state: match voided_at {
            Some(at) => SettlementState::Voided {
                at: millisecond(at),
                by: row.get("voided_by")?,
                why: row.get("voided_why")?,
            },
            None => SettlementState::Settled,
        },
    })
}
