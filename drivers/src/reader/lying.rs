//! What is known of the card that lies in a reader, from one look to the next.

use std::time::Duration;

use pcsc::State;

/// What is known of the card in a reader. `count` is PC/SC's count of insertions and removals: another count is another
/// card, however fast the hand was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Card {
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
    /// The service hears nothing from the reader, since then; whether that was told.
    Silent {
        since: Duration,
        told: bool,
    },
}

impl Card {
    /// A card lies there, as far as the agent was told.
    pub(super) fn is_in(self) -> bool {
        match self {
            Self::Handled { .. } | Self::Later { .. } | Self::Resting { .. } => true,
            Self::Unknown | Self::None | Self::Drawn { .. } | Self::Silent { .. } => false,
        }
    }
}

/// The part of a state that tells whether somebody uses the card.
pub(super) fn state_of_card(state: State) -> State {
    state & (State::PRESENT | State::EXCLUSIVE | State::INUSE | State::MUTE | State::UNPOWERED)
}
