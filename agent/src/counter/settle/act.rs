//! The commit: judged again inside the transaction that writes it.

use std::sync::Arc;

use jiff::Timestamp;
use offline_queue::Deadline;
use rules::{Outcome, RuleSet, Split};

use crate::counter::Counter;
use crate::counter::actor::Actor;
use crate::counter::came;
use crate::counter::case::kept::{case_text, decision_text};
use crate::counter::case::objection::Judgement;
use crate::counter::case::refusal::{RefusedAct, registration_refused};
use crate::counter::error::CounterError;
use crate::counter::quote::error::QuoteError;
use crate::counter::quote::make::open_generation;
use crate::counter::quote::quoted::Quote;
use crate::counter::report::{self, Act};
use crate::counter::settle::error::SettleError;
use crate::counter::settle::remember::{remember_bill, settled_meanwhile};
use crate::counter::views::SettlementView;
use crate::desk::{ConfirmedBy, Presented, PresentedCard};
use crate::ledger::numbers::SettlementNumber;
use crate::ledger::settlements::{self, NewSettlement, Settlement, Totals};
use crate::ledger::{Entry, visits};
use crate::records::evidence::{Evidence, EvidenceVersion};
use crate::records::staff::Role;

impl Counter {
    /// Settles a quote. The same quote settles once, however often and from however many windows it is pressed.
    ///
    /// # Errors
    /// [`SettleError::QuoteChanged`] where the rules, asked again inside the transaction, no longer say what was quoted;
    /// [`SettleError::QuoteExpired`] where its reading is too old; [`QuoteError::AnotherWorkersCard`] or
    /// [`CounterError::AnotherReading`] where another card has taken its place; [`QuoteError::Superseded`] where the
    /// visit was quoted again.
    pub async fn settle(
        &self,
        quote_id: &str,
        actor: &Actor,
    ) -> Result<SettlementView, CounterError> {
        actor.require(Role::Cashier)?;
        self.require_sound_ledger()?;
        let number = if let Some(number) = self.settled_before(quote_id).await? {
            number
        } else {
            let quote = self
                .quoted(quote_id)
                .ok_or(CounterError::Quote(QuoteError::Forgotten))?;
            match self.commit(Arc::clone(&quote), actor.clone()).await {
                Err(CounterError::NotAllowed(judgement)) => {
                    let judged = (&quote.question.number, &*judgement);
                    let visit = quote.number.as_str();
                    self.keep_refusal(RefusedAct::Settlement, visit, judged, Some(actor))
                        .await?;
                    return Err(CounterError::NotAllowed(judgement));
                }
                done => done?,
            }
        };
        #[cfg(feature = "failpoints")]
        crate::failpoint::reached("settled");
        self.changed();
        self.settlement(number.as_str()).await
    }

    async fn settled_before(&self, key: &str) -> Result<Option<SettlementNumber>, CounterError> {
        let key = key.to_owned();
        self.0
            .ledger
            .read(move |conn| {
                Ok(settlements::find_by_key(conn, &key)?.map(|settlement| settlement.number))
            })
            .await
    }

    async fn commit(
        &self,
        quote: Arc<Quote>,
        actor: Actor,
    ) -> Result<SettlementNumber, CounterError> {
        let counter = self.clone();
        self.0
            .ledger
            .write(move |entry| {
                // The same press, twice at once.
                if let Some(before) = settlements::find_by_key(entry, &quote.id)? {
                    return Ok(before.number);
                }
                let act = counter.judge_again(entry, &quote, &actor)?;
                let settled = settlements::settle(entry, &act.new, |settlement| {
                    let by = (actor.code.as_str(), actor.came);
                    came::keep(entry, "settled", settlement.number.as_str(), by)?;
                    remember_bill(entry, settlement, &quote)?;
                    act.uploads(entry, settlement, &quote, &actor)
                })?;
                Ok(settled.settlement().number.clone())
            })
            .await
    }

