//! Messages whose id and business body are frozen when they are queued, and the ids themselves.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::error::PlatformError;
use super::transaction::Transaction;
use super::wire::upload::{FeeDetail, Settlement, VisitRegistration};

/// China's civil time, in which msgids and envelope times are written (UTC+08:00, no summer time).
pub(super) const CHINA: TimeZone = TimeZone::fixed(Offset::constant(8));

/// The only version of the queued form there is.
const FROZEN_VERSION: u32 = 1;

/// `msgid`: institution code (12) + yyyyMMddHHmmss + 4 digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageId(String);

/// A text that is not a msgid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a msgid is 12 letters or digits of the institution, yyyyMMddHHmmss and 4 digits")]
pub struct InvalidMessageId;

impl MessageId {
    /// Composes an id from its parts; `sequence` is cut to four digits.
    pub fn compose(institution: &InstitutionCode, at: Timestamp, sequence: u16) -> Self {
        let civil = at.to_zoned(CHINA);
        let time = civil.strftime("%Y%m%d%H%M%S");
        Self(format!("{institution}{time}{:04}", sequence % 10_000))
    }

    /// Reads an id that was stored or received.
    pub fn parse(text: &str) -> Result<Self, InvalidMessageId> {
        let bytes = text.as_bytes();
        let well_formed = bytes.len() == 30
            && bytes[..12].iter().all(u8::is_ascii_alphanumeric)
            && bytes[12..].iter().all(u8::is_ascii_digit);
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidMessageId)
        }
    }

    /// As it stands in the envelope.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `fixmedins_code`: the institution's code with the social insurance agency, 12 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct InstitutionCode(String);

/// A text that is not an institution code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an institution code is 12 letters or digits")]
pub struct InvalidInstitutionCode;

impl InstitutionCode {
    /// Reads a code from the configuration.
    pub fn parse(text: &str) -> Result<Self, InvalidInstitutionCode> {
        if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidInstitutionCode)
        }
    }

    /// As it stands in the envelope.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InstitutionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `opter_type`, `opter`, `opter_name`: who acts.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// What kind of operator acts.
    pub kind: OperatorKind,
    /// Their code at the institution.
    pub code: String,
    /// Their name.
    pub name: String,
}

/// `opter_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperatorKind {
    /// 1: a person at the counter.
    Cashier,
    /// 2: a program on its own.
    Unattended,
}

impl OperatorKind {
    /// What stands in `opter_type`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Cashier => "1",
            Self::Unattended => "2",
        }
    }
}

impl fmt::Debug for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operator")
            .field("kind", &self.kind)
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}

/// A message as it was queued: id, operator and business body no longer change; session, time and
/// signature are made at each attempt.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenMessage {
    version: u32,
    transaction: Transaction,
    msgid: String,
    insured_division: String,
    operator: Operator,
    input: Box<RawValue>,
}

/// A queued body that cannot be read back.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableMessage {
    /// Not the queued form.
    #[error("a queued message is damaged at byte {column}")]
    Damaged {
        /// Where reading stopped.
        column: usize,
    },
    /// Written by a later version of the program.
    #[error("a queued message has version {0}, this program reads 1")]
    Version(u32),
    /// Its id is not a msgid.
    #[error(transparent)]
    Id(#[from] InvalidMessageId),
}

/// Who sends a message and about which insured place; the same for all messages of a visit.
#[derive(Debug, Clone)]
pub struct Sender {
    /// `opter…`.
    pub operator: Operator,
    /// `insuplc_admdvs`: the worker's insured place, six digits.
    pub insured_division: String,
}

impl FrozenMessage {
    /// Freezes a visit's registration (2201).
    pub fn visit_registration(
        msgid: MessageId,
        sender: Sender,
        body: &VisitRegistration,
    ) -> Result<Self, PlatformError> {
        Self::freeze(Transaction::VisitRegistration, msgid, sender, body)
    }

    /// Freezes a part of a bill's lines (2204).
    pub fn fee_detail(
        msgid: MessageId,
        sender: Sender,
        body: &FeeDetail,
    ) -> Result<Self, PlatformError> {
        Self::freeze(Transaction::FeeDetail, msgid, sender, body)
    }

    /// Freezes a settlement record (2207).
    pub fn settlement(
        msgid: MessageId,
        sender: Sender,
        body: &Settlement,
    ) -> Result<Self, PlatformError> {
        Self::freeze(Transaction::Settlement, msgid, sender, body)
    }

    pub(super) fn freeze(
        transaction: Transaction,
        msgid: MessageId,
        sender: Sender,
        body: &impl Serialize,
    ) -> Result<Self, PlatformError> {
        let input = serde_json::value::to_raw_value(body).map_err(PlatformError::Compose)?;
        Ok(Self {
            version: FROZEN_VERSION,
            transaction,
            msgid: msgid.0,
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
        MessageId(self.msgid.clone())
    }

    pub(super) fn input(&self) -> &RawValue {
        &self.input
    }

    pub(super) fn operator(&self) -> &Operator {
        &self.operator
    }

    pub(super) fn insured_division(&self) -> &str {
        &self.insured_division
    }

    /// The bytes to queue.
    pub fn encode(&self) -> Result<Vec<u8>, PlatformError> {
        serde_json::to_vec(self).map_err(PlatformError::Compose)
    }

    /// Reads back what [`encode`](Self::encode) wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, UnreadableMessage> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let damaged = |error: serde_json::Error| UnreadableMessage::Damaged {
            column: error.column(),
        };
        let Versioned { version } = serde_json::from_slice(bytes).map_err(damaged)?;
        if version != FROZEN_VERSION {
            return Err(UnreadableMessage::Version(version));
        }
        let message: Self = serde_json::from_slice(bytes).map_err(damaged)?;
        MessageId::parse(&message.msgid)?;
        Ok(message)
    }
}

impl fmt::Debug for FrozenMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrozenMessage")
            .field("transaction", &self.transaction)
            .field("msgid", &self.msgid)
            .finish_non_exhaustive()
    }
}
