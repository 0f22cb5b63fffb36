//! What the daemon's dealings with the province share: the platform, the clock, and whom they tell.

use std::time::Duration;

use crate::changes::Changes;
use crate::clock::Clock;
use crate::ledger::Ledger;
use crate::province::Platform;
use crate::province::trouble::Trouble;
use crate::pulse::Pulses;

/// What outbox and synchronisation work with. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Means {
    /// The clock.
    pub(crate) clock: Clock,
    /// The truth on disk.
    pub(crate) ledger: Ledger,
    /// The province.
    pub(crate) platform: Platform,
    /// How long a message or a page may take.
    pub(crate) answer_within: Duration,
    /// What hindered the last exchange.
    pub(crate) trouble: Trouble,
    /// Screens that look again.
    pub(crate) changes: Changes,
    /// The loops' signs of life.
    pub(crate) pulses: Pulses,
}
