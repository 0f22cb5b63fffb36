//! What lies on the counter: the readers' state and the credential last presented.
//!
//! A credential counts for its holder for 30 minutes after it was read, drawn out or not, until another one is
//! presented (an interpretation: N33 asks for identity at admission and again at discharge, and names no minutes).
//! People take their card back at once; the page says how long ago it was read. Admission is for the credential that
//! the cashier looked at and for no other.
//!
//! The credential presented last is the current one. An answer of the province that comes late does not replace what
//! was presented after its question. An identity card alone does not replace the social security card of the same
//! person.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rules::{CredentialFault, CredentialKind};
use tokio::sync::watch;

use super::presented::{Presented, Unnamed, still_speaks};
use super::trouble::{Declined, DeviceTrouble, ReaderTrouble};

/// The counter as it lies before the cashier.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    /// The card reader.
    pub reader: ReaderState,
    /// Scanners and identity card readers that cannot be used, by the name the configuration gives them.
    pub troubles: BTreeMap<String, DeviceTrouble>,
    /// The province is verifying a scanned code.
    pub verifying: bool,
    /// What was presented last and not taken: a code of another kind, an identity card that has expired.
    pub declined: Option<Declined>,
    /// Who was read last.
    pub presented: Option<Presented>,
    /// Why a card or code that was presented says nobody (B03); ends with the next one that does.
    pub fault: Option<CredentialFault>,
    /// A card whose holder only the province could have named; it may be known to a visit.
    unnamed: Option<Unnamed>,
    /// Counts what was presented, so that a late answer is not taken for the answer about a card or code presented after it.
    turn: Turn,
    /// The turn of the card that was put in last.
    at_reader: Turn,
}

/// The card reader's state.
#[derive(Debug, Clone, Default)]
pub enum ReaderState {
    /// This counter has none.
    #[default]
    Off,
    /// The card process is starting.
    Starting,
    /// Ready, no card in it.
    Empty,
    /// A card is being read.
    Reading,
    /// A card lies in it and was read.
    Read,
    /// Something is wrong.
    Trouble(ReaderTrouble),
}

/// One presentation, from the card's insertion or the code's scan on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Turn(u64);

/// The desk, watched by the page. Cheap to clone; all clones are the same desk.
#[derive(Debug, Clone)]
pub(crate) struct Board(watch::Sender<Desk>);

