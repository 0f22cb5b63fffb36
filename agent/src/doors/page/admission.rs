//! Admission 入院登记: who was read, what the rules say of admitting them, and the form, on one screen.

use askama::Template;
use axum::Extension;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use rules::{Care, FilingForm, FilingStatus, ThirdPartyLiability, VisitKind};
use serde::Deserialize;

use super::desk::{DeskView, PersonView};
use super::fields;
use super::frame::Frame;
use super::judgement::JudgementView;
use super::plain::{PageError, html};
use super::session::SessionSecret;
use super::state::Page;
use crate::counter::Actor;
use crate::counter::AdmissionForm;
use crate::desk::PresentationStamp;
use crate::doors::status::status;
use crate::wording::notice::Notice;
use crate::wording::page as words;
use crate::wording::terms;

/// The form as the browser sends it; a box that was not ticked is not sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Input {
    /// `judge` asks the rules again, `admit` admits.
    act: String,
    /// Names this form: pressed twice, it admits once.
    pub(super) key: String,
    /// The reading this form was judged for.
    presented: String,
    /// Whose it was.
    who: String,
    pub(super) kind: String,
    pub(super) liability: String,
    pub(super) emergency: String,
    pub(super) force_majeure: String,
    pub(super) department: String,
    pub(super) inpatient_number: String,
    pub(super) diagnosis: String,
    pub(super) diagnosis_code: String,
    pub(super) registered_at: String,
}

#[derive(Template)]
#[template(path = "admission.html")]
pub(super) struct Admission {
    pub(super) frame: Frame,
    pub(super) desk: DeskView,
    pub(super) notice: Option<Notice>,
    pub(super) judgement: Option<JudgementView>,
    pub(super) input: Input,
    pub(super) kinds: Vec<Choice>,
    pub(super) liabilities: Vec<Choice>,
    /// The form belonged to somebody else and was emptied: the whole screen is new.
    pub(super) emptied: bool,
}

/// One answer of several.
pub(super) struct Choice {
    pub(super) value: &'static str,
    pub(super) label: &'static str,
    pub(super) chosen: bool,
}

impl Input {
    fn fresh() -> Result<Self, PageError> {
        let key = SessionSecret::random().map_err(|error| {
            tracing::error!(%error, "page: no form key");
            PageError::NoRandomness
        })?;
        Ok(Self {
            key: key.reveal().to_owned(),
            kind: VisitKind::InpatientMedical.name().to_owned(),
            ..Self::default()
        })
    }

    /// What is filled in so far; whether its texts can be taken, and whether any is missing, the counter says.
    fn so_far(&self) -> Result<AdmissionForm, Notice> {
        let registered_at = match self.registered_at.trim() {
            "" => None,
            text => Some(fields::minute("入院登记时间", text)?),
        };
        Ok(AdmissionForm {
            kind: VisitKind::parse(&self.kind).map_err(|error| unknown_choice(&error))?,
            department: self.department.clone(),
            inpatient_number: self.inpatient_number.clone(),
            diagnosis: self.diagnosis.clone(),
            diagnosis_code: self.diagnosis_code.clone(),
            other_diagnoses: Vec::new(),
            third_party_liability: match self.liability.as_str() {
                "" => ThirdPartyLiability::Undeclared,
                text => ThirdPartyLiability::parse(text).map_err(|error| unknown_choice(&error))?,
            },
            emergency: !self.emergency.is_empty(),
            force_majeure: !self.force_majeure.is_empty(),
            registered_at,
        })
    }

    fn choices(&self) -> (Vec<Choice>, Vec<Choice>) {
        let kinds = [
            VisitKind::InpatientMedical,
            VisitKind::InpatientRehabilitation,
        ]
        .map(|kind| choice(kind.name(), terms::visit_kind(kind), &self.kind));
        let liabilities = [
            ThirdPartyLiability::None,
            ThirdPartyLiability::Partial,
            ThirdPartyLiability::Full,
        ]
        .map(|liability| {
            choice(
                liability.name(),
                terms::third_party_liability(liability),
                &self.liability,
            )
        });
        (kinds.into(), liabilities.into())
    }
}

fn choice(value: &'static str, label: &'static str, chosen: &str) -> Choice {
    Choice {
        value,
        label,
        chosen: value == chosen,
    }
}

fn unknown_choice(error: &rules::ParseError) -> Notice {
    tracing::warn!(%error, "page: a choice that the form does not offer");
    words::choice_unknown()
}

