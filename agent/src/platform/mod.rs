//! The province: envelope, transaction tables, signing, sessions, card authentication relay.
//!
//! Every message carries `msgid`; those that are queued ([`FrozenMessage`]) keep id and business body
//! through all attempts, while session, time and signature are made for each. An error tells whether the
//! message can have arrived ([`PlatformError::delivery`]): only then must [`Platform::ask`] come before a repeat.

mod adapter;
mod envelope;
mod error;
mod message;
mod notice;
mod session;
mod settings;
mod transaction;
mod transport;
pub mod wire;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use self::envelope::{Answer, RefusalOutput, Request, Secret, envelope_time};
use self::session::Session;
use self::transport::{Reply, Transport};
use self::wire::answer::{
    CardAuthenticationAnswer, CataloguePage, IdentityAnswer, OutcomeAnswer, PersonAnswer, Receipt,
    RegistryPage, SessionAnswer,
};
use self::wire::{BodyVersion, query};

pub use self::adapter::{Adapter, SignatureKind};
pub use self::error::{ConnectError, Delivery, PlatformError, Rejection};
pub use self::message::{
    FrozenMessage, InstitutionCode, InvalidInstitutionCode, InvalidMessageId, MessageId, Operator,
    OperatorKind, Sender, UnreadableMessage,
};
pub use self::settings::PlatformSettings;
pub use self::transaction::Transaction;

/// The province's platform, as one terminal speaks with it. Cheap to clone; one session for all clones.
#[derive(Debug, Clone)]
pub struct Platform(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: PlatformSettings,
    adapter: Adapter,
    secret: Secret,
    transport: Transport,
    session: session::Place,
    last_question: AtomicU64,
}

/// What became of a message, by its msgid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The province has it: delivered, whatever the sender saw.
    Taken(Receipt),
    /// The province does not have it: send it again, unchanged.
    NotTaken,
}

impl Platform {
    /// Reads certificates, secret and adapter, and sets the client up. Nothing is sent yet.
    pub fn connect(settings: PlatformSettings) -> Result<Self, ConnectError> {
        if settings.question_sequence.is_empty() || *settings.question_sequence.end() > 9_999 {
            return Err(ConnectError::Setting {
                key: "question_sequence",
                reason: "must be a range within 0 to 9999",
            });
        }
        let adapter = match &settings.adapter_file {
            Some(path) => Adapter::load(path)?,
            None => Adapter::built_in()?,
        };
        let path = &settings.secret_file;
        let text = std::fs::read_to_string(path)
            .map(Zeroizing::new)
            .map_err(|source| ConnectError::Unreadable {
                path: path.clone(),
                source,
            })?;
        let secret =
            Secret::parse(&text).ok_or_else(|| ConnectError::Secret { path: path.clone() })?;
        let transport = Transport::new(&settings, &adapter.path)?;
        Ok(Self(Arc::new(Inner {
            settings,
            adapter,
            secret,
            transport,
            session: session::Place::default(),
            last_question: AtomicU64::new(0),
        })))
    }

    /// How this province speaks; the counter needs the limits.
    pub fn adapter(&self) -> &Adapter {
        &self.0.adapter
    }

    /// Opens the session now instead of at the first message: shows at start whether the province accepts us.
    pub async fn sign_in(&self, now: Timestamp) -> Result<(), PlatformError> {
        self.session(now, None, self.0.settings.answer_timeout)
            .await
            .map(drop)
    }

    /// Closes the session, if one is open.
    pub async fn sign_out(&self, now: Timestamp) -> Result<(), PlatformError> {
        let Some(session) = self.0.session.clear().await else {
            return Ok(());
        };
        let body = query::SignOut {
            version: BodyVersion,
        };
        let message = self.question(Transaction::SignOut, now, &body)?;
        let reply = self
            .attempt(&message, &session.number, now, self.0.settings.gate_timeout)
            .await?;
        self.read::<serde::de::IgnoredAny>(&message, &reply)
            .map(drop)
    }

    /// Sends a queued message. Safe to repeat: id and body are the same each time.
    pub async fn send(
        &self,
        message: &FrozenMessage,
        now: Timestamp,
    ) -> Result<Receipt, PlatformError> {
        self.exchange(message, now, self.0.settings.answer_timeout)
            .await
    }

