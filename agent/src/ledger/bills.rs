//! What is remembered of settled bills: their lines by fingerprint, without a patient, and how items were marked last.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::entry::{Entry, millisecond};
use super::error::LedgerError;
use super::numbers::{SettlementNumber, VisitNumber};

/// A bill as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownBill {
    /// SHA-256 of its file.
    pub file: [u8; 32],
    /// Its first day and its last.
    pub days: (Date, Date),
    /// A fingerprint of each line, sorted.
    pub lines: Vec<u64>,
    /// Of each line that has a number of the hospital's own, with that number, sorted.
    pub numbered: Vec<u64>,
}

/// A settled bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledBill {
    /// The settlement that stands.
    pub settlement: String,
    /// Its visit.
    pub visit: String,
    /// What is known of it.
    pub bill: KnownBill,
}

/// An item's marks on the last bill that had it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemMark {
    /// 治疗工伤; none where its lines differed.
    pub treats_injury: Option<bool>,
    /// 限制条件 likewise.
    pub restriction_met: Option<bool>,
    /// When.
    pub at: Timestamp,
}

/// Remembers a bill that is being settled.
pub fn remember(
    entry: &Entry<'_>,
    settlement: &SettlementNumber,
    visit: &VisitNumber,
    bill: &KnownBill,
) -> Result<(), LedgerError> {
    let (first, last) = bill.days;
    entry.execute(
        "INSERT INTO settled_bill (settlement, visit, file, first_day, last_day, lines, numbered)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            settlement,
            visit,
            bill.file,
            first.to_string(),
            last.to_string(),
            packed(&bill.lines),
            packed(&bill.numbered),
        ],
    )?;
    Ok(())
}

/// Remembers how a bill's items were marked.
pub fn remember_marks<'c>(
    entry: &Entry<'_>,
    marks: impl IntoIterator<Item = (&'c str, Option<bool>, Option<bool>)>,
) -> Result<(), LedgerError> {
    let at = entry.now().civil.as_millisecond();
    let mut statement = entry.prepare_cached(
        "INSERT INTO item_mark (code, treats_injury, restriction_met, at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (code) DO UPDATE SET treats_injury = excluded.treats_injury,
             restriction_met = coalesce(excluded.restriction_met, restriction_met), at = excluded.at",
    )?;
    for (code, treats_injury, restriction_met) in marks {
        statement.execute(params![code, treats_injury, restriction_met, at])?;
    }
    Ok(())
}

/// How these items were marked last; those that never were are missing.
pub fn marks<'c>(
    conn: &Connection,
    codes: impl IntoIterator<Item = &'c str>,
) -> Result<HashMap<String, ItemMark>, LedgerError> {
    let mut statement = conn.prepare_cached(
        "SELECT treats_injury, restriction_met, at FROM item_mark WHERE code = ?1",
    )?;
    let mut known = HashMap::new();
    for code in codes {
        let mark = statement
            .query_row([code], |row| {
                Ok(ItemMark {
                    treats_injury: row.get(0)?,
                    restriction_met: row.get(1)?,
                    at: millisecond(row.get(2)?),
                })
            })
            .optional()?;
        if let Some(mark) = mark {
            known.insert(code.to_owned(), mark);
        }
    }
    Ok(known)
}

/// Settled bills of other visits, not voided, that have this one's file or days in common with it.
pub fn of_other_visits(
    conn: &Connection,
    visit: &VisitNumber,
    bill: &KnownBill,
) -> Result<Vec<SettledBill>, LedgerError> {
    let (first, last) = bill.days;
    let mut statement = conn.prepare_cached(
        "SELECT b.settlement, b.visit, b.file, b.first_day, b.last_day, b.lines, b.numbered
         FROM settled_bill b LEFT JOIN settlement_void w ON w.settlement = b.settlement
         WHERE w.settlement IS NULL AND b.visit <> ?1
           AND (b.file = ?2 OR (b.last_day >= ?3 AND b.first_day <= ?4))
         ORDER BY b.settlement",
    )?;
    let values = params![visit, bill.file, first.to_string(), last.to_string()];
    let mut rows = statement.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(settled(row)?);
    }
    Ok(found)
}

fn settled(row: &Row<'_>) -> Result<SettledBill, LedgerError> {
    let day = |text: String| {
        text.parse::<Date>()
            .map_err(|_no_date| LedgerError::Damaged {
                what: "settled_bill.first_day".to_owned(),
            })
    };
    Ok(SettledBill {
        settlement: row.get(0)?,
        visit: row.get(1)?,
        bill: KnownBill {
            file: row.get(2)?,
            days: (day(row.get(3)?)?, day(row.get(4)?)?),
            lines: unpacked(&row.get::<_, Vec<u8>>(5)?),
            numbered: unpacked(&row.get::<_, Vec<u8>>(6)?),
        },
    })
}

fn packed(lines: &[u64]) -> Vec<u8> {
    lines.iter().flat_map(|line| line.to_be_bytes()).collect()
}

fn unpacked(bytes: &[u8]) -> Vec<u64> {
    let (lines, _rest) = bytes.as_chunks::<8>();
    lines.iter().map(|line| u64::from_be_bytes(*line)).collect()
}
