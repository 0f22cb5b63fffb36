//! Whether records and uploads are what the journal's entries say of them.

use rusqlite::{Connection, OptionalExtension};
use serde::Deserialize;

use super::error::LedgerError;
use super::seal::{Record, SEALED_ANEW, SETTLED, digests, row_digest};
use super::settlements::Settlement;
use super::settlements::first_seal;
use super::uploads::QUEUED;
use super::{journal, layout, uploads};

/// Refuses where a settlement is not the one that its own entry in the journal records: nothing is printed of it then.
///
/// # Errors
/// [`LedgerError::Damaged`].
pub fn require_as_settled(conn: &Connection, settlement: &Settlement) -> Result<(), LedgerError> {
    let number = settlement.number.as_str();
    let body = journal::body_at(conn, settlement.head.sequence, SETTLED, number)?;
    let agrees = match body {
        Some(body) => record_agrees(conn, Record::Settlement, number, &body)?,
        None => false,
    };
    if agrees {
        Ok(())
    } else {
        Err(LedgerError::Damaged {
            what: format!("settlement {number} is not what its journal entry records"),
        })
    }
}

/// What a walk along the journal has compared so far.
#[derive(Debug, Default)]
pub(super) struct Compared {
    uploads: i64,
}

impl Compared {
    /// The number of a record that is not what this entry says of it; none where all are.
    pub(super) fn differing(
        &mut self,
        conn: &Connection,
        kind: &str,
        subject: &str,
        body: &str,
    ) -> Result<Option<String>, LedgerError> {
        if let Some(record) = Record::ALL.into_iter().find(|record| record.act() == kind) {
            let agrees = record_agrees(conn, record, subject, body)?;
            return Ok((!agrees).then(|| subject.to_owned()));
        }
        if kind != QUEUED && kind != SEALED_ANEW {
            return Ok(None);
        }
        let Some(sealed) = digests(body) else {
            return Ok(Some(subject.to_owned()));
        };
        let record = Record::ALL
            .into_iter()
            .find(|record| kind == SEALED_ANEW && record.table() == subject);
        for (key, digest) in sealed {
            let found = if let Some(record) = record {
                row_digest(conn, record, &key)?
            } else {
                self.uploads += 1;
                uploads::digest_of_queued(conn, &key)?
            };
            if found.as_ref() != Some(&digest) {
                return Ok(Some(key));
            }
        }
        Ok(None)
    }

    /// The number of a record that no entry speaks of, once the whole journal was walked.
    pub(super) fn unheard_of(&self, conn: &Connection) -> Result<Option<String>, LedgerError> {
        let has = layout::require_known(conn)?;
        for record in Record::ALL {
            if record.since() > has {
                continue;
            }
            let (table, key) = (record.table(), record.key());
            let found: Option<String> = conn
                .prepare(&format!(
                    "SELECT r.{key} FROM {table} r LEFT JOIN journal j ON j.sequence = r.journal
                     WHERE j.kind IS NOT ?1 OR j.subject IS NOT r.{key} LIMIT 1"
                ))?
                .query_row([record.act()], |row| row.get(0))
                .optional()?;
            if found.is_some() {
                return Ok(found);
            }
        }
        if layout::require_known(conn)? < layout::SEALED {
            // A copy of an earlier layout, looked through before it is restored: its uploads have no seal yet.
            return Ok(None);
        }
        let there = offline_queue::keys(conn)?;
        let more = i64::try_from(there.len()).unwrap_or(i64::MAX) > self.uploads;
        Ok(there.into_iter().next_back().filter(|_| more))
    }
}

/// Whether a record is what the entry of its act says.
pub(super) fn record_agrees(
    conn: &Connection,
    record: Record,
    key: &str,
    body: &str,
) -> Result<bool, LedgerError> {
    #[derive(Deserialize)]
    struct Seal {
        row: Option<String>,
    }
    match (serde_json::from_str(body), record) {
        (Err(_not_a_seal), _) => Ok(false),
        (Ok(Seal { row: Some(sealed) }), _) => {
            Ok(row_digest(conn, record, key)?.is_some_and(|found| found == sealed))
        }
        // Written by the first version, which told the whole of a settlement and nothing of the rest: that was sealed anew.
        (Ok(Seal { row: None }), Record::Settlement | Record::Void) => {
            first_seal::agrees(conn, record.act(), key, body)
        }
        (
            Ok(Seal { row: None }),
            Record::Visit
            | Record::Registration
            | Record::Close
            | Record::Discharge
            | Record::Staff,
        ) => Ok(row_digest(conn, record, key)?.is_some()),
    }
}