    /// Asks the rules again, with the registry and the clock as they are now, inside the transaction.
    fn judge_again(
        &self,
        entry: &Entry<'_>,
        quote: &Quote,
        actor: &Actor,
    ) -> Result<Act, CounterError> {
        let visit = visits::find(entry, &quote.number)?.ok_or(CounterError::VisitUnknown)?;
        open_generation(&visit)?;
        if self.newer_quote(quote).is_some() {
            return Err(CounterError::Quote(QuoteError::Superseded));
        }
        let now = entry.now().civil;
        self.require_same_person(quote, now)?;
        // What the province has said since, of the person or of the visit's registration, stands in the way as it would have at
        // the quote.
        let no = self.0.registry.no_to(&quote.question.number)?;
        let refused = registration_refused(entry, &quote.number, entry.now())?;
        let mut held = quote.held_for_the_bill();
        held.extend(settled_meanwhile(entry, quote)?);
        let said = (no, refused.into_iter().chain(held).collect());
        let (case, judgement) = self.judge_question(&quote.question, said, now)?;
        if !judgement.objections.is_empty() {
            return Err(CounterError::NotAllowed(Box::new(judgement)));
        }
        let decision = match (judgement.decision, &quote.judgement.decision) {
            (Some(decision), Some(quoted))
                if decision.outcome == Outcome::Allow
                    && decision.split == quoted.split
                    && decision.filing == quoted.filing =>
            {
                decision
            }
            (decision, _) => {
                let judgement = Judgement {
                    objections: Vec::new(),
                    decision,
                };
                return Err(if quote.may_be_settled() {
                    SettleError::QuoteChanged(Box::new(judgement)).into()
                } else {
                    CounterError::NotAllowed(Box::new(judgement))
                });
            }
        };
        let split = decision.split.as_ref().ok_or(SettleError::NoBill)?;
        let due_at = decision.upload_due_at.ok_or(SettleError::NoBill)?;
        let new = NewSettlement {
            visit: quote.number.clone(),
            generation: quote.generation,
            key: quote.id.clone(),
            settled_at: case.facts().at,
            settled_by: actor.name.clone(),
            totals: totals(split),
            discharged_at: case.facts().visit.discharged_at,
            evidence: Evidence {
                version: EvidenceVersion::Two,
                case: case_text(&case)?,
                result: decision_text(&decision)?,
                resolutions: Vec::new(),
                credential: quote.presented.as_ref().map(Presented::evidence),
                profile_hash: self.profile().hash(),
                rule_set: RuleSet::CURRENT.name().to_owned(),
            },
            slip: self.slip_facts(&visit, &case, &decision, actor)?,
        };
        let institution = self.signatory(entry)?;
        let lines_per_message = self.0.platform.adapter().fee_lines_per_message;
        Ok(Act {
            new,
            case,
            decision,
            due_at,
            institution,
            visit,
            lines_per_message,
        })
    }

    /// Whoever presented the card for this quote still counts as standing there: the reading is not too old, and no other
    /// card has gone in since, readable or not. That it was taken back is ordinary.
    fn require_same_person(&self, quote: &Quote, now: Timestamp) -> Result<(), CounterError> {
        if quote.expired(now) {
            return Err(SettleError::QuoteExpired {
                judged_at: quote.judged_at(),
            }
            .into());
        }
        let (board, own) = (&self.0.board, quote.presented.as_ref());
        let same_card = |card: Option<&PresentedCard>| {
            let key = card.and_then(|card| card.key.as_ref());
            key.is_some() && key == own.and_then(|own| own.card.as_ref()?.key.as_ref())
        };
        match board.presented(now) {
            Some(presented) if same_card(presented.card.as_ref()) => Ok(()),
            Some(presented)
                if !presented
                    .social_security_number
                    .agrees_with(&quote.question.number) =>
            {
                Err(CounterError::Quote(QuoteError::AnotherWorkersCard))
            }
            // A confirmation lasts as long as the reading it belongs to: a card that nobody confirmed does not stand in for
            // the one that was.
            Some(presented)
                if presented.confirmed_by == ConfirmedBy::Nobody
                    && own.is_some_and(|own| own.confirmed_by != ConfirmedBy::Nobody) =>
            {
                Err(CounterError::AnotherReading)
            }
            Some(_) => Ok(()),
            None => match board.unnamed(now) {
                Some(unnamed) if same_card(Some(&unnamed.card)) => Ok(()),
                // A card went in that is not read yet, or cannot be, or is nobody's.
                Some(_) | None => Err(CounterError::AnotherReading),
            },
        }
    }
}

impl Act {
    fn uploads(
        &self,
        entry: &Entry<'_>,
        settlement: &Settlement,
        quote: &Quote,
        actor: &Actor,
    ) -> Result<Vec<offline_queue::NewUpload>, CounterError> {
        // The 30 minutes run from the settlement (N33), whatever civil time does meanwhile.
        let deadline = Deadline::at(self.due_at, entry.now());
        report::settlement(entry, self, settlement, &quote.form, actor)?
            .iter()
            .map(|message| report::queued(message, deadline.clone()))
            .collect()
    }
}

fn totals(split: &Split) -> Totals {
    Totals {
        fund: split.fund.total().to_string(),
        self_pay: split.self_pay.total().to_string(),
        other: split.other.total().to_string(),
        total: split.total().to_string(),
        personal: split.personal().to_string(),
    }
}
