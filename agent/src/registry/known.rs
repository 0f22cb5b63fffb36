//! What the cache answers: records, each with its age.

use jiff::Timestamp;

use crate::records::institution::Institution;
use crate::records::worker::Worker;
use crate::redacted::closed_debug;

/// A worker as last heard.
#[derive(Debug, Clone)]
pub struct KnownWorker {
    /// Everything that the gates ask about.
    pub worker: Worker,
    /// The moment for which the province said it.
    pub as_of: Timestamp,
}

/// The institution as last heard.
#[derive(Debug, Clone)]
pub struct KnownInstitution {
    /// As the library has it.
    pub institution: Institution,
    /// The moment for which the province said it.
    pub as_of: Timestamp,
}

/// The province's no to a person, in its own words. They may name the person: kept out of `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct ProvinceNo {
    /// The province's code.
    pub code: String,
    /// What it said, as it came.
    pub words: String,
    /// When.
    pub at: Timestamp,
}

closed_debug!(ProvinceNo);

/// When each set was last known to be current; `None` before its first complete synchronisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ages {
    /// Workers, filings, institution.
    pub registry: Option<Timestamp>,
    /// Catalogues.
    pub catalogue: Option<Timestamp>,
}

/// How much of what the province told is not as agreed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faults {
    /// Records of workers, institution and divisions that cannot be read.
    pub registry: u32,
    /// Entries of catalogues that cannot be read: a bill with their code is not split.
    pub catalogue: u32,
    /// Values that had one sensible meaning and were read.
    pub repaired: u32,
}
