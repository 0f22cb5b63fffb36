//! One read of one card: a connection, a transaction, and the providers in their order.

use std::ffi::CStr;
use std::time::Duration;

use pcsc::{Context, Disposition, Protocols, ReaderState, ShareMode, State};

use super::child::Link;
use super::failure::{Failure, classify};
use super::vendor::Vendors;
use super::wire::{Configuration, ReadingOnWire, ToParent};
use super::{CardFault, CardReading, Provider, ReadScope, RelayFailure, StepName, VendorSettings};
use crate::card::atr::Atr;
use crate::card::exchange::{Exchange, Protocol, Untransmitted};
use crate::card::read::{self, HolderFile, Unproven};
use crate::card::{
    CardFace, CardIdentity, CardVersion, Holder, InternalAnswer, OpenedBy, Remark, WithheldBecause,
};
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
    /// When the card was seen.
    pub(super) seen_at: Duration,
    /// What was found odd on the way.
    pub(super) remarks: Vec<Remark>,
}

/// How far EF06 is open after a pass over the card.
enum Opening<'p> {
    Open(Holder, OpenedBy),
    Closed(Closed),
    /// The transaction ends first: the library comes to the card itself.
    LeftToVendor(&'p VendorSettings),
}

/// Why EF06 stayed closed.
enum Closed {
    Because(WithheldBecause),
    ByCard(CardFault),
}

/// What a card says of itself, and whether it proved to hold its key.
struct Known {
    face: CardFace,
    proof: Result<InternalAnswer, Unproven>,
}

/// What one pass over the card came to, and what was odd.
type Pass<'p> = (Known, Opening<'p>, Vec<Remark>);

/// What is still to be done.
enum Progress<'p> {
    /// Nothing: the agent was told.
    Told,
    /// The next provider's turn.
    Closed(Known, Closed),
    ForVendor(Known, &'p VendorSettings),
}

/// A fault of the card's, or a failed call whose meaning is still to be found out.
enum Broken {
    Fault(CardFault),
    Pcsc(pcsc::Error),
}

/// pcscd looks at a slot every 400 ms; so long it may take until it knows that the card is gone.
const STATE_SETTLES_WITHIN: Duration = Duration::from_secs(1);

