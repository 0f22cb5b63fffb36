//! A visit's own screen: what is known of it, and, while it is open, the way to its quote 出院结算.

use askama::Template;
use axum::Extension;
use axum::extract::multipart::{Multipart, MultipartError, MultipartRejection};
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use rules::VisitKind;
use serde::Deserialize;

use super::bills::OfferRow;
use super::desk::DeskView;
use super::fields;
use super::frame::Frame;
use super::home::VisitRow;
use super::marks;
use super::plain::{PageError, html};
use super::state::Page;
use crate::counter::Actor;
use crate::counter::{BillFile, DischargeForm, VisitStateView, VisitView};
use crate::doors::access::room;
use crate::doors::status::status;
use crate::wording::bill_folder;
use crate::wording::notice::Notice;
use crate::wording::terms;

#[derive(Template)]
#[template(path = "visit.html")]
pub(super) struct Screen {
    pub(super) frame: Frame,
    pub(super) desk: DeskView,
    pub(super) card: Card,
    pub(super) notice: Option<Notice>,
    pub(super) visit: VisitRow,
    pub(super) state: VisitStateView,
    /// A rehabilitation plan is asked for.
    pub(super) rehabilitation: bool,
    pub(super) input: Input,
    /// Bills of this stay that lie in the folder.
    pub(super) offers: Vec<OfferRow>,
    /// A folder is watched.
    pub(super) has_folder: bool,
    /// When a bill so far was looked at last.
    pub(super) checked_at: Option<String>,
}

/// Whose card was read, as far as this visit goes.
#[derive(PartialEq, Eq)]
pub(super) enum Card {
    /// Nobody's, or too long ago.
    Missing,
    /// The worker's own.
    Own,
    /// Another worker's.
    Anothers,
}

impl Card {
    /// By what the cashier sees; the counter compares the whole numbers when it quotes.
    fn of(desk: &DeskView, visit: &VisitView) -> Self {
        let same = str::eq_ignore_ascii_case;
        match &desk.person {
            None => Self::Missing,
            Some(person) if !same(&person.masked_number, &visit.masked_number) => Self::Anothers,
            Some(person) if person.stale => Self::Missing,
            Some(_) => Self::Own,
        }
    }
}

/// The form, without the bill: a browser does not fill in a file again.
#[derive(Default)]
pub(super) struct Input {
    pub(super) discharged_at: String,
    pub(super) diagnosis: String,
    pub(super) diagnosis_code: String,
    pub(super) plan_uploaded: String,
}

impl Input {
    /// For a visit nobody has filled in yet: discharge is now, the diagnosis that of admission.
    fn suggested(page: &Page, visit: &VisitView) -> Self {
        Self {
            discharged_at: fields::write_minute(page.counter.clock().now()),
            diagnosis: visit.diagnosis.clone(),
            ..Self::default()
        }
    }

    fn again(form: &DischargeForm) -> Self {
        Self {
            discharged_at: fields::write_minute(form.discharged_at),
            diagnosis: form.diagnosis.clone(),
            diagnosis_code: form.diagnosis_code.clone(),
            plan_uploaded: if form.rehabilitation_plan_uploaded {
                "on".into()
            } else {
                String::new()
            },
        }
    }

