//! What the cashier reads when a card or its reader is in trouble: one sentence and one next step for each situation.

use drivers::card::{NameEncoding, Remark, WithheldBecause};
use drivers::reader::{CardFault, StepName};

use crate::wording::notice::Notice;

const OTHER_FORM: &str = "请重新插卡；仍读不出时请持卡人出示电子社保卡。";

/// The notice for a fault of card, reader or service.
#[expect(
    clippy::too_many_lines,
    reason = "one flat table: a sentence and a next step for each situation"
)]
pub(crate) fn card_fault(fault: &CardFault) -> Notice {
    match fault {
        CardFault::ServiceDown => Notice::new(
            "card_service_down",
            "读卡服务（pcscd）没有运行。",
            "请信息科执行 systemctl restart pcscd.socket；恢复后本页自动可用，不用重启结算程序。",
        ),
        CardFault::ServiceStuck => Notice::new(
            "card_service_stuck",
            "读卡服务（pcscd）没有响应。",
            "请拔下读卡器再插上；仍不行请信息科执行 systemctl restart pcscd。",
        ),
        CardFault::ServiceRefuses => Notice::new(
            "card_service_refuses",
            "读卡服务（pcscd）在运行，但不允许结算程序使用读卡器。",
            "请信息科检查 /usr/share/polkit-1/rules.d/settlement-agent.rules 是否已安装，再执行 systemctl restart polkit pcscd；原因见 journalctl -u pcscd。",
        ),
        CardFault::NoReader => {
            Notice::new("no_reader", "没有找到读卡器。", "请插好读卡器的 USB 线。")
        }
        CardFault::ReaderNotFound { wanted } => Notice::new(
            "reader_not_found",
            format!("没有找到名称含“{wanted}”的读卡器。"),
            "请插好指定的读卡器，或请信息科核对配置 card.reader。",
        ),
        CardFault::NoCard => Notice::new("no_card", "读卡器里没有卡。", "请插入社会保障卡。"),
        CardFault::Mute => Notice::new(
            "card_mute",
            "卡没有反应。",
            "请检查卡是否插反，擦净芯片后重新插入。",
        ),
        CardFault::HeldByAnotherProgram => Notice::new(
            "card_held",
            "卡正被另一个程序占用。",
            "请关闭其他正在读卡的程序，然后重新插卡。",
        ),
        CardFault::DrawnOut => Notice::new(
            "card_drawn_out",
            "读卡时卡被拔出。",
            "请重新插卡，读完再拔。",
        ),
        CardFault::ReaderStuck => Notice::new(
            "reader_stuck",
            "读卡器停止响应，已自动重新启动读卡。",
            "请拔出卡，等几秒再插；仍不行请拔插读卡器。",
        ),
        CardFault::ReaderUnplugged => Notice::new(
            "reader_unplugged",
            "读卡时读卡器断开。",
            "请插好读卡器的 USB 线，再重新插卡。",
        ),
        CardFault::ReaderFailed { code } => Notice::new(
            "reader_failed",
            format!("读卡器故障（代码 {code:#010X}）。"),
            "请拔插读卡器；仍不行请更换读卡器并联系信息科。",
        ),
        CardFault::ReaderSilent => Notice::new(
            "reader_silent",
            "读卡器插着，但没有反应，可能是电脑睡眠后没有恢复。",
            "请拔下读卡器，等几秒再插上；仍不行请信息科执行 systemctl restart pcscd。",
        ),
        CardFault::NotThisCard => Notice::new(
            "not_this_card",
            "这不是社会保障卡。",
            "请插入社会保障卡，银行卡、身份证、医保卡等不能用于结算。",
        ),
        CardFault::Psam => Notice::new(
            "psam",
            "这是读卡器的安全模块卡（PSAM），不是个人的卡。",
            "请插入社会保障卡；安全模块卡留在它的专用卡槽里，不用理会。",
        ),
        CardFault::Nonsense { step } => Notice::new(
            "card_nonsense",
            format!("卡的应答无法识别（{}）。", step_name(*step)),
            OTHER_FORM,
        ),
        CardFault::Refused { step, status } => Notice::new(
            "card_refused",
            format!("卡拒绝读取（{}，状态字 {status:04X}）。", step_name(*step)),
            OTHER_FORM,
        ),
        CardFault::AuthenticationRefused { status } => Notice::new(
            "card_authentication_refused",
            format!("卡没有通过省平台的认证（状态字 {status:04X}）。"),
            "请重新插卡；仍不行请持卡人出示电子社保卡，并到社会保障卡服务网点检查卡片。",
        ),
        CardFault::Locked { status } => Notice::new(
            "card_locked",
            format!("卡的社会保障应用已锁定（状态字 {status:04X}）。"),
            "请持卡人到社会保障卡服务网点解锁或换卡；本次可出示电子社保卡。",
        ),
        CardFault::RecordMissing { tag } => Notice::new(
            "card_record_missing",
            format!("卡上没有{}，各种读法都试过了。", record_name(*tag)),
            "请持卡人出示电子社保卡，并到社会保障卡服务网点换卡。",
        ),
        CardFault::ProcessEnded => Notice::new(
            "card_process_ended",
            "读卡程序意外退出，正在自动重启。",
            "请稍等几秒，再重新插卡。",
        ),
        CardFault::ProcessCannotStart => Notice::new(
            "card_process_cannot_start",
            "读卡程序启动不了。",
            "请信息科查看日志；期间可用电子社保卡办理。",
        ),
        CardFault::ProcessOfAnotherVersion => Notice::new(
            "card_process_version",
            "读卡程序与结算程序版本不一致，可能正在升级。",
            "请信息科重新启动结算程序。",
        ),
    }
}

