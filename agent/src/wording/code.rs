//! What the cashier reads when a code, a scanner or an identity card is in trouble: a sentence and a next step for each.

use drivers::code::{CodeKind, Rejected, TooOld};
use drivers::identity_card::NotIdentityCard;
use drivers::serial::SerialFault;

use crate::wording::notice::Notice;

/// The kind of a code in words.
pub(crate) fn code_kind(kind: CodeKind) -> &'static str {
    match kind {
        CodeKind::ElectronicSocialSecurityCard => "电子社保卡",
        CodeKind::MedicalInsurance => "医保电子凭证",
        CodeKind::HealthCard => "电子健康卡",
        CodeKind::IdentityNumber => "身份证号码",
        CodeKind::WebAddress => "网址",
        CodeKind::Barcode => "商品或药品条码",
    }
}

/// A code that is not taken.
pub(crate) fn code_rejected(rejected: Rejected) -> Notice {
    match rejected {
        Rejected::WrongKind(kind) => Notice::new(
            "code_of_another_kind",
            format!("扫到的不是电子社保卡，是{}。", code_kind(kind)),
            "请持卡人打开电子社保卡的二维码再扫，或插入社会保障卡。",
        ),
        Rejected::TooShort => Notice::new(
            "code_too_short",
            "扫到的内容太短，不是电子社保卡。",
            "请持卡人打开电子社保卡的二维码，对准后再扫。",
        ),
        Rejected::TooLong => Notice::new(
            "code_too_long",
            "扫到的内容太长，或者没有结束符。",
            "请再扫一次；反复出现请信息科检查扫码枪的结束符设置。",
        ),
        Rejected::Unended => Notice::new(
            "code_unended",
            "扫码枪传来的内容没有结束符，没有采用。",
            "请再扫一次；反复出现请信息科把扫码枪设为以回车结束，或把配置 scanner.line_end 改为 silence。",
        ),
        Rejected::Chinese => Notice::new(
            "code_chinese",
            "扫到的内容里有汉字：多半是电脑开着中文输入法，不是持卡人的码有问题。",
            "请按 Shift 切换到英文再扫；切换后仍这样，说明扫的不是电子社保卡，请持卡人打开电子社保卡的二维码。",
        ),
        Rejected::Garbage => Notice::new(
            "code_garbled",
            "扫码枪传来的是乱码。",
            "请再扫一次；反复出现请信息科检查扫码枪的波特率和连线。",
        ),
    }
}

/// A code that was scanned too long ago.
pub(crate) fn code_too_old(too_old: &TooOld) -> Notice {
    Notice::new(
        "code_too_old",
        format!(
            "这个二维码是 {} 秒前扫的，已过 {} 秒的时限。",
            too_old.age.as_secs(),
            too_old.limit.as_secs()
        ),
        "请持卡人刷新二维码后再扫。",
    )
}

/// A scanner that cannot be used.
pub(crate) fn scanner_fault(fault: SerialFault) -> Notice {
    match fault {
        SerialFault::Absent => Notice::new(
            "scanner_missing",
            "没有找到扫码枪。",
            "请插好扫码枪；仍找不到请信息科核对配置 scanner.device（ls /dev/serial/by-id）。",
        ),
        SerialFault::Unplugged => Notice::new(
            "scanner_unplugged",
            "扫码枪断开了。",
            "请重新插好，会自动接着用。",
        ),
        SerialFault::HeldByAnotherProgram => Notice::new(
            "scanner_held",
            "扫码枪被另一个程序占用。",
            "请关闭占用它的程序，会自动接着用。",
        ),
        SerialFault::NotPermitted => Notice::new(
            "scanner_not_permitted",
            "没有权限打开扫码枪。",
            "请信息科把运行账户加入 dialout 组，重新启动后会自动使用。",
        ),
    }
}

/// An identity card reader that cannot be used.
pub(crate) fn identity_reader_fault(fault: SerialFault) -> Notice {
    match fault {
        SerialFault::Absent => Notice::new(
            "identity_reader_missing",
            "没有找到身份证阅读器。",
            "请插好阅读器；仍找不到请信息科核对配置 identity_reader.device。",
        ),
        SerialFault::Unplugged => Notice::new(
            "identity_reader_unplugged",
            "身份证阅读器断开了。",
            "请重新插好，会自动接着用。",
        ),
        SerialFault::HeldByAnotherProgram => Notice::new(
            "identity_reader_held",
            "身份证阅读器被另一个程序占用。",
            "请关闭占用它的程序，会自动接着用。",
        ),
        SerialFault::NotPermitted => Notice::new(
            "identity_reader_not_permitted",
            "没有权限打开身份证阅读器。",
            "请信息科把运行账户加入 dialout 组，重新启动后会自动使用。",
        ),
    }
}

/// An identity card reader that is there and does not answer.
pub(crate) fn identity_reader_silent() -> Notice {
    Notice::new(
        "identity_reader_silent",
        "身份证阅读器没有应答。",
        "请拔插阅读器；仍不行请信息科核对配置 identity_reader.device 是不是这台设备。",
    )
}

/// A card on the identity card reader that says something else.
pub(crate) fn not_identity_card(error: NotIdentityCard) -> Notice {
    match error {
        NotIdentityCard::Length => Notice::new(
            "identity_card_unreadable",
            "放在阅读器上的不是居民身份证，或者读出的内容不完整。",
            "请把居民身份证平放在阅读器上再试，或插入社会保障卡。",
        ),
        NotIdentityCard::Field(_field) => Notice::new(
            "identity_card_unreadable",
            "居民身份证的内容读不出来。",
            "请拿起后重新平放；仍不行请插入社会保障卡。",
        ),
    }
}

/// An identity card outside its validity: not a valid identity document (H16).
pub(crate) fn identity_card_outside_validity() -> Notice {
    Notice::new(
        "identity_card_expired",
        "居民身份证不在有效期内，不能用来办理。",
        "请出示有效的居民身份证、社会保障卡或电子社保卡。",
    )
}

/// A device whose thread the system does not give.
pub(crate) fn no_thread_for(device: &str) -> Notice {
    Notice::new(
        "device_not_started",
        format!("{device}启动不了：系统不允许本程序再建线程。"),
        "程序每隔几秒自动再试；请信息科检查进程数限制（nproc、TasksMax）。其他读卡、扫码方式照常使用。",
    )
}
