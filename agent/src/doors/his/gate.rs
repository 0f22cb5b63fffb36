//! The gate of the hospital's interface: by which name it is called, by which account, with which token.

use axum::extract::connect_info::ConnectInfo;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::hospital::Hospital;
use super::problem::Problem;
use super::shut::Shut;
use crate::counter::Came;
use crate::doors::access::callers::Caller;

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
        Err(shut) => Problem::from(shut).into_response(),
    }
}

/// For addresses that take no parameters: one that was meant to choose must not be passed over.
pub(super) async fn without_query(request: Request, next: Next) -> Response {
    match request.uri().query() {
        None => next.run(request).await,
        Some(_) => Problem::Parameters.into_response(),
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
