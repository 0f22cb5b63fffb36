//! What the journal keeps of people: who signed in and out, wrong passwords, and every change of the list.

use serde::Serialize;

use crate::counter::actor::{Actor, Came};
use crate::ledger::{Entry, LedgerError, journal};

/// The subject where the number is nobody's: what was typed may be a password in the wrong field.
pub(super) const NOBODY: &str = "unknown";

/// Somebody at the sign-in, version 1.
#[derive(Serialize)]
struct Seen<'a> {
    v: u8,
    #[serde(skip_serializing_if = "str::is_empty")]
    why: &'a str,
    #[serde(flatten)]
    came: Came,
}

/// A change of the list, version 1. The row that it seals says what the person is from then on.
#[derive(Serialize)]
pub(super) struct Changed<'a> {
    v: u8,
    what: &'static str,
    by: &'a str,
    #[serde(flatten)]
    came: Came,
}

impl<'a> Changed<'a> {
    pub(super) fn of(what: &'static str, actor: &'a Actor) -> Self {
        Self {
            v: 1,
            what,
            by: &actor.code,
            came: actor.came,
        }
    }
}

/// Writes that somebody signed in or out, or did not.
pub(super) fn keep(
    entry: &Entry<'_>,
    kind: &'static str,
    number: &str,
    (why, came): (&str, Came),
) -> Result<(), LedgerError> {
    let body = journal::json(&Seen { v: 1, why, came })?;
    journal::append(entry, kind, number, &body).map(drop)
}
