//! What an identity card says: 256 bytes of UTF-16LE in fields of fixed length.

use std::fmt;

use jiff::civil::Date;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::card::{CardDate, SocialSecurityNumber, parse_digits};

/// The fields that opening a gate needs; the rest is never kept.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct IdentityCard {
    /// 姓名.
    pub name: String,
    /// 公民身份号码, which is the social security number.
    pub number: SocialSecurityNumber,
    /// 有效期限起, `yyyymmdd`.
    pub valid_from: String,
    /// 有效期限止, `yyyymmdd` or 长期.
    pub valid_to: String,
}

/// Whether an identity card holds on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// The day lies within it.
    Valid,
    /// Its first day is yet to come, or its last one has passed.
    Outside,
    /// What stands there is no date.
    Unreadable,
}

/// The answer is not an identity card's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotIdentityCard {
    /// The lengths are others.
    #[error("the identity card's answer has other lengths")]
    Length,
    /// This field cannot be read.
    #[error("the identity card's field {0} cannot be read")]
    Field(&'static str),
}

/// What stands in place of a last day.
const FOR_LIFE: &str = "长期";
/// Length of the text.
const TEXT: usize = 256;

impl IdentityCard {
    /// Reads the SAM's data: lengths of text and photo, two bytes each, then text and photo. The photo is not touched.
    ///
    /// # Errors
    ///
    /// Which field cannot be read; never its value.
    pub fn parse(data: &[u8]) -> Result<Self, NotIdentityCard> {
        let [text_high, text_low, photo_high, photo_low, rest @ ..] = data else {
            return Err(NotIdentityCard::Length);
        };
        let text = usize::from(u16::from_be_bytes([*text_high, *text_low]));
        let photo = usize::from(u16::from_be_bytes([*photo_high, *photo_low]));
        if text != TEXT || rest.len() < text + photo {
            return Err(NotIdentityCard::Length);
        }
        let mut rest = &rest[..TEXT];
        let mut take = |length: usize| {
            let (field, after) = rest.split_at_checked(length)?;
            rest = after;
            utf16(field)
        };
        let mut fields = [30, 2, 4, 16, 70, 36, 30, 16, 16]
            .map(&mut take)
            .into_iter();
        let mut next = |name| fields.next().flatten().ok_or(NotIdentityCard::Field(name));
        let name = next("name")?;
        for skipped in ["sex", "nation", "birth", "address"] {
            drop(next(skipped).map(Zeroizing::new));
        }
        let number = Zeroizing::new(next("number")?);
        drop(next("issuer"));
        let (valid_from, valid_to) = (next("valid from")?, next("valid to")?);
        let Ok(number) = SocialSecurityNumber::parse(&number) else {
            return Err(NotIdentityCard::Field("number"));
        };
        if name.is_empty() || name.chars().any(char::is_control) {
            return Err(NotIdentityCard::Field("name"));
        }
        Ok(Self {
            name,
            number,
            valid_from,
            valid_to,
        })
    }
}

impl IdentityCard {
    /// Whether the card holds on this day.
    pub fn validity_on(&self, day: Date) -> Validity {
        let CardDate::On(from) = parse_digits(&self.valid_from) else {
            return Validity::Unreadable;
        };
        let to = match (self.valid_to.as_str(), parse_digits(&self.valid_to)) {
            (FOR_LIFE, _) => Date::MAX,
            (_, CardDate::On(to)) => to,
            (_, CardDate::Blank | CardDate::Unreadable) => return Validity::Unreadable,
        };
        if (from..=to).contains(&day) {
            Validity::Valid
        } else {
            Validity::Outside
        }
    }
}

/// A field without its filling of blanks.
fn utf16(field: &[u8]) -> Option<String> {
    let units = field
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    let text = Zeroizing::new(text.ok()?);
    Some(
        text.trim_matches(|c: char| c == '\0' || c.is_whitespace())
            .to_owned(),
    )
}

impl fmt::Debug for IdentityCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityCard(redacted)")
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The SAM's data for a synthetic holder.
    pub(crate) fn data(name: &str, number: &str) -> Vec<u8> {
        let mut text = Vec::new();
        let fields: [(&str, usize); 10] = [
            (name, 30),
            ("1", 2),
            ("01", 4),
            ("19900307", 16),
            ("测试路1号", 70),
            (number, 36),
            ("测试公安局", 30),
            ("20200101", 16),
            ("长期", 16),
            ("", 36),
        ];
        for (value, length) in fields {
            let mut field: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
            while field.len() < length {
                field.extend_from_slice(&[0x20, 0x00]);
            }
            text.extend_from_slice(&field);
        }
        [&[0x01, 0x00, 0x04, 0x00], text.as_slice(), &[0; 1024]].concat()
    }

    #[test]
    fn name_number_and_validity_are_read_and_nothing_is_shown() {
        let card = IdentityCard::parse(&data("测试一", "650102199003070013")).expect("card");
        assert_eq!(
            (card.name.as_str(), card.number.as_str()),
            ("测试一", "650102199003070013")
        );
        assert_eq!(
            (card.valid_from.as_str(), card.valid_to.as_str()),
            ("20200101", "长期")
        );
        assert_eq!(format!("{card:?}"), "IdentityCard(redacted)");
    }

    #[test]
    fn a_card_holds_from_its_first_day_to_its_last() {
        let card = |to: &str| {
            let mut card =
                IdentityCard::parse(&data("测试一", "650102199003070013")).expect("card");
            card.valid_to = to.into();
            card
        };
        let day = |year, month, day| Date::new(year, month, day).expect("a day");
        for (to, on, validity) in [
            ("长期", day(2019, 12, 31), Validity::Outside),
            ("长期", day(2020, 1, 1), Validity::Valid),
            ("20300101", day(2030, 1, 1), Validity::Valid),
            ("20300101", day(2030, 1, 2), Validity::Outside),
            ("20301301", day(2026, 3, 1), Validity::Unreadable),
            ("", day(2026, 3, 1), Validity::Unreadable),
        ] {
            assert_eq!(card(to).validity_on(on), validity, "{to} on {on}");
        }
    }

    #[test]
    fn other_lengths_and_unreadable_fields_are_refused() {
        let right = data("测试一", "650102199003070013");
        assert_eq!(
            IdentityCard::parse(&right[..right.len() - 1]),
            Err(NotIdentityCard::Length)
        );
        assert_eq!(
            IdentityCard::parse(&[0x00, 0xFF, 0x04, 0x00]),
            Err(NotIdentityCard::Length)
        );
        assert_eq!(IdentityCard::parse(&[]), Err(NotIdentityCard::Length));
        let nameless = data("", "650102199003070013");
        assert_eq!(
            IdentityCard::parse(&nameless),
            Err(NotIdentityCard::Field("name"))
        );
        let numberless = data("测试一", "65010219900307001");
        assert_eq!(
            IdentityCard::parse(&numberless),
            Err(NotIdentityCard::Field("number"))
        );
        let mut broken = right;
        broken[5] = 0xD8;
        assert_eq!(
            IdentityCard::parse(&broken),
            Err(NotIdentityCard::Field("name"))
        );
    }
}
