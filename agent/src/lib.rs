//! The agent as a library, so that the binary stays thin and benchmarks can reach it.

#![expect(
    unreachable_pub,
    reason = "a room says what it offers to the others by `pub`; what nobody takes is found, since the rooms are private"
)]

mod bill;
mod changes;
pub mod cli;
pub mod clock;
mod counter;
mod custody;
mod daemon;
mod database;
mod desk;
mod doors;
#[cfg(feature = "failpoints")]
mod failpoint;
mod item_code;
pub mod ledger;
pub mod province;
mod pulse;
mod random;
mod readiness;
pub mod records;
mod redacted;
pub mod registry;
mod secret_file;
pub mod settings;
mod standard_characters;
mod toml_text;
mod visible_text;
mod wording;
