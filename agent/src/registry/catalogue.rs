//! Whose catalogue applies (E01), and its entries.

use rules::{
    Channel, DivisionCode, ItemCode, MatrixColumn, Money, ParseError, VisitKind, china_time,
};
use rusqlite::{OptionalExtension, Transaction, params};

use super::cache::RegistryError;
use crate::records::answers::ListedEntry;
use crate::records::catalogue::CatalogueEntry;

/// The catalogues a bill is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatalogueOwner {
    /// Cross-province care: the treatment place's four catalogues (N32). A device is in none of them.
    TreatmentPlace(rules::Place),
    /// Cross-province device: the insured place's list and limits, and nothing else (N32, N34).
    InsuredPlaceDevices(rules::Place),
    /// Intra-province: the province's single set, devices included (H17).
    ProvincialSet(rules::Province),
}

impl CatalogueOwner {
    /// E01: cross-province care goes by the treatment place, a cross-province device by the insured place,
    /// intra-province by the province. `None` in the two channels that are not settled here at all (A02, A03).
    pub fn choose(
        channel: Channel,
        kind: VisitKind,
        treated_in: DivisionCode,
        insured_in: DivisionCode,
    ) -> Option<Self> {
        match channel {
            Channel::CrossProvince => Some(match kind {
                VisitKind::AssistiveDevice => Self::InsuredPlaceDevices(insured_in.place()),
                VisitKind::InpatientMedical
                | VisitKind::InpatientRehabilitation
                | VisitKind::OutpatientMedical
                | VisitKind::OutpatientRehabilitation => Self::TreatmentPlace(treated_in.place()),
            }),
            Channel::IntraProvince => Some(Self::ProvincialSet(treated_in.province())),
            Channel::Local | Channel::ProvincialLevel => None,
        }
    }

    fn division(self) -> String {
        match self {
            Self::TreatmentPlace(place) | Self::InsuredPlaceDevices(place) => place.to_string(),
            Self::ProvincialSet(province) => format!("{province}0000"),
        }
    }

    fn has(self, column: MatrixColumn) -> bool {
        let device = match column {
            MatrixColumn::AssistiveDevice => true,
            MatrixColumn::Drug
            | MatrixColumn::Treatment
            | MatrixColumn::InpatientService
            | MatrixColumn::Rehabilitation => false,
        };
        match self {
            Self::TreatmentPlace(_) => !device,
            Self::InsuredPlaceDevices(_) => device,
            Self::ProvincialSet(_) => true,
        }
    }
}

/// One item to look up; repeated ones are answered once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CatalogueItem {
    /// The bill line's column.
    pub column: MatrixColumn,
    /// The bill line's code.
    pub code: ItemCode,
}

/// Writes a page's entries, those that cannot be read last: none of the same page hides one. How many those are.
pub(super) fn put_all(
    transaction: &Transaction<'_>,
    entries: &[ListedEntry],
    generation: i64,
) -> Result<usize, RegistryError> {
    for entry in entries {
        match entry {
            ListedEntry::Readable(entry) => put(transaction, entry, generation)?,
            ListedEntry::Unreadable { .. } => {}
        }
    }
    let mut unreadable = 0;
    for entry in entries {
        let ListedEntry::Unreadable {
            owner,
            column,
            code,
            field,
        } = entry
        else {
            continue;
        };
        unreadable += 1;
        let key = params![
            owner.map(|owner| owner.to_string()),
            column.map(MatrixColumn::name),
            code.as_str()
        ];
        let mut again = transaction.prepare_cached(
            "DELETE FROM catalogue_unreadable WHERE owner IS ?1 AND matrix_column IS ?2 AND code = ?3",
        )?;
        again.execute(key)?;
        let mut query = transaction.prepare_cached(
            "INSERT INTO catalogue_unreadable (owner, matrix_column, code, field, generation) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        query.execute(params![
            owner.map(|owner| owner.to_string()),
            column.map(MatrixColumn::name),
            code.as_str(),
            field,
            generation
        ])?;
    }
    Ok(unreadable)
}

/// The field for which an entry of this item cannot be read, where there is such an entry.
fn unreadable(
    transaction: &Transaction<'_>,
    division: &str,
    item: &CatalogueItem,
) -> Result<Option<String>, RegistryError> {
    let mut query = transaction.prepare_cached(
        "SELECT field FROM catalogue_unreadable WHERE code = ?3
             AND coalesce(owner, ?1) = ?1 AND coalesce(matrix_column, ?2) = ?2",
    )?;
    let key = params![division, item.column.name(), item.code.as_str()];
    Ok(query.query_row(key, |row| row.get(0)).optional()?)
}

