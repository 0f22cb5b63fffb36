//! What was found in the bill folder, beside the stays that are open.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::bill::BillFileError;
use crate::bill::folder::{FolderTrouble, Memory, Unfit};
use crate::redacted::closed_debug;

/// How it stands with the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FolderState {
    /// None is configured, or nobody has looked into it yet.
    #[default]
    NotLooked,
    /// It is watched.
    Watched,
    /// It cannot be looked into at present.
    Trouble(FolderTrouble),
}

/// The folder as it was found last.
#[derive(Debug, Default)]
pub(crate) struct Folder(Mutex<Found>);

#[derive(Debug, Default, Clone)]
pub(super) struct Found {
    pub(super) standing: FolderState,
    pub(super) memory: Memory,
}

impl Folder {
    pub(super) fn found(&self) -> MutexGuard<'_, Found> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What lies in the folder, beside the stays that are open.
#[derive(Debug, Default)]
pub struct FolderView {
    /// How it stands with the folder.
    pub standing: FolderState,
    /// Files of open stays, the newest first.
    pub offers: Vec<OfferedBill>,
    /// Names of files that may not be whole yet.
    pub waiting: Vec<String>,
    /// Files that are offered nowhere, the newest first, and why.
    pub others: Vec<OtherFile>,
    /// How many others there are beside those that are told.
    pub more: usize,
    /// Names beyond those that are looked at.
    pub not_looked_at: usize,
}

/// A file that is offered at a stay.
#[derive(Clone, PartialEq, Eq)]
pub struct OfferedBill {
    /// Names the file in this version.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// When it was written.
    pub modified: Option<Timestamp>,
    /// The stay, by the number of its visit.
    pub visit: String,
}

/// A file that is offered nowhere.
pub struct OtherFile {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// When it was written.
    pub modified: Option<Timestamp>,
    /// Why.
    pub why: NotOffered,
}

/// Why a file is not offered.
pub enum NotOffered {
    /// It cannot be a bill.
    Unfit(Unfit),
    /// It is none.
    NoBill(Arc<BillFileError>),
    /// No open stay's; the numbers that it names.
    Nobodys(Vec<String>),
    /// It could be several stays'.
    Several(Vec<String>),
    /// Its name and its content name different stays.
    Disagree {
        /// By the name.
        name: String,
        /// By the content.
        inside: String,
    },
}

closed_debug!(OfferedBill, OtherFile, NotOffered);
