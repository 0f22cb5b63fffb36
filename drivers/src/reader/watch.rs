//! The loop over PC/SC in one context: waits for events, reads cards that are put in, until the service fails.

use std::convert::Infallible;
use std::ffi::CString;
use std::time::Duration;

use pcsc::{Context, Error as E, ReaderState, Scope, State};

use super::link::Link;
use super::lying::{Card, state_of_card};
use super::names;
use super::session::Session;
use super::sleep::SleepWatch;
use super::slot::{Slot, Stop};
use super::vendor::Vendors;
use super::wire::{Configuration, FIRST_REST, Rest, ToParent};
use crate::card::CardFault;
use crate::stopwatch;

/// While nothing happens the wait for events ends this often, asks the service for its list of readers and begins again.
/// That is the sign of life that tells a sleeping service from a stuck one; no card is touched by it.
const HEARTBEAT: Duration = Duration::from_secs(1);

/// A card that another program holds is tried again this often, and at once when its state changes.
const HELD_RETRY: Duration = Duration::from_secs(1);

/// pcscd looks at a slot every 400 ms: by then it knows whether a card that was drawn out is gone.
const DRAWN_RETRY: Duration = Duration::from_millis(900);

/// A reader that goes away is listed for a moment longer, without an answer.
const SILENT_AFTER: Duration = Duration::from_secs(2);

/// Why a context is not used any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// A call of the service's library failed.
    Failed(E),
    /// It failed when a card was asked for.
    TurnedAway,
    /// The PC has slept: what the service says of its readers is old.
    Slept,
}

impl From<E> for Ended {
    fn from(error: E) -> Self {
        Self::Failed(error)
    }
}

/// One life of a context.
pub(super) struct Watch<'a> {
    link: &'a Link,
    configuration: &'a Configuration,
    vendors: &'a mut Vendors,
    /// As the configuration had them, without those that were let go since.
    suspects: &'a mut Vec<(String, Rest)>,
    /// As PC/SC wants them, in one piece: first the pseudo-reader that announces readers, then the readers.
    states: Vec<ReaderState>,
    /// The card in each reader: `cards[n]` belongs to `states[n + 1]`.
    cards: Vec<Card>,
    /// The readers last told to the agent, and how many were connected in all.
    told: Option<(Vec<CString>, usize)>,
    /// The service was last met refusing cards: that it is well is said when it has not refused one.
    wary: bool,
}

impl<'a> Watch<'a> {
    /// `wary` after a life that ended because the service turned this account away.
    pub(super) fn new(
        link: &'a Link,
        configuration: &'a Configuration,
        (vendors, suspects): (&'a mut Vendors, &'a mut Vec<(String, Rest)>),
        wary: bool,
    ) -> Self {
        Self {
            link,
            configuration,
            vendors,
            suspects,
            states: Vec::new(),
            cards: Vec::new(),
            told: None,
            wary,
        }
    }

    pub(super) fn until_service_fails(&mut self) -> Result<Infallible, Ended> {
        let context = Context::establish(Scope::User)?;
        self.link.set_interruptible(Some(context.clone()));
        // Said first: what is wrong with the readers comes after it.
        if !self.wary {
            self.link.send(&ToParent::Watching);
        }
        self.refresh(&context)?;
        let mut sleep = SleepWatch::new();
        loop {
            if self.link.wants_another_read() {
                self.forget_cards();
            }
            for reader in self.link.freed() {
                self.end_rest(&reader);
            }
            self.wait_for_events(&context)?;
            for place in 0..self.cards.len() {
                self.look(&context, place)?;
            }
            if std::mem::take(&mut self.wary) {
                self.link.send(&ToParent::Watching);
            }
            self.refresh(&context)?;
            if sleep.has_slept() {
                return Err(Ended::Slept);
            }
            self.link.send(&ToParent::Alive);
        }
    }

    /// Brings the list of readers up to date and tells the agent when it changed.
    fn refresh(&mut self, context: &Context) -> Result<(), E> {
        let connected = match context.list_readers_owned() {
            Ok(names) => names,
            Err(E::NoReadersAvailable) => Vec::new(),
            Err(error) => return Err(error),
        };
        let count = connected.len();
        let chosen = names::chosen(connected, self.configuration.reader.as_deref());
        let mut states = vec![ReaderState::new(pcsc::PNP_NOTIFICATION(), State::UNAWARE)];
        let mut cards = Vec::with_capacity(chosen.len());
        let mut known = std::mem::take(&mut self.states).into_iter();
        if let Some(announcer) = known.next() {
            states[0] = announcer;
        }
        for (state, card) in known.zip(std::mem::take(&mut self.cards)) {
            if chosen.iter().any(|name| name.as_c_str() == state.name()) {
                states.push(state);
                cards.push(card);
            } else if card.is_in() {
                self.link.send(&ToParent::Removed {
                    reader: name_of(&state),
                });
            }
        }
        self.suspects
            .retain(|(reader, _)| chosen.iter().any(|name| name.to_string_lossy() == *reader));
        for name in &chosen {
            if !states.iter().any(|state| state.name() == name.as_c_str()) {
                states.push(ReaderState::new(name.clone(), State::UNAWARE));
                cards.push(Card::Unknown);
            }
        }
        (self.states, self.cards) = (states, cards);
        let now = Some((chosen, count));
        if self.told != now {
            self.told = now;
            self.tell_readers(count);
        }
        Ok(())
    }

