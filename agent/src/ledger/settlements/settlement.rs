//! A settlement: what is committed, and what is read back.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

use crate::ledger::journal::Head;
use crate::records::evidence::Evidence;
use crate::records::numbers::{SettlementNumber, VisitNumber};
use crate::records::slip::SlipFacts;
use crate::records::version::RecordError;

/// Totals in yuan, decimal text with two decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// 工伤保险基金支付金额.
    pub fund: String,
    /// 自费金额.
    pub self_pay: String,
    /// 其他（非工伤伤情等）.
    pub other: String,
    /// 总费用.
    pub total: String,
    /// 个人支付金额.
    pub personal: String,
}

/// A settlement to be committed.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSettlement {
    /// The visit it settles.
    pub visit: VisitNumber,
    /// The generation that was quoted.
    pub generation: u32,
    /// The press of the button that settles: pressed twice, from however many windows, it settles once. Not empty.
    pub key: String,
    /// The settlement's own time: the case's `at`. Kept to the millisecond.
    pub settled_at: Timestamp,
    /// Who settles.
    pub settled_by: String,
    /// The sums.
    pub totals: Totals,
    /// When the stay ended; none for a visit without one.
    pub discharged_at: Option<Timestamp>,
    /// What it was decided on.
    pub evidence: Evidence,
    /// The slip's facts.
    pub slip: SlipFacts,
}

impl fmt::Debug for NewSettlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewSettlement")
            .field("visit", &self.visit)
            .field("generation", &self.generation)
            .field("key", &self.key)
            .field("settled_at", &self.settled_at)
            .finish_non_exhaustive()
    }
}

/// A settlement in the ledger; its evidence is read by [`evidence`].
#[derive(Clone, PartialEq, Eq)]
pub struct Settlement {
    /// Its number.
    pub number: SettlementNumber,
    /// The visit it settles.
    pub visit: VisitNumber,
    /// Which settlement of the visit it is.
    pub generation: u32,
    /// The key it was settled with.
    pub key: String,
    /// Its own time.
    pub settled_at: Timestamp,
    /// Who settled.
    pub settled_by: String,
    /// The sums.
    pub totals: Totals,
    /// Digest of the profile it was decided under.
    pub profile_hash: String,
    /// Version of the rule set it was decided under.
    pub rule_set: String,
    /// When the stay ended; none for a visit without one.
    pub discharged_at: Option<Timestamp>,
    /// The slip's facts as they are kept.
    pub(in crate::ledger) slip_text: String,
    /// The journal's head once it was written: what its slip and its upload carry.
    pub head: Head,
    /// Whether it stands.
    pub state: SettlementState,
}

impl fmt::Debug for Settlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settlement")
            .field("number", &self.number)
            .field("visit", &self.visit)
            .field("generation", &self.generation)
            .field("settled_at", &self.settled_at)
            .field("head", &self.head)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl Settlement {
    /// The slip's facts.
    pub fn slip(&self) -> Result<SlipFacts, RecordError> {
        SlipFacts::decode(&self.slip_text)
    }
}

/// Whether a settlement stands.
#[derive(Clone, PartialEq, Eq)]
pub enum SettlementState {
    /// It stands.
    Settled,
    /// It was taken back.
    Voided {
        /// When.
        at: Timestamp,
        /// By whom.
        by: String,
        /// Why; it may name the patient.
        why: String,
    },
}

impl fmt::Debug for SettlementState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settled => f.write_str("Settled"),
            Self::Voided { at, .. } => f
                .debug_struct("Voided")
                .field("at", at)
                .finish_non_exhaustive(),
        }
    }
}

/// What came of settling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettleOutcome {
    /// It is settled now.
    First(Settlement),
    /// This key settled it before; nothing was written.
    Again(Settlement),
}

impl SettleOutcome {
    /// The settlement, new or not.
    pub fn settlement(&self) -> &Settlement {
        match self {
            Self::First(settlement) | Self::Again(settlement) => settlement,
        }
    }
}
