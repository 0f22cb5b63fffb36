//! Whether there is room on the disk for what is to be recorded.

use crate::counter::Counter;
use crate::counter::views::NoRoom;

/// Less than this is called full: the log of the ledger alone grows to four megabytes before it is folded in.
const LEAST_BYTES: u64 = 6 * 1024 * 1024;

impl Counter {
    /// Why nothing can be recorded at present; none where all is well.
    pub(crate) fn no_room(&self) -> Option<NoRoom> {
        let folder = &self.0.settings.storage.directory;
        match rustix::fs::statvfs(folder) {
            Ok(disk) if disk.f_bavail.saturating_mul(disk.f_frsize) < LEAST_BYTES => {
                Some(NoRoom::DiskFull(folder.clone()))
            }
            Ok(_) => self
                .0
                .ledger
                .takes_nothing_in()
                .then_some(NoRoom::NotWritable),
            Err(error) => {
                tracing::warn!(%error, "the disk's room cannot be read");
                None
            }
        }
    }
}
