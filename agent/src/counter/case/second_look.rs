//! What a person has to say or to look at once more before a bill is settled.

use rules::Money;

/// What a person can vouch for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter {
    /// Much of the bill is in no catalogue.
    Codes,
    /// No sum closes it.
    SumMissing,
    /// Its sum is beyond what is plausible.
    Sum,
    /// It, or much of it, was settled for another visit.
    SettledBefore,
}

impl Matter {
    /// As the counter's reason is named.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Codes => "codes_unlisted",
            Self::SumMissing => "bill_sum_missing",
            Self::Sum => "sum_implausible",
            Self::SettledBefore => "settled_before",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::Codes,
            Self::SumMissing,
            Self::Sum,
            Self::SettledBefore,
        ]
        .into_iter()
        .find(|matter| matter.name() == name)
    }
}

/// How many lines lack a mark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MissingCount {
    /// Without 治疗工伤.
    pub injury: usize,
    /// Without 限制条件.
    pub restriction: usize,
    /// Without 冲销序号.
    pub reversal: usize,
}

/// A settlement of another visit that had the same bill, or half of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledBefore {
    /// The settlement.
    pub settlement: String,
    /// The same file.
    pub same_file: bool,
    /// Lines alike.
    pub lines: usize,
    /// What they cost on this bill.
    pub amount: Money,
}
