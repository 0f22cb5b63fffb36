//! One read of one card: a connection, a transaction, and the providers in their order.

use std::ffi::CStr;
use std::time::Duration;

use pcsc::{Context, Disposition, Protocols, ReaderState, ShareMode, State};

use super::child::Link;
use super::failure::{Failure, classify};
use super::vendor::Vendors;
use super::wire::{Configuration, ToParent};
use super::{CardFault, CardReading, Provider, ReadScope, RelayFailure, StepName, VendorSettings};
use crate::card::atr::Atr;
use crate::card::exchange::{Exchange, Protocol, Untransmitted};
use crate::card::read::{self, HolderFile, SelectedCard};
use crate::card::{CardFace, CardIdentity, CardVersion, Holder, OpenedBy, Remark, WithheldBecause};
use crate::stopwatch;

/// Why a read did not end well.
pub(super) enum Stop {
    /// The service is gone: a new context is needed.
    Service,
    Fault(CardFault),
}

/// Reads the card in one reader.
pub(super) struct Session<'a> {
    pub(super) context: &'a Context,
    pub(super) configuration: &'a Configuration,
    pub(super) link: &'a Link,
    pub(super) vendors: &'a mut Vendors,
    /// The reader, and the card's answer to reset as the reader gave it.
    pub(super) reader: &'a CStr,
    pub(super) atr: &'a [u8],
    /// What was found odd on the way.
    pub(super) remarks: Vec<Remark>,
}

/// How far EF06 is open.
enum Opening {
    Open(Holder, OpenedBy),
    Closed(WithheldBecause),
    RefusedByCard(CardFault),
}

/// A fault of the card's, or a failed call whose meaning is still to be found out.
enum Broken {
    Fault(CardFault),
    Pcsc(pcsc::Error),
}

/// pcscd looks at a slot every 400 ms; so long it may take until it knows that the card is gone.
const STATE_SETTLES_WITHIN: Duration = Duration::from_secs(1);

