//! The quote's screen: decision, totals, Annex 10's table and every line; the amount to collect is confirmed, and one press settles.
//!
//! A press is a person's alone. A scanner that acts as a keyboard can send any key: the settle key counts only when
//! 200 ms lie between it and every other key, also across screens. The form has an address for that moment alone, so
//! that no script's event and no `submit()` settles. It is a key of its own, F12: the one that takes every other step
//! never settles. The amount that was confirmed comes with the press, and is compared with the quote's.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use rules::{ColumnAmounts, MatrixColumn, Split};
use serde::Deserialize;

use super::fields;
use super::frame::Frame;
use super::home::VisitRow;
use super::judgement::JudgementView;
use super::lines::{LinesView, Wanted};
use super::plain::{PageError, html};
use super::state::Page;
use crate::counter::Actor;
use crate::counter::QuoteError;
use crate::counter::{CounterError, Matter, Quote, VisitStateView, Weight};
use crate::doors::status::status;
use crate::wording::bill as sentences;
use crate::wording::notice::Notice;
use crate::wording::page as words;
use crate::wording::terms;

#[derive(Template)]
#[template(path = "quote.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what the template shows or leaves out; none depends on another"
)]
pub(super) struct Screen {
    pub(super) frame: Frame,
    pub(super) notice: Option<Notice>,
    pub(super) id: String,
    pub(super) visit: VisitRow,
    /// The visit's settlement, where there is one already.
    pub(super) settled: Option<String>,
    pub(super) discharged_at: String,
    pub(super) judged_at: String,
    /// Until when it can be settled.
    pub(super) good_until: Option<String>,
    /// It is too old to be settled.
    pub(super) expired: bool,
    /// The visit's later quote.
    pub(super) newer: Option<String>,
    pub(super) judgement: JudgementView,
    pub(super) may_be_settled: bool,
    /// What the worker pays, as the press sends it back.
    pub(super) collect: String,
    /// What is confirmed before it can be settled.
    pub(super) confirm: String,
    /// What a person has to vouch for.
    pub(super) vouch: Option<VouchView>,
    /// Lines lack marks that a person can give.
    pub(super) unmarked: bool,
    /// People gave marks that they may take back.
    pub(super) marked: bool,
    pub(super) how_read: HowReadView,
    pub(super) money: Option<MoneyView>,
}

/// How the bill's file was read.
pub(super) struct HowReadView {
    /// The file's name; empty where it has none.
    pub(super) name: String,
    /// Lines, sum and days.
    pub(super) extent: String,
    /// Where the bill does not say which stay it is of.
    pub(super) unnamed: Option<&'static str>,
    pub(super) form: String,
    pub(super) head_row: Option<u64>,
    pub(super) ignored: String,
    pub(super) notes: Vec<String>,
}

impl HowReadView {
    fn of(quote: &Quote) -> Self {
        let how = &quote.how;
        Self {
            unnamed: (!quote.file.names_stay).then_some(sentences::NUMBER_NOT_ON_BILL),
            name: quote.file.name.clone().unwrap_or_default(),
            extent: quote
                .extent()
                .map_or_else(String::new, |extent| sentences::extent(&extent)),
            form: how.form.to_string(),
            head_row: how.head_row,
            ignored: how.ignored.join("、"),
            notes: how.notes.iter().map(|note| note.to_string()).collect(),
        }
    }
}

/// What a person has to say to vouch.
pub(super) struct VouchView {
    pub(super) matter: &'static str,
    pub(super) label: &'static str,
    pub(super) button: &'static str,
}

impl VouchView {
    fn of(matter: Matter) -> Self {
        let (label, button) = sentences::vouching(matter);
        Self {
            matter: matter.name(),
            label,
            button,
        }
    }
}

/// A person's word for what holds a bill, as the browser sends it.
#[derive(Deserialize)]
pub(super) struct VouchInput {
    #[serde(default)]
    matter: String,
    #[serde(default)]
    reason: String,
}

/// The press, as the browser sends it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct SettleInput {
    /// The amount that the cashier confirmed.
    collect: String,
}

/// The split, ready to be laid out.
pub(super) struct MoneyView {
    pub(super) total: String,
    pub(super) fund: String,
    pub(super) personal: String,
    pub(super) self_pay: String,
    pub(super) other: String,
    pub(super) matrix: Vec<MatrixRow>,
    pub(super) lines: LinesView,
}

/// A row of Annex 10's table, its columns in the form's order and the row's sum last.
pub(super) struct MatrixRow {
    pub(super) label: &'static str,
    pub(super) cells: Vec<String>,
}

impl MatrixRow {
    fn of(label: &'static str, amounts: &ColumnAmounts) -> Self {
        let cells = MatrixColumn::ALL
            .iter()
            .map(|column| amounts.of(*column))
            .chain([amounts.total()])
            .map(|amount| amount.to_string())
            .collect();
        Self { label, cells }
    }
}

impl MoneyView {
    pub(super) fn of(split: &Split, lines: LinesView) -> Self {
        Self {
            total: split.total().to_string(),
            fund: split.fund.total().to_string(),
            personal: split.personal().to_string(),
            self_pay: split.self_pay.total().to_string(),
            other: split.other.total().to_string(),
            matrix: vec![
                MatrixRow::of("工伤保险基金支付金额", &split.fund),
                MatrixRow::of("自费金额", &split.self_pay),
                MatrixRow::of("其他（非工伤伤情等）", &split.other),
            ],
            lines,
        }
    }
}

