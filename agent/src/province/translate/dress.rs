//! From records to the bodies that go over the wire, made when a message leaves: what has become known since stands in them.

use crate::province::adapter::Adapter;
use crate::province::error::PlatformError;
use crate::province::message::{MessageOperator, MessageOperatorKind, Sender, WireMessage};
use crate::province::platform::Platform;
use crate::province::transaction::Transaction;
use crate::records::message::{Content, Message, QueuedForm};
use crate::records::version::RecordError;

/// What has become known of a visit since its records were queued.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// 就医登记号, where the province has given it.
    pub registration_number: Option<String>,
}

/// Why a queued message cannot leave as it is.
#[derive(Debug, thiserror::Error)]
pub enum DressError {
    /// What was queued cannot be read.
    #[error(transparent)]
    Unreadable(#[from] RecordError),
    /// This province takes it with 就医登记号 alone, and that is not known yet: it waits.
    #[error("the registration number is not known yet: this message waits")]
    NotRegistered,
    /// The body cannot be composed.
    #[error(transparent)]
    Compose(#[from] PlatformError),
}

impl Platform {
    /// A queued message as this province takes it. A body that an earlier version queued goes as it is.
    pub fn dress(&self, queued: &[u8], known: &Known) -> Result<WireMessage, DressError> {
        match Message::form_of(queued)? {
            QueuedForm::Body => Ok(WireMessage::of_old_layout(queued)?),
            QueuedForm::Record => self.dress_record(&Message::decode(queued)?, known),
        }
    }

    /// A record as this province takes it.
    pub fn dress_record(
        &self,
        message: &Message,
        known: &Known,
    ) -> Result<WireMessage, DressError> {
        if let Content::Cancellation(_) | Content::FeeLines(_) | Content::Settlement(_) =
            message.content
            && self.adapter().wants_number()
            && known.registration_number.is_none()
        {
            return Err(DressError::NotRegistered);
        }
        Ok(wire_message(self.adapter(), message, known)?)
    }
}

/// A record as it goes over the wire by this table, with what is known.
pub fn wire_message(
    adapter: &Adapter,
    message: &Message,
    known: &Known,
) -> Result<WireMessage, PlatformError> {
    let number = known.registration_number.as_deref();
    let sender = Sender {
        operator: MessageOperator {
            kind: MessageOperatorKind::Cashier,
            code: message.sent_by.code.clone(),
            name: message.sent_by.name.clone(),
        },
        insured_division: message.insured_division.to_string(),
    };
    let (kind, msgid) = (transaction(&message.content), message.msgid.clone());
    let body = match &message.content {
        Content::Registration(record) => adapter.body(kind, record, number),
        Content::Cancellation(record) => adapter.body(kind, record, number),
        Content::FeeLines(record) => adapter.body(kind, record, number),
        Content::Settlement(record) => adapter.body(kind, record, number),
    };
    WireMessage::compose(kind, msgid, sender, body?)
}

/// By which transaction a record goes up.
pub fn transaction(content: &Content) -> Transaction {
    match content {
        Content::Registration(_) => Transaction::VisitRegistration,
        Content::Cancellation(_) => Transaction::VisitCancellation,
        Content::FeeLines(_) => Transaction::FeeDetail,
        Content::Settlement(_) => Transaction::Settlement,
    }
}
