//! The cards that were confirmed for a visit: in an outage the same card counts for it.

use serde::{Deserialize, Serialize};

use crate::counter::Counter;
use crate::counter::error::CounterError;
use crate::desk::ConfirmedBy;
use crate::desk::Presented;
use crate::ledger::{LedgerError, journal, visits};
use crate::records::credential::CardKey;

/// The journal's kind of an entry that says which card was confirmed for a visit after its admission.
const CARD_CONFIRMED: &str = "card_confirmed";

/// Its body, version 1.
#[derive(Serialize, Deserialize)]
struct CardConfirmed {
    v: u8,
    card: CardKey,
}

impl Counter {
    /// Who presents for a visit: whoever was read last; in an outage the visit's worker, by the card that was confirmed for it.
    pub(crate) async fn presented_for(
        &self,
        visit: &visits::Visit,
    ) -> Result<Option<Presented>, CounterError> {
        let (board, now) = (&self.0.board, self.0.clock.now());
        let worker = &visit.record.worker;
        let holder = (worker.social_security_number.clone(), worker.name.clone());
        if let Some(presented) = board.presented(now) {
            if presented.confirmed_by != ConfirmedBy::Nobody || presented.card.is_none() {
                return Ok(Some(presented));
            }
            let confirmed = self.confirmed_cards(visit).await?;
            return Ok(Some(presented.for_visit(holder, &confirmed)));
        }
        let Some(unnamed) = board.unnamed(now) else {
            return Ok(None);
        };
        let confirmed = self.confirmed_cards(visit).await?;
        let presented = unnamed
            .taken_for(holder.clone())
            .for_visit(holder, &confirmed);
        // One that is not known to this visit stays nobody's.
        Ok((presented.confirmed_by == ConfirmedBy::SameCard).then_some(presented))
    }

    /// The cards that were confirmed for a visit: at its admission, and at its quotes since.
    async fn confirmed_cards(&self, visit: &visits::Visit) -> Result<Vec<CardKey>, CounterError> {
        let mut cards: Vec<CardKey> = visit.record.confirmed_card.iter().cloned().collect();
        let number = visit.number.clone();
        let later = self
            .0
            .ledger
            .read(move |conn| journal::bodies(conn, CARD_CONFIRMED, number.as_str()))
            .await?;
        for body in later {
            let body: CardConfirmed =
                serde_json::from_str(&body).map_err(|_its_words_may_quote| {
                    CounterError::Ledger(LedgerError::Damaged {
                        what: format!("the confirmed card of visit {}", visit.number),
                    })
                })?;
            cards.push(body.card);
        }
        Ok(cards)
    }

    /// Keeps a card that was confirmed for a visit's worker now, where the visit does not know it yet.
    pub(crate) async fn keep_confirmed_card(
        &self,
        visit: &visits::Visit,
        presented: Option<&Presented>,
    ) -> Result<(), CounterError> {
        let Some(card) = presented.and_then(Presented::confirmed_card) else {
            return Ok(());
        };
        let own = presented.and_then(Presented::on_card);
        let worker = &visit.record.worker.social_security_number;
        if own.is_some_and(|own| !own.social_security_number.agrees_with(worker))
            || self.confirmed_cards(visit).await?.contains(card)
        {
            return Ok(());
        }
        let body = journal::json(&CardConfirmed {
            v: 1,
            card: card.clone(),
        })?;
        let number = visit.number.clone();
        self.0
            .ledger
            .write(move |entry| {
                journal::append(entry, CARD_CONFIRMED, number.as_str(), &body)?;
                Ok::<_, CounterError>(())
            })
            .await
    }
}
