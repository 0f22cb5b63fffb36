//! Who stands at the counter: cards, codes and identity cards become one credential on the board.

pub(crate) mod answers;
pub(crate) mod board;
pub(crate) mod card;
pub(crate) mod code;
pub(crate) mod confirmation;
pub(crate) mod identity_card;

use std::time::Duration;

pub use board::{Desk, Presented, ReaderState, ReadingStamp};
pub use confirmation::{CardKey, ConfirmedBy, PresentedCard};

/// A device whose thread could not be started is tried again after so long.
pub(crate) const DEVICE_AGAIN: Duration = Duration::from_secs(10);
