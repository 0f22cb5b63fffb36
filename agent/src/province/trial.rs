//! What a province would be sent: a message built by a table, without a platform.

use super::adapter::Adapter;
pub(crate) use super::adapter::REFERENCE;
use super::error::PlatformError;
use super::table::examples;
use super::transaction::Transaction;

/// Why there is nothing to show.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TrialError {
    /// The table has no such transaction.
    #[error("the table has no {}", .0.name())]
    NoTransaction(Transaction),
    /// The file is no such message of ours.
    #[error("no message of ours")]
    NotOurs(#[source] serde_json::Error),
    /// The message cannot be built.
    #[error(transparent)]
    NotBuilt(#[from] PlatformError),
}

/// The body of what somebody wrote as a message of ours, or of the example where nobody did.
pub(crate) fn body(
    adapter: &Adapter,
    transaction: Transaction,
    said: Option<&[u8]>,
    registration_number: Option<&str>,
) -> Result<String, TrialError> {
    if adapter.code_if_known(transaction).is_none() {
        return Err(TrialError::NoTransaction(transaction));
    }
    let ours = match said {
        Some(json) => examples::read(transaction, json),
        None => examples::of(transaction),
    };
    let ours = ours.map_err(TrialError::NotOurs)?;
    Ok(adapter.body(transaction, &ours, registration_number)?)
}

/// The example of a message, to be edited.
pub(crate) fn example(transaction: Transaction) -> Result<String, TrialError> {
    let example = examples::of(transaction).map_err(TrialError::NotOurs)?;
    serde_json::to_string_pretty(&example).map_err(TrialError::NotOurs)
}