impl Board {
    pub(crate) fn new(reader: ReaderState) -> Self {
        Self(watch::Sender::new(Desk {
            reader,
            ..Desk::default()
        }))
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Desk> {
        self.0.subscribe()
    }

    /// The credential on the desk, unless it has lain there too long.
    pub(crate) fn presented(&self, now: Timestamp) -> Option<Presented> {
        let desk = self.0.borrow();
        let presented = desk.presented.as_ref()?;
        still_speaks(presented.at, now).then(|| presented.clone())
    }

    /// The card on the desk that names nobody, unless it has lain there too long.
    pub(crate) fn unnamed(&self, now: Timestamp) -> Option<Unnamed> {
        let desk = self.0.borrow();
        let unnamed = desk.unnamed.as_ref()?;
        still_speaks(unnamed.at, now).then(|| unnamed.clone())
    }

    /// Why the card or code that was presented says nobody, where that is so.
    pub(crate) fn fault(&self) -> Option<CredentialFault> {
        self.0.borrow().fault
    }

    /// Whether a code is being verified, or one that was verified still counts.
    pub(crate) fn has_code(&self, now: Timestamp) -> bool {
        let electronic =
            |lying: Presented| lying.kind == CredentialKind::ElectronicSocialSecurityCard;
        self.0.borrow().verifying || self.presented(now).is_some_and(electronic)
    }

    /// Who presents now.
    pub(crate) fn turn(&self) -> Turn {
        self.0.borrow().turn
    }

    /// The card reader can be used: a trouble is over, or it has just been found.
    pub(crate) fn ready(&self) {
        self.0.send_modify(|desk| match desk.reader {
            ReaderState::Off | ReaderState::Starting | ReaderState::Trouble(_) => {
                desk.reader = ReaderState::Empty;
            }
            ReaderState::Empty | ReaderState::Reading | ReaderState::Read => {}
        });
    }

    /// Something is wrong with the card reader, or (`fault`) with the card that was presented in that turn: who presented since is
    /// not touched by it.
    pub(crate) fn trouble(&self, trouble: ReaderTrouble, fault: Option<(Turn, CredentialFault)>) {
        self.0.send_modify(|desk| {
            desk.reader = ReaderState::Trouble(trouble);
            match fault {
                Some((turn, _)) if turn != desk.turn => {}
                // It is the later news.
                Some((_, fault)) => (desk.declined, desk.fault) = (None, Some(fault)),
                None => desk.declined = None,
            }
        });
    }

    /// A scanner or identity card reader can be used.
    pub(crate) fn device_ready(&self, name: &str) {
        self.0
            .send_if_modified(|desk| desk.troubles.remove(name).is_some());
    }

    /// A scanner or identity card reader cannot be used.
    pub(crate) fn device_trouble(&self, name: &str, trouble: DeviceTrouble) {
        self.0.send_modify(|desk| {
            desk.troubles.insert(name.to_owned(), trouble);
        });
    }

    /// Whoever was read is done with, and what is still being asked about them.
    pub(crate) fn clear(&self) {
        self.0.send_modify(|desk| {
            desk.next_turn();
        });
    }

    /// The card was taken out.
    pub(crate) fn drawn(&self) {
        self.0.send_modify(|desk| {
            desk.reader = ReaderState::Empty;
            if let Some(presented) = &mut desk.presented {
                presented.drawn |= presented.kind == CredentialKind::SocialSecurityCard;
            }
        });
    }

    /// A card goes in: whoever was there before is gone.
    pub(crate) fn inserted(&self) -> Turn {
        let mut turn = Turn::default();
        self.0.send_modify(|desk| {
            turn = desk.next_turn();
            desk.at_reader = turn;
            desk.reader = ReaderState::Reading;
        });
        turn
    }

    /// A code goes to the province: whoever was there before is gone.
    pub(crate) fn verifying(&self) -> Turn {
        let mut turn = Turn::default();
        self.0.send_modify(|desk| {
            turn = desk.next_turn();
            desk.verifying = true;
        });
        turn
    }

    /// Something was presented that is not taken; `fault` where it was a code that says nobody (B03).
    pub(crate) fn decline(&self, turn: Turn, why: Declined, fault: Option<CredentialFault>) {
        self.0.send_if_modified(|desk| {
            let current = desk.turn == turn;
            if current {
                desk.verifying = false;
                desk.declined = Some(why);
                desk.fault = fault.or(desk.fault);
            }
            current
        });
    }

    /// A card was read that says nobody, unless somebody else has presented since; `unnamed` where only the province could have
    /// told whose it is.
    pub(crate) fn says_nobody(
        &self,
        turn: Turn,
        trouble: ReaderTrouble,
        (fault, unnamed): (CredentialFault, Option<Unnamed>),
    ) {
        self.0.send_if_modified(|desk| {
            let current = desk.turn == turn;
            if current || desk.at_reader == turn {
                desk.reader = ReaderState::Trouble(trouble);
            }
            if current {
                desk.declined = None;
                desk.fault = Some(fault);
                desk.unnamed = unnamed;
            }
            current || desk.at_reader == turn
        });
    }

    /// Whoever was read counts from now on, unless somebody else has presented since; a card also shows at the reader.
    pub(crate) fn present(&self, turn: Turn, presented: Presented) {
        self.0.send_if_modified(|desk| {
            let read = desk.card_is_read(turn, &presented);
            // Late, and of whoever came after: it lays nobody upon them, and may be worth more than what lies there.
            let of_the_same = |lying: &Presented| presented.outweighs(lying);
            let taken = desk.turn == turn || desk.presented.as_ref().is_some_and(of_the_same);
            if taken {
                desk.take(presented);
            }
            read || taken
        });
    }
}

impl Desk {
    /// The card in the reader has been read, whether or not it still counts.
    fn card_is_read(&mut self, turn: Turn, presented: &Presented) -> bool {
        let card = presented.kind == CredentialKind::SocialSecurityCard;
        let read = card && (turn == self.at_reader || turn == self.turn);
        if read {
            self.reader = ReaderState::Read;
        }
        read
    }

    fn next_turn(&mut self) -> Turn {
        self.turn = Turn(self.turn.0 + 1);
        self.presented = None;
        self.declined = None;
        self.verifying = false;
        self.fault = None;
        self.unnamed = None;
        self.turn
    }

    fn take(&mut self, presented: Presented) {
        self.verifying = false;
        self.declined = None;
        self.fault = None;
        self.unnamed = None;
        if self
            .presented
            .as_ref()
            .is_none_or(|lying| !lying.outweighs(&presented))
        {
            // An identity card takes no turn before it is read: what was asked before it was is late from now on.
            if presented.kind == CredentialKind::IdentityCard {
                self.turn = Turn(self.turn.0 + 1);
            }
            self.presented = Some(presented);
        }
    }
}

#[cfg(test)]
mod tests;
