//! A bill that comes in parts: each is kept under the bill's name and its number until the body of a quote or a check closes them.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{Path, State};
use serde::Serialize;

use super::hospital::Hospital;
use super::problem::Problem;
use crate::counter::{KEPT_MINUTES, PartKept};

/// A part that is kept.
#[derive(Serialize)]
pub(super) struct PartWire {
    bill: String,
    part: u32,
    lines: usize,
    /// SHA-256 of the body, in hexadecimal digits.
    digest: String,
    /// Numbers of all parts of this bill that are kept.
    kept: Vec<u32>,
    /// How long after the last part they are.
    kept_minutes: u64,
}

impl PartWire {
    fn of(bill: String, part: u32, kept: PartKept) -> Self {
        Self {
            bill,
            part,
            lines: kept.lines,
            digest: kept.digest,
            kept: kept.kept,
            kept_minutes: KEPT_MINUTES,
        }
    }
}

pub(super) async fn take(
    State(hospital): State<Hospital>,
    named: Result<Path<(String, String, u32)>, PathRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<PartWire>, Problem> {
    let (Path((visit, bill, number)), body) = (named?, body?);
    let kept = hospital
        .counter
        .take_part(&visit, (&bill, number), body.into())
        .await?;
    Ok(Json(PartWire::of(bill, number, kept)))
}
