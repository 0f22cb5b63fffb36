//! The agent as a library, so that the binary stays thin and benchmarks can reach it.

pub mod cli;
pub mod counter;
pub mod his;
pub mod ledger;
pub mod page;
pub mod platform;
pub mod registry;
