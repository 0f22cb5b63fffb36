//! One reader with a card in it: a connection, a transaction, and what a call that failed means.

use std::ffi::CStr;
use std::time::Duration;

use pcsc::{Context, Disposition, Protocols, ReaderState, ShareMode, State};

use super::failure::{Failure, classify};
use super::link::Link;
use crate::card::atr::Atr;
use crate::card::exchange::{Exchange, Protocol, Untransmitted};
use crate::card::{CardFault, StepName};

/// Why a read did not end well.
pub(super) enum Stop {
    /// The service is gone: a new context is needed.
    Service,
    /// The service hung up when the card was asked for.
    TurnedAway,
    Fault(CardFault),
}

/// A fault of the card's, or a failed call whose meaning is still to be found out.
pub(super) enum Broken {
    Fault(CardFault),
    Pcsc(pcsc::Error),
}

/// A reader with a card in it.
#[derive(Clone, Copy)]
pub(super) struct Slot<'a> {
    pub(super) context: &'a Context,
    pub(super) link: &'a Link,
    pub(super) reader: &'a CStr,
    /// The card's answer to reset as the reader gave it.
    pub(super) atr: &'a [u8],
}

/// pcscd looks at a slot every 400 ms; so long it may take until it knows that the card is gone.
const STATE_SETTLES_WITHIN: Duration = Duration::from_secs(1);

impl Slot<'_> {
    /// The reader's PC/SC name.
    pub(super) fn name(self) -> String {
        self.reader.to_string_lossy().into_owned()
    }

    /// Connects, begins a transaction, runs `work`, ends both. The card is left as it is, others may be using it; but one
    /// that was opened by authentication is closed again by a reset, so that no other program reads on.
    pub(super) fn with_card<T, U>(
        self,
        work: impl FnOnce(&mut Exchange<'_>) -> Result<T, Broken>,
        tell: impl FnOnce(T) -> U,
    ) -> Result<U, Broken> {
        let steps = self.link.steps();
        steps.begin(StepName::Connect);
        let mut card = self
            .context
            .connect(self.reader, ShareMode::Shared, Protocols::ANY)?;
        steps.end(None);
        let outcome = self.within_transaction(&mut card, work, tell);
        // To drop the connection would reset the card. Resetting one that was drawn out confuses pcscd 1.9: it then calls the
        // slot empty until another card is taken out.
        if let Err((_, error)) = card.disconnect(Disposition::LeaveCard) {
            tracing::debug!(%error, "end of the connection");
        }
        outcome
    }

    /// What was read is told while the transaction lasts: who waits for it need not wait for its end.
    fn within_transaction<T, U>(
        self,
        card: &mut pcsc::Card,
        work: impl FnOnce(&mut Exchange<'_>) -> Result<T, Broken>,
        tell: impl FnOnce(T) -> U,
    ) -> Result<U, Broken> {
        let steps = self.link.steps();
        let protocol = spoken(card, self.atr)?;
        steps.begin(StepName::Transaction);
        let transaction = card.transaction()?;
        steps.end(None);
        let (link, mut failed) = (self.link, None);
        let mut transmit = |command: &[u8], answer: &mut Vec<u8>| {
            answer.resize(pcsc::MAX_BUFFER_SIZE, 0);
            let received = transaction.transmit(command, answer).map(<[u8]>::len);
            link.going_on();
            match received {
                Ok(length) => {
                    answer.truncate(length);
                    Ok(())
                }
                Err(pcsc::Error::InsufficientBuffer) => Err(Untransmitted::TooLong),
                Err(error) => {
                    failed = Some(error);
                    Err(Untransmitted::ReaderFailed)
                }
            }
        };
        let mut exchange = Exchange::new(&mut transmit, protocol, steps.clone());
        let result = work(&mut exchange);
        // One that answered badly may have been drawn out, which a reset would keep from being seen.
        let answers = !matches!(
            result,
            Err(Broken::Fault(CardFault::Nonsense { .. } | CardFault::DrawnOut) | Broken::Pcsc(_))
        );
        let disposition = if exchange.has_opened() && answers {
            Disposition::ResetCard
        } else {
            Disposition::LeaveCard
        };
        let outcome = match failed {
            Some(error) => Err(Broken::Pcsc(error)),
            None => result.map(tell),
        };
        // If the card is gone, so is the transaction.
        drop(transaction.end(disposition));
        outcome
    }

    fn was_connecting(self) -> bool {
        let steps = self.link.steps().so_far();
        steps.last().map(|step| step.name) == Some(StepName::Connect)
    }

    /// A failed call says little about why; the reader's state says whether the card was drawn out.
    pub(super) fn explain(self, error: pcsc::Error) -> Stop {
        let code = match classify(error) {
            Failure::Service if self.was_connecting() => return Stop::TurnedAway,
            Failure::Service => return Stop::Service,
            Failure::Known(fault) => return Stop::Fault(fault),
            Failure::CardWasReset => return Stop::Fault(CardFault::HeldByAnotherProgram),
            Failure::Unclear(code) => code,
        };
        let mut state = [ReaderState::new(self.reader, State::UNAWARE)];
        if let Err(error) = self.context.get_status_change(Duration::ZERO, &mut state) {
            return match classify(error) {
                Failure::Service => Stop::Service,
                Failure::Known(_) | Failure::CardWasReset | Failure::Unclear(_) => {
                    Stop::Fault(CardFault::ReaderUnplugged)
                }
            };
        }
        if state[0].event_state().contains(State::PRESENT) {
            state[0].sync_current_state();
            if let Err(error) = self
                .context
                .get_status_change(STATE_SETTLES_WITHIN, &mut state)
            {
                // Time that runs out without a change is an answer too; the state says the rest.
                tracing::debug!(%error, "state of the reader after a failed call");
            }
        }
        let now = state[0].event_state();
        Stop::Fault(if now.intersects(State::UNKNOWN | State::UNAVAILABLE) {
            CardFault::ReaderUnplugged
        } else if now.contains(State::EMPTY) {
            CardFault::DrawnOut
        } else {
            CardFault::ReaderFailed { code }
        })
    }
}

/// What was agreed on with a card that leaves a choice.
fn spoken(card: &pcsc::Card, atr: &[u8]) -> Result<Protocol, pcsc::Error> {
    if !Atr::parse(atr).is_some_and(|atr| atr.offers_t1()) {
        return Ok(Protocol::T0);
    }
    Ok(match card.status2_owned()?.protocol2() {
        Some(pcsc::Protocol::T1) => Protocol::T1,
        Some(pcsc::Protocol::T0 | pcsc::Protocol::RAW) | None => Protocol::T0,
    })
}

impl From<CardFault> for Broken {
    fn from(fault: CardFault) -> Self {
        Self::Fault(fault)
    }
}

impl From<pcsc::Error> for Broken {
    fn from(error: pcsc::Error) -> Self {
        Self::Pcsc(error)
    }
}
