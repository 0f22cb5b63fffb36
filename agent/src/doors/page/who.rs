//! Who acts at a window: the account's operator where no people are set up, else the person who is signed in there.

use std::time::Duration;

use super::person::{Limits, SignedIn};
use super::session::Sessions;
use crate::counter::{Actor, Came, Counter};
use crate::doors::access::operators::Operator;

/// Who acts.
pub(crate) enum Who {
    /// No people are set up: whoever works under the account.
    Account(Actor),
    /// This person.
    Person(Actor),
    /// This person, who has to choose a password first.
    MustChoose(Actor),
    /// Nobody is signed in.
    Nobody,
}

/// Who acts at the window with this cookie, opened for `operator`. Whoever may not be signed in any more is signed out by this.
pub(super) fn at_window(
    counter: &Counter,
    sessions: &Sessions,
    cookie: &str,
    (operator, came): (&Operator, Came),
) -> Who {
    if !counter.has_staff() {
        return Who::Account(operator.come(came));
    }
    let Some(signed_in) = sessions.person(cookie) else {
        return Who::Nobody;
    };
    let actor = match standing(counter, &signed_in) {
        Ok(()) => counter.person_come(&signed_in.number, came),
        Err(why) => {
            end(counter, sessions, cookie, (why, came));
            None
        }
    };
    let Some(actor) = actor else {
        return Who::Nobody;
    };
    let person = counter.person(&signed_in.number);
    let now = counter.clock().now();
    if person.is_some_and(|person| counter.must_choose_password(&person, now)) {
        Who::MustChoose(actor)
    } else {
        Who::Person(actor)
    }
}

/// The one person who is signed in at the page under this account; none where there are several.
pub(crate) fn under_account(counter: &Counter, sessions: &Sessions, came: Came) -> Option<Actor> {
    let mut people: Vec<_> = sessions
        .people(came.account, counter.clock().now())
        .into_iter()
        .filter(|person| standing(counter, person).is_ok())
        .map(|person| person.number)
        .collect();
    people.sort_unstable();
    people.dedup();
    match people.as_slice() {
        [only] => counter.person_come(only, came),
        _none_or_several => None,
    }
}

/// Whether a person may still be signed in; else why not.
fn standing(counter: &Counter, signed_in: &SignedIn) -> Result<(), &'static str> {
    let rules = &counter.settings().staff;
    let limits = Limits {
        idle: rules.idle,
        longest: rules.longest,
    };
    if let Some(why) = signed_in.over(counter.clock().times().boottime, limits) {
        return Err(why);
    }
    match counter.person(&signed_in.number) {
        None => Err("unknown"),
        Some(person) if person.disabled => Err("disabled"),
        Some(person) if person.password != signed_in.password => Err("password_changed"),
        Some(_) => Ok(()),
    }
}

/// Signs whoever is signed in at this window out, and has the journal told.
pub(super) fn end(
    counter: &Counter,
    sessions: &Sessions,
    cookie: &str,
    (why, came): (&'static str, Came),
) {
    let Some(person) = sessions.sign_out(cookie) else {
        return;
    };
    let written = counter.signed_out(person.number, why, came);
    tokio::spawn(async move {
        if let Err(error) = written.await {
            tracing::error!(%error, "page: that a person was signed out is not in the journal");
        }
    });
}

/// How long ago a person last touched the page, where it is the page that asks on its own (`x-idle`, in seconds).
pub(super) fn idle(header: Option<&str>) -> Option<Duration> {
    header?.parse().ok().map(Duration::from_secs)
}
