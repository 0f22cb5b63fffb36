//! Coming and going: a one-time link opens a session, leaving ends it.

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::Page;
use super::guard::{Cookie, cookie_name};
use super::plain::Refusal;

#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    link: String,
}

/// Uses up the link; the cookie is sent to this host alone, never by another site, and no script sees it.
pub(super) async fn enter(
    State(page): State<Page>,
    Query(Link { link }): Query<Link>,
) -> Result<Response, Refusal> {
    let entered = page
        .sessions
        .enter(&link, page.counter.clock().now())
        .map_err(|error| {
            tracing::error!(%error, "page: no session");
            Refusal::NoRandomness
        })?;
    let token = entered.ok_or(Refusal::LinkSpent)?;
    let cookie = format!(
        "{}={}; HttpOnly; SameSite=Strict; Path=/",
        cookie_name(page.address.port()),
        token.reveal()
    );
    Ok((AppendHeaders([(SET_COOKIE, cookie)]), Redirect::to("/")).into_response())
}

/// Ends the session.
pub(super) async fn leave(
    State(page): State<Page>,
    Extension(Cookie(cookie)): Extension<Cookie>,
) -> impl IntoResponse {
    page.sessions.leave(&cookie);
    let gone = format!(
        "{}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0",
        cookie_name(page.address.port())
    );
    (AppendHeaders([(SET_COOKIE, gone)]), Redirect::to("/"))
}

pub(super) async fn nothing_here() -> Refusal {
    Refusal::NotFound
}
