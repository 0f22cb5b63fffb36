//! The form on which a mistaken admission is taken back 取消入院登记.

use askama::Template;
use axum::Extension;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::frame::Frame;
use super::home::VisitRow;
use super::plain::{PageError, html};
use super::state::Page;
use crate::counter::{Actor, VisitStateView};
use crate::doors::status::status;
use crate::wording::notice::Notice;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Input {
    reason: String,
}

#[derive(Template)]
#[template(path = "cancellation.html")]
struct Screen {
    frame: Frame,
    notice: Option<Notice>,
    visit: VisitRow,
    /// Nothing is settled, and it is not taken back yet.
    open: bool,
    input: Input,
}

pub(super) async fn show(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    screen(&page, &operator, &number, Input::default(), None).await
}

pub(super) async fn act(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Path(number): Path<String>,
    form: Result<Form<Input>, FormRejection>,
) -> Result<Response, PageError> {
    let Form(input) = form.map_err(|rejection| PageError::BadForm {
        status: rejection.status(),
    })?;
    let done = page
        .counter
        .cancel_admission(&number, &input.reason, &operator)
        .await;
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/visits/{number}")).into_response()),
        Err(error) => {
            let notice = Some(Notice::from(&error));
            let mut response = screen(&page, &operator, &number, input, notice).await?;
            *response.status_mut() = status(&error);
            Ok(response)
        }
    }
}

async fn screen(
    page: &Page,
    operator: &Actor,
    number: &str,
    input: Input,
    notice: Option<Notice>,
) -> Result<Response, PageError> {
    let visit = page.counter.visit(number).await?;
    let screen = Screen {
        frame: Frame::of(page, operator).await,
        notice,
        open: visit.state == VisitStateView::Open,
        visit: VisitRow::of(&visit),
        input,
    };
    Ok(html(StatusCode::OK, &screen))
}
