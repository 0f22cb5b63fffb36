//! One read of one card: the providers in their order, and what the agent is told.

use std::time::Duration;

use super::failure::{Failure, classify};
use super::link::Link;
use super::slot::{Broken, Slot, Stop};
use super::vendor::Vendors;
use super::wire::{Configuration, ReadingOnWire, ToParent};
use super::{CardReading, Provider, VendorSettings};
use crate::card::exchange::Exchange;
use crate::card::read::{self, HolderFile, Unproven};
use crate::card::{
    CardFace, CardFault, CardIdentity, CardVersion, Holder, InternalAnswer, OpenedBy, ReadScope,
    RelayFailure, Remark, StepName, WithheldBecause,
};
use crate::stopwatch;

/// Reads the card in one reader.
pub(super) struct Session<'a> {
    pub(super) slot: Slot<'a>,
    pub(super) configuration: &'a Configuration,
    pub(super) link: &'a Link,
    pub(super) vendors: &'a mut Vendors,
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
            Err(Broken::Pcsc(error)) => Err(self.slot.explain(error)),
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
        let (slot, link) = (self.slot, self.link);
        let read = |exchange: &mut Exchange<'_>| {
            let mut remarks = Vec::new();
            let card = read::select(exchange, slot.atr)?;
            let face = read::face(exchange, &card, scope, &mut remarks)?;
            let proof = read::prove(exchange, &card)?;
            let mut tried = HolderFile::AskedForAuthentication;
            if face.version != CardVersion::V3 || provider.is_none() {
                tried = read::holder(exchange, scope, &mut remarks)?;
            }
            let opening = match (tried, provider) {
                (HolderFile::Read(holder), _) => Opening::Open(holder, OpenedBy::Free),
                (HolderFile::Unusable(because), Some(Provider::Relay) | None) => {
                    Opening::Closed(Closed::Because(because))
                }
                (HolderFile::AskedForAuthentication, None) => {
                    Opening::Closed(Closed::Because(without_provider(&face)))
                }
                (HolderFile::AskedForAuthentication, Some(Provider::Relay)) => {
                    match open_by_relay(exchange, link, &face, &proof)? {
                        Some(closed) => Opening::Closed(closed),
                        None => finish(exchange, scope, &mut remarks)?,
                    }
                }
                // A library may also know more of this issuer's cards where EF06 is open and of no use; to be authenticated
                // would not change what it holds.
                (
                    HolderFile::AskedForAuthentication | HolderFile::Unusable(_),
                    Some(Provider::VendorLibrary(settings)),
                ) => Opening::LeftToVendor(settings),
            };
            Ok((Known { face, proof }, opening, remarks))
        };
        slot.with_card(read, |pass| self.go_on(pass))
    }

    fn relay_pass(&mut self, face: CardFace) -> Result<Progress<'static>, Broken> {
        let scope = self.configuration.scope;
        let (slot, link) = (self.slot, self.link);
        let read = |exchange: &mut Exchange<'_>| {
            let mut remarks = Vec::new();
            let card = read::select(exchange, slot.atr)?;
            let proof = read::prove(exchange, &card)?;
            let opening = match open_by_relay(exchange, link, &face, &proof)? {
                Some(closed) => Opening::Closed(closed),
                None => finish(exchange, scope, &mut remarks)?,
            };
            Ok((Known { face, proof }, opening, remarks))
        };
        slot.with_card(read, |pass| self.go_on(pass))
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
            reader: self.slot.name(),
            reading: ReadingOnWire::new(&reading),
        });
    }
}

/// What closes EF06 where nobody is there to open it: up to 2.0 the specification knows no authentication for it.
fn without_provider(face: &CardFace) -> WithheldBecause {
    match face.version {
        CardVersion::V1 | CardVersion::V2 => WithheldBecause::BehindPin,
        CardVersion::V3 | CardVersion::Unknown => WithheldBecause::NoProvider,
    }
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
        Err(unproven) => {
            let because = WithheldBecause::CardRefuses(unproven.status);
            return Ok(Some(Closed::Because(because)));
        }
    };
    match read::authenticate(exchange, face, proved, &mut |question| link.ask(question)) {
        Ok(Ok(())) => Ok(None),
        Ok(Err(failure)) => Ok(Some(Closed::Because(failure.into()))),
        Err(fault @ CardFault::AuthenticationRefused { .. }) => Ok(Some(Closed::ByCard(fault))),
        Err(CardFault::Refused { status, .. } | CardFault::Locked { status }) => {
            let because = WithheldBecause::CardRefuses(status);
            Ok(Some(Closed::Because(because)))
        }
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
        // The card took the authentication, and asks for another.
        HolderFile::AskedForAuthentication => {
            Opening::Closed(Closed::Because(WithheldBecause::BehindPin))
        }
        HolderFile::Unusable(because) => Opening::Closed(Closed::Because(because)),
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
