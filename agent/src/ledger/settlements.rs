//! Settlements: written once with their evidence, together with the journal entry and the uploads.

mod act;
pub(super) mod first_seal;
mod rows;
mod settlement;

pub use act::{settle, void};
pub use rows::{evidence, find, find_by_key, of_visit, settled_between, standing_of_worker};
pub use settlement::{NewSettlement, SettleOutcome, Settlement, SettlementState, Totals};
