//! The forms in which provinces write codes, amounts, days, moments and flags, and the one that is agreed.

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz};
use rules::china_time;
use serde_json::Value;
use serde_json::value::RawValue;

use super::told::Told;

/// A value as agreed, and whether it was written otherwise.
type Read = (Value, bool);

/// As agreed where it stands there so.
fn read(told: Told<'_>, agreed: String) -> Read {
    let as_agreed = matches!(told, Told::Text(raw) if raw.get().trim_matches('"') == agreed);
    (Value::String(agreed), !as_agreed)
}

/// One of a list of names; blanks around it, wide letters and capitals do not make it another.
pub(super) fn code(told: Told<'_>) -> Option<Read> {
    let words = told.words()?;
    let name: String = words.chars().map(narrow).collect();
    let agreed = name.trim().to_ascii_lowercase();
    (!agreed.is_empty()).then(|| read(told, agreed))
}

/// Yuan with two decimals, from a text or a number with any number of them; what is finer than a cent is none.
pub(super) fn amount(told: Told<'_>) -> Option<Read> {
    let words: String = told.words()?.chars().map(narrow).collect();
    let plain = without_exponent(&without_commas(words.trim())?)?;
    let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
    let cents = decimals.trim_end_matches('0');
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(cents) || cents.len() > 2 {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(read(told, format!("{whole}.{cents:0<2}")))
}

/// A day, in any of the forms that stand for one day alone.
pub(super) fn date(told: Told<'_>) -> Option<Read> {
    let words = told.words()?;
    let day = match china_time::parse_instant(&words) {
        Ok(moment) => china_time::civil_date(moment),
        Err(_other_form) => day_of(&words).or_else(|| {
            let moment = epoch_ms(&words)?;
            Some(china_time::civil_date(moment))
        })?,
    };
    Some(read(told, day.to_string()))
}

/// A moment; where no zone is told, China's.
pub(super) fn instant(told: Told<'_>) -> Option<Read> {
    let words = told.words()?;
    if china_time::parse_instant(&words).is_ok() {
        return Some(read(told, words));
    }
    let moment = civil(&words)
        .and_then(|civil| tz::Offset::constant(8).to_timestamp(civil).ok())
        .or_else(|| words.replacen(' ', "T", 1).parse().ok())
        .or_else(|| epoch_ms(&words))?;
    let agreed = china_time::format_instant(moment);
    china_time::parse_instant(&agreed)
        .is_ok()
        .then(|| read(told, agreed))
}

/// The beginning of a day.
pub(super) fn day_begun(told: Told<'_>) -> Option<Read> {
    let day = day_of(&told.words()?)?;
    Some((Value::String(format!("{day}T00:00:00+08:00")), true))
}

/// Yes or no.
pub(super) fn flag(told: Told<'_>, raw: Option<&RawValue>) -> Option<Read> {
    match raw.map(RawValue::get) {
        Some("true") => return Some((Value::Bool(true), false)),
        Some("false") => return Some((Value::Bool(false), false)),
        Some(_) | None => {}
    }
    match told.words()?.to_ascii_lowercase().as_str() {
        "1" | "true" | "y" | "yes" | "是" => Some((Value::Bool(true), true)),
        "0" | "false" | "n" | "no" | "否" => Some((Value::Bool(false), true)),
        _ => None,
    }
}

/// Digits and letters that input methods make wide.
fn narrow(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
        }
        '\u{3000}' => ' ',
        _ => character,
    }
}

/// Commas before each three digits are left out; any other is none.
fn without_commas(text: &str) -> Option<String> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let mut groups = whole.split(',');
    let first = groups.next()?.len();
    let in_threes =
        !whole.contains(',') || (1..=3).contains(&first) && groups.all(|group| group.len() == 3);
    let elsewhere = text.matches(',').count() > whole.matches(',').count();
    (in_threes && !elsewhere).then(|| text.replace(',', ""))
}

/// `1.2E+3` as `1200`: Java writes so what was 1200 to it.
fn without_exponent(text: &str) -> Option<String> {
    let Some((digits, exponent)) = text.split_once(['e', 'E']) else {
        return Some(text.to_owned());
    };
    let exponent: usize = exponent.trim_start_matches('+').parse().ok()?;
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    if exponent > 12 || decimals.len() > 12 {
        return None;
    }
    let padded = format!("{decimals:0<exponent$}");
    let (moved, rest) = padded.split_at_checked(exponent)?;
    Some(format!("{whole}{moved}.{rest}"))
}

/// `2025-08-20`, `2025-8-20`, `2025/08/20`, `2025.08.20`, `20250820`, `2025年8月20日`, each with a time behind it or not.
fn day_of(words: &str) -> Option<Date> {
    let text = words.trim();
    if let Some(civil) = civil(text) {
        return Some(civil.date());
    }
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return day(text.get(..4)?, text.get(4..6)?, text.get(6..)?);
    }
    let text = text.strip_suffix('日').unwrap_or(text);
    let mut parts = text.split(['-', '/', '.', '年', '月']);
    let date = day(parts.next()?, parts.next()?, parts.next()?)?;
    parts.next().is_none().then_some(date)
}

