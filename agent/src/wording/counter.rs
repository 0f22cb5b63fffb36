//! What the cashier reads when the counter did not do what was asked.

use receipts::RenderError;

use super::ledger::{CALL_IT, already_settled, ledger, record};
use super::terms;
use crate::counter::error::CounterError;
use crate::counter::quote::error::QuoteError;
use crate::counter::settle::error::SettleError;
use crate::counter::stay::admission::LONGEST_KEY;
use crate::counter::stay::error::AdmissionError;
use crate::counter::texts::{LONGEST, LONGEST_WORDS, TextFault};
use crate::counter::upkeep::error::ClockError;
use crate::counter::uploads::error::UploadError;
use crate::wording::notice::Notice;

impl From<&CounterError> for Notice {
    #[expect(
        clippy::too_many_lines,
        reason = "one flat table: a line or two for each error"
    )]
    fn from(error: &CounterError) -> Self {
        match error {
            CounterError::NothingPresented => Self::new(
                "nothing_presented",
                "还没有读到社会保障卡或电子社保卡。",
                "请插入社会保障卡，或扫描电子社保卡后再继续。",
            ),
            CounterError::RegistryEmpty => Self::new(
                "registry_empty",
                "本机还没有从省平台取得机构和备案信息。",
                "请检查网络，等首页显示“备案信息已更新”后再办理。",
            ),
            CounterError::CatalogueEmpty => Self::new(
                "catalogue_empty",
                "本机还没有从省平台取得目录，账单不能试算。",
                "请稍等；首页仍显示“目录：还没有取得”的，请检查网络。",
            ),
            CounterError::FormText { field, fault } => form_text(field, *fault).about(field),
            CounterError::NotAllowed(judgement) => Self::new(
                "not_allowed",
                judgement
                    .grounds()
                    .first()
                    .map_or_else(String::new, |ground| ground.say()),
                "请按页面列出的每条原因办理。",
            ),
            CounterError::AnotherReading => Self::new(
                "read_again",
                "读卡情况有变化，没有办理；要办理的须是页面上核对过的这一次读卡。",
                "请等卡读完，核对姓名和判断结果，再办理一次。",
            ),
            CounterError::RemedyWords { field } => Self::new(
                "remedy_words",
                format!("“{field}”没有填写，或超过 {LONGEST_WORDS} 个字。"),
                format!("请填写“{field}”后再提交；这次没有登记。"),
            )
            .about(field),
            CounterError::VisitUnknown => Self::new(
                "visit_unknown",
                "没有这个就医登记。",
                "请从首页的在院列表中选择。",
            ),
            CounterError::VisitClosed => Self::new(
                "visit_closed",
                "这次就医已经结束（登记已取消，或已改走手工报销），没有办理。",
                "请从首页的在院列表中选择正确的登记。",
            ),
            CounterError::NotANumber(_) => {
                Self::new("not_a_number", "编号格式不对。", "请从首页的列表中选择。")
            }
            CounterError::Case(error) => Self::new(
                "case_misfit",
                format!("账单或登记信息前后不一致：{error}"),
                "请按提示核对账单和就医登记后重试。",
            ),
            CounterError::Ledger(error) => ledger(error),
            CounterError::LedgerValue(_) | CounterError::Evidence(_) => {
                Self::new("ledger_value", "本机台账中有一项内容读不出来。", CALL_IT)
            }
            CounterError::Record(error) => record(error),
            CounterError::Registry(error) => error.notice(),
            CounterError::Platform(error) => error.notice(),
            CounterError::Slip(error) => slip(error),
            CounterError::NoRandomness(_) => {
                Self::new("no_randomness", "本机取不到随机数。", CALL_IT)
            }
            CounterError::TooManyBills => Self::new(
                "bill_waits",
                "别的大账单正在接收和处理，等了半分钟还没有轮到这一份，没有读它。",
                "请稍等片刻再试算一次；没有任何内容被保存。",
            ),
            CounterError::Interrupted(_) => {
                Self::new("interrupted", "处理被中断。", "请刷新页面后重试。")
            }
            CounterError::Admission(error) => Self::from(error),
            CounterError::Settle(error) => Self::from(error),
            CounterError::Quote(error) => Self::from(error),
            CounterError::Upload(error) => Self::from(error),
            CounterError::Staff(error) => Self::from(error),
            CounterError::Clock(error) => Self::from(error),
        }
    }
}

