//! The door of the page: which host, which origin and whose session, before any handler runs; and the headers of every answer.
//!
//! Cookies do not tell ports of one host apart: a program of another user that gets the cashier's browser to open
//! `127.0.0.1` on its own port is sent the session's cookie. It cannot act through the browser (its origin is another one),
//! and the cookie serves it nothing: a connection of another account than the session's has no session.

use axum::extract::connect_info::ConnectInfo;
use axum::extract::{Request, State};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, ORIGIN, REFERRER_POLICY, X_FRAME_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Page;
use super::plain::Refusal;
use crate::callers::{Caller, Hosts};

/// No script, style or frame but our own files; nothing from anywhere else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The session's cookie of a request that passed the door, and the account that sent it.
#[derive(Clone)]
pub(super) struct Cookie {
    pub(super) text: String,
    pub(super) user: u32,
}

/// Lets a request in or answers why not.
pub(super) async fn check(
    State(page): State<Page>,
    ConnectInfo(caller): ConnectInfo<Caller>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut response = match pass(&page, &caller, &mut parts) {
        Ok(()) => in_our_words(next.run(Request::from_parts(parts, body)).await),
        Err(refusal) => refusal.into_response(),
    };
    protect(response.headers_mut());
    response
}

/// What the framework refuses before a handler runs, an unreadable path or query, it says in English; the page says it.
fn in_our_words(response: Response) -> Response {
    let kind = response.headers().get(CONTENT_TYPE);
    let plain = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    match response.status() {
        status if status.is_client_error() && plain => Refusal::BadForm { status }.into_response(),
        _said => response,
    }
}

fn pass(page: &Page, caller: &Caller, request: &mut Parts) -> Result<(), Refusal> {
    if !page.hosts.are_named_by(request) {
        return Err(Refusal::Host {
            address: page.hosts.first(),
        });
    }
    let path = request.uri.path();
    // A link may be clicked in a terminal or a chat; all else is reached from the page itself or typed.
    if path != "/enter" && !from_here(&request.headers, &request.method, &page.hosts) {
        return Err(Refusal::Origin);
    }
    if path == "/enter" || path.starts_with("/assets/") {
        return Ok(());
    }
    let text =
        session_cookie(&request.headers, page.hosts.first().port()).ok_or(Refusal::NoSession)?;
    let user = caller.account.ok_or(Refusal::UnknownCaller)?;
    let operator = page
        .sessions
        .operator(&text, user, page.counter.clock().now())
        .ok_or(Refusal::NoSession)?;
    request.extensions.insert(operator);
    request.extensions.insert(Cookie { text, user });
    Ok(())
}

/// Whether the browser says that the request comes from this page, or that nobody but the user asked for it.
fn from_here(headers: &HeaderMap, method: &Method, hosts: &Hosts) -> bool {
    let site = text(headers, &HeaderName::from_static("sec-fetch-site"));
    if !matches!(site, None | Some("same-origin" | "none")) {
        return false;
    }
    if matches!(*method, Method::GET | Method::HEAD) {
        return true;
    }
    match headers.get(ORIGIN) {
        Some(origin) => origin
            .to_str()
            .ok()
            .is_some_and(|origin| hosts.have_origin(origin)),
        None => site == Some("same-origin"),
    }
}

/// The cookie's name; the port keeps two agents on one PC apart.
pub(super) fn cookie_name(port: u16) -> String {
    format!("settlement-agent-{port}")
}

fn session_cookie(headers: &HeaderMap, port: u16) -> Option<String> {
    let name = cookie_name(port);
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn protect(headers: &mut HeaderMap) {
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_FRAME_OPTIONS, "DENY"),
        // `no-referrer` would blank the Origin of our own forms.
        (REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
