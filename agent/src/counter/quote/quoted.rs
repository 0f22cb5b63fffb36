//! A quote: a bill, split, with everything it was judged on; and the quotes that are remembered.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;
use rules::{Case, Outcome, Reason, ReasonCode};

use crate::bill::HowRead;
use crate::counter::aside::Weight;
use crate::counter::case::objection::{Judgement, Objection};
use crate::counter::case::question::Question;
use crate::counter::case::remarks::{Remark, Vouched};
use crate::counter::case::second_look::{Matter, SettledBefore};
use crate::counter::quote::file::{Extent, FileMark};
use crate::counter::quote::marks::given::Given;
use crate::counter::quote::marks::missing::Missing;
use crate::counter::quote::marks::reversals::{Reversal, offered};
use crate::counter::stay::forms::DischargeForm;
use crate::counter::views::{Freshness, VisitView, WorkerView};
use crate::desk::{Presented, speaks_until, still_speaks};
use crate::ledger::numbers::VisitNumber;

/// Quotes that are kept to be settled; a cashier has a handful open.
const MOST_QUOTES: usize = 64;

/// Bill lines of all quotes kept together: a bound on memory, two of the longest bills there are.
const MOST_LINES: usize = 400_000;

/// What would be settled: the bill, split, with everything it was judged on. It is settled as it stands or not at all.
#[derive(Debug, Clone)]
pub struct Quote {
    /// Names this quote; also the key under which it settles, once.
    pub id: String,
    /// The visit.
    pub visit: VisitView,
    /// Whose it is, in words; none where the registry no longer knows the worker.
    pub worker: Option<WorkerView>,
    /// What was judged, the bill included.
    pub case: Case,
    /// What the rules said, and the counter beside them.
    pub judgement: Judgement,
    /// How current the registry was.
    pub freshness: Freshness,
    /// What the counter has noticed beside the rules.
    pub remarks: Vec<Remark>,
    /// How the bill's file was read.
    pub how: HowRead,
    /// The bill's file.
    pub file: FileMark,
    /// Which lines lack which mark.
    pub missing: Missing,
    /// What was noticed of the file itself, and of what people did to it; among the remarks, too.
    pub(crate) noticed: Vec<Remark>,
    /// What people vouched for.
    pub(crate) vouched: Vec<Vouched>,
    /// What people marked.
    pub(crate) given: Given,
    /// The settlement of another visit that this bill is taken for.
    pub(crate) before: Option<SettledBefore>,
    /// The card or code it rests on; none where nobody presented one, and then it is not settled.
    pub(crate) presented: Option<Presented>,
    pub(crate) number: VisitNumber,
    pub(crate) generation: u32,
    pub(crate) question: Question,
    pub(crate) form: DischargeForm,
    pub(crate) weight: Weight,
}

impl Quote {
    /// Whether the settle button may be pressed.
    pub fn may_be_settled(&self) -> bool {
        self.judgement.outcome() == Outcome::Allow && self.judgement.split().is_some()
    }

    /// What a person has to vouch for first; none where there is nothing of the kind, or marks are missing.
    pub fn waits_for_vouching(&self) -> Option<Matter> {
        if !self.missing.is_empty() {
            return None;
        }
        self.judgement.objections.iter().find_map(Objection::matter)
    }

    /// What stands against this bill as long as the quote is not replaced.
    pub(crate) fn held_for_the_bill(&self) -> Vec<Objection> {
        let own = self.judgement.objections.iter();
        own.filter(|own| own.is_about_the_bill()).cloned().collect()
    }

    /// What negative lines without a reference could reverse.
    pub(crate) fn reversals(&self) -> Vec<Reversal> {
        let bill = self.question.bill.as_ref();
        bill.map_or_else(Vec::new, |bill| offered(bill, &self.missing))
    }

    /// People gave marks to its bill.
    pub fn was_marked(&self) -> bool {
        !self.given.is_empty()
    }

    /// Nothing but marks that a person can give stands in the way.
    pub fn waits_for_marks_alone(&self) -> bool {
        let own = &self.judgement.objections;
        let marks = |reason: &Reason| {
            matches!(
                reason.code,
                ReasonCode::InjuryUnmarked | ReasonCode::LineSignWrong
            )
        };
        let decided = self.judgement.decision.as_ref();
        !self.missing.is_empty()
            && own.iter().all(Objection::is_about_the_bill)
            && decided.is_some_and(|decision| decision.reasons.iter().all(marks))
    }

    /// The bill's figures.
    pub fn extent(&self) -> Option<Extent> {
        self.case.facts().bill.as_ref().map(Extent::of)
    }

    /// What was filled in for it.
    pub fn form(&self) -> &DischargeForm {
        &self.form
    }

    /// How much work it is to go through its lines.
    pub(crate) fn weight(&self) -> Weight {
        self.weight
    }

    fn line_count(&self) -> usize {
        self.case
            .facts()
            .bill
            .as_ref()
            .map_or(0, |bill| bill.lines.len())
    }

    /// When the card or code it rests on was read; none where nobody presented one, and then it is not settled.
    pub fn read_at(&self) -> Option<Timestamp> {
        self.presented.as_ref().map(|presented| presented.at)
    }

    /// Until when it may be settled: as long as the card or code that was read identifies the person at the counter. What it
    /// was judged on is judged again at the press; who stands there is not, nor what the province has said of them since.
    pub fn good_until(&self) -> Option<Timestamp> {
        self.read_at().map(speaks_until)
    }

    /// Whether it is too old to be settled, or made at a time that the clock, set back, has not reached again.
    pub fn expired(&self, now: Timestamp) -> bool {
        now.as_millisecond() < self.judged_at().as_millisecond()
            || self
                .read_at()
                .is_some_and(|read_at| !still_speaks(read_at, now))
    }

    /// When it was judged.
    pub fn judged_at(&self) -> Timestamp {
        self.case.facts().at
    }
}

/// Quotes in memory, newest last. A restart forgets them: they are made again.
#[derive(Debug, Default)]
pub(crate) struct Quotes(VecDeque<Arc<Quote>>);

impl Quotes {
    pub(crate) fn keep(&mut self, quote: Arc<Quote>) {
        self.0.push_back(quote);
        let lines = |quotes: &VecDeque<Arc<Quote>>| {
            quotes.iter().map(|quote| quote.line_count()).sum::<usize>()
        };
        while self.0.len() > MOST_QUOTES || (self.0.len() > 1 && lines(&self.0) > MOST_LINES) {
            self.0.pop_front();
        }
    }

    /// The last quote of the same visit, where it is another one.
    pub(crate) fn newer(&self, quote: &Quote) -> Option<Arc<Quote>> {
        let last = self.0.iter().rfind(|other| other.number == quote.number);
        last.filter(|last| last.id != quote.id).cloned()
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<Quote>> {
        self.0.iter().find(|quote| quote.id == id).cloned()
    }
}
