//! Resident identity cards, read by a SAM reader on a serial line: for opening gates, never for settling.

mod content;
mod frame;
mod reader;

pub use content::{IdentityCard, NotIdentityCard, Validity};
pub use frame::{Frame, FrameAssembler};
pub use reader::{IdentityCardEvent, IdentityCardEvents, IdentityCardReader, IdentityCardSettings};
