//! Whether there is room on the disk for what is to be recorded, and what people read where there is none.

use crate::counter::Counter;
use crate::wording::notice::Notice;

/// Less than this is called full: the log of the ledger alone grows to four megabytes before it is folded in.
const LEAST_BYTES: u64 = 6 * 1024 * 1024;

impl Counter {
    /// Why nothing can be recorded at present; none where all is well.
    pub(crate) fn no_room(&self) -> Option<Notice> {
        let folder = &self.0.settings.storage.directory;
        match rustix::fs::statvfs(folder) {
            Ok(disk) if disk.f_bavail.saturating_mul(disk.f_frsize) < LEAST_BYTES => {
                Some(Notice::new(
                    "disk_full",
                    "本机磁盘已满（或即将写满），新的登记和结算存不下来；已结算的记录没有丢失，仍会上传。",
                    format!(
                        "请信息科立即清理 {} 所在的磁盘；清理之前请不要办理新的登记和结算。",
                        folder.display()
                    ),
                ))
            }
            Ok(_) => self.0.ledger.takes_nothing_in().then(|| {
                Notice::new(
                    "ledger_not_writable",
                    "本机台账写不进去，新的登记和结算存不下来；已结算的记录没有丢失，仍会上传。",
                    "请信息科查看日志，检查磁盘；恢复之前请不要办理新的登记和结算。",
                )
            }),
            Err(error) => {
                tracing::warn!(%error, "the disk's room cannot be read");
                None
            }
        }
    }
}
