//! What people read when the ledger does not do what was asked, at start and at the counter.

use super::system::system;
use super::terms;
use crate::ledger::{Held, KeyFileError, LedgerError, Refused};
use crate::records::version::RecordError;
use crate::secret_file::SecretFileError;
use crate::wording::notice::Notice;

pub(super) const CALL_IT: &str = "请不要反复重试，记下代码并联系信息科；已结算的记录都保存在本机。";

/// The ledger's errors; also at start, before there is a counter.
#[expect(
    clippy::too_many_lines,
    reason = "one flat table: a line or two for each error"
)]
pub(crate) fn ledger(error: &LedgerError) -> Notice {
    match error {
        LedgerError::SecondInstance { path } => Notice::new(
            "second_instance",
            format!("另一个结算程序正在使用台账 {}。", path.display()),
            "本机只能运行一个结算程序；请先用 systemctl status settlement-agent 查看，再决定停掉哪一个。",
        ),
        LedgerError::WrongKey { path } => Notice::new(
            "ledger_wrong_key",
            format!("密钥打不开台账 {}。", path.display()),
            "请信息科核对配置中的密钥文件是否与这份台账配套；不要删除或改名台账文件。",
        ),
        LedgerError::Damaged { what: _ } => Notice::new(
            "ledger_damaged",
            "台账损坏或被改动过，已停止登记、结算和出单。",
            "请信息科保留台账目录原样，联系技术支持；期间请走手工方式，已打印的结算单以纸质为准。",
        ),
        LedgerError::Vanished { path } => Notice::new(
            "ledger_vanished",
            format!("台账 {} 以前存在，现在不见了或是空的。", path.display()),
            format!(
                "请信息科停掉程序（systemctl stop settlement-agent），{RESTORE}。确实没有备份的，与经办机构核对后执行 settlement-agent ledger new-epoch --empty --who 姓名 --reason 原因。"
            ),
        ),
        LedgerError::Held(held) => ledger_held(*held),
        LedgerError::InTheWay { path } => Notice::new(
            "ledger_in_the_way",
            format!(
                "台账 {} 还在，里面有记录，没有从空台账开始。",
                path.display()
            ),
            "要用现有台账继续的，去掉 --empty 再执行。",
        ),
        LedgerError::NewerFile { found, known } => Notice::new(
            "ledger_newer",
            format!("台账由更新版本的程序写过（版本 {found}，本程序只认到 {known}）。"),
            "请安装新版本的程序。",
        ),
        LedgerError::KeyFile(error) => key_file(error),
        LedgerError::File {
            path,
            source,
            doing: _,
        } => Notice::new(
            "ledger_file",
            format!(
                "台账相关文件 {} 不能使用：{}。",
                path.display(),
                system(source)
            ),
            "请信息科检查目录是否存在、权限和磁盘。",
        ),
        LedgerError::DiskFull => Notice::new(
            "disk_full",
            "磁盘已满，这一步没有保存。",
            "请信息科清理磁盘后重试；已结算的记录没有丢失。",
        ),
        LedgerError::ClockBehind { last, now } => Notice::new(
            "clock_behind",
            format!(
                "本机时钟（{}）早于台账最后一笔（{}），暂停结算。",
                terms::moment(*now),
                terms::moment(*last)
            ),
            "请信息科校准本机时间后重试；时间是对的、只是以前走快过的，核对后执行 settlement-agent accept-clock --reason 原因。",
        ),
        LedgerError::Refused(refused) => refusal(refused),
        LedgerError::Record(error) => record(error),
        LedgerError::Sqlite(_)
        | LedgerError::Queue(_)
        | LedgerError::Panicked
        | LedgerError::Closed
        | LedgerError::Random(_) => {
            Notice::new("ledger_failed", "台账读写失败，这一步没有保存。", CALL_IT)
        }
    }
}

/// A record of ours that cannot be read, or kept.
pub(super) fn record(error: &RecordError) -> Notice {
    match error {
        RecordError::Newer { found, known, .. } => Notice::new(
            "ledger_newer",
            format!("台账里有一项内容是更新版本的程序写的（版本 {found}，本程序只认到 {known}）。"),
            "请安装新版本的程序。",
        ),
        RecordError::Damaged { .. } | RecordError::Unwritable { .. } => {
            Notice::new("ledger_value", "本机台账中有一项内容读不出来。", CALL_IT)
        }
    }
}

