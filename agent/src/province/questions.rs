//! What is asked of the province: people, cards and codes, what has changed since, the last head it holds.

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::error::PlatformError;
use super::exchange;
use super::platform::Platform;
use super::transaction::Transaction;
use super::translate;
use super::wire::answer::{
    self, CardAuthenticationAnswer, HeadHeld, IdentityAnswer, LastHeadAnswer,
};
use super::wire::query;
use super::wire::query::{AskedCard, InternalAuthentication};
use crate::records::answers;

impl Platform {
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
        let body = query::SignOut {};
        let message = self.question(Transaction::SignOut, now, &body)?;
        let reply = self
            .attempt(&message, &session.number, now, self.0.settings.gate_timeout)
            .await?;
        exchange::read::<answer::SignedOut>(&self.0.adapter, &message, &reply).map(drop)
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
        let body = query::LastHead {};
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

    /// Who a number is to the province, with the gate's short time-out (N33, F01–F03).
    pub async fn person(
        &self,
        number: &str,
        now: Timestamp,
    ) -> Result<answers::PersonAnswer, PlatformError> {
        let body = query::Person {
            social_security_number: number,
        };
        let told: answer::PersonAnswer = self
            .put(
                Transaction::Person,
                &body,
                now,
                self.0.settings.gate_timeout,
            )
            .await?;
        translate::answers::person(&told).map_err(|field| field.in_answer_to(Transaction::Person))
    }

    /// The next page of workers, institution and division names; without a cursor from the beginning.
    pub async fn registry_page(
        &self,
        cursor: Option<&str>,
        now: Timestamp,
    ) -> Result<answers::RegistryPage, PlatformError> {
        let body = query::Page { cursor };
        let told: answer::RegistryPage = self
            .put(
                Transaction::RegistrySync,
                &body,
                now,
                self.0.settings.answer_timeout,
            )
            .await?;
        translate::answers::registry_page(&told)
            .map_err(|field| field.in_answer_to(Transaction::RegistrySync))
    }

    /// The next page of catalogue entries; without a cursor from the beginning.
    pub async fn catalogue_page(
        &self,
        cursor: Option<&str>,
        now: Timestamp,
    ) -> Result<answers::CataloguePage, PlatformError> {
        let body = query::Page { cursor };
        let told: answer::CataloguePage = self
            .put(
                Transaction::CatalogueSync,
                &body,
                now,
                self.0.settings.answer_timeout,
            )
            .await?;
        translate::answers::catalogue_page(&told)
            .map_err(|field| field.in_answer_to(Transaction::CatalogueSync))
    }

    /// Relays a 3.0 card's question to the province's HSM and brings back its answer line.
    pub async fn authenticate_card(
        &self,
        question: &str,
        now: Timestamp,
    ) -> Result<Zeroizing<String>, PlatformError> {
        let body = query::CardAuthentication { question };
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
        let body = query::CodeVerification { code };
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
