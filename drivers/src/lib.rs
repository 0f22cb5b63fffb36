//! Social security cards, identity cards and scanned codes: what they say, and what went wrong where they do not say it.
//!
//! This package knows devices, not settlement. [`reader::CardReaders`] watches the PC/SC readers from a child process
//! and yields [`reader::CardEvent`]s; [`card`] holds what a card says and the parsers.

pub mod card;
pub mod reader;
mod stopwatch;
