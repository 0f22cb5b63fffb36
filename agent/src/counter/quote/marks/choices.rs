//! What a person chose, and what it does to the bill: a line's own choice goes before its code's, that before the last
//! time's, that before its category's, and that before the rest's.

use std::collections::{BTreeMap, HashMap, HashSet};

use rules::{Bill, BillLine, CatalogueEntry, ItemCode, LineColumn, LineNumber};
use serde::Serialize;

use super::fault::MarksFault;
use super::given::Given;
use super::missing::Missing;
use super::reversals::offered;
use crate::counter::case::second_look::MissingCount;
use crate::ledger::bills::ItemMark;

/// Characters of line numbers that the journal keeps as they were typed.
const MOST_KEPT: usize = 200;

/// Everything that a person chose in one press.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// 治疗工伤.
    pub injury: MarkChoices,
    /// 限制条件.
    pub restriction: MarkChoices,
    /// Which line reverses which.
    pub reversals: Vec<(LineNumber, LineNumber)>,
    /// Each line of which one alone fits reverses that one.
    pub take_proposals: bool,
}

/// Choices of one kind of mark; the mark is yes or no.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MarkChoices {
    /// These lines are marked yes.
    pub yes: LineList,
    /// These are marked no.
    pub no: LineList,
    /// Lines of these codes.
    pub codes: BTreeMap<ItemCode, bool>,
    /// Codes that were marked before, as they were last.
    pub last_time: bool,
    /// Lines of these categories.
    pub categories: BTreeMap<LineColumn, bool>,
    /// All others.
    pub rest: Option<bool>,
}

/// Line numbers as a person lists them: `3, 17, 20-25`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineList(Vec<(u64, u64)>);

impl LineList {
    /// Reads numbers and ranges, with commas or blanks between them.
    ///
    /// # Errors
    /// The piece that is neither.
    pub fn parse(text: &str) -> Result<Self, MarksFault> {
        let narrow: String = text.chars().map(crate::item_code::narrow).collect();
        let pieces = narrow.split(|c: char| c.is_whitespace() || matches!(c, ',' | '、' | ';'));
        let mut list = Vec::new();
        for piece in pieces.filter(|piece| !piece.is_empty()) {
            let (from, to) = piece
                .split_once(['-', '~', '至', '–'])
                .unwrap_or((piece, piece));
            let range = from.parse().ok().zip(to.parse().ok());
            match range {
                Some((from, to)) if from >= 1 && from <= to => list.push((from, to)),
                Some(_) | None => return Err(MarksFault::NotLines(piece.to_owned())),
            }
        }
        Ok(Self(list))
    }

    /// These lines.
    pub fn of(lines: impl IntoIterator<Item = u64>) -> Self {
        Self(lines.into_iter().map(|line| (line, line)).collect())
    }

    fn has(&self, line: LineNumber) -> bool {
        self.0
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&line.get()))
    }

    /// The first range that names none of these lines.
    fn first_without(&self, lines: &HashSet<u64>) -> Option<u64> {
        let none =
            |(from, to): &&(u64, u64)| !lines.iter().any(|line| (*from..=*to).contains(line));
        self.0.iter().find(none).map(|(from, _)| *from)
    }

    fn written(&self) -> String {
        let ranges = self.0.iter().map(|(from, to)| {
            if from == to {
                from.to_string()
            } else {
                format!("{from}-{to}")
            }
        });
        let text = ranges.collect::<Vec<_>>().join(",");
        text.chars().take(MOST_KEPT).collect()
    }
}

/// By which choice a line was marked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum By {
    Lines,
    Code,
    LastTime,
    Category,
    Rest,
    /// A reversal is marked as the line that it reverses.
    AsReversed,
    Proposed,
    Chosen,
}

/// How many lines got a mark by one choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Tally {
    mark: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<bool>,
    by: By,
    /// Which code, category or lines.
    #[serde(skip_serializing_if = "String::is_empty")]
    which: String,
    lines: usize,
}

/// What came of the choices.
#[derive(Debug)]
pub(crate) struct Marked {
    pub(crate) bill: Bill,
    pub(crate) given: Given,
    pub(crate) tallies: Vec<Tally>,
    pub(crate) missing: MissingCount,
}

