//! By which way somebody came who admitted or settled, in the journal beside the act: in whose name a thing was done is what
//! the caller says, by whose account and which door the kernel knows.

use serde::Serialize;

use crate::counter::actor::Came;
use crate::ledger::{Entry, LedgerError, journal};

/// What the journal keeps of it, version 1.
#[derive(Serialize)]
struct Body<'a> {
    v: u8,
    act: &'a str,
    by: &'a str,
    #[serde(flatten)]
    came: Came,
}

/// Writes it in the act's own transaction.
pub(crate) fn keep(
    entry: &Entry<'_>,
    act: &str,
    subject: &str,
    (by, came): (&str, Came),
) -> Result<(), LedgerError> {
    let body = journal::json(&Body {
        v: 1,
        act,
        by,
        came,
    })?;
    journal::append(entry, "came", subject, &body).map(drop)
}
