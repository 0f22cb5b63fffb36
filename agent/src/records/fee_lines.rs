//! The bill's lines with their split, as they go up, each under an identifier of its own.

use std::fmt;

use jiff::civil::Date;
use rules::{BillLine, ItemCode, LineNumber, LineRule, Money, Quantity, SplitLine, UnitPrice};
use serde::{Deserialize, Serialize};

use super::numbers::{SettlementNumber, VisitNumber};
use super::text::{self, Text};
use crate::redacted::closed_debug;

/// A part of a settlement's lines; parts are numbered from 1.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeLines {
    /// The visit.
    #[serde(with = "text::one")]
    pub visit: VisitNumber,
    /// The settlement that they belong to.
    #[serde(with = "text::one")]
    pub settlement: SettlementNumber,
    /// Which settlement of the visit it is, from 1; a void begins the next.
    pub generation: u32,
    /// Number of this part.
    pub part: u32,
    /// How many parts there are.
    pub parts: u32,
    /// The lines, in the bill's order.
    pub lines: Vec<FeeLine>,
}

/// A line's identifier, fixed when it is settled: under it the line is ever sent again, taken back and asked about.
///
/// Visit, generation and the line's number on that bill: unique across all counters as the visit's number is, at most 30 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeeLineId(String);

impl FeeLineId {
    /// Of a line on the bill of this generation of a visit.
    pub fn new(visit: &VisitNumber, generation: u32, line: LineNumber) -> Self {
        Self(format!("{visit}-{generation}-{line}"))
    }

    /// As it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FeeLineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Text for FeeLineId {
    fn text(&self) -> String {
        self.0.clone()
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let visit = VisitNumber::parse(parts.next()?).ok()?;
        let generation: u32 = parts.next()?.parse().ok()?;
        let line = LineNumber::new(parts.next()?.parse().ok()?).ok()?;
        let read = Self::new(&visit, generation, line);
        (read.0 == text).then_some(read)
    }
}

/// One line with its split and the rule that split it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeLine {
    /// Its identifier.
    #[serde(with = "text::one")]
    pub id: FeeLineId,
    /// Line number on the bill.
    #[serde(with = "text::one")]
    pub number: LineNumber,
    /// Service date.
    #[serde(with = "text::one")]
    pub date: Date,
    /// Annex 10's column, in the rules' name.
    pub column: String,
    /// Catalogue code.
    #[serde(with = "text::one")]
    pub code: ItemCode,
    /// The hospital's name of the item.
    pub name: String,
    /// Yuan per unit.
    #[serde(with = "text::one")]
    pub unit_price: UnitPrice,
    /// Units; negative on a reversal.
    #[serde(with = "text::one")]
    pub quantity: Quantity,
    /// Yuan; negative on a reversal.
    #[serde(with = "text::one")]
    pub amount: Money,
    /// Whether it treats the injury (E03).
    pub treats_injury: bool,
    /// Whether a restricted item's condition is met; none where nobody said.
    pub restriction_met: Option<bool>,
    /// The line of the same bill that it takes back.
    #[serde(with = "text::optional")]
    pub reverses: Option<LineNumber>,
    /// Fund's share.
    #[serde(with = "text::one")]
    pub fund: Money,
    /// 自费.
    #[serde(with = "text::one")]
    pub self_pay: Money,
    /// 其他.
    #[serde(with = "text::one")]
    pub other: Money,
    /// The rule.
    #[serde(with = "text::one")]
    pub rule: LineRule,
}

/// A line that nobody has marked as for the injury or not (E03): the rules hold its bill, it is never settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a line of the bill is not marked as for the injury or not")]
pub struct Unmarked;

impl FeeLine {
    /// Of a bill's line and its split, under this identifier.
    pub fn of(id: FeeLineId, line: &BillLine, split: &SplitLine) -> Result<Self, Unmarked> {
        Ok(Self {
            id,
            number: line.number,
            date: line.date,
            column: line.column.name().to_owned(),
            code: line.code.clone(),
            name: line.name.to_string(),
            unit_price: line.unit_price,
            quantity: line.quantity,
            amount: line.amount,
            treats_injury: line.treats_injury.ok_or(Unmarked)?,
            restriction_met: line.restriction_met,
            reverses: line.reverses,
            fund: split.shares.fund,
            self_pay: split.shares.self_pay,
            other: split.shares.other,
            rule: split.rule,
        })
    }
}

closed_debug!(FeeLines, FeeLine);
