//! Why what came of an upload was not written down.

use crate::ledger::LedgerError;
use crate::ledger::numbers::NotANumber;
use crate::random::NoRandomness;

/// Why what came of an upload was not written down.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutboxError {
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The upload's lane is no visit of this program.
    #[error("the lane is not a visit's number")]
    Lane(#[source] NotANumber),
    /// The kernel gave no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}