impl Session<'_> {
    /// Reads the card. What may have been a bad contact (nonsense, `6Fxx`, a reset by another program) gets a second try.
    pub(super) fn read(&mut self, seen_at: Duration) -> Result<CardReading, Stop> {
        let identity = match self.attempt() {
            Err(Broken::Fault(
                CardFault::Nonsense { .. }
                | CardFault::Refused {
                    status: 0x6F00..=0x6FFF,
                    ..
                },
            )) => self.attempt(),
            Err(Broken::Pcsc(error)) if classify(error) == Failure::CardWasReset => self.attempt(),
            other => other,
        };
        match identity {
            Ok(identity) => {
                let took = stopwatch::now().saturating_sub(seen_at);
                Ok(CardReading {
                    identity,
                    steps: self.link.steps().so_far(),
                    seen_at,
                    took,
                })
            }
            Err(Broken::Fault(fault)) => Err(Stop::Fault(fault)),
            Err(Broken::Pcsc(error)) => Err(self.explain(error)),
        }
    }

    fn attempt(&mut self) -> Result<CardIdentity, Broken> {
        self.remarks.clear();
        let configuration = self.configuration;
        let mut providers = configuration.providers.iter();
        let mut provider = providers.next();
        let (face, mut opening) = self.first_pass(provider)?;
        loop {
            let reason = match opening {
                Opening::Open(holder, opened_by) => {
                    let remarks = std::mem::take(&mut self.remarks);
                    return Ok(CardIdentity {
                        face,
                        holder: Some(holder),
                        opened_by,
                        remarks,
                    });
                }
                Opening::Closed(reason) => Ok(reason),
                Opening::RefusedByCard(fault) => Err(fault),
            };
            provider = if provider.is_some() {
                providers.next()
            } else {
                None
            };
            opening = match (provider, reason) {
                (Some(Provider::Relay), _) => self.relay_pass(&face)?,
                (Some(Provider::VendorLibrary(settings)), _) => self.vendor_pass(settings, &face),
                (None, Err(fault)) => return Err(Broken::Fault(fault)),
                (None, Ok(reason)) => {
                    let (opened_by, remarks) = (
                        OpenedBy::Withheld(reason),
                        std::mem::take(&mut self.remarks),
                    );
                    return Ok(CardIdentity {
                        face,
                        holder: None,
                        opened_by,
                        remarks,
                    });
                }
            };
        }
    }

    /// EF05, and EF06 where it is free or the first provider is the relay: all in one transaction. A vendor's library
    /// comes to the card itself, and finds it unlocked.
    fn first_pass(&mut self, provider: Option<&Provider>) -> Result<(CardFace, Opening), Broken> {
        let scope = self.configuration.scope;
        let (link, atr, mut remarks) = (self.link, self.atr, Vec::new());
        let result = self.with_card(|exchange| {
            let card = read::select(exchange, atr)?;
            let face = read::face(exchange, &card, scope, &mut remarks)?;
            let mut tried = HolderFile::AskedForAuthentication;
            if face.version != CardVersion::V3 || provider.is_none() {
                tried = read::holder(exchange, scope, &mut remarks)?;
            }
            let opening = match (tried, provider) {
                (HolderFile::Read(holder), _) => Opening::Open(holder, OpenedBy::Free),
                (HolderFile::AskedForAuthentication, None) => {
                    Opening::Closed(WithheldBecause::NoProvider)
                }
                (HolderFile::AskedForAuthentication, Some(Provider::Relay)) => {
                    let opened = open_by_relay(exchange, link, &card, &face)?;
                    finish(exchange, scope, &mut remarks, opened)?
                }
                (HolderFile::AskedForAuthentication, Some(Provider::VendorLibrary(settings))) => {
                    return Ok((face, Err(settings)));
                }
            };
            Ok((face, Ok(opening)))
        });
        self.remarks.append(&mut remarks);
        match result? {
            (face, Ok(opening)) => Ok((face, opening)),
            (face, Err(settings)) => {
                let opening = self.vendor_pass(settings, &face);
                Ok((face, opening))
            }
        }
    }

    fn relay_pass(&mut self, known: &CardFace) -> Result<Opening, Broken> {
        let scope = self.configuration.scope;
        let (link, atr, mut remarks) = (self.link, self.atr, Vec::new());
        let opening = self.with_card(|exchange| {
            let card = read::select(exchange, atr)?;
            let opened = open_by_relay(exchange, link, &card, known)?;
            finish(exchange, scope, &mut remarks, opened)
        });
        self.remarks.append(&mut remarks);
        opening
    }

    fn vendor_pass(&mut self, settings: &VendorSettings, face: &CardFace) -> Opening {
        self.link.steps().begin(StepName::VendorCall);
        // A library that crashes takes this process with it, and what it noted.
        self.link.send(&ToParent::Steps(self.link.steps().so_far()));
        let outcome = self
            .vendors
            .read(settings, face, &mut |question| self.link.ask(question));
        self.link.steps().end(None);
        match outcome {
            Ok((holder, mut remarks)) => {
                self.remarks.append(&mut remarks);
                Opening::Open(holder, OpenedBy::VendorLibrary)
            }
            Err(reason) => Opening::Closed(reason),
        }
    }

    /// Connects, begins a transaction, runs `work`, ends both. The card is left as it is, others may be using it; but one
    /// that was opened by authentication is closed again by a reset, so that no other program reads on.
    fn with_card<T>(
        &mut self,
        work: impl FnOnce(&mut Exchange<'_>) -> Result<T, Broken>,
    ) -> Result<T, Broken> {
        let steps = self.link.steps();
        steps.begin(StepName::Connect);
        let mut card = self
            .context
            .connect(self.reader, ShareMode::Shared, Protocols::ANY)?;
        steps.end(None);
        let outcome = self.within_transaction(&mut card, work);
        // To drop the connection would reset the card. Resetting one that was drawn out confuses pcscd 1.9: it then calls the
        // slot empty until another card is taken out.
        if let Err((_, error)) = card.disconnect(Disposition::LeaveCard) {
            tracing::debug!(%error, "end of the connection");
        }
        outcome
    }

    fn within_transaction<T>(
        &mut self,
        card: &mut pcsc::Card,
        work: impl FnOnce(&mut Exchange<'_>) -> Result<T, Broken>,
    ) -> Result<T, Broken> {
        let steps = self.link.steps();
        let protocol = spoken(card, self.atr)?;
        self.link.send(&ToParent::Locking);
        steps.begin(StepName::Transaction);
        let transaction = card.transaction()?;
        steps.end(None);
        self.link.send(&ToParent::Exchanging);
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
        let disposition = if exchange.has_opened() && result.is_ok() {
            Disposition::ResetCard
        } else {
            Disposition::LeaveCard
        };
        // If the card is gone, so is the transaction.
        drop(transaction.end(disposition));
        match failed {
            Some(error) => Err(Broken::Pcsc(error)),
            None => result,
        }
    }

    /// A failed call says little about why; the reader's state says whether the card was drawn out.
    fn explain(&self, error: pcsc::Error) -> Stop {
        let code = match classify(error) {
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

/// Asks the province; whether EF06 is open now.
fn open_by_relay(
    exchange: &mut Exchange<'_>,
    link: &Link,
    card: &SelectedCard,
    face: &CardFace,
) -> Result<Result<(), Opening>, Broken> {
    match read::authenticate(exchange, card, face, &mut |question| link.ask(question)) {
        Ok(Ok(())) => Ok(Ok(())),
        Ok(Err(failure)) => Ok(Err(Opening::Closed(failure.into()))),
        Err(fault @ CardFault::AuthenticationRefused { .. }) => {
            Ok(Err(Opening::RefusedByCard(fault)))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Reads EF06 at once after the authentication.
fn finish(
    exchange: &mut Exchange<'_>,
    scope: ReadScope,
    remarks: &mut Vec<Remark>,
    opened: Result<(), Opening>,
) -> Result<Opening, Broken> {
    if let Err(closed) = opened {
        return Ok(closed);
    }
    match read::holder(exchange, scope, remarks)? {
        HolderFile::Read(holder) => Ok(Opening::Open(holder, OpenedBy::Relay)),
        // The card took the authentication, and asks for it again.
        HolderFile::AskedForAuthentication => {
            Ok(Opening::RefusedByCard(CardFault::AuthenticationRefused {
                status: 0x6982,
            }))
        }
    }
}

impl From<RelayFailure> for WithheldBecause {
    fn from(failure: RelayFailure) -> Self {
        match failure {
            RelayFailure::Unreachable => Self::RelayUnreachable,
            RelayFailure::Refused => Self::RelayRefused,
            RelayFailure::Nonsense => Self::RelayNonsense,
        }
    }
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
