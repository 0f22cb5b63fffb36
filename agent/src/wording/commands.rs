//! What the subcommands say where they do not get on.

use std::io::Error;
use std::path::Path;

use drivers::serial::SerialFault;

use super::code::scanner_fault;
use super::system::system;
use crate::wording::notice::Notice;

/// The program has no thread or runtime of its own.
pub(crate) fn not_started(error: &Error) -> Notice {
    Notice::new(
        "system",
        format!("程序无法启动：{}。", system(error)),
        "请联系信息科。",
    )
}

/// What the command prints goes nowhere.
pub(crate) fn output(error: &Error) -> Notice {
    Notice::new(
        "output",
        format!("结果写不出来：{}。", system(error)),
        "请检查输出到的文件或磁盘。",
    )
}

/// What comes in over standard input breaks off.
pub(crate) fn input(error: &Error) -> Notice {
    Notice::new(
        "input",
        format!("标准输入读不出来：{}。", system(error)),
        "请检查送来案例的程序或文件。",
    )
}

/// The file of a case.
pub(crate) fn case_unreadable(path: &Path, error: &Error) -> Notice {
    Notice::new(
        "case_unreadable",
        format!("案例文件 {} 读不出来：{}。", path.display(), system(error)),
        "请核对路径和权限。",
    )
}

/// The file of a message of ours.
pub(crate) fn message_unreadable(path: &Path, error: &Error) -> Notice {
    Notice::new(
        "message_unreadable",
        format!("报文文件 {} 读不出来：{}。", path.display(), system(error)),
        "请核对路径和权限。",
    )
}

/// The configuration gave neither settings nor a finding.
pub(crate) fn configuration_lost() -> Notice {
    Notice::new("system", "配置读不出来。", "请联系信息科。")
}

/// A name or reason that the journal is to keep.
pub(crate) fn words_missing(option: &str, longest: usize) -> Notice {
    Notice::new(
        "words_missing",
        format!("{option} 没有填写，或超过 {longest} 个字。"),
        format!("请填写 {option} 后再执行；台账没有改动。"),
    )
}

/// Files that root wrote and the daemon's account does not own.
pub(crate) fn not_handed_over(folder: &Path, error: &Error) -> Notice {
    Notice::new(
        "ledger_owner",
        format!(
            "{} 中的文件不能交给运行账户：{}。",
            folder.display(),
            system(error)
        ),
        "要做的已经做完；请信息科用 chown 把该目录中的文件改为目录的属主，再启动程序。",
    )
}

/// The clock cannot be read.
pub(crate) fn system_unreadable(error: &Error) -> Notice {
    Notice::new(
        "system",
        format!("本机系统信息读不出来：{}。", system(error)),
        "请联系信息科。",
    )
}

/// No Chromium on this PC.
pub(crate) fn no_browser() -> Notice {
    Notice::new(
        "no_browser",
        "没有找到 Chromium 浏览器。",
        "请信息科安装 chromium；用别的 Chromium 内核浏览器时，请写明 settlement-agent page --open --browser 程序名。",
    )
}

/// The browser or its profile.
pub(crate) fn page_not_opened(error: &Error) -> Notice {
    Notice::new(
        "page_not_opened",
        format!("窗口页面打不开：{}。", system(error)),
        "请再试一次；仍不行时请信息科检查浏览器和临时目录。",
    )
}

/// A message that does not wait.
pub(crate) fn not_listed(message: &str) -> Notice {
    Notice::new(
        "upload_unknown",
        format!("没有待上传的报文 {message}。"),
        "请用 settlement-agent queue 查看，核对报文标识。",
    )
}

/// The program's own file.
pub(crate) fn program_missing(error: &Error) -> Notice {
    Notice::new(
        "system",
        format!("找不到程序自己的文件：{}。", system(error)),
        "请重新安装程序。",
    )
}

/// Nobody put a card in.
pub(crate) fn no_card_within(seconds: u64) -> Notice {
    Notice::new(
        "no_card",
        format!("等了 {seconds} 秒，没有读到卡。"),
        "请把卡插入读卡器后再运行，或用 --wait 延长等待。",
    )
}

/// Neither configuration nor options name one.
pub(crate) fn no_scanner() -> Notice {
    Notice::new(
        "no_scanner",
        "配置中没有扫码枪。",
        "请在配置中加上 [[scanner]]，或用 --id、--device 指定一把扫码枪。",
    )
}

/// The slip's file.
pub(crate) fn slip_file(path: &Path, error: &Error) -> Notice {
    Notice::new(
        "slip_file",
        format!("文件 {} 不能写入：{}。", path.display(), system(error)),
        "请换一个还不存在的文件名，或检查目录权限。",
    )
}

/// The bill's file.
pub(crate) fn bill_unreadable(path: &Path, error: &Error) -> Notice {
    Notice::new(
        "bill_unreadable",
        format!("账单文件 {} 读不出来：{}。", path.display(), system(error)),
        "请核对路径和权限。",
    )
}

/// The card process cannot close what it inherited.
pub(crate) fn card_child_open_files(error: &Error) -> Notice {
    Notice::new(
        "card_child",
        format!("读卡子进程不能关闭继承的文件：{}。", system(error)),
        "请信息科查看日志；程序会自动重试。",
    )
}

/// The card process cannot do its work.
pub(crate) fn card_child_ended() -> Notice {
    Notice::new(
        "card_child",
        "读卡子进程不能工作，已结束；详情见日志。",
        "这个子命令由结算程序自己启动，不需要手工运行。",
    )
}

/// The process that reads workbooks cannot do its work.
pub(crate) fn workbook_child_ended() -> Notice {
    Notice::new(
        "workbook_child",
        "读表格文件的子进程不能工作，已结束；详情见日志。",
        "这个子命令由程序自己启动，不需要手工运行。",
    )
}

/// The daemon keeps the configured scanners open: here that is the likely other program.
pub(crate) fn scanner_held(fault: SerialFault) -> Notice {
    match fault {
        SerialFault::HeldByAnotherProgram => Notice {
            next: "结算程序运行时一直占用扫码枪：请先执行 systemctl stop settlement-agent，查完再启动；或关闭其他占用它的程序。"
                .to_owned(),
            ..scanner_fault(fault)
        },
        SerialFault::Absent | SerialFault::Unplugged | SerialFault::NotPermitted => {
            scanner_fault(fault)
        }
    }
}