pub(super) async fn show(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
) -> Result<Response, PageError> {
    let mut input = Input::fresh()?;
    if let Some(kind) = filed_for(&page, &input).await {
        kind.name().clone_into(&mut input.kind);
    }
    Ok(screen(&page, &operator, input, None, false).await)
}

/// What a worker on the desk is filed for, where all filings that stand are for rehabilitation: chosen beforehand, and still to be
/// changed. Where that cannot be said, the judgement says why.
async fn filed_for(page: &Page, input: &Input) -> Option<VisitKind> {
    let judged = page.counter.judge_admission(&input.so_far().ok()?).await;
    let case = judged.ok()?.case;
    let mut cares = case.facts().filings.iter().filter_map(|filing| {
        let stands = matches!(filing.status, FilingStatus::Approved { .. });
        match filing.form {
            FilingForm::Medical { care } if stands => Some(care),
            FilingForm::Medical { .. } | FilingForm::Device => None,
        }
    });
    let first = cares.next()?;
    let all = cares.all(|care| care == Care::Rehabilitation);
    (first == Care::Rehabilitation && all).then_some(VisitKind::InpatientRehabilitation)
}

pub(super) async fn act(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    form: Result<Form<Input>, FormRejection>,
) -> Result<Response, PageError> {
    let Form(input) = form.map_err(|rejection| PageError::BadForm {
        status: rejection.status(),
    })?;
    let now = page.counter.clock().now();
    let person = DeskView::of(&page.counter.desk().borrow(), "/admission", now).person;
    let who = person.map_or_else(String::new, |person| person.who());
    if !input.who.is_empty() && !who.is_empty() && input.who != who {
        let notice = words::person_changed();
        return Ok(screen(&page, &operator, Input::fresh()?, Some(notice), true).await);
    }
    if input.act != "admit" {
        return Ok(screen(&page, &operator, input, None, false).await);
    }
    let form = match input.so_far() {
        Ok(form) => form,
        Err(notice) => return Ok(screen(&page, &operator, input, Some(notice), false).await),
    };
    let looked_at = PresentationStamp::from(input.presented.clone());
    let admitted = page
        .counter
        .admit(form, input.key.clone(), &looked_at, &operator)
        .await;
    match admitted {
        Ok(visit) => {
            Ok(Redirect::to(&format!("/visits/{}/admitted", visit.number)).into_response())
        }
        Err(error) => {
            let notice = Notice::from(&error);
            let mut response = screen(&page, &operator, input, Some(notice), false).await;
            *response.status_mut() = status(&error);
            Ok(response)
        }
    }
}

/// Whether this person has an open visit. Where that cannot be said, the judgement says why.
async fn is_in(page: &Page, person: &PersonView) -> bool {
    let open = page.counter.open_visits().await;
    open.is_ok_and(|open| {
        open.iter()
            .any(|visit| visit.name == person.name && visit.masked_number == person.masked_number)
    })
}

/// The screen for whoever is on the desk now, judged with what is filled in.
async fn screen(
    page: &Page,
    operator: &Actor,
    mut input: Input,
    notice: Option<Notice>,
    emptied: bool,
) -> Response {
    let now = page.counter.clock().now();
    let desk = DeskView::of(&page.counter.desk().borrow(), "/admission", now);
    match &desk.person {
        Some(person) => {
            input.presented = person.stamp.clone();
            // Of somebody who is in already nothing more is admitted: what is typed is for nobody yet.
            let is_in = is_in(page, person).await;
            input.who = if is_in { String::new() } else { person.who() };
        }
        // While the next card is being read, what is filled in is still the last one's.
        None => input.presented.clear(),
    }
    let judged = match (&desk.person, input.so_far()) {
        (None, _) => Ok(None),
        (Some(_), Err(fault)) => Err(fault),
        (Some(_), Ok(form)) => match page.counter.judge_admission(&form).await {
            Ok(judged) => Ok(Some(JudgementView::of_admission(&judged))),
            Err(error) => Err(Notice::from(&error)),
        },
    };
    let (judgement, notice) = match judged {
        Ok(judgement) => (judgement, notice),
        Err(fault) => (None, Some(notice.unwrap_or(fault))),
    };
    let (kinds, liabilities) = input.choices();
    let frame = Frame::of(page, operator).await;
    let screen = Admission {
        frame,
        desk,
        notice,
        judgement,
        input,
        kinds,
        liabilities,
        emptied,
    };
    html(StatusCode::OK, &screen)
}
