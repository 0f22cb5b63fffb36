//! The list of people, kept by an administrator.

use askama::Template;
use axum::Extension;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::frame::Frame;
use super::plain::{PageError, html};
use super::state::Page;
use crate::counter::{Actor, CounterError, StaffError, StaffForm};
use crate::doors::status::status;
use crate::records::staff::{Role, Roles};
use crate::wording::notice::Notice;
use crate::wording::staff as words;

/// The form as the browser sends it.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Input {
    act: String,
    number: String,
    name: String,
    /// Each is there where it was ticked.
    cashier: Option<String>,
    reviewer: Option<String>,
    administrator: Option<String>,
}

impl Input {
    /// Most are cashiers.
    fn empty() -> Self {
        Self {
            cashier: Some(String::new()),
            ..Self::default()
        }
    }

    fn form(&self) -> StaffForm {
        let ticked = [
            (Role::Cashier, &self.cashier),
            (Role::Reviewer, &self.reviewer),
            (Role::Administrator, &self.administrator),
        ];
        let roles = ticked.into_iter().filter(|(_, ticked)| ticked.is_some());
        StaffForm {
            number: self.number.clone(),
            name: self.name.clone(),
            roles: Roles::of(roles.map(|(role, _)| role)),
        }
    }
}

/// A password to be handed out, shown once.
struct HandedOut {
    number: String,
    password: String,
}

/// One person.
struct Row {
    number: String,
    name: String,
    roles: Vec<Ticked>,
    disabled: bool,
    /// The password was handed out, and nobody has chosen one yet.
    fresh: bool,
}

/// A role, and whether the person has it.
struct Ticked {
    name: &'static str,
    label: &'static str,
    has: bool,
}

#[derive(Template)]
#[template(path = "staff.html")]
struct Screen {
    frame: Frame,
    notice: Option<Notice>,
    handed_out: Option<HandedOut>,
    people: Vec<Row>,
    input: Input,
    input_roles: Vec<Ticked>,
}

pub(super) async fn show(
    State(page): State<Page>,
    Extension(actor): Extension<Actor>,
) -> Result<Response, PageError> {
    may_keep(&page, &actor)?;
    Ok(screen(&page, &actor, Said::default(), Input::empty()).await)
}

/// Adds a person, changes one, hands out a password, or disables one.
pub(super) async fn act(
    State(page): State<Page>,
    Extension(actor): Extension<Actor>,
    form: Result<Form<Input>, FormRejection>,
) -> Result<Response, PageError> {
    let bad = |status| PageError::BadForm { status };
    let Form(input) = form.map_err(|rejection| bad(rejection.status()))?;
    may_keep(&page, &actor)?;
    let (counter, number) = (&page.counter, input.number.clone());
    let done = match input.act.as_str() {
        "add" => counter.add_staff(&input.form(), &actor).await.map(Some),
        "reset" => counter.reset_staff(&number, &actor).await.map(Some),
        "change" => counter
            .rename_staff(&input.form(), &actor)
            .await
            .map(|()| None),
        "disable" => counter.disable_staff(&number, &actor).await.map(|()| None),
        _none_of_ours => return Err(bad(StatusCode::UNPROCESSABLE_ENTITY)),
    };
    match done {
        Ok(password) => {
            let handed_out = password.map(|password| HandedOut {
                number: number.trim().to_ascii_uppercase(),
                password: password.reveal().to_owned(),
            });
            let said = Said {
                notice: None,
                handed_out,
            };
            Ok(screen(&page, &actor, said, Input::empty()).await)
        }
        Err(error) => {
            let said = Said {
                notice: Some(Notice::from(&error)),
                handed_out: None,
            };
            // What was typed of somebody on the list belongs to their row, which is shown as it is.
            let input = if input.act == "add" {
                input
            } else {
                Input::empty()
            };
            let mut response = screen(&page, &actor, said, input).await;
            *response.status_mut() = status(&error);
            Ok(response)
        }
    }
}

fn may_keep(page: &Page, actor: &Actor) -> Result<(), CounterError> {
    if !page.counter.has_staff() {
        return Err(StaffError::NoneYet.into());
    }
    Ok(actor.require(Role::Administrator)?)
}

#[derive(Default)]
struct Said {
    notice: Option<Notice>,
    handed_out: Option<HandedOut>,
}

async fn screen(page: &Page, actor: &Actor, said: Said, input: Input) -> Response {
    let people = page.counter.staff();
    let rows = people.iter().map(|person| Row {
        number: person.number.to_string(),
        name: person.name.clone(),
        roles: ticked(&person.roles),
        disabled: person.disabled,
        fresh: !person.password_own,
    });
    let screen = Screen {
        frame: Frame::of(page, actor).await,
        notice: said.notice,
        handed_out: said.handed_out,
        people: rows.collect(),
        input_roles: ticked(&input.form().roles),
        input,
    };
    html(StatusCode::OK, &screen)
}

fn ticked(roles: &Roles) -> Vec<Ticked> {
    let of = |role: Role| Ticked {
        name: role.name(),
        label: words::role(role),
        has: roles.have(role),
    };
    Role::ALL.map(of).into()
}
