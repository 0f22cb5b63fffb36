//! How the counter's own ledger is found: said on every screen and at every door, and where it is not to be trusted nothing is
//! admitted, settled or printed on it; where it takes nothing in, why.

use crate::counter::Counter;
use crate::counter::error::CounterError;
use crate::counter::views::LedgerStanding;
use crate::ledger::{Integrity, LedgerError};
use crate::wording::counter::ledger as ledger_notice;
use crate::wording::notice::Notice;

impl Counter {
    /// Waits for the ledger's thorough check, says in the log what it found, and has every screen look again.
    pub async fn run_integrity_watch(self) {
        let found = self.0.ledger.checked().await;
        tracing::info!(?found, "the ledger's thorough check has ended");
        self.changed();
    }

    /// How the ledger is found.
    pub fn ledger_standing(&self) -> LedgerStanding {
        match self.0.ledger.require_sound() {
            Err(error) => LedgerStanding::Stopped(ledger_notice(&error)),
            Ok(()) => match (self.0.ledger.integrity(), self.no_room()) {
                (Integrity::Damaged { what }, _) => {
                    LedgerStanding::Stopped(ledger_notice(&LedgerError::Damaged { what }))
                }
                (
                    Integrity::Sound | Integrity::Checking | Integrity::NotChecked { .. },
                    Some(no_room),
                ) => LedgerStanding::Stopped(no_room),
                (Integrity::Sound, None) if self.0.ledger.witness_trouble().is_some() => {
                    LedgerStanding::Unknown(witness_not_written())
                }
                (Integrity::Sound, None) => LedgerStanding::Sound,
                (Integrity::Checking, None) => LedgerStanding::Checking,
                (Integrity::NotChecked { why: _ }, None) => LedgerStanding::Unknown(not_checked()),
            },
        }
    }

    /// Damage that somebody came upon is said on every screen, not to them alone.
    pub(crate) fn note_damage(&self, error: &CounterError) {
        if let CounterError::Ledger(LedgerError::Damaged { what }) = error {
            self.0.ledger.found_damaged(what.clone());
            self.changed();
        }
    }

    /// Refuses where the ledger is not to be trusted, before anything is begun on it.
    pub(crate) fn require_sound_ledger(&self) -> Result<(), CounterError> {
        Ok(self.0.ledger.require_sound()?)
    }
}

fn witness_not_written() -> Notice {
    Notice::new(
        "witness_not_written",
        "台账的见证写不进去：此后台账若丢失一部分，程序会看不出来。",
        "可以继续办理；请信息科检查配置 storage.witness_directory 指向的目录和磁盘，详情见日志。",
    )
}

fn not_checked() -> Notice {
    Notice::new(
        "ledger_not_checked",
        "台账的全面检查没有做完，是否完好还不知道。",
        "可以继续办理；请信息科查看日志（journalctl -u settlement-agent），空闲时重新启动程序再检查一次。",
    )
}
