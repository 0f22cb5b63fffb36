//! Why whoever calls at the hospital's interface may not come in.

use std::net::SocketAddr;

use axum::http::StatusCode;

use crate::wording::notice::Notice;

/// Why whoever calls may not come in.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shut {
    /// The address was called by another name.
    Host {
        /// What it is called.
        address: SocketAddr,
    },
    /// The account that calls is none of those configured.
    Stranger,
    /// Nobody can say which account of this PC calls.
    UnknownCaller,
    /// No token, or not the configured one.
    Unauthorised,
    /// No token is configured.
    Closed,
}

impl Shut {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Unauthorised => StatusCode::UNAUTHORIZED,
            Self::Host { .. } | Self::Stranger | Self::UnknownCaller | Self::Closed => {
                StatusCode::FORBIDDEN
            }
        }
    }

    pub(super) fn notice(self) -> Notice {
        match self {
            Self::Host { address } => Notice::new(
                "wrong_host",
                "请求的地址不是本机医院系统接口的地址，没有办理任何业务。",
                format!(
                    "请医院系统的维护方把接口地址写成 http://{address}/his/v1/，不要用 localhost 或其他名称。"
                ),
            ),
            Self::Stranger => Notice::new(
                "his_account",
                "发出请求的本机账户不是配置的医院系统账户，没有办理任何业务。",
                "请在配置的账户下运行医院系统，或请信息科把该账户写进配置 local.his_accounts。",
            ),
            Self::UnknownCaller => Notice::new(
                "caller_unknown",
                "查不到是本机哪个账户发出的请求，没有办理任何业务。",
                "请重新发送，收到答复前不要断开连接；仍不行时请信息科查看日志。",
            ),
            Self::Unauthorised => Notice::new(
                "his_token",
                "接口令牌不对。",
                "请在请求头 Authorization 中带上配置的令牌。",
            ),
            Self::Closed => Notice::new(
                "his_closed",
                "医院系统接口没有开通。",
                "请信息科在配置 local.his_token_file 中设置令牌文件。",
            ),
        }
    }
}
