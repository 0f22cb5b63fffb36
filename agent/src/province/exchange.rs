//! One message within a session: composed, signed, sent, and its answer read.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::adapter::Adapter;
use super::answer_text::Reply;
use super::chain::Chain;
use super::envelope::Sending;
use super::error::{Delivery, PlatformError};
use super::field::{self, Oddities, Unreadable};
use super::message::{Sender, WireMessage};
use super::platform::Platform;
use super::refusals::Meaning;
use super::session::Session;
use super::transaction::Transaction;
use super::verdict::{self, Verdict, place};
use super::wire::answer::SessionAnswer;
use super::wire::query;
use super::wire::shape::Answered;

/// How long an exchange may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// One message and its answer.
    pub(super) attempt: Duration,
    /// All of it, signing in included.
    pub(super) in_all: Duration,
}

impl Patience {
    /// For a question somebody waits for.
    pub(super) fn in_all(timeout: Duration) -> Self {
        Self {
            attempt: timeout,
            in_all: timeout,
        }
    }
}

impl Platform {
    pub(super) async fn put<A: Answered>(
        &self,
        transaction: Transaction,
        body: &impl Serialize,
        now: Timestamp,
        timeout: Duration,
    ) -> Result<A, PlatformError> {
        let message = self.question(transaction, now, body)?;
        self.exchange(&message, now, Patience::in_all(timeout))
            .await
    }

    /// Sends within a session, and gives up when the patience is at its end, whatever is waited for: signing in, somebody
    /// else who signs in, or the answer.
    pub(super) async fn exchange<A: Answered>(
        &self,
        message: &WireMessage,
        now: Timestamp,
        patience: Patience,
    ) -> Result<A, PlatformError> {
        let left = AtomicBool::new(false);
        let exchanged = self.exchange_at_leisure(message, now, patience.attempt, &left);
        match tokio::time::timeout(patience.in_all, exchanged).await {
            Ok(answer) => answer,
            Err(elapsed) if left.load(Ordering::Relaxed) => {
                Err(PlatformError::AnswerTimedOut(elapsed.into()))
            }
            Err(elapsed) => Err(PlatformError::ConnectTimedOut(elapsed.into())),
        }
    }

    /// Where the province no longer knows the session, once more in a new one: a message refused for its session was not
    /// looked at, and repeating it is safe. `left` tells whether the message may be with the province.
    async fn exchange_at_leisure<A: Answered>(
        &self,
        message: &WireMessage,
        now: Timestamp,
        timeout: Duration,
        left: &AtomicBool,
    ) -> Result<A, PlatformError> {
        let session = self.session(now, None, timeout).await?;
        left.store(true, Ordering::Relaxed);
        let reply = self.attempt(message, &session, now, timeout).await?;
        let gone = |error: &PlatformError| {
            matches!(error, PlatformError::Rejected { rejection, .. }
                if self.0.adapter.meaning(rejection) == Meaning::SessionGone)
        };
        let answer = match read(&self.0.adapter, message, &reply) {
            Err(error) if gone(&error) => {
                left.store(false, Ordering::Relaxed);
                tracing::info!(
                    transaction = message.kind(),
                    "session no longer valid, signing in again"
                );
                let session = self.session(now, Some(&session), timeout).await?;
                left.store(true, Ordering::Relaxed);
                let reply = self.attempt(message, &session, now, timeout).await?;
                read(&self.0.adapter, message, &reply)
            }
            answer => answer,
        };
        answer.map_err(|error| self.not_this_message(error))
    }

    /// What is said as a refusal of the message and means the session, or the hour.
    fn not_this_message(&self, error: PlatformError) -> PlatformError {
        let PlatformError::Rejected {
            transaction,
            rejection,
        } = error
        else {
            return error;
        };
        let put_off = |may_have_it, rejection| PlatformError::PutOff {
            transaction,
            rejection,
            may_have_it,
        };
        match self.0.adapter.meaning(&rejection) {
            Meaning::SessionGone => PlatformError::SessionLost { rejection },
            Meaning::TakenBefore => PlatformError::TakenBefore {
                transaction,
                rejection,
            },
            Meaning::OutcomeUnknown => put_off(true, rejection),
            Meaning::Later => put_off(false, rejection),
            Meaning::Refused => PlatformError::Rejected {
                transaction,
                rejection,
            },
        }
    }

    pub(super) async fn session(
        &self,
        now: Timestamp,
        spent: Option<&str>,
        timeout: Duration,
    ) -> Result<String, PlatformError> {
        self.0
            .session
            .take(now, spent, async || {
                self.open_session(now, timeout)
                    .await
                    .map_err(before_the_message)
            })
            .await
    }

