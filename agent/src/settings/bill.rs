//! How this hospital's bills are written, and when a person has to look at one: keys, defaults and checks.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

use super::error::{Invalid, ItemCodesFault, SettingsError, Unit, invalid, within};
use crate::bill::{Mapping, MappingError, whole_text};

/// How bills are read and looked at.
#[derive(Debug, Clone)]
pub struct Bills {
    /// The hospital's own words.
    pub mapping: Arc<Mapping>,
    /// A bill of which more than so many percent is in no catalogue waits until a person has looked at it.
    pub unlisted_share_percent: u8,
    /// Lines of so many days before the admission are taken as the stay's.
    pub days_before_admission: u8,
    /// A bill beyond so many yuan waits until a person has looked at it once more.
    pub second_look_above_yuan: u32,
    /// The folder into which the hospital's system puts its bills; none where it puts them nowhere.
    pub folder: Option<BillFolder>,
}

/// A folder that is watched for bills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillFolder {
    /// Where it lies.
    pub path: PathBuf,
    /// How often it is looked at where the kernel does not tell of changes, as on network shares.
    pub poll: Duration,
}

/// Emergency care that leads to an admission is a matter of days.
const MOST_DAYS_BEFORE: u64 = 7;

/// Marks that the hospital gives to all lines of a category or a code.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct MarksTable {
    treats_injury: BTreeMap<String, bool>,
    restriction_met: BTreeMap<String, bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct BillTable {
    unlisted_share_percent: u8,
    days_before_admission: u8,
    second_look_above_yuan: u32,
    columns: BTreeMap<String, String>,
    categories: BTreeMap<String, String>,
    marks: MarksTable,
    /// Empty: there is none.
    item_codes_file: PathBuf,
    /// Empty: there is none.
    folder: PathBuf,
    folder_poll_seconds: u64,
}

impl Default for BillTable {
    fn default() -> Self {
        Self {
            unlisted_share_percent: 30,
            days_before_admission: 0,
            second_look_above_yuan: 300_000,
            columns: BTreeMap::new(),
            categories: BTreeMap::new(),
            marks: MarksTable::default(),
            item_codes_file: PathBuf::new(),
            folder: PathBuf::new(),
            folder_poll_seconds: 10,
        }
    }
}

impl BillTable {
    pub(super) fn check(self) -> Result<Bills, SettingsError> {
        within(
            "bill.unlisted_share_percent",
            self.unlisted_share_percent.into(),
            (0, 100),
            Unit::Percent,
        )?;
        within(
            "bill.days_before_admission",
            self.days_before_admission.into(),
            (0, MOST_DAYS_BEFORE),
            Unit::Days,
        )?;
        let codes = item_codes(&self.item_codes_file)?;
        let mapping = Mapping::new(&self.columns, &self.categories, &codes);
        Ok(Bills {
            mapping: Arc::new(
                mapping
                    .map_err(wrong)?
                    .with_marks(&self.marks.treats_injury, &self.marks.restriction_met),
            ),
            unlisted_share_percent: self.unlisted_share_percent,
            days_before_admission: self.days_before_admission,
            folder: folder(self.folder, self.folder_poll_seconds)?,
            second_look_above_yuan: self.second_look_above_yuan,
        })
    }
}

fn folder(path: PathBuf, poll_seconds: u64) -> Result<Option<BillFolder>, SettingsError> {
    within(
        "bill.folder_poll_seconds",
        poll_seconds,
        (1, 3600),
        Unit::Seconds,
    )?;
    if path.as_os_str().is_empty() {
        return Ok(None);
    }
    if !path.is_absolute() {
        return Err(invalid("bill.folder", Invalid::NotWholePath));
    }
    Ok(Some(BillFolder {
        path,
        poll: Duration::from_secs(poll_seconds),
    }))
}

fn item_codes(path: &Path) -> Result<String, SettingsError> {
    if path.as_os_str().is_empty() {
        return Ok(String::new());
    }
    let not_taken = |why| {
        let path = path.to_owned();
        invalid("bill.item_codes_file", Invalid::ItemCodes { path, why })
    };
    let bytes =
        std::fs::read(path).map_err(|error| not_taken(ItemCodesFault::Unreadable(error)))?;
    whole_text(&bytes).map_err(|_no_text| not_taken(ItemCodesFault::NotText))
}

fn wrong(error: MappingError) -> SettingsError {
    let key = match &error {
        MappingError::NoSuchColumn(_) => "bill.columns",
        MappingError::NoSuchCategory(_) => "bill.categories",
        MappingError::Codes { .. } => "bill.item_codes_file",
    };
    invalid(key, Invalid::Mapping(error))
}
