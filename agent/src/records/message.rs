//! What the queue keeps: a record that is to go up, and the identifier under which it goes.
//!
//! The bytes that go over the wire are made from it when it leaves, by the table of the province: a registration number that has
//! come since stands in them. What is queued never changes.

use rules::DivisionCode;
use serde::{Deserialize, Serialize};

use super::fee_lines::FeeLines;
use super::numbers::MessageId;
use super::registration::{Cancellation, Registration};
use super::settlement::Settlement;
use super::text;
use super::version::{RecordError, Version, decode, encode, version_of};
use crate::redacted::closed_debug;

const NAME: &str = "message";

/// The version of messages as records. Version 1 was a body in a province's own form.
const VERSION: u32 = 2;

/// A record to be sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The form's version.
    pub version: Version<VERSION>,
    /// Its identifier, which every repeat keeps.
    #[serde(with = "text::one")]
    pub msgid: MessageId,
    /// In whose name it goes up.
    pub sent_by: SentBy,
    /// 参保地 of the worker whom it is about: the envelope names it.
    #[serde(with = "text::one")]
    pub insured_division: DivisionCode,
    /// What is sent.
    pub content: Content,
}

/// The person at the counter whose act it reports.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentBy {
    /// Their code at the institution.
    pub code: String,
    /// Their name.
    pub name: String,
}

/// The records that go up.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// A visit begins.
    Registration(Registration),
    /// A registration is taken back.
    Cancellation(Cancellation),
    /// A part of a bill's lines.
    FeeLines(FeeLines),
    /// The settlement.
    Settlement(Box<Settlement>),
}

impl Content {
    /// The visit that it is about.
    pub fn visit(&self) -> &super::numbers::VisitNumber {
        match self {
            Self::Registration(registration) => &registration.visit,
            Self::Cancellation(cancellation) => &cancellation.visit,
            Self::FeeLines(lines) => &lines.visit,
            Self::Settlement(settlement) => &settlement.visit,
        }
    }
}

/// What a queued body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueuedForm {
    /// A record.
    Record,
    /// A body in the province's form, queued by a version before there were records: it goes up as it is.
    Body,
}

impl Message {
    /// The bytes to queue.
    pub fn encode(&self) -> Result<Vec<u8>, RecordError> {
        encode(NAME, self).map(String::into_bytes)
    }

    /// Reads back what [`Self::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        decode(NAME, VERSION, bytes)
    }

    /// Which form queued bytes have.
    ///
    /// # Errors
    /// [`RecordError::Newer`] where a later version queued them; [`RecordError::Damaged`].
    pub fn form_of(bytes: &[u8]) -> Result<QueuedForm, RecordError> {
        match version_of(NAME, bytes)? {
            0 | 1 => Ok(QueuedForm::Body),
            VERSION => Ok(QueuedForm::Record),
            found => Err(RecordError::Newer {
                record: NAME,
                found,
                known: VERSION,
            }),
        }
    }
}

closed_debug!(Message, SentBy, Content);
