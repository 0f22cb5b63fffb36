//! A bill so far, looked at before discharge: what the fund will not pay and why, and what the ward can still do.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::discharge;
use super::frame::Frame;
use super::home::VisitRow;
use super::judgement::JudgementView;
use super::lines::{LinesView, Wanted};
use super::plain::{PageError, html};
use super::quote::MoneyView;
use super::state::Page;
use crate::counter::{Actor, Checked, Weight};
use crate::doors::status::status;
use crate::wording::notice::Notice;
use crate::wording::{check, terms};

#[derive(Template)]
#[template(path = "check.html")]
pub(super) struct Screen {
    pub(super) frame: Frame,
    pub(super) visit: VisitRow,
    pub(super) at: String,
    pub(super) file: String,
    pub(super) form: String,
    pub(super) count: usize,
    /// What the ward can still do.
    pub(super) open: Vec<String>,
    pub(super) judgement: JudgementView,
    pub(super) notes: Vec<String>,
    pub(super) money: Option<MoneyView>,
}

/// Looks at the bill that was chosen, and leads to what was found.
pub(super) async fn act(
    State(page): State<Page>,
    Extension(actor): Extension<Actor>,
    Path(number): Path<String>,
    multipart: Result<Multipart, MultipartRejection>,
) -> Result<Response, PageError> {
    let multipart = multipart.map_err(|rejection| PageError::BadForm {
        status: rejection.status(),
    })?;
    let read = discharge::read(multipart).await;
    let (input, chosen) = read.map_err(|error| PageError::BadForm {
        status: error.status(),
    })?;
    let visit = page.counter.visit(&number).await?;
    let (notice, code) = match chosen.bill(&page, &number).await {
        Ok(bill) => match page.counter.check_bill(&number, bill, &actor).await {
            Ok(_) => return Ok(Redirect::to(&format!("/visits/{number}/check")).into_response()),
            Err(error) => (Notice::from(&error), status(&error)),
        },
        Err(notice) => (notice, StatusCode::UNPROCESSABLE_ENTITY),
    };
    let mut response = discharge::screen(&page, &actor, visit, input, Some(notice)).await;
    *response.status_mut() = code;
    Ok(response)
}

/// What was found last.
pub(super) async fn show(
    State(page): State<Page>,
    Extension(actor): Extension<Actor>,
    Path(number): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let Some(checked) = page.counter.last_check(&number) else {
        return Ok(Redirect::to(&format!("/visits/{number}")).into_response());
    };
    let frame = Frame::of(&page, &actor).await;
    let of = Arc::clone(&checked);
    let screen = page
        .counter
        .aside(Weight::Light, move |_| Ok(screen(frame, &of, &wanted)));
    Ok(html(StatusCode::OK, &screen.await?))
}

fn screen(frame: Frame, checked: &Checked, wanted: &Wanted) -> Screen {
    let bill = checked.facts.bill.as_ref();
    let money = bill.zip(checked.split()).map(|(bill, split)| {
        MoneyView::of(split, LinesView::of(bill, split, wanted, &checked.remarks))
    });
    Screen {
        frame,
        visit: VisitRow::of(&checked.visit),
        at: terms::moment(checked.at),
        file: checked.file.clone().unwrap_or_default(),
        form: checked.how.form.to_string(),
        count: checked.lines().len(),
        open: check::open_points(checked),
        judgement: JudgementView::of(&checked.judgement, &checked.freshness, None)
            .with_remarks(&checked.remarks),
        notes: checked
            .how
            .notes
            .iter()
            .map(|note| note.to_string())
            .collect(),
        money,
    }
}
