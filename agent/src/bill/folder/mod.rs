//! The folder into which the hospital's system puts its bills: what lies there, whether it is whole yet, and whose it is.
//!
//! It belongs to others: nothing in it is changed, moved or deleted here, and no link out of it is followed. A file's name may hold a
//! patient's: it stands on the page and in no log.
//!
//! The kernel's notifications (inotify, by `rustix`, which is there for other reasons) tell of files that were closed or renamed. On network
//! file systems, where they tell nothing of what others do, the folder is looked at again and again, and a file counts as whole once it has
//! been the same for five seconds. A person chooses a file in one version: what was written since is not read in its place.

mod belongs;
mod file;
mod memory;
mod scan;
mod wake;

pub(crate) use belongs::{Belongs, belongs};
pub(crate) use file::{FolderTrouble, Unfit};
pub(crate) use memory::{File, Memory, Read};
pub(crate) use scan::{content, scan};
pub(crate) use wake::{Told, Watch};

#[cfg(test)]
mod tests;
