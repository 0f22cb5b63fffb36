//! The form on which one later copy of a slip 补打 is wanted, and that copy.

use askama::Template;
use axum::Extension;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::frame::Frame;
use super::home::VisitRow;
use super::plain::{PageError, html};
use super::settlement::shown_in_viewer;
use super::state::Page;
use crate::counter::{Actor, Again, CounterError, SlipCopy};
use crate::doors::status::status;
use crate::wording::notice::Notice;

#[derive(Deserialize)]
pub(super) struct Input {
    copy: SlipCopy,
    reason: String,
}

#[derive(Template)]
#[template(path = "copy.html")]
struct Screen {
    frame: Frame,
    notice: Option<Notice>,
    number: String,
    visit: VisitRow,
    /// The institution's copy is chosen, not the worker's.
    institution: bool,
    reason: String,
}

pub(super) async fn show(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let nothing_yet = Input {
        copy: SlipCopy::Worker,
        reason: String::new(),
    };
    screen(&page, &operator, &number, nothing_yet, None).await
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
    match drawn(&page, &operator, &number, &input).await {
        Ok(pdf) => Ok(shown_in_viewer(pdf)),
        Err(error) => {
            let notice = Some(Notice::from(&error));
            let mut response = screen(&page, &operator, &number, input, notice).await?;
            *response.status_mut() = status(&error);
            Ok(response)
        }
    }
}

async fn drawn(
    page: &Page,
    operator: &Actor,
    number: &str,
    input: &Input,
) -> Result<Vec<u8>, CounterError> {
    let again = Again::wanted(input.copy, &input.reason)?;
    page.counter.slip_again(number, again, operator).await
}

async fn screen(
    page: &Page,
    operator: &Actor,
    number: &str,
    input: Input,
    notice: Option<Notice>,
) -> Result<Response, PageError> {
    let settlement = page.counter.settlement(number).await?;
    let screen = Screen {
        frame: Frame::of(page, operator).await,
        notice,
        number: settlement.number,
        visit: VisitRow::of(&settlement.visit),
        institution: input.copy == SlipCopy::Institution,
        reason: input.reason,
    };
    Ok(html(StatusCode::OK, &screen))
}