type Counts = BTreeMap<(&'static str, Option<bool>, By, String), usize>;

const INJURY: &str = "treats_injury";
const RESTRICTION: &str = "restriction_met";
const REVERSES: &str = "reverses";

impl Choices {
    /// Marks a bill under a catalogue, `last` being how its items were marked before.
    pub(crate) fn apply(
        &self,
        mut bill: Bill,
        catalogue: &[CatalogueEntry],
        last: &HashMap<String, ItemMark>,
    ) -> Result<Marked, MarksFault> {
        let missing = Missing::on(&bill, catalogue);
        self.injury.require_named(&bill, &missing.injury)?;
        self.restriction
            .require_named(&bill, &missing.restriction)?;
        let mut counts = Counts::new();
        let mut given = Given::default();
        for at in &missing.injury {
            let last = |line: &BillLine| {
                last.get(line.code.as_str())
                    .and_then(|mark| mark.treats_injury)
            };
            if let Some(line) = bill.lines.get_mut(*at)
                && let Some((value, by, which)) = self.injury.of(line, last)
            {
                line.treats_injury = Some(value);
                given.injury.push(line.number);
                *counts.entry((INJURY, Some(value), by, which)).or_default() += 1;
            }
        }
        for at in &missing.restriction {
            let last = |line: &BillLine| {
                last.get(line.code.as_str())
                    .and_then(|mark| mark.restriction_met)
            };
            if let Some(line) = bill.lines.get_mut(*at)
                && line.treats_injury != Some(false)
                && let Some((value, by, which)) = self.restriction.of(line, last)
            {
                line.restriction_met = Some(value);
                given.restriction.push(line.number);
                *counts
                    .entry((RESTRICTION, Some(value), by, which))
                    .or_default() += 1;
            }
        }
        self.reverse(&mut bill, &missing, &mut given, &mut counts)?;
        as_reversed(&mut bill, &mut given, &mut counts);
        if counts.is_empty() {
            return Err(MarksFault::NothingChosen);
        }
        let tallies = counts
            .into_iter()
            .map(|((mark, value, by, which), lines)| Tally {
                mark,
                value,
                by,
                which,
                lines,
            });
        Ok(Marked {
            tallies: tallies.collect(),
            missing: Missing::on(&bill, catalogue).count(),
            bill,
            given,
        })
    }

    fn reverse(
        &self,
        bill: &mut Bill,
        missing: &Missing,
        given: &mut Given,
        counts: &mut Counts,
    ) -> Result<(), MarksFault> {
        let offered = offered(bill, missing);
        let number = |at: usize| bill.lines.get(at).map(|line| line.number);
        let mut taken: Vec<(usize, LineNumber, By)> = Vec::new();
        for (line, reversed) in &self.reversals {
            let not = || MarksFault::NotReversible {
                line: line.get(),
                reversed: reversed.get(),
            };
            let own = offered.iter().find(|one| number(one.at) == Some(*line));
            let own = own.ok_or_else(not)?;
            let fits = own
                .candidates
                .iter()
                .any(|at| number(*at) == Some(*reversed));
            if !fits {
                return Err(not());
            }
            taken.push((own.at, *reversed, By::Chosen));
        }
        if self.take_proposals {
            for one in &offered {
                let chosen = taken.iter().any(|(at, ..)| *at == one.at);
                if let Some(reversed) = one.proposed().and_then(number).filter(|_| !chosen) {
                    taken.push((one.at, reversed, By::Proposed));
                }
            }
        }
        for (at, reversed, by) in taken {
            if let Some(line) = bill.lines.get_mut(at) {
                line.reverses = Some(reversed);
                given.reversal.push(line.number);
                *counts
                    .entry((REVERSES, None, by, String::new()))
                    .or_default() += 1;
            }
        }
        Ok(())
    }
}

/// A reversal without a mark takes the one of its line.
fn as_reversed(bill: &mut Bill, given: &mut Given, counts: &mut Counts) {
    let marks: HashMap<LineNumber, bool> = bill
        .lines
        .iter()
        .filter(|line| line.reverses.is_none())
        .filter_map(|line| Some((line.number, line.treats_injury?)))
        .collect();
    for line in &mut bill.lines {
        let mark = line.reverses.and_then(|reversed| marks.get(&reversed));
        if let (None, Some(mark)) = (line.treats_injury, mark) {
            line.treats_injury = Some(*mark);
            given.injury.push(line.number);
            let key = (INJURY, Some(*mark), By::AsReversed, String::new());
            *counts.entry(key).or_default() += 1;
        }
    }
}

impl MarkChoices {
    /// Lines that were named must be on the bill and lack the mark, and each be named for one of them.
    fn require_named(&self, bill: &Bill, missing: &[usize]) -> Result<(), MarksFault> {
        let lacking: HashSet<u64> = missing
            .iter()
            .filter_map(|at| bill.lines.get(*at))
            .map(|line| line.number.get())
            .collect();
        for list in [&self.yes, &self.no] {
            if let Some(line) = list.first_without(&lacking) {
                return Err(MarksFault::NotMissing(line));
            }
        }
        let both = |line: &&u64| {
            LineNumber::new(**line).is_ok_and(|line| self.yes.has(line) && self.no.has(line))
        };
        match lacking.iter().filter(both).min() {
            Some(line) => Err(MarksFault::BothWays(*line)),
            None => Ok(()),
        }
    }

    /// What this line is marked, and by which choice.
    fn of(
        &self,
        line: &BillLine,
        last: impl Fn(&BillLine) -> Option<bool>,
    ) -> Option<(bool, By, String)> {
        if self.yes.has(line.number) {
            return Some((true, By::Lines, self.yes.written()));
        }
        if self.no.has(line.number) {
            return Some((false, By::Lines, self.no.written()));
        }
        if let Some(mark) = self.codes.get(&line.code) {
            return Some((*mark, By::Code, line.code.as_str().to_owned()));
        }
        if let Some(mark) = self.last_time.then(|| last(line)).flatten() {
            return Some((mark, By::LastTime, String::new()));
        }
        if let Some(mark) = self.categories.get(&line.column) {
            return Some((*mark, By::Category, line.column.name().to_owned()));
        }
        self.rest.map(|mark| (mark, By::Rest, String::new()))
    }
}

#[cfg(test)]
mod tests;
