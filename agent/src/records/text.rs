//! How the rules' values stand in a record: as the text that the rules read.

use jiff::Timestamp;
use jiff::civil::Date;
use rules::case::institution::AgreedChannel;
use rules::{
    BackFiling, Basis, Care, Channel, Confirmation, CredentialKind, DivisionCode, Eligibility,
    FilingNumber, Gate, InsuredLevel, ItemCode, LineNumber, LineRule, MatrixColumn, Money,
    NoticeNumber, NoticeReason, PersonName, Quantity, SocialSecurityNumber, ThirdPartyLiability,
    UnitPrice, VisitKind, china_time,
};
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{SerializeSeq, Serializer};

use super::numbers::{InstitutionCode, MessageId, SettlementNumber, VisitNumber};

/// A value that is written as text.
pub(super) trait Text: Sized {
    /// As it is written.
    fn text(&self) -> String;
    /// Reads it; none where it is no such value.
    fn read(text: &str) -> Option<Self>;
}

macro_rules! text {
    ($shown:expr, $read:expr => $($value:ty),+ $(,)?) => {
        $(impl Text for $value {
            fn text(&self) -> String {
                let shown: fn(&$value) -> String = $shown;
                shown(self)
            }

            fn read(text: &str) -> Option<Self> {
                $read(text)
            }
        })+
    };
}

macro_rules! named {
    ($($value:ty),+ $(,)?) => {
        $(text!(|value| value.name().to_owned(), |text| Self::parse(text).ok() => $value);)+
    };
}

macro_rules! identifying {
    ($($value:ty),+ $(,)?) => {
        $(text!(|value| value.as_str().to_owned(), |text| Self::parse(text).ok() => $value);)+
    };
}

macro_rules! shown {
    ($($value:ty),+ $(,)?) => {
        $(text!(ToString::to_string, |text| Self::parse(text).ok() => $value);)+
    };
}

named!(
    AgreedChannel,
    BackFiling,
    Basis,
    Care,
    Channel,
    Confirmation,
    CredentialKind,
    Eligibility,
    Gate,
    InsuredLevel,
    LineRule,
    MatrixColumn,
    NoticeReason,
    ThirdPartyLiability,
    VisitKind,
);
identifying!(
    DivisionCode,
    FilingNumber,
    InstitutionCode,
    ItemCode,
    MessageId,
    NoticeNumber,
    SettlementNumber,
    SocialSecurityNumber,
    VisitNumber,
);
shown!(Money, Quantity, UnitPrice);
text!(ToString::to_string, |text: &str| Self::new(text.parse().ok()?).ok() => LineNumber);
text!(|name| name.as_str().to_owned(), |text| Some(Self::new(text)) => PersonName);
text!(|at| china_time::format_instant(*at), |text| china_time::parse_instant(text).ok() => Timestamp);
text!(ToString::to_string, |text| china_time::parse_date(text).ok() => Date);

/// For `#[serde(with)]`: one value.
pub(super) mod one {
    use super::{Deserialize, Deserializer, Error, Serializer, Text};

    pub(in crate::records) fn serialize<T: Text, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&value.text())
    }

    pub(in crate::records) fn deserialize<'de, T: Text, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        let text = String::deserialize(deserializer)?;
        T::read(&text).ok_or_else(|| D::Error::custom("not such a value"))
    }
}

/// For `#[serde(with)]`: a value or null.
pub(super) mod optional {
    use super::{Deserialize, Deserializer, Error, Serializer, Text};

    #[expect(clippy::ref_option, reason = "serde hands the field on as it is")]
    pub(in crate::records) fn serialize<T: Text, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.serialize_some(&value.text()),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::records) fn deserialize<'de, T: Text, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else {
            return Ok(None);
        };
        T::read(&text)
            .map(Some)
            .ok_or_else(|| D::Error::custom("not such a value"))
    }
}

/// For `#[serde(with)]`: several.
pub(super) mod several {
    use std::collections::BTreeSet;

    use super::{Deserialize, Deserializer, Error, SerializeSeq, Serializer, Text};

    pub(in crate::records) fn serialize<T: Text, S: Serializer>(
        values: &BTreeSet<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(values.len()))?;
        for value in values {
            list.serialize_element(&value.text())?;
        }
        list.end()
    }

    pub(in crate::records) fn deserialize<'de, T: Text + Ord, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeSet<T>, D::Error> {
        Vec::<String>::deserialize(deserializer)?
            .iter()
            .map(|text| T::read(text).ok_or_else(|| D::Error::custom("not such a value")))
            .collect()
    }
}
