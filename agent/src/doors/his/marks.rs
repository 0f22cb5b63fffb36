//! Marks over the hospital's interface: which lines lack which, and those that its system gives.

use rules::{ItemCode, LineNumber};
use serde::{Deserialize, Serialize};

use super::wrong::{Expected, Wrong};
use crate::counter::{Choices, LineList, MarkChoices, Quote};

/// Marks for a quote's bill.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MarksGiven {
    /// Account name.
    pub(super) operator: String,
    #[serde(default)]
    marks: Vec<Mark>,
    /// Each negative line of which one alone fits reverses that one.
    #[serde(default)]
    take_proposals: bool,
}

/// Marks of these lines, of these codes' lines, or, where neither is named, of all that are still without.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    #[serde(default)]
    lines: Vec<u64>,
    #[serde(default)]
    codes: Vec<String>,
    treats_injury: Option<bool>,
    restriction_met: Option<bool>,
    /// For one line alone.
    reverses: Option<u64>,
}

impl MarksGiven {
    pub(super) fn choices(&self) -> Result<Choices, Wrong> {
        let mut reversals = Vec::new();
        for mark in &self.marks {
            let Some(reversed) = mark.reverses else {
                continue;
            };
            let [line] = mark.lines.as_slice() else {
                return Err(wrong("marks.reverses", Expected::OneLine));
            };
            reversals.push((number(*line)?, number(reversed)?));
        }
        Ok(Choices {
            injury: self.of(|mark| mark.treats_injury)?,
            restriction: self.of(|mark| mark.restriction_met)?,
            reversals,
            take_proposals: self.take_proposals,
        })
    }

    fn of(&self, value: impl Fn(&Mark) -> Option<bool>) -> Result<MarkChoices, Wrong> {
        let mut choices = MarkChoices::default();
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for mark in &self.marks {
            let Some(value) = value(mark) else { continue };
            let list = if value { &mut yes } else { &mut no };
            list.extend(&mark.lines);
            for code in &mark.codes {
                let code =
                    ItemCode::parse(code).map_err(|_empty| wrong("marks.codes", Expected::Code))?;
                if choices
                    .codes
                    .insert(code, value)
                    .is_some_and(|before| before != value)
                {
                    return Err(wrong("marks.codes", Expected::OneMarkForCode));
                }
            }
            if mark.lines.is_empty() && mark.codes.is_empty() {
                if choices.rest.is_some_and(|before| before != value) {
                    return Err(wrong("marks", Expected::OneMarkForRest));
                }
                choices.rest = Some(value);
            }
        }
        choices.yes = LineList::of(yes);
        choices.no = LineList::of(no);
        Ok(choices)
    }
}

fn number(line: u64) -> Result<LineNumber, Wrong> {
    LineNumber::new(line).map_err(|_zero| wrong("marks.lines", Expected::LineNumber))
}

fn wrong(field: &'static str, expected: Expected) -> Wrong {
    Wrong { field, expected }
}

/// Lines of a quote that lack marks, by their numbers.
#[derive(Serialize)]
pub(super) struct MissingWire {
    treats_injury: Vec<u64>,
    restriction_met: Vec<u64>,
    reverses: Vec<ReversalWire>,
}

#[derive(Serialize)]
struct ReversalWire {
    number: u64,
    could_reverse: Vec<u64>,
    /// The only one that fits; it is not taken before somebody says so.
    proposed: Option<u64>,
}

impl MissingWire {
    pub(super) fn of(quote: &Quote) -> Self {
        let lines = quote
            .case
            .facts()
            .bill
            .as_ref()
            .map_or(&[][..], |bill| &bill.lines);
        let number = |place: &usize| lines.get(*place).map(|line| line.number.get());
        let numbers = |places: &[usize]| places.iter().filter_map(number).collect();
        let reversals = quote.reversals();
        Self {
            treats_injury: numbers(&quote.missing.injury),
            restriction_met: numbers(&quote.missing.restriction),
            reverses: reversals
                .iter()
                .filter_map(|reversal| {
                    Some(ReversalWire {
                        number: number(&reversal.at)?,
                        could_reverse: numbers(&reversal.candidates),
                        proposed: reversal.proposed().as_ref().and_then(number),
                    })
                })
                .collect(),
        }
    }
}
