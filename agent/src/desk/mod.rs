//! Who stands at the counter: cards, codes and identity cards become one credential on the board.

mod answers;
mod board;
mod card;
pub(crate) mod card_access;
mod code;
mod confirmation;
mod identity_card;
mod inserted;
mod intake;
mod last_code;
mod presented;
mod trouble;

pub use board::{Desk, ReaderState};
pub use confirmation::{ConfirmedBy, PresentedCard};
pub use intake::{Intake, IntakeParts};
pub use presented::{PresentationStamp, Presented};
pub use trouble::{CardRemark, Declined, Device, DeviceTrouble, ReaderTrouble, Unanswered};

pub(crate) use board::Board;
pub(crate) use presented::{speaks_until, still_speaks};
