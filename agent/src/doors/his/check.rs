//! A bill so far, looked at before discharge, as JSON.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use rules::case::china_time::format_instant;
use rules::{LineNumber, Money};
use serde::Serialize;

use super::asked::SoFar;
use super::bills;
use super::hospital::Hospital;
use super::problem::Problem;
use super::wire::{ReasonWire, reasons, warnings};
use crate::counter::{Came, Checked, Counter, Weight};
use crate::visible_text::in_one_line;
use crate::wording::check;

#[derive(Serialize)]
struct CheckWire {
    visit: String,
    checked_at: String,
    lines: usize,
    /// What the ward can still do, in Chinese.
    open: Vec<String>,
    /// Lines without a mark 治疗工伤; they are reckoned as treating the injury.
    unmarked: Vec<u64>,
    unmarked_amount: String,
    /// Lines of restricted items of which nobody has said whether the condition is met.
    unanswered: Vec<u64>,
    unanswered_amount: String,
    /// What would stand in the way of settling, the card left aside.
    reasons: Vec<ReasonWire>,
    warnings: Vec<ReasonWire>,
    total: Option<String>,
    fund: Option<String>,
    self_pay: Option<String>,
    other: Option<String>,
    /// Lines that the fund does not pay in full, and why.
    unpaid: Vec<UnpaidWire>,
}

#[derive(Serialize)]
struct UnpaidWire {
    number: u64,
    code: String,
    name: String,
    amount: String,
    self_pay: String,
    other: String,
    rule: &'static str,
    article: String,
}

impl From<&Checked> for CheckWire {
    fn from(checked: &Checked) -> Self {
        let split = checked.split();
        let numbers = |lines: &[LineNumber]| lines.iter().copied().map(LineNumber::get).collect();
        let shared = split.map_or(&[][..], |split| &split.lines[..]);
        let unpaid = checked.lines().iter().zip(shared).filter(|(_, shared)| {
            shared.shares.self_pay != Money::ZERO || shared.shares.other != Money::ZERO
        });
        Self {
            visit: checked.visit.number.clone(),
            checked_at: format_instant(checked.at),
            lines: checked.lines().len(),
            open: check::open_points(checked),
            unmarked: numbers(&checked.unmarked.lines),
            unmarked_amount: checked.unmarked.amount.to_string(),
            unanswered: numbers(&checked.unanswered.lines),
            unanswered_amount: checked.unanswered.amount.to_string(),
            reasons: reasons(&checked.judgement),
            warnings: warnings(&checked.judgement, &checked.remarks),
            total: split.map(|split| split.total().to_string()),
            fund: split.map(|split| split.fund.total().to_string()),
            self_pay: split.map(|split| split.self_pay.total().to_string()),
            other: split.map(|split| split.other.total().to_string()),
            unpaid: unpaid
                .map(|(line, shared)| UnpaidWire {
                    number: line.number.get(),
                    code: line.code.as_str().to_owned(),
                    name: in_one_line(&line.name).into_owned(),
                    amount: line.amount.to_string(),
                    self_pay: shared.shares.self_pay.to_string(),
                    other: shared.shares.other.to_string(),
                    rule: shared.rule.name(),
                    article: shared.article.to_string(),
                })
                .collect(),
        }
    }
}

/// The bill is the body or lies in the folder, as for a quote; who looks stands in the query.
pub(super) async fn check(
    State(hospital): State<Hospital>,
    Extension(came): Extension<Came>,
    (number, asked): (
        Result<Path<String>, PathRejection>,
        Result<Query<SoFar>, QueryRejection>,
    ),
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let (Path(number), Query(asked), body) = (number?, asked?, body?);
    let actor = hospital.operator(&asked.operator, came)?;
    let bill = bills::of_request(&hospital, &number, asked.bill(), (&headers, body)).await?;
    let checked = hospital.counter.check_bill(&number, bill, &actor).await?;
    let written = move |_: &Counter| Ok(Json(CheckWire::from(&*checked)).into_response());
    Ok(hospital.counter.aside(Weight::Light, written).await?)
}
