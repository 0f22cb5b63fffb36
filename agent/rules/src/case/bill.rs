//! The bill, line by line, as the hospital's system wrote it.

use std::fmt;
use std::num::NonZeroU64;

use jiff::civil::Date;

use super::amounts::Money;
use super::factors::{Quantity, UnitPrice};
use crate::error::ParseError;
use crate::named::named_enum;

named_enum! {
    /// A column of Annex 10's table.
    pub enum MatrixColumn {
        /// 药品.
        Drug = "drug",
        /// 诊疗项目; consumables and implants stand here too (an interpretation).
        Treatment = "treatment",
        /// 住院服务标准; beds stand here (an interpretation).
        InpatientService = "inpatient_service",
        /// 康复服务项目.
        Rehabilitation = "rehabilitation",
        /// 辅助器具费用.
        AssistiveDevice = "assistive_device",
    }
}

/// The column a bill line claims: one of Annex 10's, or what never belongs on this bill (Hunan 17¶3, notice 3(2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineColumn {
    /// A column of Annex 10.
    Matrix(MatrixColumn),
    /// 住院伙食补助费.
    MealAllowance,
    /// 交通食宿费.
    TravelAndLodging,
}

impl LineColumn {
    /// Reads the name of the case format.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        match text {
            "meal_allowance" => Ok(Self::MealAllowance),
            "travel_and_lodging" => Ok(Self::TravelAndLodging),
            _ => MatrixColumn::parse(text).map(Self::Matrix).map_err(|_unknown| {
                ParseError(
                    "只能是：drug treatment inpatient_service rehabilitation assistive_device meal_allowance travel_and_lodging",
                )
            }),
        }
    }

    /// The name in the case format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Matrix(column) => column.name(),
            Self::MealAllowance => "meal_allowance",
            Self::TravelAndLodging => "travel_and_lodging",
        }
    }
}

/// A line's number on its bill, from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineNumber(NonZeroU64);

impl LineNumber {
    /// Takes a positive number.
    pub fn new(number: u64) -> Result<Self, ParseError> {
        NonZeroU64::new(number)
            .map(Self)
            .ok_or(ParseError("行号须是从 1 开始的整数"))
    }

    /// As a plain number.
    pub const fn get(self) -> u64 {
        self.0.get()
    }
}

impl fmt::Display for LineNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for LineNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.0)
    }
}

/// The code of an item in its catalogue; not empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemCode(Box<str>);

impl ItemCode {
    /// Takes any text that is not empty.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        if text.is_empty() {
            return Err(ParseError("项目编码不能为空"));
        }
        Ok(Self(text.into()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One line of the bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillLine {
    /// Unique on the bill.
    pub number: LineNumber,
    /// The service date: the catalogue's version in force on it decides.
    pub date: Date,
    /// Where it is charged.
    pub column: LineColumn,
    /// The item's code.
    pub code: ItemCode,
    /// The item's name, for people; no rule reads it.
    pub name: Box<str>,
    /// Yuan a unit.
    pub unit_price: UnitPrice,
    /// Units; negative where the line reverses another.
    pub quantity: Quantity,
    /// Yuan charged.
    pub amount: Money,
    /// Whether it treats the injury; `None` where nobody has said.
    pub treats_injury: Option<bool>,
    /// Whether the item's restriction (限定支付范围) is met; `None` where nobody has said.
    pub restriction_met: Option<bool>,
    /// The line this one takes back, in whole or in part.
    pub reverses: Option<LineNumber>,
}

/// The bill: its lines in the hospital's order. An empty bill is valid.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bill {
    /// The lines.
    pub lines: Vec<BillLine>,
}

impl Bill {
    /// The sum of all lines.
    pub fn total(&self) -> Money {
        self.lines.iter().map(|line| line.amount).sum()
    }
}
