//! Formats of a table: how times, amounts, whole numbers and codes stand in a province's messages.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime, Time};
use serde::Deserialize;

use super::body::Body;
use super::fault::{FormatFault, RowTrouble};
use super::vocabulary::{Holds, OurField};

/// Our own way, said on purpose.
const OURS: &str = "ours";

/// Decimals of the finest amounts there are.
const MOST_DECIMALS: usize = 8;

/// One entry of `[formats]`: exactly one of the three.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::province) struct Entry {
    time: Option<String>,
    number: Option<usize>,
    text: Option<usize>,
}

/// A code of the province's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(in crate::province) enum Code {
    /// As text.
    Text(String),
    /// As a number.
    Number(i64),
}

/// How a value is written.
#[derive(Debug, Clone)]
pub(super) enum Format {
    /// As our own records have it.
    Ours,
    /// A time, in these parts.
    Time(Vec<TimePart>),
    /// A number with so many decimals.
    Number(usize),
    /// The same as text.
    Text(usize),
    /// The province's code for each of our names.
    Codes(BTreeMap<String, Code>),
}

/// A part of a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TimePart {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    /// China's offset, `+08:00`.
    Offset,
    Between(char),
}

/// `[formats]` and `[codes]`, by name.
#[derive(Debug, Clone, Default)]
pub(in crate::province) struct Formats(BTreeMap<String, Format>);

impl Formats {
    /// Both together: a row names either in the same place.
    pub(in crate::province) fn of(
        entries: BTreeMap<String, Entry>,
        codes: BTreeMap<String, BTreeMap<String, Code>>,
    ) -> Result<Self, FormatFault> {
        let mut formats = BTreeMap::new();
        for (name, entry) in entries {
            let format = entry.format(&name)?;
            formats.insert(name, format);
        }
        for (name, map) in codes {
            if formats.contains_key(&name) {
                return Err(FormatFault::Name(name));
            }
            formats.insert(name, Format::Codes(map));
        }
        if formats.contains_key(OURS) {
            return Err(FormatFault::Name(OURS.to_owned()));
        }
        Ok(Self(formats))
    }

    /// The format that a row names for a field, where the field can have it.
    pub(super) fn chosen(
        &self,
        field: &OurField,
        name: Option<&str>,
    ) -> Result<Format, RowTrouble> {
        let Some(name) = name else {
            return match field.holds {
                Holds::Words | Holds::Count => Ok(Format::Ours),
                Holds::Flag
                | Holds::Moment
                | Holds::Day
                | Holds::Yuan
                | Holds::Factor
                | Holds::Name(_) => Err(RowTrouble::NoFormat(field.path.to_owned())),
            };
        };
        if name == OURS {
            return Ok(Format::Ours);
        }
        let format = self
            .0
            .get(name)
            .ok_or_else(|| RowTrouble::NoSuchFormat(name.to_owned()))?;
        suits(field, name, format)?;
        Ok(format.clone())
    }
}

/// Whether the field can stand in the format, whole.
fn suits(field: &OurField, name: &str, format: &Format) -> Result<(), RowTrouble> {
    let (ours, format_name) = (|| field.path.to_owned(), || name.to_owned());
    let decimals = match (format, field.holds) {
        (Format::Time(_), Holds::Moment | Holds::Day) => return Ok(()),
        (Format::Number(_) | Format::Text(_), Holds::Yuan) => 2,
        (Format::Number(_) | Format::Text(_), Holds::Factor) => 4,
        (Format::Number(0) | Format::Text(0), Holds::Count) => 0,
        (Format::Codes(map), Holds::Flag) => return total(name, map, &["true", "false"]),
        (Format::Codes(map), Holds::Name(values)) => return total(name, map, &values()),
        _ => {
            return Err(RowTrouble::WrongFormat {
                ours: ours(),
                format: format_name(),
            });
        }
    };
    match format {
        Format::Number(kept) | Format::Text(kept) if *kept < decimals => {
            Err(RowTrouble::LosesDigits {
                ours: ours(),
                format: format_name(),
                decimals,
            })
        }
        Format::Number(_) | Format::Text(_) | Format::Ours | Format::Time(_) | Format::Codes(_) => {
            Ok(())
        }
    }
}

