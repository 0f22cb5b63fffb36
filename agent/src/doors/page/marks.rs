//! The screen on which marks are given that a bill lacks: for the rest at once, by category, by code, by the last time, by lines.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use axum::Extension;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use rules::{BillLine, ItemCode, LineColumn, LineNumber, Money};

use super::frame::Frame;
use super::home::VisitRow;
use super::plain::{PageError, html};
use super::state::Page;
use crate::bill::category_name;
use crate::counter::QuoteError;
use crate::counter::actor::Actor;
use crate::counter::{Choices, CounterError, LineList, MarkChoices, MarksFault, Quote};
use crate::ledger::bills::ItemMark;
use crate::wording::bill as sentences;
use crate::wording::notice::Notice;
use crate::wording::terms;

/// Rows of one list that are shown; the rest comes when these are marked, or is marked by the wider choices.
const MOST_ROWS: usize = 100;

/// Lines that a reversal is offered.
const MOST_CANDIDATES: usize = 20;

#[derive(Template)]
#[template(path = "marks.html")]
pub(super) struct Screen {
    frame: Frame,
    notice: Option<Notice>,
    id: String,
    visit: VisitRow,
    extent: String,
    asks: Vec<AskView>,
    reversals: Option<ReversalsView>,
}

/// One kind of mark that is asked for.
struct AskView {
    /// Before the names of its fields.
    name: &'static str,
    title: &'static str,
    yes: &'static str,
    no: &'static str,
    count: usize,
    /// What was chosen for the rest.
    rest: String,
    /// Lines whose code was marked on a bill before.
    known: usize,
    last_chosen: bool,
    yes_lines: String,
    no_lines: String,
    categories: Vec<GroupView>,
    codes: Vec<GroupView>,
    more_codes: usize,
    lines: Vec<LineRow>,
    more_lines: usize,
}

/// Lines with a category or a code in common.
struct GroupView {
    key: String,
    label: String,
    count: usize,
    amount: String,
    /// How it was marked last, and when.
    last: String,
    chosen: String,
}

struct LineRow {
    number: u64,
    date: String,
    column: &'static str,
    name: String,
    code: String,
    amount: String,
}

/// Negative lines without a reference.
struct ReversalsView {
    count: usize,
    /// Lines of which one alone fits.
    proposals: usize,
    take_proposals: bool,
    rows: Vec<ReversalRow>,
    more: usize,
}

struct ReversalRow {
    line: LineRow,
    candidates: Vec<CandidateView>,
    more: usize,
    /// One alone fits.
    proposed: bool,
}

struct CandidateView {
    number: u64,
    say: String,
    chosen: bool,
}

/// Where a person goes on with a quote: to its marks, as long as they alone are missing.
pub(super) fn next_screen(quote: &Quote) -> String {
    let marks = if quote.waits_for_marks_alone() {
        "/marks"
    } else {
        ""
    };
    format!("/quotes/{}{marks}", quote.id)
}

pub(super) async fn show(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let quote = page
        .counter
        .quoted(&id)
        .ok_or(CounterError::Quote(QuoteError::Forgotten))?;
    if quote.missing.is_empty() || page.counter.newer_quote(&quote).is_some() {
        return Ok(Redirect::to(&format!("/quotes/{id}")).into_response());
    }
    let filled = Filled::default();
    screen(&page, &operator, &quote, &filled, None).await
}