    async fn open_session(
        &self,
        now: Timestamp,
        timeout: Duration,
    ) -> Result<Session, PlatformError> {
        let body = query::SignIn {
            terminal: &self.0.settings.device_number(),
            program: env!("CARGO_PKG_NAME"),
            program_version: env!("CARGO_PKG_VERSION"),
        };
        let message = self.question(Transaction::SignIn, now, &body)?;
        let reply = self.attempt(&message, "", now, timeout).await?;
        let answer: SessionAnswer = read(&self.0.adapter, &message, &reply)?;
        let valid_until = answer
            .valid_until
            .parse()
            .map_err(|_unshown: jiff::Error| PlatformError::AnswerMalformed {
                transaction: Transaction::SignIn,
                reason: "valid_until is not a time".into(),
            })?;
        Ok(Session {
            number: answer.sign_no,
            valid_until,
        })
    }

    pub(super) fn question(
        &self,
        transaction: Transaction,
        now: Timestamp,
        body: &impl Serialize,
    ) -> Result<WireMessage, PlatformError> {
        let sender = Sender {
            operator: self.0.settings.operator.clone(),
            insured_division: String::new(),
        };
        let body = self.0.adapter.body(transaction, body, None)?;
        WireMessage::compose(transaction, self.0.questions.next(now), sender, body)
    }

    pub(super) async fn attempt(
        &self,
        message: &WireMessage,
        session: &str,
        now: Timestamp,
        timeout: Duration,
    ) -> Result<Reply, PlatformError> {
        let settings = &self.0.settings;
        let adapter = &self.0.adapter;
        let msgid = message.msgid();
        let device = settings.device_number();
        let sending = Sending {
            code: adapter.code(message.transaction()),
            institution: settings.terminal.institution().as_str(),
            division: &settings.division,
            terminal: &device,
            session,
            now,
        };
        let body = sending
            .enclose(message, adapter.envelope(), &self.0.secret)
            .map_err(|error| PlatformError::Compose(error.into()))?;
        let reply = self.0.transport.post(body.into_bytes(), timeout).await;
        if let Err(error) = &reply {
            tracing::warn!(transaction = message.kind(), msgid = %msgid, code = error.code(), error = %Chain(error), "no answer from the province");
        }
        reply
    }
}

pub(super) fn read<A: Answered>(
    adapter: &Adapter,
    message: &WireMessage,
    reply: &Reply,
) -> Result<A, PlatformError> {
    let transaction = message.transaction();
    let malformed = |reason: String| PlatformError::AnswerMalformed {
        transaction,
        reason,
    };
    match verdict::verdict(adapter, &message.msgid(), reply) {
        Ok(Verdict::Yes(output)) => {
            let output = output.ok_or_else(|| malformed("output is missing".into()))?;
            let mut odd = Oddities::default();
            let agreed = field::record(A::FIELDS, &output, &mut odd)
                .map_err(|Unreadable(field)| malformed(format!("{field} is not as agreed")))?;
            let mut answer: A =
                serde_json::from_value(agreed).map_err(|error| malformed(place(&error)))?;
            if odd.sum() > 0 {
                tracing::info!(transaction = message.kind(), msgid = %message.msgid(), fields = %odd, "values of the answer were not as agreed and read all the same");
            }
            answer.keep_oddities(odd.sum());
            Ok(answer)
        }
        Ok(Verdict::No(rejection)) => Err(PlatformError::Rejected {
            transaction,
            rejection,
        }),
        Err(reason) => Err(PlatformError::NotTheEnvelope {
            status: reply.status,
            reason,
        }),
    }
}

/// While signing in the caller's own message has not left: whatever happened, it was not sent.
fn before_the_message(error: PlatformError) -> PlatformError {
    match error {
        PlatformError::CertificateRefused { source, .. } => PlatformError::CertificateRefused {
            delivery: Delivery::NotSent,
            source,
        },
        PlatformError::AnswerTimedOut(source) => PlatformError::ConnectTimedOut(source),
        PlatformError::ConnectionLost(source) => PlatformError::Unreachable(source),
        error @ (PlatformError::Rejected { .. }
        | PlatformError::NotTheEnvelope { .. }
        | PlatformError::AnswerMalformed { .. }
        | PlatformError::SessionLost { .. }
        | PlatformError::PutOff { .. }
        | PlatformError::TakenBefore { .. }) => PlatformError::NotSignedIn(Box::new(error)),
        error @ (PlatformError::AuthorityMismatch(_)
        | PlatformError::NotTrusted { .. }
        | PlatformError::NameUnresolved(_)
        | PlatformError::Unreachable(_)
        | PlatformError::ConnectTimedOut(_)
        | PlatformError::NotSignedIn(_)
        | PlatformError::Compose(_)) => error,
    }
}
