//! Seals: each record's row and each queued upload, by a digest of what is stored, in the journal entry of the act that wrote it.
//!
//! The journal's MAC covers the digests. A row's digest covers every column that is not null, by its name: a column that a
//! later layout adds is covered where it is filled, and leaves the digests of earlier rows as they are.

use jiff::Timestamp;
use offline_queue::{Lease, NewUpload};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::entry::Entry;
use super::error::LedgerError;
use super::journal::{self, Head};
use super::{schema, settlements};

/// The kind of the entry that seals what was queued; its subject is the lane.
const QUEUED: &str = "queued";

/// The kind of the entry that seals what earlier versions wrote; its subject says in which table.
const SEALED_ANEW: &str = "sealed_anew";

/// The subject of [`SEALED_ANEW`] where it is about uploads.
const UPLOADS: &str = "queue_upload";

/// Records in one entry of [`SEALED_ANEW`].
const ANEW_AT_ONCE: usize = 500;

/// A table whose rows are written once, each by one act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Record {
    Visit,
    Registration,
    Close,
    Settlement,
    Void,
}

impl Record {
    const ALL: [Self; 5] = [
        Self::Visit,
        Self::Registration,
        Self::Close,
        Self::Settlement,
        Self::Void,
    ];

    /// The kind of the act that writes a row of it; the act's subject is the row's key.
    pub(super) fn act(self) -> &'static str {
        match self {
            Self::Visit => "admitted",
            Self::Registration => "registered",
            Self::Close => "closed",
            Self::Settlement => settlements::SETTLED,
            Self::Void => settlements::VOIDED,
        }
    }

    fn table(self) -> &'static str {
        match self {
            Self::Visit => "visit",
            Self::Registration => "visit_registration",
            Self::Close => "visit_close",
            Self::Settlement => "settlement",
            Self::Void => "settlement_void",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Visit | Self::Settlement => "number",
            Self::Registration | Self::Close => "visit",
            Self::Void => "settlement",
        }
    }
}

/// Writes a record with `insert`, which is given the sequence of the entry to come, and the entry that seals it.
pub(super) fn write(
    entry: &Entry<'_>,
    record: Record,
    key: &str,
    body: &impl Serialize,
    insert: impl FnOnce(i64) -> Result<usize, LedgerError>,
) -> Result<Head, LedgerError> {
    #[derive(Serialize)]
    struct Sealed<'a, B> {
        #[serde(flatten)]
        body: &'a B,
        row: String,
    }
    // The row refers to an entry that comes after it, since that tells the digest of what was stored.
    entry.pragma_update(None, "defer_foreign_keys", true)?;
    insert(journal::next_sequence(entry)?)?;
    let row = row_digest(entry, record, key)?.ok_or_else(|| LedgerError::Damaged {
        what: format!(
            "{} {key} is not there right after it was written",
            record.table()
        ),
    })?;
    journal::append_body(entry, record.act(), key, &Sealed { body, row })
}

/// The digests of uploads, by their keys.
#[derive(Serialize, Deserialize)]
struct Digests {
    v: u8,
    digests: Vec<(String, String)>,
}

/// Seals uploads that were just queued, an entry for each lane.
pub(super) fn queued(entry: &Entry<'_>, uploads: &[NewUpload]) -> Result<(), LedgerError> {
    for of_lane in uploads.chunk_by(|one, next| one.lane == next.lane) {
        let mut digests = Vec::with_capacity(of_lane.len());
        for upload in of_lane {
            digests.push((
                upload.key.clone(),
                stored_upload_digest(entry, &upload.key)?,
            ));
        }
        if let Some(first) = of_lane.first() {
            journal::append_body(entry, QUEUED, &first.lane, &Digests { v: 1, digests })?;
        }
    }
    Ok(())
}

/// Seals what versions without seals have written, as it stands now.
pub(super) fn anew(entry: &Entry<'_>) -> Result<(), LedgerError> {
    for record in Record::ALL {
        let (table, key) = (record.table(), record.key());
        let keys: Vec<String> = entry
            .prepare(&format!("SELECT {key} FROM {table} ORDER BY {key}"))?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        seal_anew(entry, table, &keys, |key| {
            row_digest(entry, record, key).map(Option::unwrap_or_default)
        })?;
    }
    let keys = offline_queue::keys(entry)?;
    seal_anew(entry, UPLOADS, &keys, |key| {
        stored_upload_digest(entry, key)
    })
}

