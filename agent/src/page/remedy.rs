//! A message that the province refused: what it said, and the form on which a person records what became of it.

use askama::Template;
use axum::Extension;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::Page;
use super::frame::Frame;
use super::plain::{Refusal, html};
use super::uploads::UploadRow;
use crate::counter::uploads::UploadStanding;
use crate::counter::{Remedied, Remedy};
use crate::notice::Notice;
use crate::operators::Operator;

/// The form as the browser sends it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Input {
    /// How often it had been tried when this form was made.
    attempts: u32,
    pub(super) remedy: String,
    pub(super) reference: String,
    pub(super) reason: String,
}

#[derive(Template)]
#[template(path = "remedy.html")]
pub(super) struct Screen {
    pub(super) frame: Frame,
    pub(super) notice: Option<Notice>,
    pub(super) upload: UploadRow,
    /// It is still refused.
    pub(super) refused: bool,
    pub(super) input: Input,
}

impl Input {
    fn read(&self, message_id: String) -> Result<Remedied, Notice> {
        let remedy = match self.remedy.as_str() {
            "send_again" => Remedy::SendAgain,
            "taken_by_hand" => Remedy::TakenByHand {
                reference: self.reference.trim().to_owned(),
            },
            _neither => {
                return Err(Notice::new(
                    "remedy_not_chosen",
                    "没有选择怎样处理。",
                    "请选择“原样重新上传”或“不再上传”后再登记。",
                ));
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

pub(super) async fn show(
    State(page): State<Page>,
    Extension(operator): Extension<Operator>,
    Path(message_id): Path<String>,
) -> Result<Response, Refusal> {
    screen(&page, &operator, &message_id, Input::default(), None).await
}

pub(super) async fn act(
    State(page): State<Page>,
    Extension(operator): Extension<Operator>,
    Path(message_id): Path<String>,
    form: Result<Form<Input>, FormRejection>,
) -> Result<Response, Refusal> {
    let Form(input) = form.map_err(|rejection| Refusal::BadForm {
        status: rejection.status(),
    })?;
    let (status, notice) = match input.read(message_id.clone()) {
        Err(notice) => (StatusCode::UNPROCESSABLE_ENTITY, notice),
        Ok(remedied) => match page.counter.remedy(remedied, &operator).await {
            Ok(_) => return Ok(Redirect::to("/uploads").into_response()),
            Err(error) => (error.status(), Notice::from(&error)),
        },
    };
    let mut response = screen(&page, &operator, &message_id, input, Some(notice)).await?;
    *response.status_mut() = status;
    Ok(response)
}

async fn screen(
    page: &Page,
    operator: &Operator,
    message_id: &str,
    input: Input,
    notice: Option<Notice>,
) -> Result<Response, Refusal> {
    let upload = page.counter.upload(message_id).await?;
    let screen = Screen {
        frame: Frame::of(page, operator).await,
        notice,
        refused: matches!(upload.state, UploadStanding::Rejected { .. }),
        input: Input {
            attempts: upload.attempts,
            ..input
        },
        upload: UploadRow::of(&upload),
    };
    Ok(html(StatusCode::OK, &screen))
}
