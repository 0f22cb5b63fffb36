//! A message the province has taken, and its word for it.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The uploads, by their transaction codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Upload {
    /// 2201.
    VisitRegistration,
    /// 2202.
    VisitCancellation,
    /// 2204.
    FeeDetail,
    /// 2207.
    Settlement,
    /// 2209.
    Reversal,
}

impl Upload {
    pub(crate) fn by_code(infno: &str) -> Option<Self> {
        match infno {
            "2201" => Some(Self::VisitRegistration),
            "2202" => Some(Self::VisitCancellation),
            "2204" => Some(Self::FeeDetail),
            "2207" => Some(Self::Settlement),
            "2209" => Some(Self::Reversal),
            _ => None,
        }
    }
}

/// A message the province has taken, as it lies on disk.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Accepted {
    /// What it was.
    pub upload: Upload,
    /// Its id.
    pub msgid: String,
    /// The terminal it came from.
    pub terminal: String,
    /// In whose name: `opter` and `opter_name`.
    #[serde(default)]
    pub operator: (String, String),
    /// SHA-256 of its body, in hex.
    pub body_sha256: String,
    /// Its body, byte for byte.
    pub body: Box<RawValue>,
    /// What was answered, and will be answered again.
    pub receipt: Receipt,
}

/// The province's word that it has a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Its number.
    pub receipt_number: String,
    /// When (RFC 3339).
    pub received_at: String,
    /// 就医登记号, for a registration.
    pub registration_number: Option<String>,
    /// How late a settlement came, where it did.
    pub late_by_s: Option<i64>,
}