impl Session<'_> {
    /// Reads the card and tells the agent. What may have been a bad contact (nonsense, `6Fxx`, a reset by another program)
    /// gets a second try.
    pub(super) fn read(&mut self) -> Result<(), Stop> {
        let outcome = match self.attempt() {
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
        match outcome {
            Ok(()) => Ok(()),
            Err(Broken::Fault(fault)) => Err(Stop::Fault(fault)),
            Err(Broken::Pcsc(error)) => Err(self.explain(error)),
        }
    }

    fn attempt(&mut self) -> Result<(), Broken> {
        self.remarks.clear();
        let mut providers = self.configuration.providers.iter();
        let mut provider = providers.next();
        let mut progress = self.first_pass(provider)?;
        loop {
            let (known, closed) = match progress {
                Progress::Told => return Ok(()),
                Progress::Closed(known, closed) => (known, closed),
                Progress::ForVendor(known, settings) => {
                    progress = self.vendor_pass(settings, known);
                    continue;
                }
            };
            provider = provider.and_then(|_| providers.next());
            progress = match (provider, closed) {
                (Some(Provider::Relay), _) => self.relay_pass(known.face)?,
                (Some(Provider::VendorLibrary(settings)), _) => self.vendor_pass(settings, known),
                (None, Closed::ByCard(fault)) => return Err(Broken::Fault(fault)),
                (None, Closed::Because(reason)) => {
                    self.tell(known, None, OpenedBy::Withheld(reason));
                    return Ok(());
                }
            };
        }
    }

    /// EF05, the card's proof, and EF06 where it is free or the first provider is the relay: all in one transaction. A vendor's
    /// library comes to the card itself, and finds it unlocked.
    fn first_pass<'p>(&mut self, provider: Option<&'p Provider>) -> Result<Progress<'p>, Broken> {
        let scope = self.configuration.scope;
        let (link, atr) = (self.link, self.atr);
        self.with_card(|exchange| {
            let mut remarks = Vec::new();
            let card = read::select(exchange, atr)?;
            let face = read::face(exchange, &card, scope, &mut remarks)?;
            let proof = read::prove(exchange, &card)?;
            let mut tried = HolderFile::AskedForAuthentication;
            if face.version != CardVersion::V3 || provider.is_none() {
                tried = read::holder(exchange, scope, &mut remarks)?;
            }
            let opening = match (tried, provider) {
                (HolderFile::Read(holder), _) => Opening::Open(holder, OpenedBy::Free),
                (HolderFile::AskedForAuthentication, None) => {
                    Opening::Closed(Closed::Because(WithheldBecause::NoProvider))
                }
                (HolderFile::AskedForAuthentication, Some(Provider::Relay)) => {
                    match open_by_relay(exchange, link, &face, &proof)? {
                        Some(closed) => Opening::Closed(closed),
                        None => finish(exchange, scope, &mut remarks)?,
                    }
                }
                (HolderFile::AskedForAuthentication, Some(Provider::VendorLibrary(settings))) => {
                    Opening::LeftToVendor(settings)
                }
            };
            Ok((Known { face, proof }, opening, remarks))
        })
    }

    fn relay_pass(&mut self, face: CardFace) -> Result<Progress<'static>, Broken> {
        let scope = self.configuration.scope;
        let (link, atr) = (self.link, self.atr);
        self.with_card(|exchange| {
            let mut remarks = Vec::new();
            let card = read::select(exchange, atr)?;
            let proof = read::prove(exchange, &card)?;
            let opening = match open_by_relay(exchange, link, &face, &proof)? {
                Some(closed) => Opening::Closed(closed),
                None => finish(exchange, scope, &mut remarks)?,
            };
            Ok((Known { face, proof }, opening, remarks))
        })
    }

    fn vendor_pass(&mut self, settings: &VendorSettings, known: Known) -> Progress<'static> {
        self.link.steps().begin(StepName::VendorCall);
        // A library that crashes takes this process with it, and what it noted.
        self.link.send(&ToParent::Steps(self.link.steps().so_far()));
        let outcome = self.vendors.read(settings, &known.face, &mut |question| {
            self.link.ask(question)
        });
        self.link.steps().end(None);
        match outcome {
            Ok((holder, opened_by, remarks)) => {
                let opening = Opening::Open(holder, opened_by);
                self.go_on((known, opening, remarks))
            }
            Err(reason) => Progress::Closed(known, Closed::Because(reason)),
        }
    }

    /// What a pass over the card came to; the holder, if it is known now, is told at once.
    fn go_on<'p>(&mut self, (known, opening, mut remarks): Pass<'p>) -> Progress<'p> {
        self.remarks.append(&mut remarks);
        match opening {
            Opening::Open(holder, opened_by) => {
                self.tell(known, Some(holder), opened_by);
                Progress::Told
            }
            Opening::Closed(closed) => Progress::Closed(known, closed),
            Opening::LeftToVendor(settings) => Progress::ForVendor(known, settings),
        }
    }

    fn tell(&mut self, known: Known, holder: Option<Holder>, opened_by: OpenedBy) {
        let reading = CardReading {
            identity: CardIdentity {
                face: known.face,
                holder,
                opened_by,
                answered: known.proof.ok(),
                remarks: std::mem::take(&mut self.remarks),
            },
            steps: self.link.steps().so_far(),
            seen_at: self.seen_at,
            took: stopwatch::now().saturating_sub(self.seen_at),
        };
        self.link.send(&ToParent::Read {
            reader: self.reader.to_string_lossy().into_owned(),
            reading: ReadingOnWire::new(&reading),
        });
    }

    /// Connects, begins a transaction, runs `work`, ends both. The card is left as it is, others may be using it; but one
    /// that was opened by authentication is closed again by a reset, so that no other program reads on.
    fn with_card<'p>(
        &mut self,
        work: impl FnOnce(&mut Exchange<'_>) -> Result<Pass<'p>, Broken>,
    ) -> Result<Progress<'p>, Broken> {
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

    /// The holder is told while the transaction lasts: who waits for him need not wait for its end.
    fn within_transaction<'p>(
        &mut self,
        card: &mut pcsc::Card,
        work: impl FnOnce(&mut Exchange<'_>) -> Result<Pass<'p>, Broken>,
    ) -> Result<Progress<'p>, Broken> {
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
            None => result.map(|pass| self.go_on(pass)),
        };
        // If the card is gone, so is the transaction.
        drop(transaction.end(disposition));
        outcome
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

/// Asks the province; why EF06 stays closed, if it does. Without the card's own proof the province cannot be asked.
fn open_by_relay(
    exchange: &mut Exchange<'_>,
    link: &Link,
    face: &CardFace,
    proof: &Result<InternalAnswer, Unproven>,
) -> Result<Option<Closed>, Broken> {
    let proved = match proof {
        Ok(proved) => proved,
        Err(unproven) => return Ok(Some(Closed::ByCard((*unproven).into()))),
    };
    match read::authenticate(exchange, face, proved, &mut |question| link.ask(question)) {
        Ok(Ok(())) => Ok(None),
        Ok(Err(failure)) => Ok(Some(Closed::Because(failure.into()))),
        Err(fault @ CardFault::AuthenticationRefused { .. }) => Ok(Some(Closed::ByCard(fault))),
        Err(fault) => Err(fault.into()),
    }
}

/// Reads EF06 at once after the authentication.
fn finish(
    exchange: &mut Exchange<'_>,
    scope: ReadScope,
    remarks: &mut Vec<Remark>,
) -> Result<Opening<'static>, Broken> {
    Ok(match read::holder(exchange, scope, remarks)? {
        HolderFile::Read(holder) => Opening::Open(holder, OpenedBy::Relay),
        // The card took the authentication, and asks for it again.
        HolderFile::AskedForAuthentication => {
            Opening::Closed(Closed::ByCard(CardFault::AuthenticationRefused {
                status: 0x6982,
            }))
        }
    })
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