fn seal_anew(
    entry: &Entry<'_>,
    table: &str,
    keys: &[String],
    digest: impl Fn(&str) -> Result<String, LedgerError>,
) -> Result<(), LedgerError> {
    for keys in keys.chunks(ANEW_AT_ONCE) {
        let digests = keys
            .iter()
            .map(|key| Ok((key.clone(), digest(key)?)))
            .collect::<Result<_, LedgerError>>()?;
        journal::append_body(entry, SEALED_ANEW, table, &Digests { v: 1, digests })?;
    }
    Ok(())
}

/// Whether this is the upload that was queued under its key.
pub(super) fn is_as_queued(conn: &Connection, lease: &Lease) -> Result<bool, LedgerError> {
    let mut statement = conn.prepare_cached(
        "SELECT body FROM journal WHERE (subject = ?1 AND kind = ?2) OR (subject = ?3 AND kind = ?4)",
    )?;
    let mut rows = statement.query(params![lease.lane, QUEUED, UPLOADS, SEALED_ANEW])?;
    while let Some(row) = rows.next()? {
        let Some(sealed) = digests(&row.get::<_, String>(0)?) else {
            return Ok(false);
        };
        if let Some((_, digest)) = sealed.into_iter().find(|(key, _)| *key == lease.key) {
            let found = upload_digest(
                [&lease.key, &lease.lane, &lease.kind],
                lease.deadline.civil(),
                &lease.body,
            );
            return Ok(digest == found);
        }
    }
    Ok(false)
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
                offline_queue::frozen(conn, &key)?.map(|upload| digest_of(&upload))
            };
            if found.as_ref() != Some(&digest) {
                return Ok(Some(key));
            }
        }
        Ok(None)
    }

    /// The number of a record that no entry speaks of, once the whole journal was walked.
    pub(super) fn unheard_of(&self, conn: &Connection) -> Result<Option<String>, LedgerError> {
        for record in Record::ALL {
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
        if schema::require_known(conn)? < schema::SEALED {
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
            settlements::agrees(conn, record.act(), key, body)
        }
        (Ok(Seal { row: None }), Record::Visit | Record::Registration | Record::Close) => {
            Ok(row_digest(conn, record, key)?.is_some())
        }
    }
}

fn digests(body: &str) -> Option<Vec<(String, String)>> {
    let read: Result<Digests, _> = serde_json::from_str(body);
    match read {
        Ok(digests) => Some(digests.digests),
        Err(_not_digests) => None,
    }
}

fn row_digest(conn: &Connection, record: Record, key: &str) -> Result<Option<String>, LedgerError> {
    let (table, column) = (record.table(), record.key());
    let mut statement =
        conn.prepare_cached(&format!("SELECT * FROM {table} WHERE {column} = ?1"))?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    Ok(statement
        .query_row([key], |row| digest_row(row, &columns))
        .optional()?)
}

fn digest_row(row: &Row<'_>, columns: &[String]) -> rusqlite::Result<String> {
    let mut named: Vec<(&str, ValueRef<'_>)> = Vec::with_capacity(columns.len());
    for (at, column) in columns.iter().enumerate() {
        named.push((column, row.get_ref(at)?));
    }
    named.sort_by_key(|(column, _)| *column);
    let mut digest = Sha256::new();
    for (column, value) in named {
        let (kind, bytes) = match value {
            ValueRef::Null => continue,
            ValueRef::Integer(number) => (b'i', number.to_be_bytes().to_vec()),
            ValueRef::Real(number) => (b'r', number.to_bits().to_be_bytes().to_vec()),
            ValueRef::Text(text) => (b't', text.to_vec()),
            ValueRef::Blob(bytes) => (b'b', bytes.to_vec()),
        };
        for part in [column.as_bytes(), &[kind], &bytes] {
            add(&mut digest, part);
        }
    }
    Ok(hex::encode(digest.finalize()))
}

fn stored_upload_digest(conn: &Connection, key: &str) -> Result<String, LedgerError> {
    offline_queue::frozen(conn, key)?
        .map(|upload| digest_of(&upload))
        .ok_or_else(|| LedgerError::Damaged {
            what: format!("the body of upload {key} is not there"),
        })
}

fn digest_of(upload: &NewUpload) -> String {
    upload_digest(
        [&upload.key, &upload.lane, &upload.kind],
        upload.deadline.civil(),
        &upload.body,
    )
}

fn upload_digest(names: [&str; 3], due: Timestamp, body: &[u8]) -> String {
    let mut digest = Sha256::new();
    for name in names {
        add(&mut digest, name.as_bytes());
    }
    add(&mut digest, &due.as_millisecond().to_be_bytes());
    add(&mut digest, body);
    hex::encode(digest.finalize())
}

/// Each part after its length, so that no two lists of parts give the same bytes.
fn add(digest: &mut Sha256, part: &[u8]) {
    digest.update((part.len() as u64).to_be_bytes());
    digest.update(part);
}
