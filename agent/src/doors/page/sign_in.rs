//! Signing in and out as one of the counter's people, and choosing a password.

use askama::Template;
use axum::Extension;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::guard::Cookie;
use super::person::SignedIn;
use super::plain::{PageError, html};
use super::state::Page;
use super::who;
use crate::counter::{Actor, Came, CounterError, Password, PasswordFault, StaffError};
use crate::doors::status::status;
use crate::records::staff::StaffNumber;
use crate::wording::notice::Notice;

/// The sign-in as the browser sends it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    number: String,
    password: String,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Screen {
    institution: String,
    notice: Option<Notice>,
    number: String,
}

pub(super) async fn show(State(page): State<Page>) -> Response {
    if !page.counter.has_staff() {
        return Redirect::to("/").into_response();
    }
    screen(&page, None, String::new())
}

pub(super) async fn act(
    State(page): State<Page>,
    Extension(cookie): Extension<Cookie>,
    Extension(came): Extension<Came>,
    form: Result<Form<Input>, FormRejection>,
) -> Result<Response, PageError> {
    let Form(input) = form.map_err(|rejection| PageError::BadForm {
        status: rejection.status(),
    })?;
    who::end(
        &page.counter,
        &page.sessions,
        &cookie.text,
        ("changed_over", came),
    );
    let password = Password::new(input.password);
    match page.counter.sign_in(&input.number, password, came).await {
        Ok(person) => {
            enter(&page, &cookie, (person.number, person.password));
            Ok(Redirect::to("/").into_response())
        }
        Err(error @ CounterError::Staff(_)) => {
            let number = StaffNumber::parse(&input.number);
            let number = number.map_or_else(|_| String::new(), |number| number.to_string());
            let mut response = screen(&page, Some(Notice::from(&error)), number);
            *response.status_mut() = status(&error);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

fn enter(page: &Page, cookie: &Cookie, (number, password): (StaffNumber, String)) {
    let now = page.counter.clock().times().boottime;
    let person = SignedIn {
        number,
        password,
        since: now,
        seen: now,
    };
    page.sessions.sign_in(&cookie.text, person);
}

/// Signs the person out; the account's session stays for the next one.
pub(super) async fn out(
    State(page): State<Page>,
    Extension(cookie): Extension<Cookie>,
    Extension(came): Extension<Came>,
) -> Redirect {
    who::end(
        &page.counter,
        &page.sessions,
        &cookie.text,
        ("signed_out", came),
    );
    Redirect::to("/sign-in")
}

fn screen(page: &Page, notice: Option<Notice>, number: String) -> Response {
    let screen = Screen {
        institution: page.counter.settings().institution.name.clone(),
        notice,
        number,
    };
    html(StatusCode::OK, &screen)
}

/// A new password as the browser sends it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chosen {
    old: String,
    new: String,
    again: String,
}

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordScreen {
    notice: Option<Notice>,
    who: String,
    /// What a password has to be.
    length: u8,
    kinds: u8,
    /// Nothing else can be done before.
    must: bool,
}

pub(super) async fn show_password(
    State(page): State<Page>,
    Extension(actor): Extension<Actor>,
) -> Result<Response, PageError> {
    password_screen(&page, &actor, None)
}

pub(super) async fn choose_password(
    State(page): State<Page>,
    Extension(cookie): Extension<Cookie>,
    Extension(actor): Extension<Actor>,
    form: Result<Form<Chosen>, FormRejection>,
) -> Result<Response, PageError> {
    let Form(chosen) = form.map_err(|rejection| PageError::BadForm {
        status: rejection.status(),
    })?;
    match chosen_by(&page, &actor, chosen).await {
        Ok(entered) => {
            enter(&page, &cookie, entered);
            Ok(Redirect::to("/").into_response())
        }
        Err(error @ CounterError::Staff(_)) => {
            let mut response = password_screen(&page, &actor, Some(Notice::from(&error)))?;
            *response.status_mut() = status(&error);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

async fn chosen_by(
    page: &Page,
    actor: &Actor,
    chosen: Chosen,
) -> Result<(StaffNumber, String), CounterError> {
    let [old, new, again] = [chosen.old, chosen.new, chosen.again].map(Password::new);
    if !new.is_same(&again) {
        return Err(StaffError::Password(PasswordFault::Differ).into());
    }
    let number = own_number(page, actor)?;
    let person = page
        .counter
        .choose_password(&number, (old, new), actor)
        .await?;
    Ok((person.number, person.password))
}

fn own_number(page: &Page, actor: &Actor) -> Result<StaffNumber, StaffError> {
    if !page.counter.has_staff() {
        return Err(StaffError::NoneYet);
    }
    let number = StaffNumber::parse(&actor.code).or(Err(StaffError::Unknown))?;
    page.counter.person(&number).ok_or(StaffError::Unknown)?;
    Ok(number)
}

fn password_screen(
    page: &Page,
    actor: &Actor,
    notice: Option<Notice>,
) -> Result<Response, PageError> {
    let number = own_number(page, actor).map_err(CounterError::from)?;
    let person = page.counter.person(&number);
    let now = page.counter.clock().now();
    let rules = &page.counter.settings().staff;
    let screen = PasswordScreen {
        notice,
        who: format!("{}（{}）", actor.name, actor.code),
        length: rules.password_length,
        kinds: rules.password_kinds,
        must: person.is_some_and(|person| page.counter.must_choose_password(&person, now)),
    };
    Ok(html(StatusCode::OK, &screen))
}
