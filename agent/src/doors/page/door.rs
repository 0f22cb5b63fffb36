//! Coming and going: a one-time link opens a session, leaving ends it.

use axum::extract::connect_info::ConnectInfo;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use serde::Deserialize;

use super::guard::{Cookie, cookie_prefix, session_cookies};
use super::plain::PageError;
use super::session::{NotEntered, SessionSecret};
use super::state::Page;
use super::who;
use crate::counter::Came;
use crate::doors::access::callers::Caller;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    #[serde(default)]
    link: String,
}

/// Uses up the link; the cookie is sent to this host alone, never by another site, and no script sees it.
///
/// A browser that only fetches ahead is sent away: the person may never come.
pub(super) async fn enter(
    State(page): State<Page>,
    ConnectInfo(caller): ConnectInfo<Caller>,
    headers: HeaderMap,
    link: Result<Query<Link>, QueryRejection>,
) -> Result<Response, PageError> {
    if fetches_ahead(&headers) {
        return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response());
    }
    let Query(Link { link }) = link.map_err(|_unreadable| PageError::LinkSpent)?;
    let user = caller.account.ok_or(PageError::UnknownCaller)?;
    let token = page
        .sessions
        .enter(&link, user, page.counter.clock().now())?;
    page.sessions.write_down().await;
    let cookies = fresh_cookie(&page, &headers, token.reveal())?;
    Ok((cookies, Redirect::to("/")).into_response())
}

/// The session's cookie under a name that nobody knows yet, and the end of those that were sent.
fn fresh_cookie(
    page: &Page,
    headers: &HeaderMap,
    session: &str,
) -> Result<AppendHeaders<Vec<(HeaderName, String)>>, PageError> {
    let port = page.hosts.first().port();
    let name = SessionSecret::random().map_err(NotEntered::from)?;
    let (prefix, name) = (cookie_prefix(port), &name.reveal()[..16]);
    let fresh = format!("{prefix}{name}={session}; HttpOnly; SameSite=Strict; Path=/");
    let before = session_cookies(headers, port).map(|(name, _)| gone(name));
    let cookies = before.chain([fresh]).map(|cookie| (SET_COOKIE, cookie));
    Ok(AppendHeaders(cookies.collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lost {
    session: String,
}

/// Gives an open session its cookie back. Cookies know no ports: any server of this PC that the cashier's browser visits can delete
/// them all. What the page keeps for itself no other port can touch, and it serves the operator's own account alone.
pub(super) async fn resume(
    State(page): State<Page>,
    ConnectInfo(caller): ConnectInfo<Caller>,
    headers: HeaderMap,
    Form(lost): Form<Lost>,
) -> Result<Response, PageError> {
    let user = caller.account.ok_or(PageError::UnknownCaller)?;
    let now = page.counter.clock().now();
    page.sessions
        .operator(&lost.session, user, now)
        .ok_or(PageError::NoSession)?;
    let cookies = fresh_cookie(&page, &headers, &lost.session)?;
    Ok((cookies, StatusCode::NO_CONTENT).into_response())
}

/// Somebody looks whether the link leads anywhere (`HEAD`). That opens nothing and uses nothing up.
pub(super) async fn look() -> StatusCode {
    StatusCode::OK
}

/// Whether the browser loads the address before anybody has asked for it.
fn fetches_ahead(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose"].iter().any(|name| {
        headers
            .get(*name)
            .is_some_and(|value| value.as_bytes().starts_with(b"prefetch"))
    })
}

/// Ends the session.
pub(super) async fn leave(
    State(page): State<Page>,
    Extension(cookie): Extension<Cookie>,
    Extension(came): Extension<Came>,
) -> impl IntoResponse {
    who::end(&page.counter, &page.sessions, &cookie.text, ("left", came));
    page.sessions.leave(&cookie.text);
    page.sessions.write_down().await;
    let gone = gone(&cookie.name);
    (AppendHeaders([(SET_COOKIE, gone)]), Redirect::to("/"))
}

/// What makes the browser forget the cookie of this name.
fn gone(name: &str) -> String {
    format!("{name}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0")
}

/// A method that the address does not know.
pub(super) async fn not_that_way() -> PageError {
    PageError::BadForm {
        status: StatusCode::METHOD_NOT_ALLOWED,
    }
}

pub(super) async fn nothing_here() -> PageError {
    PageError::NotFound
}