fn day(year: &str, month: &str, day: &str) -> Option<Date> {
    let short = |text: &str| (1..=2).contains(&text.len());
    if year.len() != 4 || !short(month) || !short(day) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A day with a time and no zone: `2025-08-20 10:00:00`, `2025-08-20T10:00:00.123`, `20250820100000`, `2025/8/20 10:00`.
fn civil(words: &str) -> Option<DateTime> {
    let text = words.trim();
    if text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let date = day(text.get(..4)?, text.get(4..6)?, text.get(6..8)?)?;
        return at(date, text.get(8..10)?, text.get(10..12)?, text.get(12..)?);
    }
    let (date, time) = text.split_once([' ', 'T'])?;
    let date = day_of(date)?;
    let whole = time.split_once('.').map_or(time, |(whole, decimals)| {
        let fraction = !decimals.is_empty() && decimals.bytes().all(|byte| byte.is_ascii_digit());
        if fraction { whole } else { "" }
    });
    let mut parts = whole.trim().split(':');
    let (hour, minute) = (parts.next()?, parts.next()?);
    let second = parts.next().unwrap_or("0");
    parts
        .next()
        .is_none()
        .then(|| at(date, hour, minute, second))?
}

fn at(date: Date, hour: &str, minute: &str, second: &str) -> Option<DateTime> {
    let (hour, minute, second) = (
        hour.parse().ok()?,
        minute.parse().ok()?,
        second.parse().ok()?,
    );
    let time = jiff::civil::Time::new(hour, minute, second, 0).ok()?;
    Some(date.to_datetime(time))
}

/// Thirteen digits: milliseconds since 1970, as Java writes a date that nobody told it how to write.
fn epoch_ms(words: &str) -> Option<Timestamp> {
    let digits = words.len() == 13 && words.bytes().all(|byte| byte.is_ascii_digit());
    let milliseconds = digits.then(|| words.parse().ok())??;
    Timestamp::from_millisecond(milliseconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(read: impl Fn(Told<'_>) -> Option<Read>, rows: &[(&str, Option<&str>, bool)]) {
        for (told, agreed, odd) in rows {
            let raw: &RawValue = serde_json::from_str(told).unwrap();
            let expected = agreed.map(|text| (Value::String(text.to_owned()), *odd));
            assert_eq!(read(Told::of(Some(raw))), expected, "{told}");
        }
    }

    #[test]
    fn amounts_are_read_to_the_cent_or_not_at_all() {
        check(
            amount,
            &[
                (r#""90.00""#, Some("90.00"), false),
                ("90", Some("90.00"), true),
                (r#""90""#, Some("90.00"), true),
                ("90.5", Some("90.50"), true),
                (r#"" 90.00 ""#, Some("90.00"), true),
                ("90.0000", Some("90.00"), true),
                (r#""1,234.50""#, Some("1234.50"), true),
                (r#""９０．００""#, Some("90.00"), true),
                ("1.2E+3", Some("1200.00"), true),
                ("9e1", Some("90.00"), true),
                ("0", Some("0.00"), true),
                ("90.005", None, false),
                (r#""12,34""#, None, false),
                (r#""90,00""#, None, false),
                ("-1", None, false),
                (r#""九十""#, None, false),
                (r#""""#, None, false),
                ("1e99", None, false),
                ("true", None, false),
            ],
        );
    }

    #[test]
    fn a_day_is_read_in_every_form_that_is_one_day() {
        for form in [
            r#""20250820""#,
            "20250820",
            r#""2025/08/20""#,
            r#""2025-8-20""#,
            r#""2025.08.20""#,
            r#""2025年8月20日""#,
            r#""2025-08-20 00:00:00""#,
            r#""2025-08-20 00:00:00.0""#,
            r#""2025-08-20T23:59:59""#,
            r#""2025-08-19T16:00:00Z""#,
            r#""20250820235959""#,
            "1755619200000",
        ] {
            check(date, &[(form, Some("2025-08-20"), true)]);
        }
        check(
            date,
            &[
                (r#""2025-08-20""#, Some("2025-08-20"), false),
                (r#""2025-02-30""#, None, false),
                (r#""08/20/2025""#, None, false),
                (r#""250820""#, None, false),
                ("0", None, false),
            ],
        );
    }

    #[test]
    fn a_moment_without_a_zone_is_chinas() {
        for form in [
            r#""2025-08-20 10:00:00""#,
            r#""2025-08-20T10:00:00""#,
            r#""2025-08-20 10:00""#,
            r#""2025/08/20 10:00:00""#,
            r#""20250820100000""#,
            r#""2025-08-20 02:00:00Z""#,
            "1755655200000",
        ] {
            check(instant, &[(form, Some("2025-08-20T10:00:00+08:00"), true)]);
        }
        check(
            instant,
            &[
                (
                    r#""2025-08-20T02:00:00Z""#,
                    Some("2025-08-20T02:00:00Z"),
                    false,
                ),
                (r#""2025-08-20""#, None, false),
                (r#""2025-08-20 25:00:00""#, None, false),
            ],
        );
    }

    #[test]
    fn flags_are_read_in_their_pairs() {
        for (told, yes, odd) in [
            ("true", Some(true), false),
            ("0", Some(false), true),
            (r#""1""#, Some(true), true),
            (r#""否""#, Some(false), true),
            (r#""TRUE""#, Some(true), true),
            ("2", None, false),
            ("null", None, false),
        ] {
            let raw: &RawValue = serde_json::from_str(told).unwrap();
            let expected = yes.map(|yes| (Value::Bool(yes), odd));
            assert_eq!(flag(Told::of(Some(raw)), Some(raw)), expected, "{told}");
        }
    }
}
