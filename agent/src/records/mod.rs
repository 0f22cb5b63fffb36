//! Our own words: what the ledger, the queue and the registry's cache keep, one versioned struct each.
//!
//! A record knows the rules' values and nothing else: no province's way of saying it, no file, no counter. What a province sends is
//! translated into a record at its door, and a record into what that province takes when a message leaves. A record that was
//! written is read by every later version of the program; a version that is not known is refused in words.

pub mod answers;
pub mod catalogue;
pub mod credential;
pub mod evidence;
pub mod fee_lines;
pub mod injury;
pub mod institution;
pub mod message;
pub mod numbers;
pub(crate) mod province_names;
pub mod registration;
pub mod settlement;
pub mod slip;
pub mod staff;
mod text;
pub mod version;
pub mod visit;
pub mod worker;

#[cfg(test)]
pub(crate) mod examples;
#[cfg(test)]
mod tests;
