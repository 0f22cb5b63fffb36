//! The whole way on real parts: pcscd with a card, the province as a program, the agent as a program.
//!
//! One binary, few tests; each has a province, a counter and a card reader of its own. The expected amounts were worked
//! out by hand from `tests/bills/discharge.csv` and the treatment place's catalogue.

#![expect(
    clippy::unwrap_used,
    reason = "what fails in the tests' own functions fails the test"
)]

mod bad_input;
mod before_discharge;
mod browser;
mod cancelled;
mod cards;
mod codes;
mod configuration;
mod damaged;
mod demo;
mod doors;
mod forged;
mod full_disk;
mod held;
mod his_bill;
mod his_door;
mod killed;
mod long_bill;
mod memory;
mod old_ledgers;
mod outage;
mod people;
mod presence;
mod privacy;
mod readers;
mod refused;
mod scans;
mod scene;
mod twice;
mod watched;
mod whole_way;
