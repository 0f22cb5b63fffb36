//! Amounts of money: yuan with two decimals, exact, no floats.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use rust_decimal::Decimal;

use super::fixed_scale;
use crate::error::ParseError;

/// Digits before the point that the case format admits.
const WHOLE_DIGITS: usize = 12;

/// Digits after the point.
const SCALE: u32 = 2;

/// Yuan with two decimals, always of that scale.
///
/// A parsed amount has at most twelve digits before the point. Sums stay exact: to fill a decimal's 28 digits would take 10^14
/// lines.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(Decimal);

impl Money {
    /// 0.00 yuan.
    pub const ZERO: Self = Self(Decimal::from_parts(0, 0, 0, false, SCALE));

    /// 0.01 yuan.
    pub(crate) const CENT: Self = Self(Decimal::from_parts(1, 0, 0, false, SCALE));

    /// Reads yuan with exactly two decimals and at most twelve digits before the point, such as `18000.00` or `-720.00`.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Self::read(text).ok_or(ParseError(
            "须是以元为单位、正好两位小数、小数点前不超过 12 位的金额",
        ))
    }

    /// As [`Money::parse`], without a sign: prices, limits, ceilings and payments are never negative.
    pub fn parse_unsigned(text: &str) -> Result<Self, ParseError> {
        let unsigned = Some(text).filter(|text| !text.starts_with('-'));
        unsigned.and_then(Self::read).ok_or(ParseError(
            "须是以元为单位、不带正负号、正好两位小数、小数点前不超过 12 位的金额",
        ))
    }

    fn read(text: &str) -> Option<Self> {
        fixed_scale::parse(text, WHOLE_DIGITS, 2..=2, SCALE).map(Self)
    }

    /// From cents (分).
    pub fn from_cents(cents: i64) -> Self {
        Self(Decimal::new(cents, SCALE))
    }

    /// In cents.
    pub const fn cents(self) -> i128 {
        self.0.mantissa()
    }

    /// Below zero.
    pub const fn is_negative(self) -> bool {
        self.0.is_sign_negative()
    }

    /// Distance from zero.
    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// In yuan.
    pub(super) const fn yuan(self) -> Decimal {
        self.0
    }

    /// From yuan with more decimals, rounded half away from zero to the cent.
    pub(super) fn rounded(exact: Decimal) -> Self {
        Self(fixed_scale::rounded(exact, SCALE))
    }

    /// This amount × `part` ÷ `whole`, rounded half away from zero to the cent.
    pub(super) fn proportion(self, part: Decimal, whole: Decimal) -> Self {
        Self(fixed_scale::proportion(self.0, part, whole))
    }
}

impl Default for Money {
    fn default() -> Self {
        Self::ZERO
    }
}

impl fmt::Display for Money {
    /// `18000.00`: a minus sign where negative, two decimals always.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} yuan")
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(fixed_scale::kept(self.0.checked_add(other.0), SCALE))
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(fixed_scale::kept(self.0.checked_sub(other.0), SCALE))
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(fixed_scale::kept(Some(-self.0), SCALE))
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_as_it_was_read() {
        for text in [
            "0.00",
            "0.01",
            "-0.01",
            "18000.00",
            "999999999999.99",
            "-999999999999.99",
        ] {
            assert_eq!(Money::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn money_with_anything_but_two_decimals_is_refused() {
        for text in [
            "",
            "-",
            "1",
            "1.",
            "1.0",
            "1.000",
            ".10",
            "+1.00",
            "1.0a",
            "１.00",
            "1,000.00",
            "1e2",
            " 1.00",
            "--1.00",
            "1.-1",
            "1000000000000.00",
            "1.00.00",
            "NaN",
        ] {
            assert!(Money::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn limits_carry_no_sign() {
        assert!(Money::parse_unsigned("-1.00").is_err());
        assert!(Money::parse_unsigned("-0.00").is_err());
        assert_eq!(Money::parse_unsigned("3.50").unwrap().cents(), 350);
    }

    #[test]
    fn nothing_is_written_without_a_sign() {
        let (one, none) = (Money::from_cents(100), Money::ZERO);
        let read = Money::parse("-0.00").unwrap();
        for nothing in [-none, one - one, -one + one, none - none, read] {
            assert_eq!(nothing.to_string(), "0.00");
            assert!(!nothing.is_negative() && nothing == none);
        }
        assert_eq!((none - one).to_string(), "-1.00");
        assert_eq!(Money::default().to_string(), "0.00");
    }
}
