//! What is remembered of each file from one look to the next: since when it is as it is, and what was found in it.

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use super::file::{FileId, Unfit, Version, name_text};
use super::scan::Scanned;
use crate::bill::fault::BillFileError;
use crate::redacted::closed_debug;

/// A file that nobody was heard to close is whole once it has been the same for so long.
pub(super) const QUIET: Duration = Duration::from_secs(5);

/// What was found in a file.
#[derive(Debug, Clone)]
pub(crate) enum Read {
    /// A bill's head; the numbers of stays (住院号) that it names.
    Head(Vec<String>),
    /// It is no bill.
    NoBill(Arc<BillFileError>),
    /// It can be none.
    Unfit(Unfit),
}

/// One file of the folder.
#[derive(Clone)]
pub(crate) struct File {
    pub(crate) name: OsString,
    pub(crate) version: Version,
    /// Boot time at which this version was first seen.
    since: Duration,
    /// Whoever wrote it was heard to close it.
    closed: bool,
    /// None as long as it may be half written, or nobody has looked.
    pub(crate) read: Option<Read>,
}

closed_debug!(File);

impl File {
    /// Names it in this version.
    pub(crate) fn id(&self) -> FileId {
        FileId::of(&self.name, &self.version)
    }

    /// Its name, to be shown and compared.
    pub(crate) fn shown_name(&self) -> String {
        name_text(&self.name)
    }

    fn is_whole(&self, now: Duration) -> bool {
        self.closed || now.saturating_sub(self.since) >= QUIET
    }
}

/// Every file that lies there, by its name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Memory {
    files: BTreeMap<OsString, File>,
    /// Names beyond those that are looked at.
    pub(crate) more: usize,
}

impl Memory {
    /// Takes in a look. `closed` are files that were closed after writing, or put there whole by a rename, since the look before.
    pub(crate) fn take_in(&mut self, scanned: Scanned, closed: &HashSet<OsString>, now: Duration) {
        let mut before = std::mem::take(&mut self.files);
        self.more = scanned.more;
        for (name, version, unfit) in scanned.files {
            let known = before.remove(&name);
            let mut file = match known {
                Some(file) if file.version == version => file,
                Some(_) | None => File {
                    name: name.clone(),
                    version,
                    since: now,
                    closed: false,
                    read: None,
                },
            };
            file.closed |= closed.contains(&name);
            // An empty file may be about to be written; what is none at all will not become one.
            let judged = match unfit {
                Some(Unfit::Empty) => file.is_whole(now).then_some(Unfit::Empty),
                other => other,
            };
            if let Some(unfit) = judged {
                file.read = Some(Read::Unfit(unfit));
            }
            self.files.insert(name, file);
        }
    }

    /// Files that are whole and that nobody has looked into yet, the newest first.
    pub(crate) fn to_be_read(&self, now: Duration) -> Vec<(OsString, Version)> {
        let mut wanted: Vec<&File> = self
            .files
            .values()
            .filter(|file| file.read.is_none() && file.is_whole(now))
            .collect();
        wanted.sort_by_key(|file| std::cmp::Reverse(file.version.modified));
        let named = |file: &File| (file.name.clone(), file.version);
        wanted.into_iter().map(named).collect()
    }

    /// Keeps what was found in a file. `None`: it was another version by then, and is looked at again.
    pub(crate) fn found(&mut self, name: &OsString, version: &Version, read: Option<Read>) {
        if let Some(file) = self.files.get_mut(name)
            && file.version == *version
        {
            file.read = read;
        }
    }

    /// How long until a file that may be half written is looked at again; none where there is no such file.
    pub(crate) fn next_whole(&self, now: Duration) -> Option<Duration> {
        let waiting = self.files.values().filter(|file| file.read.is_none());
        waiting
            .map(|file| QUIET.saturating_sub(now.saturating_sub(file.since)))
            .min()
    }

    /// Whether a look has found nothing new.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        let told = |file: &File| (file.version, file.read.is_some());
        self.more == other.more
            && self.files.len() == other.files.len()
            && self
                .files
                .iter()
                .zip(&other.files)
                .all(|((name, one), (same, other))| name == same && told(one) == told(other))
    }

    /// All of them, the newest first.
    pub(crate) fn newest_first(&self) -> Vec<&File> {
        let mut files: Vec<&File> = self.files.values().collect();
        files.sort_by(|one, other| {
            let when = other.version.modified.cmp(&one.version.modified);
            when.then_with(|| one.name.cmp(&other.name))
        });
        files
    }
}
