//! Instants and dates as the case format writes them, in China's civil time (UTC+08:00, no time zone database).

use jiff::civil::{Date, DateTime};
use jiff::tz::{self, Offset};
use jiff::{Timestamp, ToSpan};

use crate::error::ParseError;

/// China's civil time: eight hours before UTC's clock, all year, all of the country.
pub const CHINA: Offset = tz::offset(8);

const INSTANT: ParseError =
    ParseError("须是带时区的 RFC 3339 时间，年份 0001 至 9998，例如 2025-08-20T10:00:00+08:00");
const DATE: ParseError = ParseError("须是存在的日期，写成 YYYY-MM-DD");

/// Reads RFC 3339 with an offset and up to nine decimals of a second.
///
/// Years 0001 to 9998: so that the civil date and any deadline counted from it exist. A 60th second is refused: no leap second
/// has fallen into the time these rules are in force.
pub fn parse_instant(text: &str) -> Result<Timestamp, ParseError> {
    instant(text.as_bytes()).ok_or(INSTANT)
}

/// Reads `YYYY-MM-DD`, years 0001 to 9999.
pub fn parse_date(text: &str) -> Result<Date, ParseError> {
    date(text.as_bytes()).ok_or(DATE)
}

/// The civil date of an instant in China.
pub fn civil_date(instant: Timestamp) -> Date {
    CHINA.to_datetime(instant).date()
}

/// RFC 3339 in China's civil time: `2025-08-20T10:30:00+08:00`, decimals only where there are any.
pub fn format_instant(instant: Timestamp) -> String {
    format!("{}+08:00", CHINA.to_datetime(instant))
}

/// `months` later: the same day of the month, or the month's last where there is none.
pub(crate) fn months_later(day: Date, months: u8) -> Date {
    day.checked_add(i32::from(months).months())
        .unwrap_or(Date::MAX)
}

/// `years` later: the same day, or 28 February where there is none.
pub(crate) fn years_later(day: Date, years: u8) -> Date {
    day.checked_add(i32::from(years).years())
        .unwrap_or(Date::MAX)
}

fn instant(text: &[u8]) -> Option<Timestamp> {
    let (day, rest) = (date(text.get(..10)?)?, text.get(10..)?);
    if day.year() > 9998 {
        return None;
    }
    let [b'T' | b't', h1, h2, b':', m1, m2, b':', s1, s2, rest @ ..] = rest else {
        return None;
    };
    let (hour, minute, second) = (two(*h1, *h2)?, two(*m1, *m2)?, two(*s1, *s2)?);
    let (nanosecond, rest) = match rest {
        [b'.', rest @ ..] => fraction(rest)?,
        [..] => (0, rest),
    };
    let seconds_east = match rest {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (two(*h1, *h2)?, two(*m1, *m2)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let seconds = i32::from(hours) * 3600 + i32::from(minutes) * 60;
            if *sign == b'-' { -seconds } else { seconds }
        }
        [..] => return None,
    };
    let civil = DateTime::new(
        day.year(),
        day.month(),
        day.day(),
        hour,
        minute,
        second,
        nanosecond,
    )
    .ok()?;
    Offset::from_seconds(seconds_east)
        .ok()?
        .to_timestamp(civil)
        .ok()
}

fn date(text: &[u8]) -> Option<Date> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else {
        return None;
    };
    let year = i16::from(two(*y1, *y2)?) * 100 + i16::from(two(*y3, *y4)?);
    if year == 0 {
        return None;
    }
    Date::new(year, two(*m1, *m2)?, two(*d1, *d2)?).ok()
}

fn two(tens: u8, ones: u8) -> Option<i8> {
    if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
        return None;
    }
    i8::try_from((tens - b'0') * 10 + (ones - b'0')).ok()
}

/// One to nine digits as nanoseconds, and what follows them.
fn fraction(text: &[u8]) -> Option<(i32, &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 || length > 9 {
        return None;
    }
    let (digits, rest) = text.split_at(length);
    let read = digits
        .iter()
        .fold(0, |value, digit| value * 10 + i32::from(digit - b'0'));
    Some(((length..9).fold(read, |value, _| value * 10), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_in_china_s_time() {
        for (text, written) in [
            ("2025-08-20T10:00:00+08:00", "2025-08-20T10:00:00+08:00"),
            ("2025-08-20T02:00:00Z", "2025-08-20T10:00:00+08:00"),
            (
                "2025-08-19T20:30:00.250-05:30",
                "2025-08-20T10:00:00.25+08:00",
            ),
            (
                "2024-02-29T23:59:59.999999999+08:00",
                "2024-02-29T23:59:59.999999999+08:00",
            ),
            ("0001-01-01T00:00:00+08:00", "0001-01-01T00:00:00+08:00"),
            ("9998-12-31T23:59:59+08:00", "9998-12-31T23:59:59+08:00"),
        ] {
            assert_eq!(format_instant(parse_instant(text).unwrap()), written);
        }
    }

    #[test]
    fn what_is_not_a_full_instant_is_refused() {
        for text in [
            "",
            "2025-08-20",
            "2025-08-20T10:00:00",
            "2025-08-20 10:00:00+08:00",
            "2025-08-20T10:00+08:00",
            "2025-02-29T10:00:00+08:00",
            "2025-08-20T24:00:00+08:00",
            "2025-08-20T10:00:60+08:00",
            "2025-08-20T10:00:00+0800",
            "2025-08-20T10:00:00+24:00",
            "2025-08-20T10:00:00.+08:00",
            "2025-08-20T10:00:00.1234567890+08:00",
            "2025-08-20T10:00:00+08:00 ",
            "9999-12-31T23:59:59+08:00",
            "２０２５-08-20T10:00:00+08:00",
        ] {
            assert!(parse_instant(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_date_that_does_not_exist_is_refused() {
        for text in [
            "",
            "2025-02-29",
            "2025-13-01",
            "2025-00-10",
            "2025-1-1",
            "0000-01-01",
            "20250101",
            "2025-06-31",
        ] {
            assert!(parse_date(text).is_err(), "{text}");
        }
        assert_eq!(
            parse_date("2024-02-29").unwrap(),
            jiff::civil::date(2024, 2, 29)
        );
    }

    #[test]
    fn the_civil_date_turns_at_midnight_in_china() {
        for (text, day) in [
            ("2025-08-19T15:59:59Z", "2025-08-19"),
            ("2025-08-19T16:00:00Z", "2025-08-20"),
        ] {
            assert_eq!(
                civil_date(parse_instant(text).unwrap()),
                parse_date(day).unwrap()
            );
        }
    }

    #[test]
    fn months_and_years_keep_the_day_or_end_with_the_month() {
        for (from, months, to) in [
            ("2025-08-31", 3, "2025-11-30"),
            ("2025-08-04", 3, "2025-11-04"),
            ("2025-08-31", 6, "2026-02-28"),
        ] {
            assert_eq!(
                months_later(parse_date(from).unwrap(), months),
                parse_date(to).unwrap()
            );
        }
        assert_eq!(
            years_later(parse_date("2024-02-29").unwrap(), 1),
            parse_date("2025-02-28").unwrap()
        );
        assert_eq!(
            years_later(parse_date("9990-01-01").unwrap(), 99),
            Date::MAX
        );
    }
}
