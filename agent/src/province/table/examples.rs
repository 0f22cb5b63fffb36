//! A message of each kind as we say it: what `province try` shows where no file is given. Every field is there.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::province::transaction::Transaction;
use crate::records::fee_lines::FeeLines;
use crate::records::registration::{Cancellation, Registration};
use crate::records::settlement::Settlement;

const EXAMPLES: &str = include_str!("../tables/examples.json");

/// The example of a transaction.
pub(in crate::province) fn of(transaction: Transaction) -> Result<Value, serde_json::Error> {
    let mut all: BTreeMap<Transaction, Value> = serde_json::from_str(EXAMPLES)?;
    Ok(all.remove(&transaction).unwrap_or_default())
}

/// What somebody wrote as a message of ours: read as strictly as the queue reads its own, where it is a record.
pub(in crate::province) fn read(
    transaction: Transaction,
    json: &[u8],
) -> Result<Value, serde_json::Error> {
    match transaction {
        Transaction::VisitRegistration => {
            serde_json::to_value(serde_json::from_slice::<Registration>(json)?)
        }
        Transaction::VisitCancellation => {
            serde_json::to_value(serde_json::from_slice::<Cancellation>(json)?)
        }
        Transaction::FeeDetail => serde_json::to_value(serde_json::from_slice::<FeeLines>(json)?),
        Transaction::Settlement => {
            serde_json::to_value(serde_json::from_slice::<Settlement>(json)?)
        }
        Transaction::SignIn
        | Transaction::SignOut
        | Transaction::Person
        | Transaction::RegistrySync
        | Transaction::CatalogueSync
        | Transaction::CardAuthentication
        | Transaction::CodeVerification
        | Transaction::CardVerification
        | Transaction::Reversal
        | Transaction::OutcomeQuery
        | Transaction::LastHead => serde_json::from_slice(json),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_are_records_as_the_queue_keeps_them() {
        for transaction in Transaction::ALL {
            let example = of(transaction).unwrap();
            let written = serde_json::to_vec(&example).unwrap();
            let read = read(transaction, &written).unwrap();
            assert!(read == example, "{}", transaction.name());
        }
    }
}
