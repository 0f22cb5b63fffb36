//! Scanners and identity card readers on pseudo-terminals, which the kernel treats as serial lines.

#![expect(
    clippy::expect_used,
    reason = "what fails here fails the test, helpers included"
)]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test waits for one event among all others"
)]

mod cable;
mod identity_card;
mod scanner;
