//! The pipe between the agent and its card process: a 32-bit big-endian length, a version byte, JSON.
//!
//! The structs here are the pipe's own; what they carry is parsed again on arrival.

use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{CardReading, LibraryFault, Provider};
use crate::card::{
    CardDate, CardFace, CardFault, CardId, CardIdentity, CardNumber, Holder, InternalAnswer,
    OpenedBy, ReadScope, RelayAnswer, RelayFailure, RelayQuestion, Remark, Step,
};
use crate::card::{SocialSecurityNumber, version};

/// Version of the pipe's messages. Both ends are the same binary, save during an upgrade.
const VERSION: u8 = 5;

/// Length and version.
pub(super) const HEADER: usize = 5;

/// No message is longer; whatever claims to be is not ours.
pub(super) const LONGEST: usize = 64 * 1024;

/// The pipe carries something else than this version's messages.
#[derive(Debug, thiserror::Error)]
pub(super) enum WireError {
    #[error("a message of version {0}, not {VERSION}")]
    OtherVersion(u8),
    #[error("a message of {0} bytes")]
    TooLong(u32),
    // The error of the JSON parser is left out: it may quote a value.
    #[error("a message that cannot be understood")]
    NotUnderstood,
}

/// From the card process to the agent.
#[derive(Serialize, Deserialize)]
pub(super) enum ToParent {
    /// The PC/SC service answers.
    Watching,
    /// Sent at least every second while nothing happens, and in a long read between its steps.
    Alive,
    /// The connected readers that the settings choose.
    Readers(Vec<String>),
    /// A read begins: of a card just put in, or again. With `in_use` another program is connected to the card.
    Begin {
        reader: String,
        just_put_in: bool,
        in_use: bool,
    },
    /// The province is to be asked.
    Asking(RelayQuestion),
    /// The read ended well.
    Read {
        reader: String,
        reading: ReadingOnWire,
    },
    /// There is no card, or no longer; told at the first look, too.
    Removed { reader: String },
    /// Something is wrong; with the steps of the read that it ended.
    Fault {
        reader: Option<String>,
        fault: CardFault,
        steps: Vec<Step>,
    },
    /// The steps of the read that is going on: asked for, or because what comes next may end the process.
    Steps(Vec<Step>),
    /// How the libraries fared that were to be tried.
    Tried(Result<(), LibraryFault>),
}

/// From the agent to the card process.
#[derive(Serialize, Deserialize)]
pub(super) enum ToChild {
    /// The first message, and the only one of its kind.
    Configure(Configuration),
    /// Or this: load the vendors' libraries, say how that went, and end.
    Try(Configuration),
    /// The province's answer to the question asked.
    Answer(Result<AnswerOnWire, RelayFailure>),
    /// Read the cards that are in the readers now.
    ReadAgain,
    /// Which steps has the read done? Answered by a thread that does not hang with it.
    TellSteps,
    /// Whatever held this reader has let it go: a card in it is to be read.
    Freed(String),
}

/// What the card process needs to know.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Configuration {
    pub(super) reader: Option<String>,
    pub(super) providers: Vec<Provider>,
    pub(super) keep_from: Vec<PathBuf>,
    pub(super) scope: ReadScope,
    /// Readers that hung, and how long to leave a card in them alone.
    pub(super) suspects: Vec<(String, Rest)>,
}

/// How long a card that hung, or that another program holds, is left alone. Another card in its place is read at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Rest {
    /// The process whose call hangs waits on; that it goes on is told by [`ToChild::Freed`].
    UntilFreed,
    /// Nobody will tell: so long, or until the reader's state changes.
    For(Duration),
}

/// The first rest after a vendor's library hung or crashed, doubled with each further time at the same reader. What changes
/// at the reader ends the rest.
pub(super) const FIRST_REST: Duration = Duration::from_secs(4);

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(super) struct AnswerOnWire {
    inner: [u8; 8],
    inner_raw: [u8; 8],
    outer: [u8; 8],
    outer_raw: [u8; 8],
}

