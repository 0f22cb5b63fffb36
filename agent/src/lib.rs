//! The agent as a library, so that the binary stays thin and benchmarks can reach it.

pub mod bill;
pub mod callers;
mod card_access;
pub mod cli;
pub mod clock;
pub mod console;
pub mod counter;
mod custody;
pub mod daemon;
mod doors;
#[cfg(feature = "failpoints")]
pub mod failpoint;
pub mod his;
mod item_code;
pub mod ledger;
pub mod notice;
mod notice_card;
mod notice_code;
pub mod operators;
pub mod page;
pub mod platform;
mod pulse;
mod readiness;
mod redacted;
pub mod registry;
mod secret_file;
pub mod settings;
mod toml_text;
mod visible_text;