    fn read(&self) -> Result<DischargeForm, Notice> {
        Ok(DischargeForm {
            discharged_at: fields::minute("出院时间", &self.discharged_at)?,
            diagnosis: self.diagnosis.clone(),
            diagnosis_code: self.diagnosis_code.clone(),
            other_diagnoses: Vec::new(),
            rehabilitation_plan_uploaded: !self.plan_uploaded.is_empty(),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct From {
    /// A quote to correct: its form comes back filled in.
    #[serde(default)]
    quote: String,
}

pub(super) async fn show(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Path(number): Path<String>,
    Query(from): Query<From>,
) -> Result<Response, PageError> {
    let visit = page.counter.visit(&number).await?;
    let input = match page
        .counter
        .quoted(&from.quote)
        .filter(|quote| quote.visit.number == number)
    {
        Some(quote) => Input::again(quote.form()),
        None => Input::suggested(&page, &visit),
    };
    Ok(screen(&page, &operator, visit, input, None).await)
}

/// Somebody reloads the address that a form was sent to.
pub(super) async fn back(Path(number): Path<String>) -> Redirect {
    Redirect::to(&format!("/visits/{number}"))
}

/// Before the form with the bill is received.
pub(super) async fn room_for_bill(
    State(page): State<Page>,
    request: Request,
    next: Next,
) -> Result<Response, PageError> {
    Ok(room::wait_for(&page.counter, request, next).await?)
}

pub(super) async fn quote(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Path(number): Path<String>,
    multipart: Result<Multipart, MultipartRejection>,
) -> Result<Response, PageError> {
    let multipart = multipart.map_err(|rejection| PageError::BadForm {
        status: rejection.status(),
    })?;
    let (input, chosen) = read(multipart).await.map_err(|error| PageError::BadForm {
        status: error.status(),
    })?;
    let visit = page.counter.visit(&number).await?;
    let form = match input.read() {
        Ok(form) => chosen.bill(&page, &number).await.map(|bill| (form, bill)),
        Err(notice) => Err(notice),
    };
    let (form, bill) = match form {
        Ok(form) => form,
        Err(notice) => {
            let mut response = screen(&page, &operator, visit, input, Some(notice)).await;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(response);
        }
    };
    match page.counter.quote(&number, form, bill).await {
        Ok(quote) => Ok(Redirect::to(&marks::next_screen(&quote)).into_response()),
        Err(error) => {
            let notice = Notice::from(&error);
            let mut response = screen(&page, &operator, visit, input, Some(notice)).await;
            *response.status_mut() = status(&error);
            Ok(response)
        }
    }
}

/// The bill that a person has chosen: a file of the browser's, or one that lies in the folder.
#[derive(Default)]
pub(super) struct Chosen {
    file: BillFile,
    offered: String,
}

impl Chosen {
    /// Its content.
    pub(super) async fn bill(self, page: &Page, visit: &str) -> Result<BillFile, Notice> {
        match (self.file.bytes.is_empty(), self.offered.is_empty()) {
            (false, true) => Ok(self.file),
            (true, false) => {
                let offered = page.counter.offered_bill(visit, &self.offered).await;
                offered.map_err(|error| Notice::from(&error))
            }
            (true, true) => Err(bill_folder::none_chosen()),
            (false, false) => Err(bill_folder::two_chosen()),
        }
    }
}

pub(super) async fn read(mut multipart: Multipart) -> Result<(Input, Chosen), MultipartError> {
    let (mut input, mut chosen) = (Input::default(), Chosen::default());
    while let Some(field) = multipart.next_field().await? {
        match field.name() {
            Some("discharged_at") => input.discharged_at = field.text().await?,
            Some("diagnosis") => input.diagnosis = field.text().await?,
            Some("diagnosis_code") => input.diagnosis_code = field.text().await?,
            Some("plan_uploaded") => input.plan_uploaded = field.text().await?,
            Some("bill") => {
                chosen.file.name = field.file_name().map(str::to_owned);
                chosen.file.bytes = field.bytes().await?.into();
            }
            Some("offered") => chosen.offered = field.text().await?,
            Some(_) | None => {}
        }
    }
    Ok((input, chosen))
}

pub(super) async fn screen(
    page: &Page,
    operator: &Actor,
    visit: VisitView,
    input: Input,
    notice: Option<Notice>,
) -> Response {
    let (here, now) = (
        format!("/visits/{}", visit.number),
        page.counter.clock().now(),
    );
    let desk = DeskView::of(&page.counter.desk().borrow(), here, now);
    let offers = match OfferRow::at(page, &visit).await {
        Ok(offers) => offers,
        Err(refusal) => return refusal.into_response(),
    };
    let screen = Screen {
        offers,
        checked_at: page
            .counter
            .last_check(&visit.number)
            .map(|checked| terms::moment(checked.at)),
        has_folder: page.counter.settings().bill.folder.is_some(),
        card: Card::of(&desk, &visit),
        desk,
        frame: Frame::of(page, operator).await,
        notice,
        visit: VisitRow::of(&visit),
        rehabilitation: visit.kind == VisitKind::InpatientRehabilitation,
        state: visit.state,
        input,
    };
    html(StatusCode::OK, &screen)
}
