//! Seals: each record's row and each queued upload, by a digest of what is stored, in the journal entry of the act that wrote it.
//!
//! The journal's MAC covers the digests. A row's digest covers every column that is not null, by its name: a column that a
//! later layout adds is covered where it is filled, and leaves the digests of earlier rows as they are.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::entry::Entry;
use super::error::LedgerError;
use super::journal::{self, Head};
use super::layout;

/// The journal's kind of a settlement's entry, and of a void's.
pub(super) const SETTLED: &str = "settled";
pub(super) const VOIDED: &str = "voided";

/// The kind of the entry that seals what earlier versions wrote; its subject says in which table.
pub(super) const SEALED_ANEW: &str = "sealed_anew";

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
    /// Of settlements before there was a column for it.
    Discharge,
    /// A person as they were from then on.
    Staff,
}

impl Record {
    pub(super) const ALL: [Self; 7] = [
        Self::Visit,
        Self::Registration,
        Self::Close,
        Self::Settlement,
        Self::Void,
        Self::Discharge,
        Self::Staff,
    ];

    /// The first layout whose files have its table.
    pub(super) fn since(self) -> usize {
        match self {
            Self::Visit | Self::Registration | Self::Close | Self::Settlement | Self::Void => 1,
            Self::Discharge => layout::RECORDS,
            Self::Staff => layout::PEOPLE,
        }
    }

    /// The kind of the act that writes a row of it; the act's subject is the row's key.
    pub(super) fn act(self) -> &'static str {
        match self {
            Self::Visit => "admitted",
            Self::Registration => "registered",
            Self::Close => "closed",
            Self::Settlement => SETTLED,
            Self::Void => VOIDED,
            Self::Discharge => "discharge_kept",
            Self::Staff => "staff_changed",
        }
    }

    pub(super) fn table(self) -> &'static str {
        match self {
            Self::Visit => "visit",
            Self::Registration => "visit_registration",
            Self::Close => "visit_close",
            Self::Settlement => "settlement",
            Self::Void => "settlement_void",
            Self::Discharge => "settlement_discharge",
            Self::Staff => "staff",
        }
    }

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Visit | Self::Settlement => "number",
            Self::Registration | Self::Close => "visit",
            Self::Void | Self::Discharge => "settlement",
            Self::Staff => "id",
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
pub(super) struct Digests {
    pub(super) v: u8,
    pub(super) digests: Vec<(String, String)>,
}

/// The tables that there were before there were seals.
const UNSEALED: [Record; 5] = [
    Record::Visit,
    Record::Registration,
    Record::Close,
    Record::Settlement,
    Record::Void,
];

/// Seals what versions without seals have written, as it stands now.
pub(super) fn anew(entry: &Entry<'_>) -> Result<(), LedgerError> {
    for record in UNSEALED {
        let (table, key) = (record.table(), record.key());
        let keys: Vec<String> = entry
            .prepare(&format!("SELECT {key} FROM {table} ORDER BY {key}"))?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        keys_anew(entry, table, &keys, |key| {
            row_digest(entry, record, key).map(Option::unwrap_or_default)
        })?;
    }
    Ok(())
}

/// Seals these records of one table, by their keys.
pub(super) fn keys_anew(
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

/// The digests that an entry tells.
pub(super) fn digests(body: &str) -> Option<Vec<(String, String)>> {
    let read: Result<Digests, _> = serde_json::from_str(body);
    match read {
        Ok(digests) => Some(digests.digests),
        Err(_not_digests) => None,
    }
}

/// The digest of a record's row, where there is one.
pub(super) fn row_digest(
    conn: &Connection,
    record: Record,
    key: &str,
) -> Result<Option<String>, LedgerError> {
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

/// Each part after its length, so that no two lists of parts give the same bytes.
pub(super) fn add(digest: &mut Sha256, part: &[u8]) {
    digest.update((part.len() as u64).to_be_bytes());
    digest.update(part);
}
