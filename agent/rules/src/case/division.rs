//! Division codes, and the place and province they lie in.

use std::fmt;

use crate::error::ParseError;

/// Provinces that are one place each: Beijing, Tianjin, Shanghai, Chongqing.
const MUNICIPALITIES: [[u8; 2]; 4] = [*b"11", *b"12", *b"31", *b"50"];

/// Six digits of the social insurance agencies: GB/T 2260, and 66 for the Xinjiang Production and Construction Corps (notice, point 1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DivisionCode([u8; 6]);

/// A prefecture, or what counts as one: what a filing is made for and where a worker is insured.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place([u8; 6]);

/// The first two digits: 43 is Hunan, 35 Fujian.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Province([u8; 2]);

impl DivisionCode {
    /// Reads six ASCII digits.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        match <[u8; 6]>::try_from(text.as_bytes()) {
            Ok(digits) if digits.iter().all(u8::is_ascii_digit) => Ok(Self(digits)),
            Ok(_) | Err(_) => Err(ParseError("须是 6 位数字的行政区划代码")),
        }
    }

    /// The place: the whole province for the four municipalities, all six digits under a 90 (counties run by the province), else the
    /// prefecture's four.
    pub fn place(self) -> Place {
        let [p1, p2, d3, d4, ..] = self.0;
        if MUNICIPALITIES.contains(&[p1, p2]) {
            return Place([p1, p2, b'0', b'0', b'0', b'0']);
        }
        if [d3, d4] == *b"90" {
            return Place(self.0);
        }
        Place([p1, p2, d3, d4, b'0', b'0'])
    }

    /// The province.
    pub fn province(self) -> Province {
        Province([self.0[0], self.0[1]])
    }

    /// The six digits.
    pub fn as_str(&self) -> &str {
        ascii(&self.0)
    }
}

impl Province {
    /// Hunan: the province whose rules bind workers insured there (43).
    pub const HUNAN: Self = Self(*b"43");

    /// Reads two ASCII digits.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        match <[u8; 2]>::try_from(text.as_bytes()) {
            Ok(digits) if digits.iter().all(u8::is_ascii_digit) => Ok(Self(digits)),
            Ok(_) | Err(_) => Err(ParseError("须是 2 位数字的省份代码")),
        }
    }

    /// The two digits.
    pub fn as_str(&self) -> &str {
        ascii(&self.0)
    }
}

impl Place {
    /// The place's six digits, zeros after what counts: `430100`, `310000`, `429004`.
    pub fn as_str(&self) -> &str {
        ascii(&self.0)
    }
}

/// Digits as text; they were checked to be ASCII when they were read.
fn ascii(digits: &[u8]) -> &str {
    std::str::from_utf8(digits).unwrap_or("")
}

macro_rules! shows_its_digits {
    ($($name:ident)+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.as_str())
            }
        }
    )+};
}

shows_its_digits!(DivisionCode Place Province);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_lies_in_its_prefecture_its_municipality_or_stands_alone_under_a_90() {
        for (code, place, province) in [
            ("430103", "430100", "43"),
            ("430100", "430100", "43"),
            ("310115", "310000", "31"),
            ("110228", "110000", "11"),
            ("120101", "120000", "12"),
            ("500240", "500000", "50"),
            ("429004", "429004", "42"),
            ("419001", "419001", "41"),
            ("319001", "310000", "31"),
            ("660100", "660100", "66"),
            ("659001", "659001", "65"),
        ] {
            let code = DivisionCode::parse(code).unwrap();
            assert_eq!(code.place().as_str(), place);
            assert_eq!(code.province().as_str(), province);
        }
    }

    #[test]
    fn what_is_not_six_ascii_digits_is_no_division() {
        for text in [
            "",
            "43010",
            "4301033",
            "43010a",
            "４３０１０３",
            "43 103",
            "-30103",
        ] {
            assert!(DivisionCode::parse(text).is_err(), "{text}");
        }
    }
}
