//! What `check-config` and the start say of what they load: what is missing, and what should be known though nobody is kept from
//! working.

use std::io::Error;
use std::path::Path;

use drivers::reader::{LibraryFault, NotTried};

use super::system::system;
use crate::wording::notice::Notice;

/// A vendor's library that cannot be read.
pub(crate) fn library_unreadable(library: &Path, error: &Error) -> Notice {
    library_missing(format!(
        "厂商读卡库 {} 读不出来：{}。",
        library.display(),
        system(error)
    ))
}

/// A vendor's library for another processor.
pub(crate) fn library_of_another_machine(library: &Path) -> Notice {
    library_missing(format!(
        "厂商读卡库 {} 不是本机（{}）能用的程序库。",
        library.display(),
        std::env::consts::ARCH
    ))
}

fn library_missing(say: String) -> Notice {
    Notice::new(
        "vendor_library_missing",
        say,
        "请安装读卡器厂商为本机系统提供的程序库，或改正配置 card.vendor_library。",
    )
}

/// The reviewer on the slip is a cashier too.
pub(crate) fn reviewer_is_cashier(reviewer: &str) -> Notice {
    Notice::new(
        "reviewer_is_cashier",
        format!("审核人“{reviewer}”也是经办人：本人经办的结算单上，收款人和审核人会是同一人。"),
        "请把配置 slip.reviewer 改为另一人，或留空由审核人手签。",
    )
}

/// Two cashiers with one account.
pub(crate) fn account_shared(name: &str, user: &str) -> Notice {
    Notice::new(
        "account_shared",
        format!(
            "经办人“{name}”和前面的另一名经办人用同一个本机账户 {user}：程序只认账户，都会记在前一人名下。"
        ),
        "请为每名经办人各建一个本机账户。",
    )
}

/// A cashier who works as root.
pub(crate) fn operator_is_root(name: &str, user: &str) -> Notice {
    Notice::new(
        "operator_is_root",
        format!(
            "经办人“{name}”用的是管理员账户 {user}：上网和办业务都会有改动本机一切文件的权限。"
        ),
        "请为经办人另建普通账户。",
    )
}

/// The counter works by account.
pub(crate) fn no_people() -> Notice {
    Notice::new(
        "no_staff_yet",
        "本窗口还没有设置人员：同一账户换班时，收款人和经办人分不清是谁。",
        "请增加第一名管理人员：settlement-agent staff add 工号 --name 姓名 --roles 收款,管理，再由他在页面“人员”中增加其他人。",
    )
}

/// Why the card process does not use a vendor's library.
pub(crate) fn library_fault(library: &Path, fault: &LibraryFault) -> Notice {
    match fault {
        LibraryFault::Unconfined => unconfined(
            "厂商读卡库不会装载：本机内核没有 Landlock 或 seccomp，读卡子进程又与结算程序同一账户，读卡库会读到密钥和台账。",
        ),
        LibraryFault::Unloadable(words) => library_missing(format!(
            "厂商读卡库 {} 装载不了：{words}。",
            library.display()
        )),
        LibraryFault::Functionless => library_missing(format!(
            "{} 不是社保卡读卡库：里面没有规范的函数 iReadCardBas。",
            library.display()
        )),
    }
}

/// No card process answered whether the library can be loaded.
pub(crate) fn library_not_tried(library: &Path, error: &NotTried) -> Notice {
    let why = match error {
        NotTried::CannotStart(error) | NotTried::Pipe(error) => {
            format!("读卡子进程启动不了：{}", system(error))
        }
        NotTried::Ended => "装载时读卡子进程意外结束".to_owned(),
        NotTried::Hangs => "装载了 20 秒还没有完成".to_owned(),
    };
    Notice::new(
        "vendor_library_not_tried",
        format!("厂商读卡库 {} 没有试成：{why}。", library.display()),
        "请检查 settlement-agent-card.socket 是否已启用，读卡库是否适用本机系统；用 journalctl -u 'settlement-agent-card@*' 查看详情。",
    )
}

/// Whether the kernel can is not known.
pub(crate) fn confinement_unknown() -> Notice {
    unconfined("查不出本机内核能否把厂商读卡库与密钥隔开。")
}

fn unconfined(say: &str) -> Notice {
    Notice::new(
        "library_unconfined",
        say,
        "请设置 card.process_socket，让读卡子进程用自己的账户；或换用 5.13 以上、启用 Landlock 的内核；或在配置 card.authentication 中去掉 vendor。",
    )
}
