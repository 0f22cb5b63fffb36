//! What a province tells of people, the institution and the catalogues, in our records.

use jiff::Timestamp;
use rules::DivisionCode;

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
    pub institution: Option<Institution>,
    /// Names of divisions.
    pub divisions: Vec<(DivisionCode, String)>,
}

/// One page of catalogue entries.
#[derive(Debug, Clone)]
pub struct CataloguePage {
    /// When what the finished synchronisation says was so.
    pub as_of: Timestamp,
    /// Where it stands in its run.
    pub place: PagePosition,
    /// Entries, new or changed.
    pub entries: Vec<CatalogueEntry>,
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
