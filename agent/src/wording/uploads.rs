//! What people read of a message on its way: what it carries, where it stands.

use super::terms;
use crate::counter::uploads::{Carries, LastTime, RegistrationTrouble, Reports, UploadProgress};
use crate::visible_text::in_one_line;

impl Carries {
    /// In Chinese.
    pub fn say(self) -> &'static str {
        match self {
            Self::Registration => "就医登记",
            Self::Cancellation => "取消就医登记",
            Self::FeeDetail => "费用明细",
            Self::Settlement => "结算信息",
            Self::Unknown => "其他信息",
        }
    }
}

impl Reports {
    /// In Chinese.
    pub fn say(&self) -> &'static str {
        match self {
            Self::Registration => "入院登记",
            Self::Cancellation => "取消入院登记",
            Self::Settlement { .. } => "结算",
            Self::Unknown => "其他",
        }
    }
}

impl UploadProgress {
    /// In Chinese.
    pub fn say(&self) -> String {
        match self {
            Self::Waiting {
                ask_first: false,
                last,
                ..
            } => match last {
                None | Some(LastTime::NoAnswer) => "等待上传",
                Some(LastTime::NotSent) => "等待上传（还没有发出，能连上时自动上传）",
                Some(LastTime::PutOff) => "等待上传（省平台请稍后再试）",
            }
            .to_owned(),
            Self::Waiting {
                ask_first: true, ..
            } => "结果未知，先向平台查询".to_owned(),
            Self::Untold { code, reason } => format!(
                "平台可能已收到，但不答复查询（{}）：{}",
                in_one_line(code),
                in_one_line(reason)
            ),
            Self::Unfinished { code, reason } => format!(
                "平台已收到，本机没有办完（{}）：{}",
                in_one_line(code),
                in_one_line(reason)
            ),
            Self::Blocked => "排在须人工处理的一条之后，暂不上传".to_owned(),
            Self::Sending => "正在上传".to_owned(),
            Self::Delivered { at } => format!("已上传（{}）", terms::moment(*at)),
            Self::Rejected { code, reason } => {
                format!("平台退回（{}）：{}", in_one_line(code), in_one_line(reason))
            }
            Self::SetAside { at, who, why } => format!(
                "不再上传（{} {} 登记）：{}",
                terms::moment(*at),
                in_one_line(who),
                in_one_line(why)
            ),
        }
    }
}

impl RegistrationTrouble {
    /// Why there is no 就医登记号, or another than the province names now.
    pub fn say(&self) -> String {
        match self {
            Self::Rejected => "平台退回了就医登记，须人工处理".to_owned(),
            Self::Untold => "平台不答复是否收到就医登记，须人工处理".to_owned(),
            Self::Unfinished { reason } => in_one_line(reason).into_owned(),
            Self::SetAside => "由经办机构人工录入，本机没有登记号".to_owned(),
        }
    }
}
