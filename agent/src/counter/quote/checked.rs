//! What was found in a bill so far, and the results that are remembered.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;
use rules::{BillLine, CaseFacts, LineNumber, Money, Split};

use crate::bill::HowRead;
use crate::counter::case::objection::Judgement;
use crate::counter::case::remarks::Remark;
use crate::counter::views::{Freshness, VisitView};

/// Results that are remembered.
const MOST_CHECKS: usize = 32;

/// Bill lines of all of them together.
const MOST_LINES: usize = 200_000;

/// What was found in a bill so far.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The visit.
    pub visit: VisitView,
    /// When it was looked at.
    pub at: Timestamp,
    /// The file's name; none where it has none.
    pub file: Option<String>,
    /// How the file was read.
    pub how: HowRead,
    /// What was judged, the bill included.
    pub facts: CaseFacts,
    /// What the rules said of visit and bill, and the counter beside them; nothing of a card.
    pub judgement: Judgement,
    /// How current the registry was.
    pub freshness: Freshness,
    /// What the counter has noticed beside the rules.
    pub remarks: Vec<Remark>,
    /// Lines without a mark whether they treat the injury.
    pub unmarked: Marked,
    /// Lines of restricted items of which nobody has said whether the condition is met.
    pub unanswered: Marked,
}

/// Some lines, and what they cost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked {
    /// Their numbers.
    pub lines: Vec<LineNumber>,
    /// Their sum.
    pub amount: Money,
}

impl Marked {
    pub(crate) fn of<'b>(lines: impl Iterator<Item = &'b BillLine>) -> Self {
        let mut marked = Self::default();
        for line in lines {
            marked.lines.push(line.number);
            marked.amount += line.amount;
        }
        marked
    }
}

impl Checked {
    /// Its bill's lines.
    pub fn lines(&self) -> &[BillLine] {
        self.facts.bill.as_ref().map_or(&[], |bill| &bill.lines)
    }

    /// The bill, split, where nothing is wrong with it.
    pub fn split(&self) -> Option<&Split> {
        self.judgement.split()
    }
}

/// The last results, newest last.
#[derive(Debug, Default)]
pub(crate) struct Checks(VecDeque<Arc<Checked>>);

impl Checks {
    pub(crate) fn keep(&mut self, checked: Arc<Checked>) {
        self.0
            .retain(|other| other.visit.number != checked.visit.number);
        self.0.push_back(checked);
        let lines = |checks: &VecDeque<Arc<Checked>>| {
            checks
                .iter()
                .map(|checked| checked.lines().len())
                .sum::<usize>()
        };
        while self.0.len() > MOST_CHECKS || (self.0.len() > 1 && lines(&self.0) > MOST_LINES) {
            self.0.pop_front();
        }
    }

    pub(crate) fn of(&self, visit: &str) -> Option<Arc<Checked>> {
        let mut all = self.0.iter();
        all.find(|checked| checked.visit.number == visit).cloned()
    }
}
