//! What a rule is: its id, what it asks, where it is written, and who sets it.

use super::{annexes, care, filing, general, notice, oversight, settlement, supplementary};
use crate::decision::{Article, RuleId};

/// Who sets what a rule asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetBy {
    /// The national procedure or notice.
    Nation,
    /// Hunan's procedure alone; a reading elsewhere.
    Hunan,
    /// A value of the profile, named by its knobs.
    Profile(&'static [&'static str]),
    /// The project, where the texts are silent.
    Reading,
}

/// A rule of the counter.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// What it asks, in plain Chinese.
    pub asks: &'static str,
    /// Where it is written, each with a short quotation; a reading quotes what it reads.
    pub quotes: &'static [(Article, &'static str)],
    /// Who sets it.
    pub set_by: SetBy,
}

/// Every rule, by id; each stands beside its article in its chapter.
pub static RULES: [&Rule; 55] = [
    &settlement::identity::A00,
    &general::A02,
    &general::A03,
    &general::A04,
    &general::A05,
    &general::A06,
    &general::A07,
    &supplementary::A08,
    &supplementary::A09,
    &care::B01,
    &settlement::identity::B02,
    &settlement::once::B03,
    &care::B04,
    &settlement::identity::B05,
    &notice::B06,
    &filing::C01,
    &filing::C02,
    &annexes::C03,
    &filing::C04,
    &filing::C05,
    &filing::C07,
    &filing::C08,
    &filing::C09,
    &settlement::identity::C10,
    &oversight::C12,
    &care::D01,
    &care::D02,
    &care::D03,
    &settlement::catalogue::E01,
    &settlement::catalogue::E02,
    &annexes::E03,
    &settlement::catalogue::E04,
    &notice::E05,
    &settlement::devices::E06,
    &settlement::devices::E07,
    &settlement::devices::E08,
    &settlement::bill::E11,
    &settlement::bill::E12,
    &annexes::E13,
    &settlement::identity::F01,
    &settlement::identity::F02,
    &settlement::devices::F03,
    &settlement::upload::F04,
    &settlement::upload::F05,
    &settlement::upload::F06,
    &annexes::F07,
    &settlement::once::F08,
    &settlement::upload::F09,
    &settlement::upload::F10,
    &settlement::upload::F11,
    &notice::F12,
    &oversight::F13,
    &supplementary::F14,
    &settlement::bill::F15,
    &settlement::refund::R01,
];
