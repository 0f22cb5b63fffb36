//! What the page says where a request did not go on: who may not come in, what a form lacks.

use axum::http::StatusCode;

use crate::doors::page::plain::PageError;
use crate::wording::notice::Notice;

impl PageError {
    /// What is wrong, and what to do.
    pub(crate) fn notice(&self) -> Notice {
        match self {
            Self::Host { address } => Notice::new(
                "wrong_host",
                "浏览器地址不是本机结算页面的地址。",
                format!("请在地址栏输入 http://{address}/ 打开，不要用 localhost 或其他名称。"),
            ),
            Self::Origin => Notice::new(
                "wrong_origin",
                "这个请求来自别的网页或程序，已拒绝，没有办理任何业务。",
                "请从本机结算页面操作；若您没有打开别的网页，请告知信息科。",
            ),
            Self::NoSession => Notice::new(
                "no_session",
                "本窗口还没有登录，或登录已到期。",
                "请从系统菜单打开“工伤异地就医结算”，或用经办人自己的账户在本机打开登录链接。",
            ),
            Self::NotSignedIn => Notice::new(
                "not_signed_in",
                "您已退出登录：太久没有操作、已过一个班次，或已被停用。没有办理任何业务。",
                "请回到首页重新登录，再办一次。",
            ),
            Self::LinkSpent => Notice::new(
                "link_spent",
                "这个登录链接已经用过，或已超过 1 分钟。",
                "请重新取得登录链接。",
            ),
            Self::AnothersLink => Notice::new(
                "link_of_another_account",
                "这个登录链接是给本机另一个账户的，在当前账户里打不开。",
                "请在取得链接的那个账户里打开浏览器，或在当前账户里重新取得登录链接。",
            ),
            Self::UnknownCaller => Notice::new(
                "caller_unknown",
                "查不到是本机哪个账户打开的页面，没有办理任何业务。",
                "请刷新页面再试；仍不行时请信息科查看日志。",
            ),
            Self::NoRandomness => {
                Notice::new("no_randomness", "本机取不到随机数。", "请联系信息科。")
            }
            Self::NotFound => Notice::new("page_not_found", "没有这个页面。", "请回到首页再操作。"),
            Self::BadForm { status } if *status == StatusCode::PAYLOAD_TOO_LARGE => Notice::new(
                "form_too_large",
                "提交的内容太大，账单文件不能超过 64 MB。",
                "请确认选的是本次就诊的 账单文件；没有任何内容被保存。",
            ),
            Self::BadForm { status } if *status == StatusCode::METHOD_NOT_ALLOWED => Notice::new(
                "wrong_method",
                "这个地址不能这样打开，没有办理任何业务。",
                "请回到首页再操作。",
            ),
            Self::BadForm { .. } => Notice::new(
                "form_unreadable",
                "提交的内容不完整，没有办理任何业务。",
                "请返回上一页重新提交。",
            ),
            Self::Counter(error) => Notice::from(error),
        }
    }
}

/// A time of a form.
pub(crate) fn time_unreadable(label: &str) -> Notice {
    Notice::new(
        "time_unreadable",
        format!("“{label}”不是时间。"),
        format!("请按 2026-03-01 10:30 的样子填写“{label}”。"),
    )
    .about(label)
}

/// A choice that the form does not offer.
pub(crate) fn choice_unknown() -> Notice {
    Notice::new(
        "choice_unknown",
        "表单里有本页面没有的选项。",
        "请刷新页面后重新填写。",
    )
}

/// Another person was read since the form was begun.
pub(crate) fn person_changed() -> Notice {
    Notice::new(
        "person_changed",
        "读卡的人已经换了，刚才填写的内容属于上一位，已经清空。",
        "请核对姓名后为这一位重新填写；没有办理任何登记。",
    )
}

/// What became of the message is not chosen.
pub(crate) fn remedy_not_chosen() -> Notice {
    Notice::new(
        "remedy_not_chosen",
        "没有选择怎样处理。",
        "请选择“原样重新上传”或“不再上传”后再登记。",
    )
}

/// What is ticked before a settlement can be pressed.
pub(crate) fn confirm_collect(amount: &str) -> String {
    match amount {
        "0.00" => "核对无误：本次不用向工伤职工收费".to_owned(),
        amount => format!("核对无误：向工伤职工收取 {amount} 元"),
    }
}

/// The press came without the amount of this quote.
pub(crate) fn collect_not_confirmed(amount: &str) -> Notice {
    Notice::new(
        "collect_not_confirmed",
        "还没有确认收取金额，没有结算。",
        format!("请与工伤职工核对：个人支付 {amount} 元。勾选后再按 F12。"),
    )
}

/// What 立即重传 has done.
pub(crate) fn sent_now(waited: usize) -> String {
    match waited {
        0 => "没有在等的上传，不用重传。".to_owned(),
        waited => format!("正在重传：{waited} 条在等的都现在再试一次，结果见下表。"),
    }
}
