//! What `check-config` and the start say of what they load: what is missing, and what should be known though nobody is kept from
//! working.

use std::io::Error;
use std::path::Path;

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

/// A vendor's library on a kernel that cannot keep it from the keys.
pub(crate) fn library_unconfined() -> Notice {
    unconfined(
        "本机内核没有 Landlock 或 seccomp，读卡子进程与结算程序同一账户：厂商读卡库能读到密钥和台账。",
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
        "请换用 5.13 以上、启用 Landlock 的内核；在此之前只用来源可靠的读卡库，或在配置 card.authentication 中去掉 vendor。",
    )
}