#[derive(Serialize, Deserialize)]
pub(super) struct ReadingOnWire {
    identity: IdentityOnWire,
    steps: Vec<Step>,
    seen_at: Duration,
    took: Duration,
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct IdentityOnWire {
    card_id: String,
    card_number: Option<String>,
    version: String,
    issued: DateOnWire,
    expires: DateOnWire,
    reset: String,
    number: Option<String>,
    name: Option<String>,
    #[zeroize(skip)]
    opened_by: OpenedBy,
    answered: Option<InternalAnswer>,
    #[zeroize(skip)]
    remarks: Vec<Remark>,
}

#[derive(Serialize, Deserialize, Zeroize)]
enum DateOnWire {
    On { year: i16, month: i8, day: i8 },
    Blank,
    Unreadable,
}

/// One message with its header. The buffer is large enough not to move, so that no copy of it stays behind.
pub(super) fn encode<M: Serialize>(message: &M) -> Result<Zeroizing<Vec<u8>>, WireError> {
    let mut frame = Zeroizing::new(Vec::with_capacity(8 * 1024));
    frame.extend_from_slice(&[0; HEADER]);
    if serde_json::to_writer(&mut *frame, message).is_err() {
        return Err(WireError::NotUnderstood);
    }
    let length = u32::try_from(frame.len() - 4).unwrap_or(u32::MAX);
    if frame.len() - 4 > LONGEST {
        return Err(WireError::TooLong(length));
    }
    frame[..4].copy_from_slice(&length.to_be_bytes());
    frame[4] = VERSION;
    Ok(frame)
}

/// The length of the JSON that follows this header.
pub(super) fn body_length(header: [u8; HEADER]) -> Result<usize, WireError> {
    let [a, b, c, d, version] = header;
    let length = u32::from_be_bytes([a, b, c, d]);
    if version != VERSION {
        return Err(WireError::OtherVersion(version));
    }
    match length.checked_sub(1).map(usize::try_from) {
        Some(Ok(body)) if body < LONGEST => Ok(body),
        Some(_) | None => Err(WireError::TooLong(length)),
    }
}

/// Reads these bytes as either side of the pipe does, and forgets them.
pub(crate) fn parse_pipe_message(bytes: &[u8]) {
    let Some((header, body)) = bytes.split_first_chunk::<HEADER>() else {
        return;
    };
    if let Ok(length) = body_length(*header) {
        assert!(length < 64 * 1024);
    }
    drop(decode::<ToChild>(body));
    if let Ok(ToParent::Read { reading, .. }) = decode(body) {
        drop(reading.parse());
    }
}

/// The message in this JSON.
pub(super) fn decode<M: DeserializeOwned>(body: &[u8]) -> Result<M, WireError> {
    match serde_json::from_slice(body) {
        Ok(message) => Ok(message),
        Err(_) => Err(WireError::NotUnderstood),
    }
}

impl From<RelayAnswer> for AnswerOnWire {
    fn from(answer: RelayAnswer) -> Self {
        Self {
            inner: answer.inner,
            inner_raw: answer.inner_raw,
            outer: answer.outer,
            outer_raw: answer.outer_raw,
        }
    }
}

impl From<AnswerOnWire> for RelayAnswer {
    fn from(answer: AnswerOnWire) -> Self {
        Self {
            inner: answer.inner,
            inner_raw: answer.inner_raw,
            outer: answer.outer,
            outer_raw: answer.outer_raw,
        }
    }
}

impl ReadingOnWire {
    pub(super) fn new(reading: &CardReading) -> Self {
        let CardIdentity {
            face,
            holder,
            opened_by,
            answered,
            remarks,
        } = &reading.identity;
        Self {
            identity: IdentityOnWire {
                card_id: face.card_id.to_hex(),
                card_number: face
                    .card_number
                    .as_ref()
                    .map(|number| number.as_str().to_owned()),
                version: face.version_text.clone(),
                issued: face.issued.into(),
                expires: face.expires.into(),
                reset: face.reset.clone(),
                number: holder
                    .as_ref()
                    .map(|holder| holder.number.as_str().to_owned()),
                name: holder.as_ref().and_then(|holder| holder.name.clone()),
                opened_by: *opened_by,
                answered: answered.clone(),
                remarks: remarks.clone(),
            },
            steps: reading.steps.clone(),
            seen_at: reading.seen_at,
            took: reading.took,
        }
    }

    pub(super) fn parse(self) -> Result<CardReading, WireError> {
        let Self {
            identity: wire,
            steps,
            seen_at,
            took,
        } = self;
        let Ok(card_id) = CardId::parse_hex(&wire.card_id) else {
            return Err(WireError::NotUnderstood);
        };
        let card_number = match wire.card_number.as_deref().map(CardNumber::parse) {
            Some(Ok(number)) => Some(number),
            Some(Err(_)) => return Err(WireError::NotUnderstood),
            None => None,
        };
        let holder = match wire.number.as_deref().map(SocialSecurityNumber::parse) {
            Some(Ok(number)) => Some(Holder {
                number,
                name: wire.name.clone(),
            }),
            Some(Err(_)) => return Err(WireError::NotUnderstood),
            None => None,
        };
        let face = CardFace {
            card_id,
            card_number,
            version: version(&wire.version),
            version_text: wire.version.clone(),
            issued: wire.issued.parse()?,
            expires: wire.expires.parse()?,
            reset: wire.reset.clone(),
        };
        let identity = CardIdentity {
            face,
            holder,
            opened_by: wire.opened_by,
            answered: wire.answered.clone(),
            remarks: wire.remarks.clone(),
        };
        Ok(CardReading {
            identity,
            steps,
            seen_at,
            took,
        })
    }
}

impl From<CardDate> for DateOnWire {
    fn from(date: CardDate) -> Self {
        match date {
            CardDate::On(date) => Self::On {
                year: date.year(),
                month: date.month(),
                day: date.day(),
            },
            CardDate::Blank => Self::Blank,
            CardDate::Unreadable => Self::Unreadable,
        }
    }
}

impl DateOnWire {
    fn parse(&self) -> Result<CardDate, WireError> {
        match self {
            Self::On { year, month, day } => match Date::new(*year, *month, *day) {
                Ok(date) => Ok(CardDate::On(date)),
                Err(_) => Err(WireError::NotUnderstood),
            },
            Self::Blank => Ok(CardDate::Blank),
            Self::Unreadable => Ok(CardDate::Unreadable),
        }
    }
}
