//! Sending what is queued, and writing down what came of it.

mod acknowledged;
mod error;
mod memory;
mod sender;
mod sent;
mod slots;
#[cfg(all(test, feature = "test-clock"))]
#[expect(
    clippy::unwrap_used,
    reason = "a helper outside of a test function fails its test by panicking"
)]
mod tests;
mod unwritten;

use std::path::Path;
use std::sync::Arc;

use self::memory::Memory;
use super::means::Means;

pub(crate) use self::error::OutboxError;

/// Sends what is queued in the ledger. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Outbox(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    with: Means,
    unwritten: Memory,
}

impl Outbox {
    /// The outbox of the ledger in this file. It sends nothing until it runs.
    pub(crate) fn new(with: Means, ledger_file: &Path) -> Self {
        Self(Arc::new(Inner {
            with,
            unwritten: Memory::beside(ledger_file),
        }))
    }
}
