//! Values of a posted bill as the text of cells: numbers digit by digit, texts borrowed where they can be.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::words;
use crate::bill::column::Column;
use crate::bill::source::CellKind;

/// A number with a longer exponent is none of a bill.
const LONGEST_EXPONENT: usize = 20;

/// A value as the text of a cell; numbers digit by digit as they stand there.
pub(super) fn scalar(value: &RawValue) -> Result<(Cow<'_, str>, CellKind), &'static str> {
    let raw = value.get();
    match raw.as_bytes().first() {
        Some(b'"') => serde_json::from_str::<Text<'_>>(raw)
            .map(|Text(text)| (text, CellKind::Text))
            .map_err(|_lone_half_of_a_pair| words::BROKEN_TEXT),
        Some(b'-' | b'0'..=b'9') => Ok((plain_number(raw), CellKind::Number)),
        Some(b'n') => Ok((Cow::Borrowed(""), CellKind::Text)),
        Some(b't' | b'f') => Ok((Cow::Borrowed(raw), CellKind::Text)),
        Some(_) | None => Err(words::NOT_A_VALUE),
    }
}

/// What a truth value means in this column, and what may not be a number.
pub(super) fn worded<'a>(
    column: Option<Column>,
    text: Cow<'a, str>,
    kind: CellKind,
    value: &RawValue,
) -> Result<(Cow<'a, str>, CellKind), &'static str> {
    let truth = match value.get() {
        "true" => Some(true),
        "false" => Some(false),
        _other => None,
    };
    match (column, truth, kind) {
        (Some(Column::TreatsInjury), Some(truth), _) => Ok((
            Cow::Borrowed(if truth { "是" } else { "否" }),
            CellKind::Text,
        )),
        (Some(Column::RestrictionMet), Some(truth), _) => Ok((
            Cow::Borrowed(if truth { "符合" } else { "不符合" }),
            CellKind::Text,
        )),
        (_, Some(_), _) => Err(words::NOT_A_TRUTH_VALUE),
        (Some(Column::Code | Column::InpatientNumber), None, CellKind::Number) => {
            Err(words::CODE_AS_NUMBER)
        }
        (_, None, _) => Ok((text, kind)),
    }
}

/// `1.44e3` is 1440: the point moved, no digit lost. A number without an exponent stays as it is.
fn plain_number(raw: &str) -> Cow<'_, str> {
    let Some((mantissa, exponent)) = raw.split_once(['e', 'E']) else {
        return Cow::Borrowed(raw);
    };
    let Some(exponent) = exponent.parse::<i32>().ok().filter(|exponent| {
        usize::try_from(exponent.unsigned_abs()).is_ok_and(|places| places <= LONGEST_EXPONENT)
    }) else {
        return Cow::Borrowed(raw);
    };
    let (sign, digits) = mantissa
        .strip_prefix('-')
        .map_or(("", mantissa), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let places = usize::try_from(exponent.unsigned_abs()).unwrap_or(LONGEST_EXPONENT);
    let moved = if exponent >= 0 {
        let padded = format!("{fraction:0<places$}");
        let (before, behind) = padded.split_at(places);
        format!("{sign}{whole}{before}.{behind}0")
    } else {
        let padded = format!("{whole:0>width$}", width = places + 1);
        let (before, behind) = padded.split_at(padded.len() - places);
        format!("{sign}{before}.{behind}{fraction}")
    };
    Cow::Owned(moved)
}

/// Text, borrowed where nothing in it is escaped.
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl<'de> de::Deserialize<'de> for Text<'de> {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl<'de> Visitor<'de> for Words {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Words)
    }
}

/// An object's keys and values in their order, twice the same where they stand there twice.
pub(super) struct Entries<'a>(pub(super) Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> de::Deserialize<'de> for Entries<'de> {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
                let mut entries = Vec::with_capacity(Column::ALL.len());
                while let Some((Text(key), value)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
                    entries.push((key, value));
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_move_the_point_and_lose_no_digit() {
        for (raw, expected) in [
            ("15.00", "15.00"),
            ("-0", "-0"),
            ("1.44e3", "1440.0"),
            ("1.44E+3", "1440.0"),
            ("-1.4435e2", "-144.350"),
            ("15e-2", "0.15"),
            ("1234.5e-2", "12.345"),
            ("0.1e1", "01.0"),
            ("1e21", "1e21"),
            ("1e999999999999", "1e999999999999"),
        ] {
            assert_eq!(plain_number(raw), expected);
        }
    }
}