/// Marks as chosen, and goes on with what is still missing.
pub(super) async fn mark(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Path(id): Path<String>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Result<Response, PageError> {
    let Form(fields) = form.map_err(|rejection| PageError::BadForm {
        status: rejection.status(),
    })?;
    let filled = Filled(fields.into_iter().collect());
    let marked = match filled.choices() {
        Ok(choices) => page.counter.mark(&id, choices, &operator).await,
        Err(fault) => Err(CounterError::Quote(QuoteError::Marks(fault))),
    };
    let error = match marked {
        Ok(quote) => return Ok(Redirect::to(&next_screen(&quote)).into_response()),
        Err(error) => error,
    };
    let Some(quote) = page.counter.quoted(&id) else {
        return Err(PageError::Counter(error));
    };
    let notice = Notice::from(&error);
    let mut response = screen(&page, &operator, &quote, &filled, Some(notice)).await?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

/// Takes back what people marked.
pub(super) async fn unmark(
    State(page): State<Page>,
    Extension(operator): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let quote = page.counter.unmark(&id, &operator).await?;
    Ok(Redirect::to(&next_screen(&quote)).into_response())
}

/// What the form sent, by the fields' names.
#[derive(Default)]
struct Filled(BTreeMap<String, String>);

impl Filled {
    fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    fn choices(&self) -> Result<Choices, MarksFault> {
        let mut reversals = Vec::new();
        for (name, value) in &self.0 {
            if let Some(line) = name.strip_prefix("reversal.")
                && !value.is_empty()
            {
                reversals.push((number(line)?, number(value)?));
            }
        }
        Ok(Choices {
            injury: self.mark_choices(INJURY)?,
            restriction: self.mark_choices(RESTRICTION)?,
            reversals,
            take_proposals: !self.get("proposals").is_empty(),
        })
    }

    fn mark_choices(&self, kind: &str) -> Result<MarkChoices, MarksFault> {
        let own = |name: &str| self.get(&format!("{kind}.{name}"));
        let mut choices = MarkChoices {
            yes: LineList::parse(own("yes"))?,
            no: LineList::parse(own("no"))?,
            last_time: !own("last").is_empty(),
            rest: chosen(own("rest")),
            ..MarkChoices::default()
        };
        for (name, value) in &self.0 {
            let Some(mark) = chosen(value) else { continue };
            let of = |part: &str| name.strip_prefix(kind)?.strip_prefix(part);
            if let Some(code) = of(".code.").and_then(|code| ItemCode::parse(code).ok()) {
                choices.codes.insert(code, mark);
            } else if let Some(column) =
                of(".category.").and_then(|name| LineColumn::parse(name).ok())
            {
                choices.categories.insert(column, mark);
            }
        }
        Ok(choices)
    }
}

const INJURY: &str = "injury";
const RESTRICTION: &str = "restriction";

fn chosen(value: &str) -> Option<bool> {
    match value {
        "yes" => Some(true),
        "no" => Some(false),
        _not_chosen => None,
    }
}

fn number(text: &str) -> Result<LineNumber, MarksFault> {
    let number = text
        .parse()
        .ok()
        .and_then(|number| LineNumber::new(number).ok());
    number.ok_or_else(|| MarksFault::NotLines(text.to_owned()))
}

async fn screen(
    page: &Page,
    operator: &Actor,
    quote: &Quote,
    filled: &Filled,
    notice: Option<Notice>,
) -> Result<Response, PageError> {
    let last = page.counter.marked_last(quote).await?;
    let visit = page.counter.visit(&quote.visit.number).await?;
    let lines = quote
        .case
        .facts()
        .bill
        .as_ref()
        .map_or(&[][..], |bill| &bill.lines);
    let at = |places: &[usize]| -> Vec<&BillLine> {
        places
            .iter()
            .filter_map(|place| lines.get(*place))
            .collect()
    };
    let injury = |mark: &ItemMark| mark.treats_injury;
    let restriction = |mark: &ItemMark| mark.restriction_met;
    let asks = [
        AskView::of(
            INJURY,
            ("治疗工伤", "是", "否"),
            &at(&quote.missing.injury),
            filled,
            (&last, &injury),
        ),
        AskView::of(
            RESTRICTION,
            ("限制条件", "符合", "不符合"),
            &at(&quote.missing.restriction),
            filled,
            (&last, &restriction),
        ),
    ];
    let screen = Screen {
        frame: Frame::of(page, operator).await,
        notice,
        id: quote.id.clone(),
        visit: VisitRow::of(&visit),
        extent: quote
            .extent()
            .map_or_else(String::new, |extent| sentences::extent(&extent)),
        asks: asks.into_iter().flatten().collect(),
        reversals: ReversalsView::of(quote, lines, filled),
    };
    Ok(html(StatusCode::OK, &screen))
}

/// What is known of items, and the mark that is asked for.
type Known<'a> = (
    &'a HashMap<String, ItemMark>,
    &'a dyn Fn(&ItemMark) -> Option<bool>,
);

impl AskView {
    fn of(
        name: &'static str,
        (title, yes, no): (&'static str, &'static str, &'static str),
        lines: &[&BillLine],
        filled: &Filled,
        (last, mark): Known<'_>,
    ) -> Option<Self> {
        if lines.is_empty() {
            return None;
        }
        let own = |field: &str| filled.get(&format!("{name}.{field}")).to_owned();
        let marked = |line: &BillLine| {
            let known = last.get(line.code.as_str())?;
            mark(known).map(|mark| (mark, known.at))
        };
        let categories = grouped(lines, |line| line.column.name().to_owned());
        let mut codes = grouped(lines, |line| line.code.as_str().to_owned());
        codes.sort_by_key(|(_, lines)| std::cmp::Reverse(total(lines)));
        Some(Self {
            name,
            title,
            yes,
            no,
            count: lines.len(),
            rest: own("rest"),
            known: lines.iter().filter(|line| marked(line).is_some()).count(),
            last_chosen: !own("last").is_empty(),
            yes_lines: own("yes"),
            no_lines: own("no"),
            categories: categories
                .iter()
                .filter_map(|(key, lines)| {
                    let label = category_name(lines.first()?.column).to_owned();
                    let chosen = own(&format!("category.{key}"));
                    Some(GroupView::of(key, label, lines, chosen))
                })
                .collect(),
            codes: codes
                .iter()
                .take(MOST_ROWS)
                .filter_map(|(key, lines)| {
                    let first = lines.first()?;
                    let chosen = own(&format!("code.{key}"));
                    let group = GroupView::of(key, first.name.to_string(), lines, chosen);
                    let last = marked(first).map_or_else(String::new, |(mark, at)| {
                        format!("{}（{}）", if mark { yes } else { no }, terms::day(at))
                    });
                    Some(GroupView { last, ..group })
                })
                .collect(),
            more_codes: codes.len().saturating_sub(MOST_ROWS),
            lines: lines
                .iter()
                .take(MOST_ROWS)
                .map(|line| LineRow::of(line))
                .collect(),
            more_lines: lines.len().saturating_sub(MOST_ROWS),
        })
    }
}

/// Lines by a key, the keys in the bill's order.
fn grouped<'l>(
    lines: &[&'l BillLine],
    key: impl Fn(&BillLine) -> String,
) -> Vec<(String, Vec<&'l BillLine>)> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<(String, Vec<&BillLine>)> = Vec::new();
    for line in lines {
        let key = key(line);
        let next = groups.len();
        let place = *places.entry(key.clone()).or_insert(next);
        match groups.get_mut(place) {
            Some((_, group)) => group.push(line),
            None => groups.push((key, vec![line])),
        }
    }
    groups
}

fn total(lines: &[&BillLine]) -> Money {
    lines.iter().map(|line| line.amount).sum()
}

impl GroupView {
    fn of(key: &str, label: String, lines: &[&BillLine], chosen: String) -> Self {
        Self {
            key: key.to_owned(),
            label,
            count: lines.len(),
            amount: total(lines).to_string(),
            last: String::new(),
            chosen,
        }
    }
}

impl LineRow {
    fn of(line: &BillLine) -> Self {
        Self {
            number: line.number.get(),
            date: line.date.to_string(),
            column: category_name(line.column),
            name: line.name.to_string(),
            code: line.code.as_str().to_owned(),
            amount: line.amount.to_string(),
        }
    }
}

impl ReversalsView {
    fn of(quote: &Quote, lines: &[BillLine], filled: &Filled) -> Option<Self> {
        let offered = quote.reversals();
        if offered.is_empty() {
            return None;
        }
        let row = |reversal: &crate::counter::Reversal| {
            let line = lines.get(reversal.at)?;
            let chosen = filled.get(&format!("reversal.{}", line.number));
            let candidates = reversal.candidates.iter().take(MOST_CANDIDATES);
            let candidates = candidates.filter_map(|place| lines.get(*place));
            Some(ReversalRow {
                line: LineRow::of(line),
                candidates: candidates
                    .map(|line| CandidateView {
                        number: line.number.get(),
                        say: sentences::candidate(line),
                        chosen: chosen == line.number.to_string(),
                    })
                    .collect(),
                more: reversal.candidates.len().saturating_sub(MOST_CANDIDATES),
                proposed: reversal.proposed().is_some(),
            })
        };
        Some(Self {
            count: offered.len(),
            proposals: offered
                .iter()
                .filter(|one| one.proposed().is_some())
                .count(),
            take_proposals: !filled.get("proposals").is_empty(),
            rows: offered.iter().take(MOST_ROWS).filter_map(row).collect(),
            more: offered.len().saturating_sub(MOST_ROWS),
        })
    }
}