/// A code for every value, and none for what is no value.
fn total(name: &str, map: &BTreeMap<String, Code>, values: &[&str]) -> Result<(), RowTrouble> {
    let without: Vec<String> = values
        .iter()
        .filter(|value| !map.contains_key(**value))
        .map(|value| (*value).to_owned())
        .collect();
    if !without.is_empty() {
        return Err(RowTrouble::NoCode {
            map: name.to_owned(),
            values: without,
        });
    }
    let values: BTreeSet<&str> = values.iter().copied().collect();
    let entries: Vec<String> = map
        .keys()
        .filter(|entry| !values.contains(entry.as_str()))
        .cloned()
        .collect();
    if entries.is_empty() {
        return Ok(());
    }
    Err(RowTrouble::NoValue {
        map: name.to_owned(),
        entries,
    })
}

impl Entry {
    fn format(self, name: &str) -> Result<Format, FormatFault> {
        let within = |decimals: usize| {
            if decimals > MOST_DECIMALS {
                return Err(FormatFault::Decimals(name.to_owned()));
            }
            Ok(decimals)
        };
        match (self.time, self.number, self.text) {
            (Some(pattern), None, None) => time_parts(&pattern)
                .map(Format::Time)
                .ok_or_else(|| FormatFault::Time(name.to_owned())),
            (None, Some(decimals), None) => Ok(Format::Number(within(decimals)?)),
            (None, None, Some(decimals)) => Ok(Format::Text(within(decimals)?)),
            _ => Err(FormatFault::NotOne(name.to_owned())),
        }
    }
}

/// The letters of Java's patterns that provinces' specifications write; a letter in single quotes stands for itself.
fn time_parts(pattern: &str) -> Option<Vec<TimePart>> {
    let words = [
        ("yyyy", TimePart::Year),
        ("MM", TimePart::Month),
        ("dd", TimePart::Day),
        ("HH", TimePart::Hour),
        ("mm", TimePart::Minute),
        ("ss", TimePart::Second),
        ("XXX", TimePart::Offset),
    ];
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        if let Some((word, part)) = words.iter().find(|(word, _)| rest.starts_with(word)) {
            parts.push(part.clone());
            rest = rest.strip_prefix(word)?;
        } else if let Some(quoted) = rest.strip_prefix('\'') {
            let (literal, behind) = quoted.split_once('\'')?;
            parts.extend(literal.chars().map(TimePart::Between));
            rest = behind;
        } else if first.is_ascii_alphanumeric() {
            return None;
        } else {
            parts.push(TimePart::Between(first));
            rest = rest.strip_prefix(first)?;
        }
    }
    let has = |part| parts.contains(&part);
    (has(TimePart::Year) && has(TimePart::Month) && has(TimePart::Day)).then_some(parts)
}

impl Format {
    /// A value of ours, as our records write it, in this format; none where it is no such value.
    pub(super) fn write(&self, value: &serde_json::Value, holds: Holds) -> Option<Body> {
        use serde_json::Value;
        let words = match value {
            Value::String(words) => words.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
        };
        match self {
            Self::Ours => match holds {
                Holds::Flag => value.as_bool().map(Body::Flag),
                Holds::Count => count(&words).map(Body::Number),
                Holds::Words
                | Holds::Moment
                | Holds::Day
                | Holds::Yuan
                | Holds::Factor
                | Holds::Name(_) => Some(Body::Text(words)),
            },
            Self::Time(parts) => civil(&words).map(|time| Body::Text(written(parts, time))),
            Self::Number(decimals) => padded(&words, *decimals).map(Body::Number),
            Self::Text(decimals) => padded(&words, *decimals).map(Body::Text),
            Self::Codes(map) => map.get(&words).map(|code| match code {
                Code::Text(text) => Body::Text(text.clone()),
                Code::Number(number) => Body::Number(number.to_string()),
            }),
        }
    }
}

fn count(words: &str) -> Option<String> {
    let digits = !words.is_empty() && words.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| words.to_owned())
}

