//! Pages that stand alone: no session, the wrong door, nothing there, or something that did not go on.

use std::net::SocketAddr;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::session::NotEntered;
use crate::counter::CounterError;
use crate::doors::status::status;
use crate::wording::notice::Notice;

/// Renders a template; one that fails is a fault of the program and says so without its content.
pub(super) fn html(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => {
            tracing::error!(%error, "page: a template failed");
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                "页面生成失败，请联系信息科。",
            )
                .into_response()
        }
    }
}

#[derive(Template)]
#[template(path = "plain.html")]
struct Plain {
    notice: Notice,
    /// The way to open a session is shown instead of the way home.
    outside: bool,
}

/// Why a request ends on a page of its own.
pub(super) enum Refusal {
    /// The address names another host.
    Host { address: SocketAddr },
    /// Another website, or another program's page, asked.
    Origin,
    /// Nobody is signed in.
    NoSession,
    /// The link was used, or is too old.
    LinkSpent,
    /// The link was made for another account of this PC.
    AnothersLink,
    /// Nobody can say which account of this PC asks.
    UnknownCaller,
    /// No randomness for a session.
    NoRandomness,
    /// No such page.
    NotFound,
    /// A form that no page of ours sends, or one too large.
    BadForm { status: StatusCode },
    /// The counter said no.
    Counter(CounterError),
}

impl From<CounterError> for Refusal {
    fn from(error: CounterError) -> Self {
        Self::Counter(error)
    }
}

impl From<NotEntered> for Refusal {
    fn from(error: NotEntered) -> Self {
        match error {
            NotEntered::Spent => Self::LinkSpent,
            NotEntered::AnothersLink => Self::AnothersLink,
            NotEntered::NoRandomness(error) => {
                tracing::error!(%error, "page: no session");
                Self::NoRandomness
            }
        }
    }
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::Host { .. }
            | Self::Origin
            | Self::LinkSpent
            | Self::AnothersLink
            | Self::UnknownCaller => StatusCode::FORBIDDEN,
            Self::NoSession => StatusCode::UNAUTHORIZED,
            Self::NoRandomness => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::BadForm { status } => *status,
            Self::Counter(error) => status(error),
        }
    }

    fn notice(&self) -> Notice {
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
                "请用经办人自己的账户在本机打开登录链接。",
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

    fn outside(&self) -> bool {
        match self {
            Self::Host { .. }
            | Self::Origin
            | Self::NoSession
            | Self::LinkSpent
            | Self::AnothersLink => true,
            Self::UnknownCaller
            | Self::NoRandomness
            | Self::NotFound
            | Self::BadForm { .. }
            | Self::Counter(_) => false,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let page = Plain {
            notice: self.notice(),
            outside: self.outside(),
        };
        html(self.status(), &page)
    }
}
