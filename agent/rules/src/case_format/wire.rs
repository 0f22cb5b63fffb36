//! The case format's objects, field by field in the format's order: read from and written to JSON, never used by a rule.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::{Deserialize as DeriveDeserialize, Serialize};

/// A string that borrows from the input where it can.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// One of the format's objects: never a list of its values, which a derived struct would take as well.
pub(super) struct Object<T>(pub(super) T);

impl<T> std::ops::Deref for Object<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Serialize> Serialize for Object<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(FieldsOnly(deserializer)).map(Self)
    }
}

/// Hands a struct's visitor on as one that takes named fields alone; as a visitor, is that one.
struct FieldsOnly<I>(I);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for FieldsOnly<D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_struct(name, fields, FieldsOnly(visitor))
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(FieldsOnly(visitor))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for FieldsOnly<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, fields: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(fields)
    }
}

/// A field that may be null and must be there all the same.
pub(super) fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

/// The whole case; `C` is the credential, which alone has changed since rule set 1.
#[derive(DeriveDeserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case<'a, C = Credential<'a>> {
    #[serde(borrow)]
    pub(super) profile: Text<'a>,
    pub(super) at: Text<'a>,
    pub(super) gate: Text<'a>,
    pub(super) registry_as_of: Text<'a>,
    pub(super) institution: Object<Institution<'a>>,
    pub(super) credential: Object<C>,
    #[serde(deserialize_with = "nullable")]
    pub(super) worker: Option<Object<Worker<'a>>>,
    pub(super) filings: Vec<Object<Filing<'a>>>,
    pub(super) visit: Object<Visit<'a>>,
    pub(super) devices: Vec<Object<Device<'a>>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) bill: Option<Object<Bill<'a>>>,
    pub(super) catalogue: Vec<Object<CatalogueEntry<'a>>>,
}

#[derive(DeriveDeserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Institution<'a> {
    #[serde(borrow)]
    pub(super) division: Text<'a>,
    pub(super) status: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) status_since: Option<Text<'a>>,
    pub(super) channels: Vec<Text<'a>>,
    pub(super) kinds: Vec<Text<'a>>,
}

#[derive(DeriveDeserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Credential<'a> {
    #[serde(borrow)]
    pub(super) kind: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) social_security_number: Option<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) name: Option<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) fault: Option<Text<'a>>,
    pub(super) verified: Text<'a>,
}

#[derive(DeriveDeserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Worker<'a> {
    #[serde(borrow)]
    pub(super) social_security_number: Text<'a>,
    pub(super) name: Text<'a>,
    pub(super) insured_division: Text<'a>,
    pub(super) insured_level: Text<'a>,
    pub(super) confirmations: Vec<Text<'a>>,
    pub(super) eligibility: Text<'a>,
    pub(super) suspended: bool,
}

#[expect(clippy::struct_field_names, reason = "the format calls it back_filing")]
#[derive(DeriveDeserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filing<'a> {
    #[serde(borrow)]
    pub(super) number: Text<'a>,
    pub(super) form: Text<'a>,
    pub(super) basis: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) care: Option<Text<'a>>,
    pub(super) place: Text<'a>,
    pub(super) status: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) approved_at: Option<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) cancelled_at: Option<Text<'a>>,
    pub(super) valid_from: Text<'a>,
    pub(super) valid_to: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) back_filing: Option<Text<'a>>,
}

#[derive(DeriveDeserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Visit<'a> {
    #[serde(borrow)]
    pub(super) kind: Text<'a>,
    pub(super) registered_at: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) discharged_at: Option<Text<'a>>,
    pub(super) third_party_liability: Text<'a>,
    pub(super) emergency: bool,
    pub(super) force_majeure: bool,
    pub(super) settled: Text<'a>,
    pub(super) rehabilitation_plan_uploaded: bool,
    #[serde(deserialize_with = "nullable")]
    pub(super) paid_by_worker: Option<Text<'a>>,
    #[serde(deserialize_with = "nullable")]
    pub(super) paid_by_medical_insurance: Option<Text<'a>>,
}

#[derive(DeriveDeserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Device<'a> {
    pub(super) line: u64,
    #[serde(borrow, deserialize_with = "nullable")]
    pub(super) notice_number: Option<Text<'a>>,
    pub(super) notice_used: bool,
    pub(super) notice_reason: Text<'a>,
    pub(super) notice_limit: Text<'a>,
    pub(super) minimum_years: u8,
    #[serde(deserialize_with = "nullable")]
    pub(super) last_fitted_on: Option<Text<'a>>,
    pub(super) in_filing: bool,
}

#[derive(DeriveDeserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bill<'a> {
    #[serde(borrow)]
    pub(super) lines: Vec<Object<BillLine<'a>>>,
}

#[derive(DeriveDeserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BillLine<'a> {
    pub(super) number: u64,
    #[serde(borrow)]
    pub(super) date: Text<'a>,
    pub(super) column: Text<'a>,
    pub(super) code: Text<'a>,
    pub(super) name: Text<'a>,
    pub(super) unit_price: Text<'a>,
    pub(super) quantity: Text<'a>,
    pub(super) amount: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) treats_injury: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    pub(super) restriction_met: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    pub(super) reverses: Option<u64>,
}

#[derive(DeriveDeserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CatalogueEntry<'a> {
    #[serde(borrow)]
    pub(super) column: Text<'a>,
    pub(super) code: Text<'a>,
    pub(super) from: Text<'a>,
    #[serde(deserialize_with = "nullable")]
    pub(super) to: Option<Text<'a>>,
    pub(super) restricted: bool,
    #[serde(deserialize_with = "nullable")]
    pub(super) ceiling: Option<Text<'a>>,
}