/// What a record holds that a card cannot do without.
fn record_name(tag: u8) -> String {
    match tag {
        0x01 => "卡识别码".to_owned(),
        0x07 => "卡号".to_owned(),
        0x08 => "社会保障号码".to_owned(),
        other => format!("记录 {other:02X}"),
    }
}

/// A step of a read, as an IT person finds it in the card's specification.
pub(crate) fn step_name(step: StepName) -> String {
    match step {
        StepName::Connect => "连接卡".to_owned(),
        StepName::Transaction => "独占卡".to_owned(),
        StepName::SelectApplication => "选择社保应用".to_owned(),
        StepName::SelectFile(file) => format!("选择 EF{file:02X}"),
        StepName::ReadRecord {
            file,
            tag: Some(tag),
        } => format!("读 EF{file:02X} 记录 {tag:02X}"),
        StepName::ReadRecord { file, tag: None } => format!("按序号读 EF{file:02X}"),
        StepName::Challenge => "取随机数".to_owned(),
        StepName::InternalAuthentication => "内部认证".to_owned(),
        StepName::Relay => "省平台加密机".to_owned(),
        StepName::ExternalAuthentication => "外部认证".to_owned(),
        StepName::VendorCall => "厂商程序库".to_owned(),
    }
}

/// Why the card told no holder: a half sentence.
pub(crate) fn withheld(because: WithheldBecause) -> String {
    match because {
        WithheldBecause::NoProvider => "没有配置认证方式".to_owned(),
        WithheldBecause::RelayUnreachable => "省平台连不上".to_owned(),
        WithheldBecause::RelayRefused => "省平台拒绝认证这张卡".to_owned(),
        WithheldBecause::RelayNonsense => "省平台的认证应答无法识别".to_owned(),
        WithheldBecause::VendorLibrary(code) => {
            // Beside its own codes the interface gives the negative of a card's status word.
            let status = match code.checked_neg().map(u16::try_from) {
                Some(Ok(status @ 0x6000..)) => format!(" {status:04X}"),
                Some(_) | None => String::new(),
            };
            format!("厂商的程序库返回 {code}，{}{status}", vendor_code(code))
        }
        WithheldBecause::VendorLibraryMissing => {
            "厂商的程序库装载不了，或缺少规范的函数".to_owned()
        }
        WithheldBecause::VendorLibraryUnconfined => {
            "厂商的程序库没有装载：本机没有办法把它和密钥隔开，请信息科运行 settlement-agent check-config".to_owned()
        }
        WithheldBecause::VendorLibraryNonsense => {
            "厂商的程序库给出的内容不符合规范，或是另一张卡的".to_owned()
        }
        WithheldBecause::CardRefuses(status) => {
            format!("卡不接受认证，状态字 {status:04X}")
        }
        WithheldBecause::BehindPin => "卡上的持卡人信息设了密码保护，本机不代输密码".to_owned(),
        WithheldBecause::FileRefused(status) => {
            format!("卡上的持卡人信息读不出来，状态字 {status:04X}")
        }
        WithheldBecause::NumberMissing => "卡上没有写社会保障号码".to_owned(),
        WithheldBecause::NumberOfOtherForm(15) => {
            "卡上写的是 15 位的旧身份证号码，不是 18 位的社会保障号码".to_owned()
        }
        WithheldBecause::NumberOfOtherForm(length) => {
            format!("卡上的社会保障号码是 {length} 个字符，应为 18 位数字或字母")
        }
    }
}

