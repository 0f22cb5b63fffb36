//! The stage for demo and tests: the province's sandbox, the agent and its premises, each program a process of its own.
//!
//! [`Stage::raise`] brings up everything but the card reader: tests have a `virtual_card::Rig` of their own, the demo a
//! [`ReaderRoom`]. What is started ends when its value is dropped, also after a panic.

mod agent;
mod bill;
mod his;
mod moment;
mod premises;
mod process;
mod programs;
mod province;
mod reader_room;
mod stage;

pub use agent::Agent;
pub use bill::{BILL, BillRow, bill_ending_on, long_bill, rows};
pub use his::{His, HisError};
pub use moment::{Stay, written};
pub use premises::{OPERATOR_NAME, Premises};
pub use process::{PATIENCE, Process, eventually};
pub use programs::{built, prepare_tls, require_test_switches};
pub use province::Province;
pub use reader_room::{ReaderRoom, serve as serve_card_hall};
pub use stage::Stage;