/// Writes one entry. In an update it takes the place of what could not be read of the same code before.
fn put(
    transaction: &Transaction<'_>,
    CatalogueEntry { owner, entry }: &CatalogueEntry,
    generation: i64,
) -> Result<(), RegistryError> {
    let mut query = transaction.prepare_cached(
        "INSERT OR REPLACE INTO catalogue
             (owner, matrix_column, code, valid_from, valid_to, restricted, ceiling, generation)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    query.execute(params![
        owner.as_str(),
        entry.column.name(),
        entry.code.as_str(),
        entry.from.to_string(),
        entry.to.map(|day| day.to_string()),
        entry.restricted,
        entry.ceiling.map(|amount| amount.to_string()),
        generation,
    ])?;
    let mut query = transaction.prepare_cached(
        "DELETE FROM catalogue_unreadable WHERE code = ?3 AND generation = ?4
             AND coalesce(owner, ?1) = ?1 AND coalesce(matrix_column, ?2) = ?2
             AND EXISTS (SELECT 1 FROM run WHERE name = 'catalogue' AND as_of_ms IS NOT NULL AND generation = ?4)",
    )?;
    query.execute(params![
        owner.as_str(),
        entry.column.name(),
        entry.code.as_str(),
        generation
    ])?;
    Ok(())
}

/// The items that an owner's catalogue can have at all, each once, in the order of column and code.
pub(super) fn wanted(owner: CatalogueOwner, items: &[CatalogueItem]) -> Vec<&CatalogueItem> {
    let mut wanted: Vec<&CatalogueItem> =
        items.iter().filter(|item| owner.has(item.column)).collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}

/// All versions of these items in an owner's catalogue, in their order and that of the first day.
pub(super) fn entries(
    transaction: &Transaction<'_>,
    owner: CatalogueOwner,
    wanted: &[&CatalogueItem],
) -> Result<Vec<rules::CatalogueEntry>, RegistryError> {
    let division = owner.division();
    let mut query = transaction.prepare_cached(
        "SELECT valid_from, valid_to, restricted, ceiling FROM catalogue
         WHERE owner = ?1 AND matrix_column = ?2 AND code = ?3 ORDER BY valid_from",
    )?;
    let mut found = Vec::new();
    for item in wanted {
        if let Some(field) = unreadable(transaction, &division, item)? {
            return Err(RegistryError::MalformedEntry {
                code: item.code.as_str().to_owned(),
                field,
            });
        }
        let mut rows = query.query(params![division, item.column.name(), item.code.as_str()])?;
        while let Some(row) = rows.next()? {
            let (from, to): (String, Option<String>) = (row.get(0)?, row.get(1)?);
            let ceiling: Option<String> = row.get(3)?;
            let day = |text: &str| kept("day", china_time::parse_date(text));
            found.push(rules::CatalogueEntry {
                column: item.column,
                code: item.code.clone(),
                from: day(&from)?,
                to: to.as_deref().map(day).transpose()?,
                restricted: row.get(2)?,
                ceiling: ceiling
                    .map(|text| kept("ceiling", Money::parse_unsigned(&text)))
                    .transpose()?,
            });
        }
    }
    Ok(found)
}

/// The codes of an owner's catalogue, in any column and of any time, that have this shape: no zeros before them, letters
/// all upper case.
pub(super) fn of_shape(
    transaction: &Transaction<'_>,
    owner: CatalogueOwner,
    shape: &str,
) -> Result<Vec<ItemCode>, RegistryError> {
    let mut query = transaction.prepare_cached(
        "SELECT DISTINCT code FROM catalogue
         WHERE owner = ?1 AND ltrim(upper(code), '0') = ?2 ORDER BY code",
    )?;
    let mut rows = query.query(params![owner.division(), shape])?;
    let mut codes = Vec::new();
    while let Some(row) = rows.next()? {
        let code: String = row.get(0)?;
        codes.push(kept("code", ItemCode::parse(&code))?);
    }
    Ok(codes)
}

/// A value of our own columns.
fn kept<T>(field: &str, read: Result<T, ParseError>) -> Result<T, RegistryError> {
    read.map_err(|_unshown| RegistryError::Malformed {
        field: field.to_owned(),
    })
}
