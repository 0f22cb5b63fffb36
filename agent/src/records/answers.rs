//! What a province tells of people, the institution and the catalogues, in our records.

use jiff::Timestamp;
use rules::{DivisionCode, ItemCode, MatrixColumn};

use super::catalogue::CatalogueEntry;
use super::institution::Institution;
use super::worker::Worker;
use crate::redacted::closed_debug;

/// A worker whom the province lists.
#[derive(Clone, PartialEq, Eq)]
pub enum Listed {
    /// As a record.
    Readable(Box<Worker>),
    /// Something of it is not as agreed: it is known that there is such a worker, and no more.
    Unreadable {
        /// 社会保障号码, as it came.
        number: String,
        /// The field that cannot be read.
        field: String,
    },
}

/// The institution as the province lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListedInstitution {
    /// As a record.
    Readable(Box<Institution>),
    /// Something of it is not as agreed: what was known before holds no more.
    Unreadable {
        /// The field that cannot be read.
        field: String,
    },
}

/// An entry that the province lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListedEntry {
    /// As a record.
    Readable(CatalogueEntry),
    /// Something of it is not as agreed: the code is listed, and no more is known.
    Unreadable {
        /// Whose catalogue; anybody's where that cannot be read.
        owner: Option<DivisionCode>,
        /// In which column; in any where that cannot be read.
        column: Option<MatrixColumn>,
        /// The code.
        code: ItemCode,
        /// The field that cannot be read.
        field: String,
    },
}

/// What of a page was not as agreed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Oddities {
    /// Values that had one sensible meaning and were read.
    pub repaired: usize,
    /// Records that nothing names and that were left out.
    pub skipped: usize,
}

/// What the province knows of one number.
#[derive(Clone)]
pub struct PersonAnswer {
    /// When it was so.
    pub as_of: Timestamp,
    /// None where it knows nobody.
    pub worker: Option<Listed>,
}

/// One page of workers, with the institution and names of divisions.
#[derive(Clone)]
pub struct RegistryPage {
    /// When what the finished synchronisation says was so.
    pub as_of: Timestamp,
    /// Where it stands in its run.
    pub place: PagePosition,
    /// Workers, new or changed.
    pub workers: Vec<Listed>,
    /// Numbers of workers no longer filed for this place.
    pub withdrawn: Vec<String>,
    /// The institution, where it is new or changed.
    pub institution: Option<ListedInstitution>,
    /// Names of divisions.
    pub divisions: Vec<(DivisionCode, String)>,
    /// What of it was not as agreed.
    pub oddities: Oddities,
}

/// One page of catalogue entries.
#[derive(Debug, Clone)]
pub struct CataloguePage {
    /// When what the finished synchronisation says was so.
    pub as_of: Timestamp,
    /// Where it stands in its run.
    pub place: PagePosition,
    /// Entries, new or changed.
    pub entries: Vec<ListedEntry>,
    /// What of it was not as agreed.
    pub oddities: Oddities,
}

/// A page in its run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PagePosition {
    /// Where to go on.
    pub cursor: String,
    /// Number of the page, from 1.
    pub page: u32,
    /// Whether the run replaces everything known.
    pub full: bool,
    /// Whether more pages follow.
    pub more: bool,
}

closed_debug!(Listed, PersonAnswer, RegistryPage);
