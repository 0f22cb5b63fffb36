//! What stands on every screen of ledger and province: what hinders the work, or is not known.

use super::ledger::ledger;
use crate::counter::{LedgerDoubt, LedgerState, NoRoom};
use crate::province::trouble::Hindrance;
use crate::wording::notice::Notice;

/// Of the ledger; nothing where it is sound or still being checked.
pub(crate) fn ledger_state(standing: &LedgerState) -> Option<Notice> {
    match standing {
        LedgerState::Sound | LedgerState::Checking => None,
        LedgerState::Unknown(LedgerDoubt::WitnessNotWritten) => Some(Notice::new(
            "witness_not_written",
            "台账的见证写不进去：此后台账若丢失一部分，程序会看不出来。",
            "可以继续办理；请信息科检查配置 storage.witness_directory 指向的目录和磁盘，详情见日志。",
        )),
        LedgerState::Unknown(LedgerDoubt::NotChecked) => Some(Notice::new(
            "ledger_not_checked",
            "台账的全面检查没有做完，是否完好还不知道。",
            "可以继续办理；请信息科查看日志（journalctl -u settlement-agent），空闲时重新启动程序再检查一次。",
        )),
        LedgerState::Stopped(error) => Some(ledger(error)),
        LedgerState::Full(NoRoom::DiskFull(folder)) => Some(Notice::new(
            "disk_full",
            "本机磁盘已满（或即将写满），新的登记和结算存不下来；已结算的记录没有丢失，仍会上传。",
            format!(
                "请信息科立即清理 {} 所在的磁盘；清理之前请不要办理新的登记和结算。",
                folder.display()
            ),
        )),
        LedgerState::Full(NoRoom::NotWritable) => Some(Notice::new(
            "ledger_not_writable",
            "本机台账写不进去，新的登记和结算存不下来；已结算的记录没有丢失，仍会上传。",
            "请信息科查看日志，检查磁盘；恢复之前请不要办理新的登记和结算。",
        )),
    }
}

/// Of the province.
pub(crate) fn province_trouble(trouble: &Hindrance) -> Notice {
    match trouble {
        Hindrance::Exchange(error) => error.notice(),
        Hindrance::Endless => super::registry::endless(),
    }
}