pub(super) async fn show(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let quote = page
        .counter
        .quoted(&id)
        .ok_or(CounterError::Quote(QuoteError::Forgotten))?;
    Ok(screen(&page, &operator, &quote, &wanted, None).await)
}

/// Somebody reloads the address that the button sends to.
pub(super) async fn back(Path(id): Path<String>) -> Redirect {
    Redirect::to(&format!("/quotes/{id}"))
}

/// The button. The quote's id is the key: a second press, here or in another window, leads to the same settlement.
pub(super) async fn settle(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Path(id): Path<String>,
    form: Result<Form<SettleInput>, FormRejection>,
) -> Result<Response, PageError> {
    let Form(input) = form.map_err(|rejection| PageError::BadForm {
        status: rejection.status(),
    })?;
    // A quote that is forgotten, or cannot be settled, is the counter's to refuse.
    if let Some(quote) = page.counter.quoted(&id)
        && let Some(collect) = to_collect(&quote)
        && input.collect != collect
    {
        let notice = words::collect_not_confirmed(&collect);
        let mut response = screen(&page, &operator, &quote, &Wanted::default(), Some(notice)).await;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    match page.counter.settle(&id, &operator).await {
        Ok(settlement) => {
            Ok(Redirect::to(&format!("/settlements/{}", settlement.number)).into_response())
        }
        Err(error) => not_done(&page, &operator, &id, error).await,
    }
}

/// A person has looked at the lines that are not listed, and says why they are right.
pub(super) async fn vouch(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Path(id): Path<String>,
    form: Result<Form<VouchInput>, FormRejection>,
) -> Result<Response, PageError> {
    let Form(input) = form.map_err(|rejection| PageError::BadForm {
        status: rejection.status(),
    })?;
    let matter = match Matter::parse(&input.matter) {
        None if !input.matter.is_empty() => {
            return not_done(
                &page,
                &operator,
                &id,
                CounterError::Quote(QuoteError::NothingToVouch),
            )
            .await;
        }
        matter => matter,
    };
    match page
        .counter
        .vouch(&id, matter, &input.reason, &operator)
        .await
    {
        Ok(quote) => Ok(Redirect::to(&format!("/quotes/{}", quote.id)).into_response()),
        Err(error) => not_done(&page, &operator, &id, error).await,
    }
}

/// What the worker pays.
fn to_collect(quote: &Quote) -> Option<String> {
    let split = quote.judgement.split()?;
    Some(split.personal().to_string())
}

/// The quote's screen again, with what stands in the way.
async fn not_done(
    page: &Page,
    operator: &Actor,
    id: &str,
    error: CounterError,
) -> Result<Response, PageError> {
    let Some(quote) = page.counter.quoted(id) else {
        return Err(PageError::Counter(error));
    };
    let notice = Notice::from(&error);
    let mut response = screen(page, operator, &quote, &Wanted::default(), Some(notice)).await;
    *response.status_mut() = status(&error);
    Ok(response)
}

async fn screen(
    page: &Page,
    operator: &Actor,
    quote: &Arc<Quote>,
    wanted: &Wanted,
    notice: Option<Notice>,
) -> Response {
    let frame = Frame::of(page, operator).await;
    // The quote's own view of the visit is as old as the quote.
    let visit = match page.counter.visit(&quote.visit.number).await {
        Ok(visit) => visit,
        Err(error) => return PageError::Counter(error).into_response(),
    };
    let settled = match &visit.state {
        VisitStateView::Settled { settlement } => Some(settlement.clone()),
        VisitStateView::Open | VisitStateView::Cancelled { .. } | VisitStateView::Closed => None,
    };
    let facts = quote.case.facts();
    let (counted, wanted) = (Arc::clone(quote), wanted.clone());
    let money = page.counter.aside(Weight::Light, move |_| {
        let bill = &counted.case.facts().bill;
        Ok(match (bill, counted.judgement.split()) {
            (Some(bill), Some(split)) => {
                let lines = LinesView::of(bill, split, &wanted, &counted.remarks);
                Some(MoneyView::of(split, lines))
            }
            (Some(_) | None, _) => None,
        })
    });
    let money = match money.await {
        Ok(money) => money,
        Err(error) => return PageError::Counter(error).into_response(),
    };
    let expired = quote.expired(page.counter.clock().now());
    let newer = page
        .counter
        .newer_quote(quote)
        .map(|newer| newer.id.clone());
    let open = quote.may_be_settled() && visit.state == VisitStateView::Open && newer.is_none();
    let in_hand = visit.state == VisitStateView::Open && newer.is_none();
    let vouch = quote
        .waits_for_vouching()
        .filter(|_| in_hand)
        .map(VouchView::of);
    let collect = to_collect(quote).unwrap_or_default();
    let screen = Screen {
        frame,
        notice,
        confirm: words::confirm_collect(&collect),
        collect,
        id: quote.id.clone(),
        may_be_settled: open && !expired,
        vouch,
        unmarked: in_hand && !quote.missing.is_empty(),
        marked: in_hand && quote.was_marked(),
        how_read: HowReadView::of(quote),
        expired: open && expired,
        newer,
        good_until: quote.good_until().map(terms::moment),
        visit: VisitRow::of(&visit),
        settled,
        discharged_at: facts
            .visit
            .discharged_at
            .map_or_else(String::new, fields::write_minute),
        judged_at: terms::moment(quote.judged_at()),
        judgement: JudgementView::of_quote(quote),
        money,
    };
    html(StatusCode::OK, &screen)
}
