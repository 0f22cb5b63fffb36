//! The gate of the hospital's interface: by which name it is called, by which account, with which token.

use std::net::SocketAddr;

use axum::extract::connect_info::ConnectInfo;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Hospital;
use super::refusal::Refusal;
use crate::counter::{Came, Door};
use crate::doors::access::callers::Caller;
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

/// Lets a request in or answers why not. Nothing of what it asks for is looked at before.
pub(super) async fn check(
    State(hospital): State<Hospital>,
    ConnectInfo(caller): ConnectInfo<Caller>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let named = match &hospital.hosts {
        Some(hosts) if !hosts.are_named_by(&parts) => Err(Shut::Host {
            address: hosts.first(),
        }),
        Some(_) | None => Ok(()),
    };
    let admitted = match named {
        Ok(()) => admit(&hospital, &caller, &parts.headers).await,
        Err(shut) => Err(shut),
    };
    match admitted {
        Ok(came) => {
            parts.extensions.insert(came);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(shut) => Refusal::from(shut).into_response(),
    }
}

/// For addresses that take no parameters: one that was meant to choose must not be passed over.
pub(super) async fn without_query(request: Request, next: Next) -> Response {
    match request.uri().query() {
        None => next.run(request).await,
        Some(_) => Refusal::Parameters.into_response(),
    }
}

/// The account first: another's guesses at the token are not even looked at.
async fn admit(hospital: &Hospital, caller: &Caller, headers: &HeaderMap) -> Result<Came, Shut> {
    let admitted = &hospital.admitted;
    let token = admitted.token.as_ref().ok_or(Shut::Closed)?;
    let account = caller.account.ok_or(Shut::UnknownCaller)?;
    let door = hospital.door();
    if !admitted.accounts.contains(&account) {
        if admitted.attempts.is_new_stranger(account) {
            tracing::warn!(account, %door, "hospital interface: an account that is not the hospital's");
        }
        return Err(Shut::Stranger);
    }
    let shown = bearer(headers).ok_or(Shut::Unauthorised)?;
    if token.is(shown) {
        admitted.attempts.right(account);
        return Ok(Came { account, door });
    }
    let clock = hospital.counter.clock();
    let counted = admitted.attempts.wrong(account, clock.now());
    if counted.told {
        let count = counted.count;
        tracing::warn!(account, %door, count, "hospital interface: a wrong token");
    }
    clock.pause(counted.wait).await;
    Err(Shut::Unauthorised)
}

impl Hospital {
    /// The way by which this interface is reached.
    pub(super) fn door(&self) -> Door {
        match self.hosts {
            Some(_) => Door::HospitalPort,
            None => Door::HospitalSocket,
        }
    }
}

/// The token of the one `Authorization` header. The scheme's case does not count (RFC 7235, 2.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut sent = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(sent), None) = (sent.next(), sent.next()) else {
        return None;
    };
    let (scheme, token) = sent.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim_matches(' '))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_scheme_is_bearer_in_any_case_and_stands_once() {
        let shown = |sent: &[&str]| {
            let mut headers = HeaderMap::new();
            for sent in sent {
                headers.append(header::AUTHORIZATION, HeaderValue::from_str(sent).unwrap());
            }
            bearer(&headers).map(str::to_owned)
        };
        for sent in ["Bearer abc", "bearer abc", "BEARER  abc", "bEaReR abc "] {
            assert_eq!(shown(&[sent]).as_deref(), Some("abc"), "{sent}");
        }
        for sent in ["abc", "Basic abc", "Bearerabc", ""] {
            assert_eq!(shown(&[sent]), None, "{sent}");
        }
        assert_eq!(shown(&["Bearer abc", "Bearer abc"]), None);
    }
}
