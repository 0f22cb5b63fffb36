//! The version that a record opens with, and what is said of a record that cannot be read.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The version of a record: it is written as this number, and read where it is this number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Version<const N: u32>;

impl<const N: u32> Serialize for Version<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(N)
    }
}

impl<'de, const N: u32> Deserialize<'de> for Version<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            found if found == N => Ok(Self),
            found => Err(D::Error::custom(format_args!("version {found}, not {N}"))),
        }
    }
}

/// A record that cannot be read, or written. Says where, never what stands there.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It is not the form that was written.
    #[error("the {record} record is damaged at line {line}, column {column}")]
    Damaged {
        /// Which record.
        record: &'static str,
        /// Where reading stopped.
        line: usize,
        /// Where in that line.
        column: usize,
    },
    /// A later version of the program wrote it.
    #[error("the {record} record has version {found}, this program reads up to {known}")]
    Newer {
        /// Which record.
        record: &'static str,
        /// Its version.
        found: u32,
        /// The last version that is known.
        known: u32,
    },
    /// It cannot be written as JSON.
    #[error("the {record} record cannot be written")]
    Unwritable {
        /// Which record.
        record: &'static str,
        /// Why.
        source: serde_json::Error,
    },
}

/// The version that a text opens with.
///
/// # Errors
/// [`RecordError::Damaged`] where it opens with none.
pub(super) fn version_of(record: &'static str, text: &[u8]) -> Result<u32, RecordError> {
    #[derive(Deserialize)]
    struct Opening {
        version: u32,
    }
    let opening: Opening = read(record, text)?;
    Ok(opening.version)
}

/// Reads a record of the one version that there is.
pub(super) fn decode<T: DeserializeOwned>(
    record: &'static str,
    known: u32,
    text: &[u8],
) -> Result<T, RecordError> {
    let found = version_of(record, text)?;
    if found > known {
        return Err(RecordError::Newer {
            record,
            found,
            known,
        });
    }
    read(record, text)
}

/// Reads a text as it stands.
pub(super) fn read<T: DeserializeOwned>(
    record: &'static str,
    text: &[u8],
) -> Result<T, RecordError> {
    serde_json::from_slice(text).map_err(|error| RecordError::Damaged {
        record,
        line: error.line(),
        column: error.column(),
    })
}

/// Writes a record as JSON.
pub(super) fn encode(record: &'static str, value: &impl Serialize) -> Result<String, RecordError> {
    serde_json::to_string(value).map_err(|source| RecordError::Unwritable { record, source })
}
