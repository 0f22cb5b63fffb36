//! Days in the ways hospitals and spreadsheets write them.

use jiff::civil::Date;

use super::{Read, written};
use crate::bill::notes::Repair;

const EXPECTED: &str = "应为年在前的日期，例如 2025-08-12、2025/8/12、20250812";

/// Years that a bill can be of: outside of them a number is no day.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2099;

/// The day of a service.
pub(in crate::bill) fn date(text: &str) -> Read<Date> {
    let narrow = match written(text) {
        Ok(written) => written,
        Err(why) => return Read::Refused(why),
    };
    let narrow = narrow.trim_start_matches('\'');
    if let Some(day) = day_number(narrow) {
        return Read::Taken(day, vec![Repair::DateNumber]);
    }
    let (day, time) = match narrow.split_once([' ', 'T']) {
        Some((day, time)) => (day, Some(time.trim())),
        None => (narrow, None),
    };
    // 2025年8月12日10:30 has nothing between the day and the time.
    let (day, time) = match (day.split_once('日'), time) {
        (Some((day, "")), time) => (day, time),
        (Some((day, behind)), None) => (day, Some(behind)),
        (Some(_), Some(_)) => return Read::Refused(EXPECTED),
        (None, time) => (day, time),
    };
    let Some(day) = parts(day).and_then(|(year, month, day)| Date::new(year, month, day).ok())
    else {
        return Read::Refused(EXPECTED);
    };
    if !YEARS.contains(&day.year()) {
        return Read::Refused(EXPECTED);
    }
    match time {
        None => Read::plain(day),
        Some(time) if is_time(time) => {
            // Midnight is how a day alone is written by programs that know no days.
            let midnight = time.bytes().all(|byte| matches!(byte, b'0' | b':' | b'.'));
            let said = if midnight {
                Vec::new()
            } else {
                vec![Repair::DateTime]
            };
            Read::Taken(day, said)
        }
        Some(_no_time) => Read::Refused(EXPECTED),
    }
}

/// Year, month and day, the year first and of four digits: any other order means another day to somebody.
fn parts(text: &str) -> Option<(i16, i8, i8)> {
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((
            text.get(..4)?.parse().ok()?,
            text.get(4..6)?.parse().ok()?,
            text.get(6..)?.parse().ok()?,
        ));
    }
    let separators: Vec<char> = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let alike = matches!(
        separators.as_slice(),
        ['-', '-'] | ['/', '/'] | ['.', '.'] | ['年', '月']
    );
    let mut parts = text.split(|c: char| !c.is_ascii_digit());
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let short = |part: &str| (1..=2).contains(&part.len());
    if !alike || year.len() != 4 || !short(month) || !short(day) {
        return None;
    }
    Some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
}

/// `10:30`, `10:30:00`, `10:30:00.000`, with or without an offset of Chinese time.
fn is_time(text: &str) -> bool {
    let text = text.strip_suffix("+08:00").unwrap_or(text);
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<&str> = clock.split(':').collect();
    let two_digits = |part: &&str| {
        (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    (2..=3).contains(&parts.len())
        && parts.iter().all(two_digits)
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

/// A spreadsheet's count of days since the last day of 1899, with or without the time as a fraction: five digits, which no other
/// way of writing a day has.
fn day_number(text: &str) -> Option<Date> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 5 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let days: i32 = whole.parse().ok()?;
    // 1900-02-29, which spreadsheets believe in, lies before any bill.
    let day = jiff::civil::date(1899, 12, 30)
        .checked_add(jiff::Span::new().days(days))
        .ok()?;
    YEARS.contains(&day.year()).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        date(text).said()
    }

    #[test]
    fn days_are_read_in_every_way_that_can_mean_one_day_alone() {
        for (text, expected) in [
            ("2026-11-16", "2026-11-16"),
            ("2026/11/16", "2026-11-16"),
            ("2026/1/6", "2026-01-06"),
            ("2026.11.16", "2026-11-16"),
            ("20261116", "2026-11-16"),
            ("2026年11月16日", "2026-11-16"),
            ("２０２６－１１－１６", "2026-11-16"),
            (" 2026-11-16 ", "2026-11-16"),
            ("'2026-11-16", "2026-11-16"),
            ("2026-11-16 00:00:00", "2026-11-16"),
            ("2026-11-16 08:30", "2026-11-16 [DateTime]"),
            ("2026/11/16 8:30:05", "2026-11-16 [DateTime]"),
            ("2026-11-16T08:30:05.123+08:00", "2026-11-16 [DateTime]"),
            ("2026年11月16日10:30", "2026-11-16 [DateTime]"),
            ("46342", "2026-11-16 [DateNumber]"),
            ("46342.354166666664", "2026-11-16 [DateNumber]"),
        ] {
            assert_eq!(said(text), expected, "{text:?}");
        }
    }

    #[test]
    fn days_that_could_mean_another_are_refused() {
        for text in [
            "",
            "16/11/2026",
            "11/16/2026",
            "26-11-16",
            "261116",
            "2026-11",
            "2026-02-30",
            "2026-13-01",
            "1926-11-16",
            "2026-11-16 25",
            "2026-11/16",
            "46342天",
            "146342",
            "20261116083000",
            "昨天",
            "2026-11-16 上午",
            "#REF!",
            "########",
            "2026-11-16-17",
            "20261316",
        ] {
            assert_eq!(said(text), "refused", "{text:?}");
        }
    }
}
