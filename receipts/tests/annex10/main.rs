//! Annex 10 as it comes out: its words, its layout, its picture, its bytes, and what it refuses.

#![expect(
    clippy::expect_used,
    reason = "what the tests' own functions cannot get fails the test"
)]

mod bytes;
mod code;
mod glyphs;
mod layout;
mod overfull;
mod paper;
mod picture;
mod samples;
mod specimen;
mod words;