    /// Asks what became of a message whose outcome is unknown.
    pub async fn ask(&self, msgid: &MessageId, now: Timestamp) -> Result<Asked, PlatformError> {
        let body = query::OutcomeQuery {
            version: BodyVersion,
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
    pub fn freeze_reversal(
        msgid: MessageId,
        sender: Sender,
        original: &MessageId,
        reason: &str,
    ) -> Result<FrozenMessage, PlatformError> {
        let body = query::Reversal {
            version: BodyVersion,
            msgid: original.as_str(),
            reason,
        };
        FrozenMessage::freeze(Transaction::Reversal, msgid, sender, &body)
    }

    /// Who a number is to the province, with the gate's short time-out (N33, F01–F03).
    pub async fn person(
        &self,
        number: &str,
        now: Timestamp,
    ) -> Result<PersonAnswer, PlatformError> {
        let body = query::Person {
            version: BodyVersion,
            social_security_number: number,
        };
        self.put(
            Transaction::Person,
            &body,
            now,
            self.0.settings.gate_timeout,
        )
        .await
    }

    /// The next page of workers, institution and division names; without a cursor from the beginning.
    pub async fn registry_page(
        &self,
        cursor: Option<&str>,
        now: Timestamp,
    ) -> Result<RegistryPage, PlatformError> {
        let body = query::Page {
            version: BodyVersion,
            cursor,
        };
        self.put(
            Transaction::RegistrySync,
            &body,
            now,
            self.0.settings.answer_timeout,
        )
        .await
    }

    /// The next page of catalogue entries; without a cursor from the beginning.
    pub async fn catalogue_page(
        &self,
        cursor: Option<&str>,
        now: Timestamp,
    ) -> Result<CataloguePage, PlatformError> {
        let body = query::Page {
            version: BodyVersion,
            cursor,
        };
        self.put(
            Transaction::CatalogueSync,
            &body,
            now,
            self.0.settings.answer_timeout,
        )
        .await
    }

    /// Relays a 3.0 card's question to the province's HSM and brings back its answer line.
    pub async fn authenticate_card(
        &self,
        question: &str,
        now: Timestamp,
    ) -> Result<Zeroizing<String>, PlatformError> {
        let body = query::CardAuthentication {
            version: BodyVersion,
            question,
        };
        let answer: CardAuthenticationAnswer = self
            .put(
                Transaction::CardAuthentication,
                &body,
                now,
                self.0.settings.gate_timeout,
            )
            .await?;
        Ok(Zeroizing::new(answer.answer))
    }

    /// Whose electronic social security card a scanned code is. A code counts once.
    pub async fn verify_code(
        &self,
        code: &str,
        now: Timestamp,
    ) -> Result<IdentityAnswer, PlatformError> {
        let body = query::CodeVerification {
            version: BodyVersion,
            code,
        };
        self.put(
            Transaction::CodeVerification,
            &body,
            now,
            self.0.settings.gate_timeout,
        )
        .await
    }

    /// Whose card it is, of a 3.0 card that gave its EF05 alone.
    pub async fn resolve_card(
        &self,
        card_number: &str,
        card_id: &str,
        now: Timestamp,
    ) -> Result<IdentityAnswer, PlatformError> {
        let body = query::CardResolution {
            version: BodyVersion,
            card_number,
            card_id,
        };
        self.put(
            Transaction::CardResolution,
            &body,
            now,
            self.0.settings.gate_timeout,
        )
        .await
    }

    async fn put<A: DeserializeOwned>(
        &self,
        transaction: Transaction,
        body: &impl Serialize,
        now: Timestamp,
        timeout: Duration,
    ) -> Result<A, PlatformError> {
        let message = self.question(transaction, now, body)?;
        self.exchange(&message, now, timeout).await
    }

    /// Sends within a session; where the province no longer knows the session, once more in a new one.
    /// A message refused for its session was not looked at: repeating it is safe.
    async fn exchange<A: DeserializeOwned>(
        &self,
        message: &FrozenMessage,
        now: Timestamp,
        timeout: Duration,
    ) -> Result<A, PlatformError> {
        let session = self.session(now, None, timeout).await?;
        let reply = self.attempt(message, &session, now, timeout).await?;
        match self.read(message, &reply) {
            Err(PlatformError::Rejected { rejection, .. })
                if self.0.adapter.means_session_invalid(&rejection.code) =>
            {
                tracing::info!(
                    transaction = message.kind(),
                    "session no longer valid, signing in again"
                );
                let session = self.session(now, Some(&session), timeout).await?;
                let reply = self.attempt(message, &session, now, timeout).await?;
                self.read(message, &reply)
            }
            answer => answer,
        }
    }

    async fn session(
        &self,
        now: Timestamp,
        spent: Option<&str>,
        timeout: Duration,
    ) -> Result<String, PlatformError> {
        self.0
            .session
            .take(now, spent, async || self.open_session(now, timeout).await)
            .await
    }

    async fn open_session(
        &self,
        now: Timestamp,
        timeout: Duration,
    ) -> Result<Session, PlatformError> {
        let body = query::SignIn {
            version: BodyVersion,
            terminal: &self.0.settings.terminal,
            program: env!("CARGO_PKG_NAME"),
            program_version: env!("CARGO_PKG_VERSION"),
        };
        let message = self.question(Transaction::SignIn, now, &body)?;
        let reply = self
            .attempt(&message, "", now, timeout)
            .await
            .map_err(before_the_message)?;
        let answer: SessionAnswer = self.read(&message, &reply)?;
        let valid_until = answer.valid_until.parse().map_err(|_: jiff::Error| {
            PlatformError::AnswerMalformed {
                transaction: Transaction::SignIn,
                reason: "valid_until is not a time".into(),
            }
        })?;
        Ok(Session {
            number: answer.sign_no,
            valid_until,
        })
    }

    fn question(
        &self,
        transaction: Transaction,
        now: Timestamp,
        body: &impl Serialize,
    ) -> Result<FrozenMessage, PlatformError> {
        let sender = Sender {
            operator: self.0.settings.operator.clone(),
            insured_division: String::new(),
        };
        FrozenMessage::freeze(transaction, self.question_id(now), sender, body)
    }

    /// Ids of questions: the second never runs backwards, and one that has used up its range of digits lends
    /// from the next.
    fn question_id(&self, now: Timestamp) -> MessageId {
        let range = &self.0.settings.question_sequence;
        let width = u64::from(range.end() - range.start()) + 1;
        let earliest = u64::try_from(now.as_second())
            .unwrap_or(0)
            .saturating_mul(width);
        let step = |last: u64| Some(earliest.max(last + 1));
        let position =
            match self
                .0
                .last_question
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, step)
            {
                Ok(last) | Err(last) => earliest.max(last + 1),
            };
        let second = i64::try_from(position / width).unwrap_or(0);
        let digits = u16::try_from(position % width).unwrap_or(0) + range.start();
        let at = Timestamp::from_second(second).unwrap_or(now);
        MessageId::compose(&self.0.settings.institution, at, digits)
    }

    async fn attempt(
        &self,
        message: &FrozenMessage,
        session: &str,
        now: Timestamp,
        timeout: Duration,
    ) -> Result<Reply, PlatformError> {
        let settings = &self.0.settings;
        let adapter = &self.0.adapter;
        let msgid = message.msgid();
        let operator = message.operator();
        let mut request = Request {
            infver: &adapter.envelope_version,
            infno: adapter.code(message.transaction()),
            msgid: msgid.as_str(),
            recer_sys_code: &adapter.receiver,
            opter_type: operator.kind.code(),
            opter: &operator.code,
            opter_name: &operator.name,
            inf_time: envelope_time(now),
            fixmedins_code: settings.institution.as_str(),
            sign_no: session,
            mdtrtarea_admvs: &settings.division,
            insuplc_admdvs: message.insured_division(),
            dev_no: &settings.terminal,
            cainfo: String::new(),
            signtype: adapter.signature().name(),
            input: message.input(),
        };
        request.sign(adapter.signature(), &self.0.secret);
        let body = serde_json::to_vec(&request).map_err(PlatformError::Compose)?;
        let reply = self.0.transport.post(body, timeout).await;
        if let Err(error) = &reply {
            tracing::warn!(transaction = message.kind(), msgid = %msgid, %error, "no answer from the province");
        }
        reply
    }

    fn read<A: DeserializeOwned>(
        &self,
        message: &FrozenMessage,
        reply: &Reply,
    ) -> Result<A, PlatformError> {
        let not_envelope = |reason: String| PlatformError::NotTheEnvelope {
            status: reply.status,
            reason,
        };
        if reply.status != 200 {
            return Err(not_envelope("status is not 200".into()));
        }
        let answer: Answer<'_> =
            serde_json::from_slice(&reply.body).map_err(|error| not_envelope(place(&error)))?;
        if answer.inf_refmsgid != message.msgid().as_str() {
            return Err(not_envelope("inf_refmsgid names another message".into()));
        }
        let transaction = message.transaction();
        let malformed = |reason: String| PlatformError::AnswerMalformed {
            transaction,
            reason,
        };
        match answer.infcode {
            0 => {
                let output = answer
                    .output
                    .ok_or_else(|| malformed("output is missing".into()))?;
                serde_json::from_str(output.get()).map_err(|error| malformed(place(&error)))
            }
            -1 => Err(PlatformError::Rejected {
                transaction,
                rejection: rejection(&answer),
            }),
            _ => Err(not_envelope("infcode is neither 0 nor -1".into())),
        }
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
        error @ (PlatformError::AuthorityMismatch(_)
        | PlatformError::NameUnresolved(_)
        | PlatformError::Unreachable(_)
        | PlatformError::ConnectTimedOut(_)
        | PlatformError::Rejected { .. }
        | PlatformError::NotTheEnvelope { .. }
        | PlatformError::AnswerMalformed { .. }
        | PlatformError::Compose(_)) => error,
    }
}

fn rejection(answer: &Answer<'_>) -> Rejection {
    let code = answer
        .output
        .and_then(|output| serde_json::from_str::<RefusalOutput>(output.get()).ok())
        .map_or_else(|| "unnamed".to_owned(), |output| output.code);
    Rejection {
        code,
        message: answer.err_msg.clone().unwrap_or_default(),
    }
}

/// Where reading stopped, never what stood there.
fn place(error: &serde_json::Error) -> String {
    format!(
        "{:?} error at line {}, column {}",
        error.classify(),
        error.line(),
        error.column()
    )
}
