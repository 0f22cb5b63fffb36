//! The three numbers on a card, each with its form and its check digit.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// A number does not have the form that its standard gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} does not have the form its standard gives it")]
pub struct Malformed {
    /// Which number.
    pub what: &'static str,
}

/// 社会保障号码: 18 characters, for citizens the number of GB 11643.
#[derive(Clone, PartialEq, Eq, Hash, Zeroize, ZeroizeOnDrop)]
pub struct SocialSecurityNumber(String);

impl SocialSecurityNumber {
    /// Takes 18 ASCII digits and capital letters; a small `x` at the end becomes `X`.
    ///
    /// The check digit is not asked for: numbers of residents from Hong Kong, Macao, Taiwan and of foreigners may fail
    /// it. [`Self::has_right_check_digit`] tells.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let malformed = Malformed {
            what: "social security number",
        };
        if text.len() != 18 || !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(malformed);
        }
        if text.bytes().any(|b| b.is_ascii_lowercase() && b != b'x') {
            return Err(malformed);
        }
        Ok(Self(text.to_ascii_uppercase()))
    }

    /// The 18 characters. They identify a person: not for a log.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// GB 11643: weights 7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2, the sum modulo 11 picks from `10X98765432`.
    pub fn has_right_check_digit(&self) -> bool {
        const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        const CHECK: [u8; 11] = *b"10X98765432";
        let bytes = self.0.as_bytes();
        let mut sum = 0;
        for (byte, weight) in bytes.iter().zip(WEIGHTS) {
            let Some(digit) = char::from(*byte).to_digit(10) else {
                return false;
            };
            sum += digit * weight;
        }
        let expected = CHECK
            .iter()
            .enumerate()
            .find(|(place, _)| u32::try_from(*place) == Ok(sum % 11));
        expected.is_some_and(|(_, check)| bytes.last() == Some(check))
    }

    /// `6501**********0013`: enough to compare with the worker at the counter, too little to copy.
    pub fn masked(&self) -> String {
        mask(&self.0, 4, 4)
    }
}

/// 卡号: 9 characters, the last a check digit.
#[derive(Clone, PartialEq, Eq, Hash, Zeroize, ZeroizeOnDrop)]
pub struct CardNumber(String);

impl CardNumber {
    /// Takes 1 to 9 ASCII digits and capital letters, padding already removed.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let right = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase();
        if text.is_empty() || text.len() > 9 || !text.bytes().all(right) {
            return Err(Malformed {
                what: "card number",
            });
        }
        Ok(Self(text.to_owned()))
    }

    /// The characters as on the card.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Weights 3 7 9 10 5 8 4 2, A = 10 to Z = 35, 11 − Σ mod 11, where 10 is written X and 11 is written 0.
    pub fn has_right_check_digit(&self) -> bool {
        const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
        let Some((check, body)) = self.0.as_bytes().split_last() else {
            return false;
        };
        if body.len() != WEIGHTS.len() {
            return false;
        }
        let mut sum = 0;
        for (byte, weight) in body.iter().zip(WEIGHTS) {
            let Some(value) = char::from(*byte).to_digit(36) else {
                return false;
            };
            sum += value * weight;
        }
        let expected = match 11 - sum % 11 {
            10 => 'X',
            11 => '0',
            digit => char::from_digit(digit, 10).unwrap_or('?'),
        };
        char::from(*check) == expected
    }

    /// `T0*****1X`.
    pub fn masked(&self) -> String {
        mask(&self.0, 2, 2)
    }
}

/// 卡识别码: 16 bytes: the issuing city's division (BCD 3), `D156000005`, and a number.
#[derive(Clone, PartialEq, Eq, Hash, Zeroize, ZeroizeOnDrop)]
pub struct CardId([u8; 16]);

impl CardId {
    /// Takes the 16 bytes of record 01.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        match <[u8; 16]>::try_from(bytes) {
            Ok(id) if id.iter().any(|b| *b != 0xFF) && id.iter().any(|b| *b != 0) => Ok(Self(id)),
            Ok(_) | Err(_) => Err(Malformed { what: "card id" }),
        }
    }

    /// Takes 32 hexadecimal digits, as in the national string.
    pub fn parse_hex(text: &str) -> Result<Self, Malformed> {
        match super::hex::decode(text) {
            Some(bytes) => Self::parse(&bytes),
            None => Err(Malformed { what: "card id" }),
        }
    }

    /// The 16 bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// 32 hexadecimal digits in capitals.
    pub fn to_hex(&self) -> String {
        super::hex::encode(&self.0)
    }

    /// Whether it names the social security card as its kind (`D156000005`): other cards have other things in a file 05.
    pub(crate) fn is_of_social_security(&self) -> bool {
        self.0[3..8] == [0xD1, 0x56, 0x00, 0x00, 0x05]
    }

    /// The issuing city's division, six digits; hexadecimal letters where the card does not hold BCD there.
    pub fn city(&self) -> String {
        super::hex::encode(&self.0[..3])
    }

    /// `3201********************01FF`-like: the city and the last four digits.
    pub fn masked(&self) -> String {
        mask(&self.to_hex(), 6, 4)
    }
}

/// Keeps `head` and `tail` characters of `text` and replaces what lies between; hides all of a text too short for it.
fn mask(text: &str, head: usize, tail: usize) -> String {
    let hidden = text.chars().count().saturating_sub(head + tail);
    let keep = hidden > 0;
    text.chars()
        .enumerate()
        .map(|(place, c)| {
            if keep && (place < head || place >= head + hidden) {
                c
            } else {
                '*'
            }
        })
        .collect()
}

macro_rules! redacted {
    ($($type:ident),*) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($type), "(redacted)"))
            }
        }
    )*};
}
redacted!(SocialSecurityNumber, CardNumber, CardId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citizens_number_is_checked_by_gb_11643() {
        let check = |text| {
            SocialSecurityNumber::parse(text)
                .expect("form")
                .has_right_check_digit()
        };
        assert!(check("650102199003070013"));
        assert!(check("11010519491231002X"));
        assert!(check("11010519491231002x"));
        assert!(!check("650102199003070014"));
        assert!(!check("HKG0021990030700AB"));
    }

    #[test]
    fn a_number_of_another_form_is_refused() {
        for text in [
            "",
            "65010219900307001",
            "6501021990030700133",
            "6501021990030700 3",
            "６50102199003070",
        ] {
            assert!(SocialSecurityNumber::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_card_number_is_checked_by_its_last_character() {
        let check = |text| {
            CardNumber::parse(text)
                .expect("form")
                .has_right_check_digit()
        };
        assert!(check("T0000001X"));
        assert!(!check("T00000011"));
        assert!(!check("T0000001"));
    }

    #[test]
    fn masks_keep_head_and_tail_and_hide_short_texts_whole() {
        assert_eq!(
            CardNumber::parse("T0000001X").expect("form").masked(),
            "T0*****1X"
        );
        assert_eq!(CardNumber::parse("T01").expect("form").masked(), "***");
        let number = SocialSecurityNumber::parse("650102199003070013").expect("form");
        assert_eq!(number.masked(), "6501**********0013");
    }

    #[test]
    fn debug_shows_no_number() {
        let number = SocialSecurityNumber::parse("650102199003070013").expect("form");
        assert_eq!(format!("{number:?}"), "SocialSecurityNumber(redacted)");
        assert_eq!(
            format!("{:?}", CardNumber::parse("T0000001X").expect("form")),
            "CardNumber(redacted)"
        );
    }
}
