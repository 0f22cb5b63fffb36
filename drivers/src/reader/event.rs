//! What the readers report.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::CardFault;
use crate::card::CardIdentity;

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

/// One step of a read: never its payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which.
    pub name: StepName,
    /// How long it took.
    pub took: Duration,
    /// The card's status word, where the step was an exchange with the card that brought one.
    pub status: Option<u16>,
}

/// The steps of a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepName {
    /// Connecting to the card: power and protocol.
    Connect,
    /// Beginning the transaction.
    Transaction,
    /// Selecting the application SSSE.
    SelectApplication,
    /// Selecting EF05 or EF06.
    SelectFile(u8),
    /// Reading the record of a file.
    ReadRecord {
        /// 05 or 06.
        file: u8,
        /// The record's tag; absent while records are read by number.
        tag: Option<u8>,
    },
    /// Asking the card for a challenge.
    Challenge,
    /// Internal authentication.
    InternalAuthentication,
    /// Asking the province's HSM.
    Relay,
    /// External authentication.
    ExternalAuthentication,
    /// A call of the vendor's library.
    VendorCall,
}

impl fmt::Display for StepName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect => f.write_str("connect"),
            Self::Transaction => f.write_str("transaction"),
            Self::SelectApplication => f.write_str("select application"),
            Self::SelectFile(file) => write!(f, "select EF{file:02X}"),
            Self::ReadRecord {
                file,
                tag: Some(tag),
            } => write!(f, "read EF{file:02X} record {tag:02X}"),
            Self::ReadRecord { file, tag: None } => write!(f, "read EF{file:02X} by number"),
            Self::Challenge => f.write_str("challenge"),
            Self::InternalAuthentication => f.write_str("internal authentication"),
            Self::Relay => f.write_str("relay to the province"),
            Self::ExternalAuthentication => f.write_str("external authentication"),
            Self::VendorCall => f.write_str("vendor library"),
        }
    }
}
