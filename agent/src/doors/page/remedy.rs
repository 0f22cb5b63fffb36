//! A message that waits for a person: what the province said, and the form on which is recorded what became of it.

use askama::Template;
use axum::Extension;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::frame::Frame;
use super::guard::Cookie;
use super::handle;
use super::plain::{PageError, html};
use super::state::Page;
use super::uploads::UploadRow;
use crate::counter::Actor;
use crate::counter::UploadError;
use crate::counter::{CounterError, Password, Remedied, Remedy, SecondSignIn};
use crate::doors::status::status;
use crate::wording::notice::Notice;
use crate::wording::page as words;

/// The form as the browser sends it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Input {
    /// How often it had been tried when this form was made.
    attempts: u32,
    pub(super) remedy: String,
    pub(super) reference: String,
    pub(super) reason: String,
    /// Of the second person, where it takes two; the password goes no further than the counter.
    pub(super) second_number: String,
    second_password: String,
}

#[derive(Template)]
#[template(path = "remedy.html")]
pub(super) struct Screen {
    pub(super) frame: Frame,
    pub(super) notice: Option<Notice>,
    pub(super) upload: UploadRow,
    /// It still waits for a person.
    pub(super) refused: bool,
    /// It takes a second person to set it aside.
    pub(super) two: bool,
    pub(super) input: Input,
}

impl Input {
    fn take_second(&mut self) -> SecondSignIn {
        SecondSignIn {
            number: self.second_number.clone(),
            password: Password::new(std::mem::take(&mut self.second_password)),
        }
    }

    fn read(&self, message_id: String) -> Result<Remedied, Notice> {
        let remedy = match self.remedy.as_str() {
            "send_again" => Remedy::SendAgain,
            "taken_by_hand" => Remedy::TakenByHand {
                reference: self.reference.trim().to_owned(),
            },
            _neither => {
                return Err(words::remedy_not_chosen());
            }
        };
        Ok(Remedied {
            message_id,
            attempts: self.attempts,
            remedy,
            reason: self.reason.trim().to_owned(),
        })
    }
}

/// A message as this session named it.
struct Named<'a> {
    cookie: &'a Cookie,
    message_id: &'a str,
}

impl<'a> Named<'a> {
    fn by(cookie: &'a Cookie, handle: &'a str) -> Result<Self, PageError> {
        let message_id =
            handle::message_id(cookie, handle).ok_or(CounterError::Upload(UploadError::Unknown))?;
        Ok(Self { cookie, message_id })
    }
}

pub(super) async fn show(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Extension(cookie): Extension<Cookie>,
    Path(handle): Path<String>,
) -> Result<Response, PageError> {
    let named = Named::by(&cookie, &handle)?;
    screen(&page, &operator, &named, Input::default(), None).await
}

pub(super) async fn act(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Extension(cookie): Extension<Cookie>,
    Path(handle): Path<String>,
    form: Result<Form<Input>, FormRejection>,
) -> Result<Response, PageError> {
    let Form(mut input) = form.map_err(|rejection| PageError::BadForm {
        status: rejection.status(),
    })?;
    let named = Named::by(&cookie, &handle)?;
    let (status, notice) = match input.read(named.message_id.to_owned()) {
        Err(notice) => (StatusCode::UNPROCESSABLE_ENTITY, notice),
        Ok(remedied) => match page
            .counter
            .remedy(remedied, &operator, Some(input.take_second()))
            .await
        {
            Ok(_) => return Ok(Redirect::to("/uploads").into_response()),
            Err(error) => (status(&error), Notice::from(&error)),
        },
    };
    let mut response = screen(&page, &operator, &named, input, Some(notice)).await?;
    *response.status_mut() = status;
    Ok(response)
}

async fn screen(
    page: &Page,
    operator: &Actor,
    named: &Named<'_>,
    input: Input,
    notice: Option<Notice>,
) -> Result<Response, PageError> {
    let upload = page.counter.upload(named.message_id).await?;
    let screen = Screen {
        frame: Frame::of(page, operator).await,
        notice,
        refused: upload.state.needs_a_person(),
        two: page.counter.two_set_aside(),
        input: Input {
            attempts: upload.attempts,
            ..input
        },
        upload: UploadRow::of(&upload, named.cookie),
    };
    Ok(html(StatusCode::OK, &screen))
}
