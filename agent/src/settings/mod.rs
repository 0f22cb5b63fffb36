//! The configuration: one TOML file, its defaults, and the checks that make it `Settings`.

mod bill;
mod codes;
mod error;
mod file;
mod load;
mod staff;
mod tables;
mod values;

pub use bill::{BillFolder, Bills};
pub use codes::{Codes, IdentityReader, Scanner};
pub use error::{Invalid, ItemCodesFault, SettingsError, Unit};
pub use staff::{Persons, Staff};
pub use values::{
    Authentication, Card, Institution, Local, OperatorAccount, Platform, Settings, Slip, Storage,
};

#[cfg(test)]
mod tests;