impl From<&AdmissionError> for Notice {
    fn from(error: &AdmissionError) -> Self {
        match error {
            AdmissionError::KindNotHere => Self::new(
                "kind_not_here",
                "本窗口目前只办理住院医疗和住院康复的跨省直接结算。",
                "请按医院原有流程办理；费用可回参保地按规定申请手工报销。",
            ),
            AdmissionError::TimeAhead => Self::new(
                "time_ahead",
                "登记时间晚于现在。",
                "请核对登记时间和本机时钟。",
            ),
            AdmissionError::SlipEntry(error) => slip_entry(error),
            AdmissionError::PressKey => Self::new(
                "key_wrong",
                format!(
                    "办理标识 key 是空的、超过 {LONGEST_KEY} 个字符，或含有控制字符，没有办理。"
                ),
                "在窗口页面上请刷新后重新填写；医院系统请为每次办理换一个新的 key，例如 UUID。",
            ),
            AdmissionError::AlreadyAdmitted { visit } => Self::new(
                "already_admitted",
                format!("该职工在本机已有未结算的住院登记 {visit}，没有重复登记。"),
                "请从首页打开这次登记办理出院结算；登记有误的，在那里取消入院登记后重新登记。",
            ),
            AdmissionError::SettledOnce => Self::new(
                "settled_once",
                "这次就医结算过（后来作废），入院登记不能取消。",
                "请核对账单后重新结算；不在本机结算的，按手工报销办理。",
            ),
        }
    }
}

impl From<&SettleError> for Notice {
    fn from(error: &SettleError) -> Self {
        match error {
            SettleError::QuoteChanged(_) => Self::new(
                "quote_changed",
                "试算之后情况有变化，刚才的金额不能再用，没有结算。",
                "请重新试算，核对后再结算。",
            ),
            SettleError::QuoteExpired { judged_at } => Self::new(
                "quote_expired",
                format!(
                    "{} 的试算所凭的读卡已超过 30 分钟，或本机时间被调整过，没有结算。",
                    terms::moment(*judged_at)
                ),
                "请这位职工重新出示卡，重新试算、核对后再结算。",
            ),
            SettleError::NoBill => Self::new(
                "no_bill",
                "没有可结算的账单。",
                "请选择账单并试算后再结算。",
            ),
            SettleError::AlreadySettled { settlement } => already_settled(settlement),
            SettleError::Unknown => {
                Self::new("settlement_unknown", "没有这笔结算。", "请从首页选择。")
            }
        }
    }
}

impl From<&QuoteError> for Notice {
    fn from(error: &QuoteError) -> Self {
        match error {
            QuoteError::DischargeTime { registered_at } => Self::new(
                "discharge_time",
                format!(
                    "出院时间须在入院登记（{}）之后、现在之前。",
                    terms::moment(*registered_at)
                ),
                "请核对出院时间。",
            ),
            QuoteError::LineOutsideStay(outside) => super::bill::outside_stay(outside),
            QuoteError::Parts(fault) => super::bill::parts(fault),
            QuoteError::Marks(fault) => super::bill::marks(fault),
            QuoteError::OfAnother(bill) => super::bill::of_another(bill),
            QuoteError::AnotherWorkersCard => Self::new(
                "another_workers_card",
                "现在读到的卡不是本次住院职工的卡，没有试算，也没有结算。",
                "请换上这位职工本人的社会保障卡或电子社保卡，重新试算。",
            ),
            QuoteError::Forgotten => Self::new(
                "quote_forgotten",
                "这份试算已经失效，没有结算。",
                "请重新选择账单试算。",
            ),
            QuoteError::Superseded => Self::new(
                "quote_superseded",
                "这次就诊后来又做过试算，这一份不能再用，没有结算。",
                "请打开最新的试算，核对账单和金额后再结算。",
            ),
            QuoteError::OfferGone => Self::new(
                "bill_offer_gone",
                "账单文件夹里的这份文件已被改动、移走，或不再与这次住院相符，没有试算。",
                "请看页面上现在列出的账单，重新选一份再试算；没有列出的，另选文件。",
            ),
            QuoteError::NothingToVouch => Self::new(
                "nothing_to_vouch",
                "这份试算没有因为这件事被暂停，没有登记。",
                "请重新打开最新的试算核对。",
            ),
            QuoteError::Bill(error) => Self::from(error),
        }
    }
}

