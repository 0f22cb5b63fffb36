//! What the cashier reads of the desk: of readers and scanners in trouble, of what is not taken, and of what is odd about a card.

use drivers::card::{OpenedBy, Remark};

use super::card::{card_fault, odd, withheld};
use super::code::{
    code_rejected, code_too_old, identity_card_outside_validity, identity_reader_fault,
    identity_reader_silent, no_thread_for, not_identity_card, scanner_fault,
};
use crate::desk::{
    CardRemark, ConfirmedBy, Declined, Device, DeviceTrouble, ReaderTrouble, Unanswered,
};
use crate::visible_text::in_one_line;
use crate::wording::notice::Notice;

/// The card reader, or the card in it.
pub(crate) fn reader_trouble(trouble: &ReaderTrouble) -> Notice {
    match trouble {
        ReaderTrouble::Card(fault) => card_fault(fault),
        ReaderTrouble::Denied(error) => Notice::new(
            "card_denied",
            format!("省平台不认可这张卡：{}", error.notice().say),
            "请持卡人出示本人有效的社会保障卡或电子社保卡；卡有问题的，请持卡人到社会保障卡服务网点查询。",
        ),
        ReaderTrouble::NoCardNumber(length) => {
            let why = odd(length.map_or(Remark::CardNumberBlank, Remark::CardNumberOfOtherForm));
            Notice::new(
                "card_number_unusable",
                format!("{why}没有可用的卡号，省平台查不到持卡人。"),
                "请持卡人出示电子社保卡，并到社会保障卡服务网点换卡。",
            )
        }
        ReaderTrouble::Unnamed(why, opened_by) => Notice::new(
            "card_not_resolved",
            format!(
                "这张卡要由省平台认证才能知道是谁的{}，没有成功：{}",
                closed(*opened_by),
                unanswered(why)
            ),
            "请网络恢复后重新插卡，或请持卡人出示电子社保卡；办理出院结算的可以直接试算，与登记时核验过的是同一张卡的可以结算。",
        ),
    }
}

/// Why the card itself does not say whose it is, in brackets.
fn closed(opened_by: OpenedBy) -> String {
    match opened_by {
        OpenedBy::Withheld(because) => format!("（{}）", withheld(because)),
        OpenedBy::Free | OpenedBy::Relay | OpenedBy::Psam | OpenedBy::VendorLibrary => {
            String::new()
        }
    }
}

fn unanswered(why: &Unanswered) -> String {
    match why {
        Unanswered::NoCardNumber => "卡号为空，无法向省平台核验。".to_owned(),
        Unanswered::NoNumber => "省平台没有给出号码。".to_owned(),
        Unanswered::Failed(error) => error.notice().say,
    }
}

/// A scanner or an identity card reader.
pub(crate) fn device_trouble(trouble: &DeviceTrouble) -> Notice {
    match trouble {
        DeviceTrouble::Scanner(fault) => scanner_fault(*fault),
        DeviceTrouble::IdentityReader(fault) => identity_reader_fault(*fault),
        DeviceTrouble::IdentityReaderSilent => identity_reader_silent(),
        DeviceTrouble::NoThread(Device::Scanner) => no_thread_for("扫码枪"),
        DeviceTrouble::NoThread(Device::IdentityReader) => no_thread_for("身份证阅读器"),
        DeviceTrouble::OtherReader(fault) => card_fault(fault),
    }
}

/// What was presented and is not taken.
pub(crate) fn declined(why: &Declined) -> Notice {
    match why {
        Declined::Code(rejected) => code_rejected(*rejected),
        Declined::CodeTooOld(too_old) => code_too_old(too_old),
        Declined::CodeUsed => Notice::new(
            "code_used",
            "这个二维码刚才已经用过，一个码只能用一次。",
            "请持卡人刷新二维码后再扫。",
        ),
        Declined::CodeRefused(why) => Notice::new(
            "code_refused",
            format!("电子社保卡没有通过省平台核验：{}", unanswered(why)),
            "请持卡人刷新二维码再扫；用键盘式扫码枪的，请看 Caps Lock 是否亮着（会改变码的大小写）；仍不行请插入社会保障卡。",
        ),
        Declined::CodeNotVerified(error) => Notice::new(
            "code_not_verified",
            format!("电子社保卡要由省平台核验，没有成功：{}", error.notice().say),
            "请插入社会保障卡；没有带卡的，网络恢复后请持卡人刷新二维码再扫。",
        ),
        Declined::IdentityCard(error) => not_identity_card(*error),
        Declined::IdentityCardOutsideValidity => identity_card_outside_validity(),
    }
}

/// Beside the reading; nothing where there is nothing to look out for.
pub(crate) fn card_remark(remark: &CardRemark) -> Option<String> {
    match remark {
        CardRemark::Confirmed(by) => confirmed(*by).map(str::to_owned),
        CardRemark::Differs => Some(
            "卡上写的号码或姓名与省平台登记的持卡人不一致，这里显示的是省平台登记的。".to_owned(),
        ),
        CardRemark::Withheld(because) => Some(format!(
            "持卡人未能从卡上读出（{}），由省平台凭卡号查得。",
            withheld(*because)
        )),
        CardRemark::Expired(last_day) => Some(format!(
            "这张卡的有效期到 {last_day} 为止，请提醒持卡人换卡。"
        )),
        CardRemark::Odd(remark) => Some(odd(*remark)),
        CardRemark::FormerCharacters => {
            Some("姓名中有旧编码的字，已换成国标（GB 18030-2022）的字，请核对。".to_owned())
        }
        CardRemark::AnotherLies { here, there } => Some(format!(
            "读卡器“{}”里还插着另一张卡；这里显示的是最后插入的、读卡器“{}”里的卡。",
            in_one_line(there),
            in_one_line(here)
        )),
    }
}

fn confirmed(by: ConfirmedBy) -> Option<&'static str> {
    match by {
        ConfirmedBy::Cryptogram | ConfirmedBy::Code => None,
        ConfirmedBy::Psam => Some("省平台没有应答，这张卡由读卡器里的PSAM鉴权确认。"),
        ConfirmedBy::NumberAndId => Some(
            "这张卡不能做内部认证，省平台只凭卡号和卡识别码确认；这两样可以被复制，请核对持卡人。",
        ),
        ConfirmedBy::SameCard => Some("省平台没有应答，这张卡与本次就医先前核验过的是同一张。"),
        ConfirmedBy::Nobody => {
            Some("省平台没有应答，这张卡没有经过核验，不能据此结算；请联网恢复后重新插卡。")
        }
    }
}