const RESTORE: &str =
    "有备份的执行 settlement-agent ledger restore 备份文件 --who 姓名 --reason 原因";

/// A ledger that is not gone on with until a person has decided.
fn ledger_held(held: Held) -> Notice {
    let (code, found) = match held {
        Held::Behind { reached, witnessed } => (
            "ledger_behind",
            format!(
                "台账只到第 {reached} 条，见证记到第 {witnessed} 条：台账被换成了较旧的一份，或丢失了最后一部分"
            ),
        ),
        Held::Another { sequence } => (
            "ledger_another",
            format!("台账第 {sequence} 条与见证记下的不同：台账被改写过，或换成了另一份"),
        ),
        Held::Province { sequence } => (
            "ledger_behind_province",
            format!(
                "省平台记着本窗口台账的第 {sequence} 条，本机台账里没有这一条：本机被换回了较旧的状态，或台账被改写过"
            ),
        ),
        Held::WitnessMissing => (
            "witness_missing",
            "台账的见证文件不见了，不能确认台账是不是最新的一份".to_owned(),
        ),
        Held::WitnessUnreadable => (
            "witness_unreadable",
            "台账的见证文件不是本程序用这把密钥写的，不能确认台账是不是最新的一份".to_owned(),
        ),
    };
    Notice::new(
        code,
        format!("{found}。已暂停登记、结算、出单和上传。"),
        format!(
            "请信息科停掉程序（systemctl stop settlement-agent），{RESTORE}；没有更新的备份、核对后要用现有台账继续的执行 settlement-agent ledger new-epoch --who 姓名 --reason 原因；再启动。期间请走手工方式。"
        ),
    )
}

fn key_file(error: &KeyFileError) -> Notice {
    match error {
        KeyFileError::Secret(SecretFileError::Custody(finding)) => Notice::from(finding),
        KeyFileError::File {
            path,
            source,
            doing: _,
        }
        | KeyFileError::Secret(SecretFileError::File {
            path,
            source,
            doing: _,
        }) => Notice::new(
            "ledger_key_file",
            format!(
                "台账密钥文件 {} 不能使用：{}。",
                path.display(),
                system(source)
            ),
            "请核对路径和权限。只有全新安装、还没有台账时才用 settlement-agent create-key 新建；新密钥打不开已有的台账。",
        ),
        KeyFileError::NotAKey { path }
        | KeyFileError::Secret(SecretFileError::TooLong { path }) => Notice::new(
            "ledger_key_damaged",
            format!(
                "台账密钥文件 {} 的内容不是 64 个十六进制数字。",
                path.display()
            ),
            "请从保险柜中的备份恢复这个文件；新密钥打不开已有的台账。",
        ),
    }
}

fn refusal(refused: &Refused) -> Notice {
    match refused {
        Refused::VisitSettled { settlement } => already_settled(settlement.as_str()),
        Refused::UnknownVisit => {
            Notice::new("visit_unknown", "没有这个就医登记。", "请从首页选择。")
        }
        Refused::UnknownSettlement => {
            Notice::new("settlement_unknown", "没有这笔结算。", "请从首页选择。")
        }
        Refused::VisitClosed => {
            Notice::new("visit_closed", "这次就医已经结束。", "请核对就医登记。")
        }
        Refused::GenerationPassed { .. } => Notice::new(
            "generation_passed",
            "试算之后这次就医已有新的结算或撤销，没有结算。",
            "请重新试算。",
        ),
        Refused::KeyBelongsToAnother => Notice::new(
            "key_of_another",
            "这个操作编号已用于另一笔业务，或同一笔业务的内容与第一次不同，没有办理。",
            "请刷新页面，核对已有的登记后再办理；医院系统请为新的业务使用新的 key。",
        ),
        Refused::AlreadyVoid => {
            Notice::new("already_void", "这笔结算已经撤销。", "不需要再次撤销。")
        }
        Refused::RegisteredOtherwise => Notice::new(
            "registered_otherwise",
            "平台给出的就医登记号与以前不同。",
            "请与经办机构核对。",
        ),
    }
}

pub(super) fn already_settled(settlement: &str) -> Notice {
    Notice::new(
        "already_settled",
        format!("这次就医已经结算，结算编号 {settlement}，没有重复结算。"),
        "请打开该笔结算查看金额、打印结算单。",
    )
}