    fn tell_readers(&self, connected: usize) {
        let names: Vec<String> = self.states.iter().skip(1).map(name_of).collect();
        let none = names.is_empty();
        self.link.send(&ToParent::Readers(names));
        let fault = match &self.configuration.reader {
            _ if !none => return,
            Some(wanted) if connected > 0 => CardFault::ReaderNotFound {
                wanted: wanted.clone(),
            },
            Some(_) | None => CardFault::NoReader,
        };
        self.link.send(&ToParent::Fault {
            reader: None,
            fault,
            steps: Vec::new(),
        });
    }

    /// Returns when something changed, when a heartbeat has passed, or when the agent has a word.
    fn wait_for_events(&mut self, context: &Context) -> Result<(), E> {
        match context.get_status_change(HEARTBEAT, &mut self.states) {
            // A reader that went away between the list and the wait: the next list says which.
            Ok(()) | Err(E::Timeout | E::Cancelled | E::UnknownReader | E::ReaderUnavailable) => {}
            Err(error) => return Err(error),
        }
        for state in &mut self.states {
            state.sync_current_state();
        }
        Ok(())
    }

    /// Acts on what the last wait said about one reader.
    fn look(&mut self, context: &Context, place: usize) -> Result<(), Ended> {
        let seen = &self.states[place + 1];
        let (name, state, count) = (name_of(seen), seen.event_state(), seen.event_count());
        let before = self.cards[place];
        if state.intersects(State::UNKNOWN | State::UNAVAILABLE) {
            self.hear_nothing(place);
            return Ok(());
        }
        if !state.contains(State::PRESENT) {
            let gone = state.contains(State::EMPTY);
            if gone {
                self.cards[place] = Card::None;
                self.suspects.retain(|(reader, _)| *reader != name);
            }
            // A card may have been taken out before this process looked for the first time: the agent knows of it or not.
            let silence_is_over = matches!(before, Card::Silent { told: true, .. });
            if gone && (before.is_in() || before == Card::Unknown || silence_is_over) {
                self.link.send(&ToParent::Removed { reader: name });
            }
            return Ok(());
        }
        let just_put_in = match before {
            Card::Unknown => match self.rest_of(&name) {
                Some(Rest::UntilFreed) => {
                    self.cards[place] = Card::Resting { count };
                    return Ok(());
                }
                // Nobody uses the card: whoever hung has come free since. If it hung in that state again, it rests.
                Some(Rest::For(rest)) if state.contains(State::INUSE) || rest > FIRST_REST => {
                    let at = stopwatch::now() + rest;
                    self.cards[place] = Card::Later {
                        count,
                        at,
                        state: state_of_card(state),
                    };
                    return Ok(());
                }
                Some(Rest::For(_)) => false,
                None => true,
            },
            Card::Handled { count: known } | Card::Resting { count: known } if known == count => {
                return Ok(());
            }
            Card::Drawn { count: known, at } if known == count => {
                if stopwatch::now() < at {
                    return Ok(());
                }
                false
            }
            Card::None | Card::Drawn { .. } | Card::Silent { .. } => true,
            Card::Later {
                count: known,
                at,
                state: then,
            } if known == count => {
                let same = then == state_of_card(state);
                if state.contains(State::EXCLUSIVE) || (same && stopwatch::now() < at) {
                    return Ok(());
                }
                false
            }
            Card::Handled { .. } | Card::Later { .. } | Card::Resting { .. } => {
                self.suspects.retain(|(reader, _)| *reader != name);
                self.link.send(&ToParent::Removed {
                    reader: name.clone(),
                });
                true
            }
        };
        self.read(context, place, just_put_in)
    }

