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
    /// Nobody is signed in: a page that was gets its cookie back.
    signed_out: bool,
}

/// Why a request ends on a page of its own.
pub(crate) enum PageError {
    /// The address names another host.
    Host { address: SocketAddr },
    /// Another website, or another program's page, asked.
    Origin,
    /// Nobody is signed in.
    NoSession,
    /// Nobody of the counter's people is signed in, or not any more: nothing was done.
    NotSignedIn,
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

impl From<CounterError> for PageError {
    fn from(error: CounterError) -> Self {
        Self::Counter(error)
    }
}

impl From<NotEntered> for PageError {
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

impl PageError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Host { .. }
            | Self::Origin
            | Self::LinkSpent
            | Self::AnothersLink
            | Self::NotSignedIn
            | Self::UnknownCaller => StatusCode::FORBIDDEN,
            Self::NoSession => StatusCode::UNAUTHORIZED,
            Self::NoRandomness => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::BadForm { status } => *status,
            Self::Counter(error) => status(error),
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
            | Self::NotSignedIn
            | Self::NoRandomness
            | Self::NotFound
            | Self::BadForm { .. }
            | Self::Counter(_) => false,
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let page = Plain {
            notice: self.notice(),
            outside: self.outside(),
            signed_out: matches!(self, Self::NoSession),
        };
        html(self.status(), &page)
    }
}
