//! How a province's messages are built, read from its table and checked as a whole before anybody stands at a counter: rows of
//! `theirs ← ours, format`, with every field of ours sent or dropped by name.

mod body;
mod dressing;
mod envelope;
pub(super) mod examples;
pub(super) mod fault;
mod format;
mod messages;
mod plan;
mod row;
#[cfg(test)]
mod tests;
mod vocabulary;

pub(crate) use self::dressing::NotDressed;
pub(in crate::province) use self::dressing::Nothing;
pub(super) use self::envelope::{Envelope, Unsigned};
pub(super) use self::format::{Code, Entry, Formats};
pub(super) use self::messages::{Messages, Unchecked};
