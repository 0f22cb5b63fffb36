//! What lies on the counter: the reader's state and the credential last presented.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rules::{Credential, CredentialKind, PersonName, SocialSecurityNumber};
use tokio::sync::watch;

use crate::notice::Notice;

/// A credential presented longer ago than this must be presented again: whoever stands there now may be another.
const STALE_AFTER: SignedDuration = SignedDuration::from_mins(30);

/// The counter as it lies before the cashier.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    /// The card reader.
    pub reader: ReaderState,
    /// Who was read last.
    pub presented: Option<Presented>,
    /// A card was presented that could not be read or verified (B03); ends with the next one that can.
    pub card_fault: bool,
}

/// The card reader's state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
    /// Something is wrong, with the next step.
    Trouble(Notice),
}

/// A card or code that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// Which form.
    pub kind: CredentialKind,
    /// 社会保障号码 on it.
    pub social_security_number: SocialSecurityNumber,
    /// 姓名 on it.
    pub name: PersonName,
    /// When it was read.
    pub at: Timestamp,
    /// From the card being seen to the identity.
    pub took: Duration,
    /// The card was taken out since.
    pub drawn: bool,
}

impl Presented {
    /// As the rules take it.
    pub fn credential(&self) -> Credential {
        Credential::Presented {
            kind: self.kind,
            social_security_number: self.social_security_number.clone(),
            name: self.name.clone(),
            fault: false,
        }
    }
}

/// The desk, watched by the page.
#[derive(Debug)]
pub(super) struct Board(watch::Sender<Desk>);

impl Board {
    pub(super) fn new(reader: ReaderState) -> Self {
        Self(watch::Sender::new(Desk {
            reader,
            ..Desk::default()
        }))
    }

    pub(super) fn watch(&self) -> watch::Receiver<Desk> {
        self.0.subscribe()
    }

    /// The credential on the desk, unless it has lain there too long.
    pub(super) fn presented(&self, now: Timestamp) -> Option<Presented> {
        let desk = self.0.borrow();
        let presented = desk.presented.as_ref()?;
        (now.duration_since(presented.at) < STALE_AFTER).then(|| presented.clone())
    }

    /// Whether a card was presented that could not be read.
    pub(super) fn fault(&self) -> bool {
        self.0.borrow().card_fault
    }

    /// The reader can be used: a trouble is over, or it has just been found.
    pub(super) fn ready(&self) {
        self.0.send_modify(|desk| match desk.reader {
            ReaderState::Off | ReaderState::Starting | ReaderState::Trouble(_) => {
                desk.reader = ReaderState::Empty;
            }
            ReaderState::Empty | ReaderState::Reading | ReaderState::Read => {}
        });
    }

    /// Something is wrong with the reader, or (`the_cards`) with the card that was presented.
    pub(super) fn trouble(&self, notice: Notice, the_cards: bool) {
        self.0.send_modify(|desk| {
            desk.reader = ReaderState::Trouble(notice);
            desk.card_fault = desk.card_fault || the_cards;
        });
    }

    pub(super) fn drawn(&self) {
        self.0.send_modify(|desk| {
            desk.reader = ReaderState::Empty;
            if let Some(presented) = &mut desk.presented {
                presented.drawn = true;
            }
        });
    }

    /// A card goes in: whoever was there before is gone.
    pub(super) fn inserted(&self) {
        self.0.send_modify(|desk| {
            desk.reader = ReaderState::Reading;
            desk.presented = None;
            desk.card_fault = false;
        });
    }

    /// Who was read lies on the desk now; a card also shows at the reader.
    pub(super) fn present(&self, presented: Presented) {
        self.0.send_modify(|desk| {
            if presented.kind == CredentialKind::SocialSecurityCard {
                desk.reader = ReaderState::Read;
            }
            desk.presented = Some(presented);
            desk.card_fault = false;
        });
    }
}

#[cfg(test)]
impl super::Counter {
    /// What the reader does after a card was read.
    pub(crate) fn lay_on_desk(&self, presented: Presented) {
        self.0.board.present(presented);
    }
}
