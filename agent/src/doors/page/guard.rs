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
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::plain::PageError;
use super::state::Page;
use super::who::{self, Who};
use crate::counter::{Actor, Came, Door};
use crate::doors::access::callers::{Caller, Hosts};
use crate::doors::access::operators::Operator;
use crate::records::staff::Role;

/// No script, style or frame but our own files; nothing from anywhere else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// For addresses that take no parameters: one that was meant to choose must not be passed over.
pub(super) async fn without_query(request: Request, next: Next) -> Response {
    match request.uri().query() {
        None => next.run(request).await,
        Some(_) => PageError::BadForm {
            status: StatusCode::BAD_REQUEST,
        }
        .into_response(),
    }
}

/// The session's cookie of a request that passed the door, and the account that sent it.
#[derive(Clone)]
pub(super) struct Cookie {
    pub(super) name: String,
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
        Ok(Some(elsewhere)) => Redirect::to(elsewhere).into_response(),
        Ok(None) => in_our_words(next.run(Request::from_parts(parts, body)).await),
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
        status if status.is_client_error() && plain => {
            PageError::BadForm { status }.into_response()
        }
        _said => response,
    }
}

/// Lets a request in, or says where it has to go first.
fn pass(
    page: &Page,
    caller: &Caller,
    request: &mut Parts,
) -> Result<Option<&'static str>, PageError> {
    if !page.hosts.are_named_by(request) {
        return Err(PageError::Host {
            address: page.hosts.first(),
        });
    }
    let path = request.uri.path();
    // A link may be clicked in a terminal or a chat; all else is reached from the page itself or typed.
    if path != "/enter" && !from_here(&request.headers, &request.method, &page.hosts) {
        return Err(PageError::Origin);
    }
    if matches!(path, "/enter" | "/resume") || path.starts_with("/assets/") {
        return Ok(None);
    }
    let port = page.hosts.first().port();
    let mut shown = session_cookies(&request.headers, port).peekable();
    shown.peek().ok_or(PageError::NoSession)?;
    let user = caller.account.ok_or(PageError::UnknownCaller)?;
    let now = page.counter.clock().now();
    let (cookie, operator) = shown
        .find_map(|(name, text)| {
            let operator = page.sessions.operator(text, user, now)?;
            let (name, text) = (name.to_owned(), text.to_owned());
            Some((Cookie { name, text, user }, operator))
        })
        .ok_or(PageError::NoSession)?;
    drop(shown);
    let came = Came {
        account: user,
        door: Door::Page,
    };
    let elsewhere = person(page, request, &cookie, (&operator, came))?;
    request.extensions.insert(came);
    request.extensions.insert(cookie);
    Ok(elsewhere)
}

/// Who acts: where people are set up nobody comes further than the sign-in who is none of them.
fn person(
    page: &Page,
    request: &mut Parts,
    cookie: &Cookie,
    (operator, came): (&Operator, Came),
) -> Result<Option<&'static str>, PageError> {
    let who = who::at_window(
        &page.counter,
        &page.sessions,
        &cookie.text,
        (operator, came),
    );
    let path = request.uri.path();
    let anybodys = matches!(path, "/sign-in" | "/sign-out" | "/leave" | "/events");
    let first = match &who {
        Who::Person(actor) if sees_no_patient(actor) && !matches!(path, "/staff" | "/password") => {
            Some("/staff")
        }
        Who::Account(_) | Who::Person(_) => None,
        Who::MustChoose(_) if path == "/password" => None,
        Who::MustChoose(_) => Some("/password"),
        Who::Nobody => Some("/sign-in"),
    };
    let looks = matches!(request.method, Method::GET | Method::HEAD);
    let first = match first {
        Some(_) if anybodys => None,
        // What was to be done is not done by whoever signs in next.
        Some(_) if !looks => return Err(PageError::NotSignedIn),
        first => first,
    };
    if let Who::Account(actor) | Who::Person(actor) | Who::MustChoose(actor) = who {
        let now = page.counter.clock().times().boottime;
        let idle = who::idle(text(&request.headers, &HeaderName::from_static("x-idle")));
        if path != "/events" {
            let touched = now.saturating_sub(idle.unwrap_or_default());
            page.sessions.seen(&cookie.text, touched);
        }
        request.extensions.insert(actor);
    }
    Ok(first)
}

/// Whoever keeps the list and does nothing else has no business with the patients.
fn sees_no_patient(actor: &Actor) -> bool {
    !actor.roles.have(Role::Cashier) && !actor.roles.have(Role::Reviewer)
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

/// How the cookies' names begin; the port keeps two agents on one PC apart. Each session's has a name of its own: a server on
/// another port of this host may set cookies here, and must know a name to put another in its place.
pub(super) fn cookie_prefix(port: u16) -> String {
    format!("settlement-agent-{port}-")
}

/// Every cookie that could be a session's, name and value. Those that another server has put beside it are none.
pub(super) fn session_cookies(
    headers: &HeaderMap,
    port: u16,
) -> impl Iterator<Item = (&str, &str)> {
    let prefix = cookie_prefix(port);
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(move |(name, _)| {
            name.strip_prefix(&prefix)
                .is_some_and(|own| own.bytes().all(|byte| byte.is_ascii_hexdigit()))
        })
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