/// What is odd about a card that was read.
pub(crate) fn odd(remark: Remark) -> String {
    match remark {
        Remark::CardNumberCheckDigit => "卡号的校验位不对。".to_owned(),
        Remark::CardNumberBlank => "卡上没有写卡号。".to_owned(),
        Remark::CardNumberOfOtherForm(length) => {
            format!("卡上的卡号是 {length} 个字符，应为 9 位以内的数字或大写字母。")
        }
        Remark::SocialSecurityNumberCheckDigit => {
            "社会保障号码的校验位不对（港澳台居民和外国人的号码可能如此）。".to_owned()
        }
        Remark::NameUnreadable => "卡上的姓名读不出来，已用省平台登记的姓名，请核对。".to_owned(),
        Remark::NameAmbiguous => {
            "卡上的姓名没有按国标编码，分不清是哪几个字，已用省平台登记的姓名，请核对。".to_owned()
        }
        Remark::NameIn(encoding) => format!(
            "卡上的姓名没有按国标（GB 18030）编码，已按 {} 读出，请核对。",
            encoding_name(encoding)
        ),
        Remark::VersionUnknown => "规范版本不认识，已按通用方式读取。".to_owned(),
        Remark::DateUnreadable => "发卡日期或有效期不是日期。".to_owned(),
    }
}

fn encoding_name(encoding: NameEncoding) -> &'static str {
    match encoding {
        NameEncoding::Gb18030 => "GB 18030",
        NameEncoding::Utf8 => "UTF-8",
        NameEncoding::Utf16 => "UTF-16",
    }
}

/// The codes of the national reader interface in words.
fn vendor_code(code: i32) -> &'static str {
    match code {
        -1 => "卡类型不对",
        -2 => "没有卡",
        -3 => "卡没有上电",
        -4 => "卡没有应答",
        -5 => "动态库有误",
        -11 | -12 => "读卡器连接失败",
        -15..=-13 => "命令、参数或校验有误",
        -20 => "卡识别码有误",
        -21 => "内部认证失败",
        -22 => "不是这张卡",
        -23 => "卡不合法",
        -24 => "PSAM级别不符",
        -31 => "操作被取消",
        -32 => "超时",
        -33 => "长度有误",
        -34 => "两次输入不一致",
        -51 => "密码错误",
        -52 => "卡已锁定",
        -2201 => "没有PSAM卡",
        -2202 => "算法不支持",
        -2203 => "没有RKSSSE密钥",
        -2204 => "不需要加密机认证",
        _ => "卡返回的状态",
    }
}
