//! Lines of a bill that stand in no catalogue, and how much of it they are.

use rules::{LineNumber, Money};

use crate::bill::doubt::Relative;

/// Lines whose code is not listed, and may be another one damaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeDoubted {
    /// The line.
    pub line: LineNumber,
    /// The listed code that may be meant.
    pub relative: Relative,
}

/// How much of a bill stands in no catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unlisted {
    /// Lines.
    pub lines: usize,
    /// What they cost.
    pub amount: Money,
    /// What the bill's own charges cost.
    pub whole: Money,
}

impl Unlisted {
    /// Of the bill's own charges, in percent, rounded down.
    pub fn percent(self) -> i128 {
        match self.whole.cents() {
            0 => 0,
            whole => self.amount.cents() * 100 / whole,
        }
    }
}
