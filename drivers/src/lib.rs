//! Social security cards, identity cards and scanned codes: what they say, and what went wrong where they do not say it.
//!
//! This package knows devices, not settlement. [`reader::CardReaders`] watches the PC/SC readers from a child process
//! and yields [`reader::CardEvent`]s; [`card`] holds what a card says and the parsers; [`code::Scanner`] listens to a
//! scanner; [`identity_card::IdentityCardReader`] reads identity cards for opening gates.

pub mod card;
pub mod code;
#[doc(hidden)]
pub mod fuzzing;
pub mod identity_card;
pub mod reader;
pub mod serial;
mod stopwatch;