impl From<&UploadError> for Notice {
    fn from(error: &UploadError) -> Self {
        match error {
            UploadError::Unknown => Self::new(
                "upload_unknown",
                "没有这条上传。",
                "请从“上传情况”中选择，或核对报文标识。",
            ),
            UploadError::NotRefused => Self::new(
                "upload_not_refused",
                "这一条现在不是所看到的状态，可能已经处理过，或情况又有变化，没有登记。",
                "请重新打开“上传情况”核对后再处理。",
            ),
        }
    }
}

impl From<&ClockError> for Notice {
    fn from(error: &ClockError) -> Self {
        match error {
            ClockError::NotBehind => Self::new(
                "clock_not_behind",
                "本机时间没有早于台账，不需要登记。",
                "结算若仍被暂停，请按所提示的其他原因处理。",
            ),
        }
    }
}

fn form_text(field: &str, fault: TextFault) -> Notice {
    match fault {
        TextFault::Missing => Notice::new(
            "field_missing",
            format!("“{field}”没有填写。"),
            format!("请填写“{field}”后再提交，其他内容都还在。"),
        ),
        TextFault::TooLong => Notice::new(
            "field_too_long",
            format!("“{field}”太长。"),
            format!("请把“{field}”改到 {LONGEST} 个字以内，其他内容都还在。"),
        ),
        TextFault::Unseen(character) => Notice::new(
            "field_unseen",
            format!("“{field}”中有看不见的字符 U+{:04X}。", u32::from(character)),
            format!("请把“{field}”清空后重新输入，不要粘贴，其他内容都还在。"),
        ),
    }
}

/// What the slip could not show is refused while nothing is registered yet.
fn slip_entry(error: &RenderError) -> Notice {
    match error {
        RenderError::NoGlyph { field, character } => Notice::new(
            "field_no_glyph",
            format!(
                "“{field}”中的字 U+{:04X} 在已装字体里没有，结算单打印不出来，没有登记。",
                u32::from(*character)
            ),
            format!(
                "请把“{field}”改用能打印的字；确需该字的，请信息科在配置 slip.fallback_font 中加上含有该字的字体。"
            ),
        )
        .about(field),
        RenderError::DoesNotFit { field } => Notice::new(
            "field_too_long_for_slip",
            format!("“{field}”太长，结算单上放不下，没有登记。"),
            format!("请把“{field}”改短后再登记，其他内容都还在。"),
        )
        .about(field),
        RenderError::Empty { .. }
        | RenderError::TimeOutOfRange { .. }
        | RenderError::FontNotEmbedded { .. }
        | RenderError::Write(_) => {
            Notice::new("slip_failed", "结算单的字体不能使用，没有登记。", CALL_IT)
        }
    }
}

fn slip(error: &RenderError) -> Notice {
    let settled = "结算已经保存，不受影响。";
    match error {
        RenderError::NoGlyph { field, character } => Notice::new(
            "slip_no_glyph",
            format!(
                "结算单“{field}”中的字 U+{:04X} 在已装字体里没有，没有出单。{settled}",
                u32::from(*character)
            ),
            "请信息科在配置 slip.fallback_font 中加上含有该字的字体，再重新打印。",
        ),
        RenderError::Empty { field } => Notice::new(
            "slip_field_empty",
            format!("结算单“{field}”是空的，没有出单。{settled}"),
            CALL_IT,
        ),
        RenderError::DoesNotFit { field } => Notice::new(
            "slip_field_too_long",
            format!("结算单“{field}”太长，放不下，没有出单。{settled}"),
            CALL_IT,
        ),
        RenderError::TimeOutOfRange { .. }
        | RenderError::FontNotEmbedded { .. }
        | RenderError::Write(_) => {
            Notice::new("slip_failed", format!("结算单生成失败。{settled}"), CALL_IT)
        }
    }
}
