//! Card readers, cards and what goes wrong with them, through the real pcscd with virtual cards.

#![expect(
    clippy::expect_used,
    reason = "what fails here fails the test, helpers included"
)]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test waits for one event among all others"
)]

mod apart;
mod authentication;
mod faults;
mod odd;
mod proof;
mod readers;
mod readers_under_test;
mod variants;
mod vendor;
