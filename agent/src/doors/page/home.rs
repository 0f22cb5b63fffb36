//! The first screen: who has presented a card or code, what can be done for them, who is an inpatient, and what is late.

use askama::Template;
use axum::Extension;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::bills::FolderWords;
use super::desk::DeskView;
use super::frame::Frame;
use super::guard::Cookie;
use super::plain::{PageError, html};
use super::state::Page;
use super::uploads::MatterRow;
use crate::counter::Actor;
use crate::counter::VisitView;
use crate::counter::uploads::RegistrationTrouble;
use crate::wording::terms;

#[derive(Template)]
#[template(path = "home.html")]
pub(super) struct Home {
    pub(super) frame: Frame,
    pub(super) desk: DeskView,
    /// The open visit of whoever is on the desk, where there is one.
    pub(super) theirs: Option<VisitRow>,
    pub(super) find: String,
    pub(super) visits: Vec<VisitRow>,
    /// Open visits before `find`.
    pub(super) all: usize,
    /// Late, or waiting for a person.
    pub(super) troubles: Vec<MatterRow>,
    pub(super) folder: FolderWords,
}

/// One visit in the list.
#[derive(Clone)]
pub(super) struct VisitRow {
    pub(super) number: String,
    pub(super) registration_number: Option<String>,
    pub(super) registration_trouble: Option<String>,
    pub(super) name: String,
    pub(super) masked_number: String,
    pub(super) kind: &'static str,
    pub(super) department: String,
    pub(super) inpatient_number: String,
    pub(super) diagnosis: String,
    pub(super) registered_at: String,
}

impl VisitRow {
    pub(super) fn of(visit: &VisitView) -> Self {
        Self {
            number: visit.number.clone(),
            registration_number: visit.registration_number.clone(),
            registration_trouble: visit
                .registration_trouble
                .as_ref()
                .map(RegistrationTrouble::say),
            name: visit.name.clone(),
            masked_number: visit.masked_number.clone(),
            kind: terms::visit_kind(visit.kind),
            department: visit.department.clone(),
            inpatient_number: visit.inpatient_number.clone(),
            diagnosis: visit.diagnosis.clone(),
            registered_at: super::fields::write_minute(visit.registered_at),
        }
    }

    fn matches(&self, find: &str) -> bool {
        let registration = self.registration_number.as_deref().unwrap_or_default();
        [&self.number, &self.name, &self.inpatient_number]
            .into_iter()
            .any(|text| text.contains(find))
            || registration.contains(find)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Search {
    find: String,
}

pub(super) async fn show(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Extension(cookie): Extension<Cookie>,
) -> Result<Response, PageError> {
    screen(&page, &operator, &cookie, String::new()).await
}

/// Looks a visit up. What is looked for is a name or a number: it stands in no address.
pub(super) async fn find(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Extension(cookie): Extension<Cookie>,
    search: Result<Form<Search>, FormRejection>,
) -> Result<Response, PageError> {
    let Form(Search { find }) = search.map_err(|rejection| PageError::BadForm {
        status: rejection.status(),
    })?;
    screen(&page, &operator, &cookie, find.trim().to_owned()).await
}

async fn screen(
    page: &Page,
    operator: &Actor,
    cookie: &Cookie,
    find: String,
) -> Result<Response, PageError> {
    let now = page.counter.clock().now();
    let desk = DeskView::of(&page.counter.desk().borrow(), "/", now);
    let mut visits: Vec<VisitRow> = page
        .counter
        .open_visits()
        .await?
        .iter()
        .map(VisitRow::of)
        .collect();
    let all = visits.len();
    let theirs = desk.person.as_ref().and_then(|person| {
        visits
            .iter()
            .find(|visit| visit.name == person.name && visit.masked_number == person.masked_number)
            .cloned()
    });
    visits.retain(|visit| visit.matches(&find));
    let troubles = page
        .counter
        .open_matters()
        .await?
        .iter()
        .filter(|matter| {
            matter
                .foremost()
                .is_some_and(|upload| upload.left.is_negative() || upload.state.needs_a_person())
        })
        .filter_map(|matter| MatterRow::of(matter, cookie))
        .collect();
    let folder = FolderWords::of(&page.counter, &page.counter.bill_folder().await?);
    let frame = Frame::of(page, operator).await;
    let home = Home {
        frame,
        desk,
        theirs,
        find,
        visits,
        all,
        troubles,
        folder,
    };
    Ok(html(StatusCode::OK, &home))
}
