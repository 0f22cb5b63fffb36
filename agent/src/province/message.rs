//! Messages as they go over the wire, and who acts in them.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::error::PlatformError;
use super::transaction::Transaction;
use crate::records::numbers::MessageId;
use crate::records::version::RecordError;

/// The version of queued bodies before the queue held records.
const OLD_LAYOUT: u32 = 1;

/// Who acts.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageOperator {
    /// What kind of operator acts.
    pub kind: MessageOperatorKind,
    /// Their code at the institution.
    pub code: String,
    /// Their name.
    pub name: String,
}

/// What kind of operator acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageOperatorKind {
    /// A person at the counter.
    Cashier,
    /// A program on its own.
    Unattended,
}

impl MessageOperatorKind {
    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cashier => "cashier",
            Self::Unattended => "unattended",
        }
    }
}

impl fmt::Debug for MessageOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageOperator")
            .field("kind", &self.kind)
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}

/// A message as it goes over the wire: its identifier and body; session, time and signature are made at each attempt.
#[derive(Clone)]
pub struct WireMessage {
    transaction: Transaction,
    msgid: MessageId,
    insured_division: String,
    operator: MessageOperator,
    input: Box<RawValue>,
}

/// A body of the old layout: queued by a version that froze what goes over the wire.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QueuedBody {
    version: u32,
    transaction: Transaction,
    msgid: String,
    insured_division: String,
    operator: MessageOperator,
    input: Box<RawValue>,
}

/// Who sends a message and about which insured place; the same for all messages of a visit.
#[derive(Debug, Clone)]
pub struct Sender {
    /// Who acts.
    pub operator: MessageOperator,
    /// The worker's insured place, six digits.
    pub insured_division: String,
}

impl WireMessage {
    /// `body` is JSON as the province takes it.
    pub(super) fn compose(
        transaction: Transaction,
        msgid: MessageId,
        sender: Sender,
        body: String,
    ) -> Result<Self, PlatformError> {
        let input =
            RawValue::from_string(body).map_err(|error| PlatformError::Compose(error.into()))?;
        Ok(Self {
            transaction,
            msgid,
            insured_division: sender.insured_division,
            operator: sender.operator,
            input,
        })
    }

    /// What it asks of the province.
    pub fn transaction(&self) -> Transaction {
        self.transaction
    }

    /// The kind under which it is queued.
    pub fn kind(&self) -> &'static str {
        self.transaction.name()
    }

    /// Its id, which every repeat keeps.
    pub fn msgid(&self) -> MessageId {
        self.msgid.clone()
    }

    pub(super) fn input(&self) -> &RawValue {
        &self.input
    }

    pub(super) fn operator(&self) -> &MessageOperator {
        &self.operator
    }

    pub(super) fn insured_division(&self) -> &str {
        &self.insured_division
    }

    /// A body of the old layout, to be sent as it was queued.
    ///
    /// # Errors
    /// [`RecordError::Damaged`].
    pub(super) fn of_old_layout(bytes: &[u8]) -> Result<Self, RecordError> {
        let damaged = |line, column| RecordError::Damaged {
            record: "queued body",
            line,
            column,
        };
        let queued: QueuedBody =
            serde_json::from_slice(bytes).map_err(|error| damaged(error.line(), error.column()))?;
        if queued.version != OLD_LAYOUT {
            return Err(damaged(1, 1));
        }
        Ok(Self {
            transaction: queued.transaction,
            msgid: MessageId::parse(&queued.msgid).map_err(|_unshown| damaged(1, 1))?,
            insured_division: queued.insured_division,
            operator: queued.operator,
            input: queued.input,
        })
    }
}

impl fmt::Debug for WireMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WireMessage")
            .field("transaction", &self.transaction)
            .field("msgid", &self.msgid)
            .finish_non_exhaustive()
    }
}
