//! Dates on the card: four BCD bytes, year month day, or no date at all.

use jiff::civil::Date;

/// What a date record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardDate {
    /// A date of the calendar.
    On(Date),
    /// The record is absent, or holds zeros or F digits: the issuer wrote none.
    Blank,
    /// The record holds something that is no date.
    Unreadable,
}

impl CardDate {
    /// The date, if there is one.
    pub fn date(self) -> Option<Date> {
        match self {
            Self::On(date) => Some(date),
            Self::Blank | Self::Unreadable => None,
        }
    }
}

/// Reads `yyyymmdd` in BCD; all zeros or all F is blank.
pub(crate) fn parse_bcd_date(bytes: &[u8]) -> CardDate {
    if bytes.iter().all(|b| *b == 0) || bytes.iter().all(|b| *b == 0xFF) {
        return CardDate::Blank;
    }
    let digits = super::hex::encode(bytes);
    parse_digits(&digits)
}

/// Reads `yyyymmdd` in characters, as identity cards have it; empty or all zeros is blank.
pub(crate) fn parse_digits(digits: &str) -> CardDate {
    if digits.bytes().all(|b| b == b'0') {
        return CardDate::Blank;
    }
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return CardDate::Unreadable;
    }
    let year = digits[..4].parse();
    let month = digits[4..6].parse();
    let day = digits[6..].parse();
    match (year, month, day) {
        (Ok(year), Ok(month), Ok(day)) => match Date::new(year, month, day) {
            Ok(date) => CardDate::On(date),
            Err(_) => CardDate::Unreadable,
        },
        _ => CardDate::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn four_bcd_bytes_are_a_date() {
        assert_eq!(
            parse_bcd_date(&[0x20, 0x24, 0x06, 0x01]),
            CardDate::On(date(2024, 6, 1))
        );
        assert_eq!(
            parse_bcd_date(&[0x20, 0x24, 0x02, 0x29]),
            CardDate::On(date(2024, 2, 29))
        );
    }

    #[test]
    fn zeros_f_and_nothing_are_blank() {
        assert_eq!(parse_bcd_date(&[0; 4]), CardDate::Blank);
        assert_eq!(parse_bcd_date(&[0xFF; 4]), CardDate::Blank);
        assert_eq!(parse_bcd_date(&[]), CardDate::Blank);
    }

    #[test]
    fn what_is_no_date_is_unreadable() {
        assert_eq!(
            parse_bcd_date(&[0x20, 0x23, 0x02, 0x29]),
            CardDate::Unreadable
        );
        assert_eq!(
            parse_bcd_date(&[0x20, 0x24, 0x0A, 0x01]),
            CardDate::Unreadable
        );
        assert_eq!(parse_bcd_date(&[0x20, 0x24]), CardDate::Unreadable);
        assert_eq!(
            parse_bcd_date(&[0x20, 0x24, 0x06, 0xFF]),
            CardDate::Unreadable
        );
    }
}
