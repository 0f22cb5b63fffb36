//! Everything that can be wrong between a cashier's reader and a card.

use serde::{Deserialize, Serialize};

use super::StepName;

/// What went wrong. Each variant is a situation of its own at the counter, with its own next step.
///
/// No variant holds what a card said: status words, reader names and places in the exchange only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum CardFault {
    /// The PC/SC service (pcscd) is not running.
    #[error("the PC/SC service is not running")]
    ServiceDown,
    /// The PC/SC service runs but does not answer.
    #[error("the PC/SC service does not answer")]
    ServiceStuck,
    /// The PC/SC service runs and turns this account away: polkit's rule is missing, or its socket is closed to it.
    #[error("the PC/SC service turns this account away")]
    ServiceRefuses,
    /// No card reader is connected.
    #[error("no card reader is connected")]
    NoReader,
    /// Readers are connected, but none whose name contains the configured part.
    #[error("no connected reader's name contains {wanted:?}")]
    ReaderNotFound {
        /// The configured part of the name.
        wanted: String,
    },
    /// A card was asked for and none is in the reader.
    #[error("no card is in the reader")]
    NoCard,
    /// The card gives no answer to reset: upside down, dirty, or broken.
    #[error("the card does not answer to reset")]
    Mute,
    /// Another program holds the card.
    #[error("another program holds the card")]
    HeldByAnotherProgram,
    /// The card was drawn out during the read.
    #[error("the card was drawn out during the read")]
    DrawnOut,
    /// Reader or card stopped answering in the middle of an exchange; the child process was killed and started again.
    #[error("the reader stopped answering")]
    ReaderStuck,
    /// The reader was unplugged during the read.
    #[error("the reader was unplugged during the read")]
    ReaderUnplugged,
    /// The reader reports a failure of its own.
    #[error("the reader failed: PC/SC code {code:#010X}")]
    ReaderFailed {
        /// The PC/SC error code.
        code: u32,
    },
    /// The service lists a reader from which it hears nothing: it did not wake up after the PC slept, or its driver hangs.
    #[error("the reader is listed and does not answer the PC/SC service")]
    ReaderSilent,
    /// The card has no social security application (6A82).
    #[error("not a social security card")]
    NotThisCard,
    /// The card is a reader's PSAM, not a person's card.
    #[error("a security module (PSAM), not a person's card")]
    Psam,
    /// The card answered bytes that are no answer at all.
    #[error("the card answered nonsense at {step}")]
    Nonsense {
        /// Where in the read.
        step: StepName,
    },
    /// The card refused a command with this status word.
    #[error("the card refused with {status:04X} at {step}")]
    Refused {
        /// Where in the read.
        step: StepName,
        /// The status word.
        status: u16,
    },
    /// The card refused the external authentication that the province computed.
    #[error("the card refused the province's authentication with {status:04X}")]
    AuthenticationRefused {
        /// The status word.
        status: u16,
    },
    /// The application is locked (6983) or blocked (6A81, 6283).
    #[error("the card's application is locked: {status:04X}")]
    Locked {
        /// The status word.
        status: u16,
    },
    /// A record that every card must have is absent or unreadable.
    #[error("record {tag:02X} is absent or unreadable")]
    RecordMissing {
        /// The record's tag.
        tag: u8,
    },
    /// The child process that reads cards ended; it is started again.
    #[error("the card process ended")]
    ProcessEnded,
    /// The child process cannot be started.
    #[error("the card process cannot be started")]
    ProcessCannotStart,
    /// The child process speaks another version of the pipe's protocol: a half-finished upgrade.
    #[error("the card process is of another version")]
    ProcessOfAnotherVersion,
}
