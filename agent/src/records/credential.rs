//! How a card or code was opened and confirmed, kept with what was decided on it.

use serde::{Deserialize, Serialize};

use super::version::{RecordError, Version, decode, encode};
use crate::redacted::closed_debug;

const NAME: &str = "credential";

/// The credential of an admission or a settlement.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// The record's version.
    pub version: Version<1>,
    /// `social_security_card`, `electronic_social_security_card`, `identity_card`.
    pub kind: String,
    /// Who it is, as the case has it.
    pub social_security_number: String,
    /// The same.
    pub name: String,
    /// By what it was confirmed: `cryptogram`, `psam`, `number_and_id`, `code`, `same_card`, `nobody`.
    pub confirmed_by: String,
    /// The card, where it is one.
    pub card: Option<Card>,
}

/// A card as it lay in the reader.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// None where its number is blank.
    pub key: Option<CardKey>,
    /// How its holder's file came to be read: `free`, `psam`, `relay`, `vendor_library`, `not`.
    pub opened_by: String,
    /// What it says of its holder itself.
    pub says: Option<Says>,
}

/// 卡号 and 卡识别码: by both the province knows a card, and one card is told from another of the same person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardKey {
    /// 卡号.
    pub number: String,
    /// 卡识别码.
    pub id: String,
}

/// What a card says of its holder.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Says {
    /// 社会保障号码.
    pub social_security_number: String,
    /// 姓名, where it could be read.
    pub name: Option<String>,
}

impl Credential {
    /// As it is kept.
    pub fn encode(&self) -> Result<String, RecordError> {
        encode(NAME, self)
    }

    /// Reads what [`Self::encode`] wrote.
    pub fn decode(text: &str) -> Result<Self, RecordError> {
        decode(NAME, 1, text.as_bytes())
    }
}

closed_debug!(Credential, Card, CardKey, Says);