/// China's civil time of a moment as our records write it, or the beginning of a day.
fn civil(words: &str) -> Option<DateTime> {
    if let Ok(moment) = rules::china_time::parse_instant(words) {
        return Some(rules::china_time::CHINA.to_datetime(moment));
    }
    let day: Date = rules::china_time::parse_date(words).ok()?;
    Some(day.to_datetime(Time::midnight()))
}

fn written(parts: &[TimePart], time: DateTime) -> String {
    let part = |part: &TimePart| match part {
        TimePart::Year => format!("{:04}", time.year()),
        TimePart::Month => format!("{:02}", time.month()),
        TimePart::Day => format!("{:02}", time.day()),
        TimePart::Hour => format!("{:02}", time.hour()),
        TimePart::Minute => format!("{:02}", time.minute()),
        TimePart::Second => format!("{:02}", time.second()),
        TimePart::Offset => "+08:00".to_owned(),
        TimePart::Between(character) => character.to_string(),
    };
    parts.iter().map(part).collect()
}

/// Digits with exactly so many decimals; none where digits would be lost.
fn padded(words: &str, decimals: usize) -> Option<String> {
    let unsigned = words.strip_prefix('-').unwrap_or(words);
    let (whole, behind) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(behind) || behind.len() > decimals {
        return None;
    }
    if decimals == 0 {
        return Some(words.to_owned());
    }
    let (sign, _) = words.split_at(words.len() - unsigned.len());
    Some(format!("{sign}{whole}.{behind:0<decimals$}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn format(entry: &str) -> Result<Format, FormatFault> {
        let entry: Entry = toml::from_str(entry).unwrap();
        entry.format("x")
    }

    #[test]
    fn a_moment_is_written_in_chinas_time_whatever_the_pattern() {
        let moment = json!("2025-08-20T00:30:05+08:00");
        for (pattern, text) in [
            ("yyyy-MM-dd HH:mm:ss", "2025-08-20 00:30:05"),
            ("yyyyMMddHHmm", "202508200030"),
            ("yyyy年MM月dd日", "2025年08月20日"),
            ("yyyy-MM-dd'T'HH:mm:ssXXX", "2025-08-20T00:30:05+08:00"),
        ] {
            let written = format(&format!("time = \"{pattern}\""))
                .unwrap()
                .write(&moment, Holds::Moment);
            assert!(written == Some(Body::Text(text.to_owned())), "{pattern}");
        }
        let day = format("time = 'yyyy-MM-dd HH:mm:ss'").unwrap();
        assert!(
            day.write(&json!("2025-08-20"), Holds::Day)
                == Some(Body::Text("2025-08-20 00:00:00".to_owned()))
        );
    }

    #[test]
    fn a_pattern_in_other_letters_or_without_its_day_is_refused() {
        for pattern in [
            "%Y-%m-%d",
            "YYYY-MM-dd",
            "yyyy-MM",
            "hh:mm",
            "yyyyMMdd'T",
            "yyyyMMdd1",
        ] {
            let refused = format(&format!("time = \"{pattern}\"")).unwrap_err();
            assert_eq!(refused, FormatFault::Time("x".to_owned()), "{pattern}");
        }
    }

    #[test]
    fn amounts_keep_every_digit() {
        for (words, decimals, written) in [
            ("12.50", 2, Some("12.50")),
            ("12.5", 4, Some("12.5000")),
            ("-3", 2, Some("-3.00")),
            ("-0.05", 2, Some("-0.05")),
            ("7", 0, Some("7")),
            ("12.345", 2, None),
            ("12.5", 0, None),
            ("1e3", 2, None),
            (".5", 2, None),
        ] {
            assert_eq!(padded(words, decimals).as_deref(), written, "{words}");
        }
    }

    #[test]
    fn a_format_says_exactly_one_thing() {
        for entry in ["", "number = 2\ntext = 2"] {
            let refused = format(entry).unwrap_err();
            assert_eq!(refused, FormatFault::NotOne("x".to_owned()));
        }
        let refused = format("number = 9").unwrap_err();
        assert_eq!(refused, FormatFault::Decimals("x".to_owned()));
    }
}
