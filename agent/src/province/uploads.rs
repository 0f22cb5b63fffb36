//! Sending what is queued, and asking what became of it.

use jiff::Timestamp;

use super::error::PlatformError;
use super::exchange::Patience;
use super::message::{Sender, WireMessage};
use super::platform::Platform;
use super::transaction::Transaction;
use super::wire::answer::{OutcomeAnswer, Receipt};
use super::wire::query;
use crate::records::numbers::MessageId;

/// What became of a message, by its msgid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The province has it: delivered, whatever the sender saw.
    Taken(Receipt),
    /// The province does not have it: send it again, unchanged.
    NotTaken,
}

impl Platform {
    /// Sends a queued message: signing in and sending may take as long as an answer each. Safe to repeat: id and body are the
    /// same each time.
    pub async fn send(
        &self,
        message: &WireMessage,
        now: Timestamp,
    ) -> Result<Receipt, PlatformError> {
        let timeout = self.0.settings.answer_timeout;
        let patience = Patience {
            attempt: timeout,
            in_all: timeout * 2,
        };
        self.exchange(message, now, patience).await
    }

    /// Asks what became of a message whose outcome is unknown.
    pub async fn ask(&self, msgid: &MessageId, now: Timestamp) -> Result<Asked, PlatformError> {
        let body = query::OutcomeQuery {
            msgid: msgid.as_str(),
        };
        let answer: OutcomeAnswer = self
            .put(
                Transaction::OutcomeQuery,
                &body,
                now,
                self.0.settings.answer_timeout,
            )
            .await?;
        Ok(answer.receipt.map_or(Asked::NotTaken, Asked::Taken))
    }

    /// Takes back a message by its original msgid. The reversal is itself a message to freeze and queue.
    pub fn reversal(
        &self,
        msgid: MessageId,
        sender: Sender,
        original: &MessageId,
        reason: &str,
    ) -> Result<WireMessage, PlatformError> {
        let body = query::Reversal {
            msgid: original.as_str(),
            reason,
        };
        let body = self.0.adapter.body(Transaction::Reversal, &body, None)?;
        WireMessage::compose(Transaction::Reversal, msgid, sender, body)
    }
}
