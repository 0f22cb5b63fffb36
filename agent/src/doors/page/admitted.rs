//! What was done at admission, and the way to the next worker.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Redirect, Response};

use super::frame::Frame;
use super::home::VisitRow;
use super::plain::{PageError, html};
use super::state::Page;
use crate::counter::Actor;

#[derive(Template)]
#[template(path = "admitted.html")]
struct Screen {
    frame: Frame,
    visit: VisitRow,
}

pub(super) async fn show(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let visit = page.counter.visit(&number).await?;
    let screen = Screen {
        frame: Frame::of(&page, &operator).await,
        visit: VisitRow::of(&visit),
    };
    Ok(html(StatusCode::OK, &screen))
}

/// Whoever was read is done with: the next card or code is the next worker's.
pub(super) async fn next(State(page): State<Page>) -> Redirect {
    page.counter.clear_desk();
    Redirect::to("/")
}