    /// A reader is listed, and nothing is heard from it: gone in a moment, or dead.
    fn hear_nothing(&mut self, place: usize) {
        let name = name_of(&self.states[place + 1]);
        let (since, told) = match self.cards[place] {
            Card::Silent { since, told } => (since, told),
            before @ (Card::Unknown
            | Card::None
            | Card::Handled { .. }
            | Card::Later { .. }
            | Card::Drawn { .. }
            | Card::Resting { .. }) => {
                if before.is_in() {
                    self.link.send(&ToParent::Removed {
                        reader: name.clone(),
                    });
                }
                (stopwatch::now(), false)
            }
        };
        let silent = stopwatch::now().saturating_sub(since) >= SILENT_AFTER;
        if silent && !told {
            if self.has_twin(place) {
                tracing::info!(
                    reader = name,
                    "an entry of a reader that was plugged in again"
                );
            } else {
                self.link.send(&ToParent::Fault {
                    reader: Some(name),
                    fault: CardFault::ReaderSilent,
                    steps: Vec::new(),
                });
            }
        }
        let told = told || silent;
        self.cards[place] = Card::Silent { since, told };
    }

    /// Whether another reader of the same model answers: one that was plugged in again may stand in the list twice.
    fn has_twin(&self, place: usize) -> bool {
        let own = name_of(&self.states[place + 1]);
        let mut others = self.states[1..].iter().zip(&self.cards);
        others.any(|(state, card)| {
            let name = name_of(state);
            name != own
                && names::model(&name) == names::model(&own)
                && !matches!(card, Card::Silent { .. })
        })
    }

    fn read(&mut self, context: &Context, place: usize, just_put_in: bool) -> Result<(), Ended> {
        let seen_at = stopwatch::now();
        let seen = &self.states[place + 1];
        let (name, state, count) = (name_of(seen), seen.event_state(), seen.event_count());
        self.link.send(&ToParent::Begin {
            reader: name.clone(),
            just_put_in,
            in_use: state.contains(State::INUSE),
        });
        self.link.steps().clear();
        let outcome = if state.contains(State::MUTE) {
            Err(Stop::Fault(CardFault::Mute))
        } else {
            let slot = Slot {
                context,
                link: self.link,
                reader: seen.name(),
                atr: seen.atr(),
            };
            let mut session = Session {
                slot,
                configuration: self.configuration,
                link: self.link,
                vendors: &mut *self.vendors,
                seen_at,
                remarks: Vec::new(),
            };
            session.read()
        };
        let mut card = Card::Handled { count };
        match outcome {
            Ok(()) => {}
            Err(Stop::Service) => return Err(E::NoService.into()),
            Err(Stop::TurnedAway) => return Err(Ended::TurnedAway),
            Err(Stop::Fault(fault)) => {
                if fault == CardFault::HeldByAnotherProgram {
                    card = Card::Later {
                        count,
                        at: stopwatch::now() + HELD_RETRY,
                        state: state_of_card(state),
                    };
                }
                let gone = matches!(fault, CardFault::DrawnOut | CardFault::ReaderUnplugged);
                if gone {
                    let at = stopwatch::now() + DRAWN_RETRY;
                    card = Card::Drawn { count, at };
                }
                self.link.send(&if gone && !just_put_in {
                    // What was wrong with it has been told; that it was taken out ends that.
                    ToParent::Removed { reader: name }
                } else {
                    ToParent::Fault {
                        reader: Some(name),
                        fault,
                        steps: self.link.steps().so_far(),
                    }
                });
            }
        }
        self.cards[place] = card;
        Ok(())
    }

    fn rest_of(&self, name: &str) -> Option<Rest> {
        self.suspects
            .iter()
            .find(|(suspect, _)| suspect == name)
            .map(|(_, rest)| *rest)
    }

    /// A card that rests in this reader is to be read now, though nobody put it in anew.
    fn end_rest(&mut self, name: &str) {
        self.suspects.retain(|(suspect, _)| suspect != name);
        for (card, state) in self.cards.iter_mut().zip(&mut self.states[1..]) {
            if let Card::Resting { count } = *card
                && name_of(state) == name
            {
                *card = Card::Later {
                    count,
                    at: Duration::ZERO,
                    state: state_of_card(state.event_state()),
                };
                // The next wait returns at once with what the reader holds.
                *state = ReaderState::new(state.name(), State::UNAWARE);
            }
        }
    }

    /// Cards in the readers count as just put in; a reader without one says so.
    fn forget_cards(&mut self) {
        for (card, state) in self.cards.iter_mut().zip(&mut self.states[1..]) {
            let resting = matches!(card, Card::Resting { .. });
            if card.is_in() && !resting {
                *card = Card::None;
                // The next wait returns at once with what the reader holds.
                *state = ReaderState::new(state.name(), State::UNAWARE);
            }
        }
    }
}

fn name_of(state: &ReaderState) -> String {
    state.name().to_string_lossy().into_owned()
}
