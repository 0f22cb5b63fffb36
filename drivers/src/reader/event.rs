//! What the readers report.

use std::time::Duration;

use crate::card::{CardFault, CardIdentity, Step};

/// Something happened at a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CardEvent {
    /// The readers connected now, by their PC/SC names, and watched by the settings; told at start and at each change.
    /// None watched is also told as [`CardFault::NoReader`] or [`CardFault::ReaderNotFound`].
    Readers(Vec<String>),
    /// A card was put in; its read begins.
    Inserted {
        /// The reader's PC/SC name.
        reader: String,
    },
    /// The card was read.
    Read {
        /// The reader's PC/SC name.
        reader: String,
        /// What it says.
        reading: Box<CardReading>,
    },
    /// The card was taken out; not told of one drawn out during its read, which [`CardFault::DrawnOut`] tells.
    Removed {
        /// The reader's PC/SC name.
        reader: String,
    },
    /// Something is wrong. It stays so until another event for the same reader, or [`CardEvent::Ready`], follows.
    Fault {
        /// The reader's PC/SC name; absent where the fault is not one reader's.
        reader: Option<String>,
        /// What is wrong.
        fault: CardFault,
        /// The steps of the read that it ended, as far as they are known; the last is where it ended. Empty where no card
        /// was being read.
        steps: Vec<Step>,
    },
    /// After a fault of the service, of the process or of a whole reader: cards can be read again.
    Ready,
}

/// One read: who the card says its holder is, and how the read went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardReading {
    /// What the card says.
    pub identity: CardIdentity,
    /// The read step by step.
    pub steps: Vec<Step>,
    /// When the card was seen, on `CLOCK_MONOTONIC`.
    pub seen_at: Duration,
    /// From the card being seen to the end of the read in the child process.
    pub took: Duration,
}
