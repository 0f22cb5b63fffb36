//! The agent as a library, so that the binary stays thin and benchmarks can reach it.

pub mod bill;
mod changes;
pub mod cli;
pub mod clock;
pub mod counter;
mod custody;
pub mod daemon;
mod database;
pub mod desk;
pub mod doors;
#[cfg(feature = "failpoints")]
pub mod failpoint;
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
pub mod wording;
