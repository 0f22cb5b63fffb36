//! Why the configuration was not taken: one fault, or everything that is wrong at once.

use std::path::PathBuf;

use crate::bill::MappingError;
use crate::toml_text::TomlFault;

/// Why the configuration was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("configuration {path} cannot be read")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Not TOML, or an unknown or missing key.
    #[error("configuration {path}: {fault}")]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where and what.
        fault: TomlFault,
    },
    /// A value that cannot be right.
    #[error("configuration key {key}: {why:?}")]
    Invalid {
        /// The key, with its table.
        key: &'static str,
        /// What is expected.
        why: Invalid,
    },
}

/// What is wrong with a value, or what is expected of it.
#[derive(Debug)]
pub enum Invalid {
    /// Nothing but blanks.
    Empty,
    /// Not between these, both included.
    Outside {
        /// The smallest that is taken.
        least: u64,
        /// The largest that is taken.
        most: u64,
        /// Of what.
        unit: Unit,
    },
    /// Not 1 to 49.
    TerminalNumber,
    /// There is none.
    NoOperator,
    /// Account or name is missing.
    UnnamedOperator,
    /// The witness would lie with what it bears witness to.
    WitnessBesideLedger,
    /// Not the platform's twelve letters and digits.
    InstitutionCode,
    /// Not six digits.
    Division,
    /// No profile of this name.
    UnknownProfile,
    /// Not an `https://` address.
    NotHttps,
    /// A vendor's library is to be used and not named.
    VendorLibraryMissing,
    /// Not an address with a port.
    NotAnAddress,
    /// Others could call it over the network.
    NotLoopback,
    /// Two sockets have one path.
    SocketsEqual,
    /// The accounts of the hospital's system are not named.
    NoHospitalAccount,
    /// Lengths of a code's pattern.
    PatternLength,
    /// No speed that scanners have.
    Speed,
    /// Not the name of a serial device.
    SerialAddress,
    /// A device's path that changes each time it is plugged in.
    VolatileAddress(String),
    /// A path that does not begin at the root.
    NotWholePath,
    /// The file of item codes.
    ItemCodes {
        /// The file.
        path: PathBuf,
        /// Why it is not taken.
        why: ItemCodesFault,
    },
    /// A word for bills, or a line of the file of item codes.
    Mapping(MappingError),
}

/// Why the file of item codes is not taken.
#[derive(Debug)]
pub enum ItemCodesFault {
    /// The system refuses.
    Unreadable(std::io::Error),
    /// No text, or an empty one.
    NotText,
}

/// What a number counts.
#[derive(Debug, Clone, Copy)]
pub enum Unit {
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Percent.
    Percent,
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Characters.
    Characters,
    /// Kinds of characters.
    Kinds,
    /// Passwords.
    Passwords,
    /// Tries.
    Tries,
}

/// A value that cannot be right.
pub(super) fn invalid(key: &'static str, why: Invalid) -> SettingsError {
    SettingsError::Invalid { key, why }
}

/// A number between these, both included.
pub(super) fn within(
    key: &'static str,
    value: u64,
    (least, most): (u64, u64),
    unit: Unit,
) -> Result<(), SettingsError> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(invalid(key, Invalid::Outside { least, most, unit }))
    }
}

/// What is wrong, gathered: whoever fills the file in mends everything at once.
#[derive(Default)]
pub(super) struct Wrong(pub(super) Vec<SettingsError>);

impl Wrong {
    pub(super) fn unless(&mut self, holds: bool, key: &'static str, why: Invalid) {
        if !holds {
            self.0.push(invalid(key, why));
        }
    }

    pub(super) fn take<T>(&mut self, checked: Result<T, SettingsError>) -> Option<T> {
        checked.map_err(|error| self.0.push(error)).ok()
    }

    pub(super) fn take_all<T>(
        &mut self,
        checked: impl Iterator<Item = Result<T, SettingsError>>,
    ) -> Option<Vec<T>> {
        let all: Vec<Option<T>> = checked.map(|one| self.take(one)).collect();
        all.into_iter().collect()
    }
}
