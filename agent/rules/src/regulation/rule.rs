//! What a rule is: its id, what it asks, where it is written, and who sets it.

use crate::decision::{Article, RuleId};

/// Who sets what a rule asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetBy {
    /// The national procedure or notice.
    Nation,
    /// Hunan's procedure alone; an interpretation elsewhere.
    Hunan,
    /// A value of the profile, named by its knobs.
    Profile(&'static [&'static str]),
    /// The project, where the texts are silent.
    Interpretation,
}

/// A rule of the counter.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// What it asks, in plain Chinese.
    pub asks: &'static str,
    /// Where it is written, each with a short quotation; an interpretation quotes what it reads.
    pub quotes: &'static [(Article, &'static str)],
    /// Who sets it.
    pub set_by: SetBy,
}
