//! The loop over PC/SC: waits for events, reads cards that are put in, gets a new context after any error of the service.

use std::convert::Infallible;
use std::ffi::CString;
use std::time::Duration;

use pcsc::{Context, Error as E, ReaderState, Scope, State};

use super::link::Link;
use super::session::Session;
use super::slot::{Slot, Stop};
use super::vendor::Vendors;
use super::wire::{Configuration, FIRST_REST, Rest, ToParent};
use crate::card::CardFault;
use crate::stopwatch;

/// While nothing happens the wait for events ends this often, asks the service for its list of readers and begins again.
/// That is the sign of life that tells a sleeping service from a stuck one; no card is touched by it.
const HEARTBEAT: Duration = Duration::from_secs(1);

/// Nothing announces that the service is back.
const SERVICE_RETRY: Duration = Duration::from_millis(500);

/// A card that another program holds is tried again this often, and at once when its state changes.
const HELD_RETRY: Duration = Duration::from_secs(1);

/// pcscd looks at a slot every 400 ms: by then it knows whether a card that was drawn out is gone.
const DRAWN_RETRY: Duration = Duration::from_millis(900);

/// Watches the readers for ever; the process ends when the agent does.
pub(super) fn run(link: &Link, configuration: &Configuration) -> ! {
    let mut vendors = Vendors::default();
    let mut suspects = configuration.suspects.clone();
    let mut logged = None;
    loop {
        let mut watch = Watch {
            link,
            configuration,
            vendors: &mut vendors,
            suspects: &mut suspects,
            states: Vec::new(),
            cards: Vec::new(),
            told: None,
        };
        let Err(error) = watch.until_service_fails();
        link.set_interruptible(None);
        if logged.replace(error) != Some(error) {
            tracing::info!(%error, "PC/SC service");
        }
        link.send(&ToParent::Fault {
            reader: None,
            fault: CardFault::ServiceDown,
            steps: Vec::new(),
        });
        link.wait(SERVICE_RETRY);
    }
}

/// One life of a context.
struct Watch<'a> {
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
}

/// What is known of the card in a reader. `count` is PC/SC's count of insertions and removals: another count is another
/// card, however fast the hand was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Card {
    Unknown,
    None,
    /// Read, or found unreadable: left alone until it is taken out.
    Handled {
        count: u32,
    },
    /// To be tried again at this time, or as soon as the reader's state changes.
    Later {
        count: u32,
        at: Duration,
        state: State,
    },
    /// Drawn out during its read, which was told: its removal is no news. A hand that was faster than the service looks, or
    /// a contact that bounced, leaves it there: then it is read again at this time.
    Drawn {
        count: u32,
        at: Duration,
    },
    /// Left alone until the agent says that its reader was let go.
    Resting {
        count: u32,
    },
}

impl Watch<'_> {
    fn until_service_fails(&mut self) -> Result<Infallible, E> {
        let context = Context::establish(Scope::User)?;
        self.link.set_interruptible(Some(context.clone()));
        // Said first: what is wrong with the readers comes after it.
        self.link.send(&ToParent::Watching);
        self.refresh(&context)?;
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
            self.refresh(&context)?;
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
        let chosen: Vec<CString> = connected
            .into_iter()
            .filter(|name| self.is_chosen(&name.to_string_lossy()))
            .collect();
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

    fn is_chosen(&self, name: &str) -> bool {
        self.configuration
            .reader
            .as_ref()
            .is_none_or(|part| name.contains(part.as_str()))
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
    fn look(&mut self, context: &Context, place: usize) -> Result<(), E> {
        let seen = &self.states[place + 1];
        let (name, state, count) = (name_of(seen), seen.event_state(), seen.event_count());
        let before = self.cards[place];
        if !state.contains(State::PRESENT) {
            let gone = state.intersects(State::EMPTY | State::UNKNOWN | State::UNAVAILABLE);
            if gone {
                self.cards[place] = Card::None;
                self.suspects.retain(|(reader, _)| *reader != name);
            }
            // A card may have been taken out before this process looked for the first time: the agent knows of it or not.
            if gone && (before.is_in() || before == Card::Unknown) {
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
            Card::None | Card::Drawn { .. } => true,
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

    fn read(&mut self, context: &Context, place: usize, just_put_in: bool) -> Result<(), E> {
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
            Err(Stop::Service) => return Err(E::NoService),
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

impl Card {
    fn is_in(self) -> bool {
        match self {
            Self::Handled { .. } | Self::Later { .. } | Self::Resting { .. } => true,
            Self::Unknown | Self::None | Self::Drawn { .. } => false,
        }
    }
}

fn name_of(state: &ReaderState) -> String {
    state.name().to_string_lossy().into_owned()
}

/// The part of a state that tells whether somebody uses the card.
fn state_of_card(state: State) -> State {
    state & (State::PRESENT | State::EXCLUSIVE | State::INUSE | State::MUTE | State::UNPOWERED)
}
