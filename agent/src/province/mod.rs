//! The province: envelope, transaction tables, signing, sessions, card authentication relay.
//!
//! Every message carries `msgid`; those that are queued ([`FrozenMessage`]) keep id and business body
//! through all attempts, while session, time and signature are made for each. An error tells whether the
//! message can have arrived ([`PlatformError::delivery`]): only then must [`Platform::ask`] come before a repeat.

mod adapter;
mod envelope;
pub(crate) mod error;
mod exchange;
pub(crate) mod identity;
pub(crate) mod means;
mod message;
pub(crate) mod outbox;
mod session;
mod settings;
pub(crate) mod synchronisation;
mod transaction;
mod transport;
pub(crate) mod trouble;
pub mod wire;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use jiff::Timestamp;
use zeroize::Zeroizing;

use self::envelope::Secret;
use self::exchange::Patience;
use self::transport::Transport;
use self::wire::answer::{
    CardAuthenticationAnswer, CataloguePage, HeadHeld, IdentityAnswer, LastHeadAnswer,
    OutcomeAnswer, PersonAnswer, Receipt, RegistryPage,
};
use self::wire::{BodyVersion, query};

pub use self::adapter::{Adapter, SignatureKind};
pub use self::error::{ConnectError, Delivery, PlatformError, Rejection, WrongSetting};
pub use self::identity::OtherForm;
pub use self::message::{
    FrozenMessage, InstitutionCode, InvalidInstitutionCode, InvalidMessageId, MessageId, Operator,
    OperatorKind, Sender, UnreadableMessage,
};
pub use self::settings::PlatformSettings;
pub use self::transaction::Transaction;
pub use self::wire::query::{AskedCard, InternalAuthentication};

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

fn adapter(settings: &PlatformSettings) -> Result<Adapter, ConnectError> {
    match &settings.adapter_file {
        Some(path) => Adapter::load(path),
        None => Adapter::built_in(),
    }
}

impl Platform {
    /// Reads certificates, secret and adapter, and sets the client up. Nothing is sent yet.
    pub fn connect(settings: PlatformSettings) -> Result<Self, ConnectError> {
        if settings.question_sequence.is_empty() || *settings.question_sequence.end() > 9_999 {
            return Err(ConnectError::Setting {
                setting: WrongSetting::FirstSequence,
            });
        }
        let adapter = adapter(&settings)?;
        let secret = identity::secret(&settings)?;
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

    /// Everything that would keep [`Self::connect`] from these settings, at once.
    pub(crate) fn faults(settings: PlatformSettings) -> Vec<ConnectError> {
        let adapter = adapter(&settings);
        let path = adapter.as_ref().map_or("/", |adapter| &adapter.path);
        let endpoint = transport::endpoint(&settings.url, path);
        let parts = [
            endpoint.map(drop),
            adapter.map(drop),
            identity::secret(&settings).map(drop),
            identity::authorities(&settings).map(drop),
            identity::pair(&settings).map(drop),
        ];
        let faults: Vec<_> = parts.into_iter().filter_map(Result::err).collect();
        if faults.is_empty() {
            Self::connect(settings).err().into_iter().collect()
        } else {
            faults
        }
    }

    /// How this province speaks; the counter needs the limits.
    pub fn adapter(&self) -> &Adapter {
        &self.0.adapter
    }

    /// Opens the session now instead of at the first message: shows at start whether the province accepts us.
    pub async fn sign_in(&self, now: Timestamp) -> Result<(), PlatformError> {
        let timeout = self.0.settings.answer_timeout;
        match tokio::time::timeout(timeout, self.session(now, None, timeout)).await {
            Ok(signed_in) => signed_in.map(drop),
            Err(elapsed) => Err(PlatformError::ConnectTimedOut(elapsed.into())),
        }
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
        exchange::read::<serde::de::IgnoredAny>(&message, &reply).map(drop)
    }

    /// Sends a queued message: signing in and sending may take as long as an answer each. Safe to repeat: id and body are the
    /// same each time.
    pub async fn send(
        &self,
        message: &FrozenMessage,
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

    /// Asks for the journal head that this terminal's last settlement record carried; none where the province has none, or cannot
    /// be asked.
    pub async fn last_head(&self, now: Timestamp) -> Result<Option<HeadHeld>, PlatformError> {
        if self
            .0
            .adapter
            .code_if_known(Transaction::LastHead)
            .is_none()
        {
            return Ok(None);
        }
        let body = query::LastHead {
            version: BodyVersion,
        };
        let answer: LastHeadAnswer = self
            .put(
                Transaction::LastHead,
                &body,
                now,
                self.0.settings.answer_timeout,
            )
            .await?;
        Ok(answer.last)
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

    /// Whose card it is, and whether it is: what a card says of itself proves nothing (notice 6(3)).
    pub async fn verify_card(
        &self,
        card: AskedCard<'_>,
        answered: Option<InternalAuthentication<'_>>,
        now: Timestamp,
    ) -> Result<IdentityAnswer, PlatformError> {
        let body = query::CardVerification {
            version: BodyVersion,
            card_number: card.number,
            card_id: card.id,
            reset: card.reset,
            card_version: card.version,
            internal_authentication: answered,
        };
        self.put(
            Transaction::CardVerification,
            &body,
            now,
            self.0.settings.gate_timeout,
        )
        .await
    }
}
