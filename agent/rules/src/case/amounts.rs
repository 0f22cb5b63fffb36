//! Amounts, unit prices and quantities: exact decimals on 128-bit integers, no floats.
//!
//! A unit price and a quantity have up to eight digits before the point and four after it each. Cases kept by rule set 1 have
//! up to twelve: their product needs 32 digits, more than a 96-bit decimal holds and well within 128 bits.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use crate::ParseError;

/// Digits before the point that the case format admits in an amount.
const AMOUNT_DIGITS: usize = 12;

/// Digits before the point that the case format admits in a unit price and in a quantity.
const FACTOR_DIGITS: usize = 8;

/// The same, in the case format of rule set 1.
const FACTOR_DIGITS_FIRST: usize = 12;

/// Yuan with two decimals, held as cents (分).
///
/// A parsed amount has at most twelve digits before the point. Sums stay exact: 2^127 cents would take more than 10^24 lines.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i128);

impl Money {
    /// 0.00 yuan.
    pub const ZERO: Self = Self(0);

    /// Reads yuan with exactly two decimals and at most twelve digits before the point, such as `18000.00` or `-720.00`.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let error = ParseError(
            "expected yuan with exactly two decimals and at most 12 digits before the point",
        );
        fixed_point(text, AMOUNT_DIGITS, 2..=2, 2)
            .map(Self)
            .ok_or(error)
    }

    /// As [`Money::parse`], without a sign: prices, limits, ceilings and payments are never negative.
    pub fn parse_unsigned(text: &str) -> Result<Self, ParseError> {
        let error = ParseError(
            "expected yuan without a sign, exactly two decimals, at most 12 digits before the point",
        );
        if text.starts_with('-') {
            return Err(error);
        }
        fixed_point(text, AMOUNT_DIGITS, 2..=2, 2)
            .map(Self)
            .ok_or(error)
    }

    /// From cents.
    pub const fn from_cents(cents: i64) -> Self {
        Self(cents as i128)
    }

    /// In cents.
    pub const fn cents(self) -> i128 {
        self.0
    }

    /// Below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Distance from zero.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// This amount × `part` ÷ `whole`, rounded half away from zero to the cent. `whole` is not zero.
    #[must_use]
    pub(crate) fn scaled(self, part: Quantity, whole: Quantity) -> Self {
        Self(divide_half_away(self.0 * part.0, whole.0))
    }

    /// This amount for each of `quantity` units, rounded half away from zero to the cent.
    #[must_use]
    pub(crate) fn times(self, quantity: Quantity) -> Self {
        Self(divide_half_away(self.0 * quantity.0, TEN_THOUSAND))
    }
}

/// Yuan for one unit, up to four decimals, never negative; held as ten-thousandths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitPrice(i128);

impl UnitPrice {
    /// Reads up to four decimals and at most eight digits before the point, without a sign.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Self::within(text, FACTOR_DIGITS).ok_or(ParseError(
            "expected a price without a sign, at most 8 digits before the point and 4 after it",
        ))
    }

    /// As [`UnitPrice::parse`], with the twelve digits before the point that rule set 1 admitted.
    pub(crate) fn parse_first(text: &str) -> Result<Self, ParseError> {
        Self::within(text, FACTOR_DIGITS_FIRST).ok_or(ParseError(
            "expected a price without a sign, at most 12 digits before the point and 4 after it",
        ))
    }

    fn within(text: &str, whole_digits: usize) -> Option<Self> {
        if text.starts_with('-') {
            return None;
        }
        fixed_point(text, whole_digits, 0..=4, 4).map(Self)
    }

    /// Price × quantity, rounded half away from zero to the cent.
    pub(crate) fn times(self, quantity: Quantity) -> Money {
        Money(divide_half_away(self.0 * quantity.0, TEN_THOUSAND * 100))
    }
}

/// How many units, up to four decimals; negative on a line that reverses another. Held as ten-thousandths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i128);

impl Quantity {
    /// No unit at all.
    pub const ZERO: Self = Self(0);

    /// Reads up to four decimals and at most eight digits before the point, with or without a minus sign.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let error =
            ParseError("expected a quantity with at most 8 digits before the point and 4 after it");
        fixed_point(text, FACTOR_DIGITS, 0..=4, 4)
            .map(Self)
            .ok_or(error)
    }

    /// As [`Quantity::parse`], with the twelve digits before the point that rule set 1 admitted.
    pub(crate) fn parse_first(text: &str) -> Result<Self, ParseError> {
        let error = ParseError(
            "expected a quantity with at most 12 digits before the point and 4 after it",
        );
        fixed_point(text, FACTOR_DIGITS_FIRST, 0..=4, 4)
            .map(Self)
            .ok_or(error)
    }

    /// Below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

const TEN_THOUSAND: i128 = 10_000;

/// Reads `-?[0-9]+(.[0-9]+)?` with at most so many digits before the point and so many decimals as `decimals` admits, into
/// units of 10^-`scale`.
fn fixed_point(
    text: &str,
    whole_digits: usize,
    decimals: std::ops::RangeInclusive<usize>,
    scale: usize,
) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (digits, ""),
    };
    if whole.is_empty() || whole.len() > whole_digits || !decimals.contains(&fraction.len()) {
        return None;
    }
    let mut value: i64 = 0; // twelve digits and four decimals: below 10^16
    for digit in whole.bytes().chain(fraction.bytes()) {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(digit - b'0');
    }
    for _ in fraction.len()..scale {
        value *= 10;
    }
    Some(i128::from(if negative { -value } else { value }))
}

/// Division rounded half away from zero; `divisor` is not zero.
fn divide_half_away(dividend: i128, divisor: i128) -> i128 {
    let (quotient, rest) = (dividend / divisor, dividend % divisor);
    if rest.unsigned_abs() * 2 < divisor.unsigned_abs() {
        return quotient;
    }
    if (dividend < 0) == (divisor < 0) {
        quotient + 1
    } else {
        quotient - 1
    }
}

impl fmt::Display for Money {
    /// `18000.00`: a minus sign where negative, two decimals always.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

/// Writes ten-thousandths with no more decimals than they need.
fn write_shortest(value: i128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let sign = if value < 0 { "-" } else { "" };
    let (whole, mut rest) = (value.unsigned_abs() / 10_000, value.unsigned_abs() % 10_000);
    if rest == 0 {
        return write!(f, "{sign}{whole}");
    }
    let mut width = 4;
    while rest % 10 == 0 {
        rest /= 10;
        width -= 1;
    }
    write!(f, "{sign}{whole}.{rest:0width$}")
}

impl fmt::Display for UnitPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_shortest(self.0, f)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_shortest(self.0, f)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} yuan")
    }
}

impl fmt::Debug for UnitPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} yuan a unit")
    }
}

impl fmt::Debug for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} units")
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl Neg for Quantity {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Quantity {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
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
        assert!(UnitPrice::parse("-1").is_err());
        assert_eq!(Money::parse_unsigned("3.50").unwrap().cents(), 350);
    }

    #[test]
    fn prices_and_quantities_have_up_to_four_decimals() {
        for (text, written) in [
            ("72.0000", "72"),
            ("0.0001", "0.0001"),
            ("1.50", "1.5"),
            ("007", "7"),
        ] {
            assert_eq!(UnitPrice::parse(text).unwrap().to_string(), written);
            assert_eq!(Quantity::parse(text).unwrap().to_string(), written);
        }
        assert_eq!(Quantity::parse("-0.5").unwrap().to_string(), "-0.5");
        for text in ["1.", "1.00001", "123456789", "", ".5", "0x1"] {
            assert!(UnitPrice::parse(text).is_err(), "{text}");
            assert!(Quantity::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn prices_and_quantities_of_rule_set_1_have_up_to_twelve_digits_before_the_point() {
        let longest = "999999999999.9999";
        assert_eq!(
            UnitPrice::parse_first(longest).unwrap().to_string(),
            longest
        );
        assert_eq!(Quantity::parse_first(longest).unwrap().to_string(), longest);
        for text in ["1234567890123", "1.00001", "1.", ""] {
            assert!(UnitPrice::parse_first(text).is_err(), "{text}");
            assert!(Quantity::parse_first(text).is_err(), "{text}");
        }
        assert!(UnitPrice::parse_first("-1").is_err());
        assert_eq!(
            Quantity::parse_first("-123456789.5").unwrap().to_string(),
            "-123456789.5"
        );
    }

    #[test]
    fn products_round_half_away_from_zero() {
        for (price, quantity, amount) in [
            ("0.005", "1", "0.01"),
            ("0.005", "-1", "-0.01"),
            ("0.0049", "1", "0.00"),
            ("1.115", "1", "1.12"),
            ("0.3333", "3", "1.00"),
            ("2.5", "0.002", "0.01"),
            ("2.4", "-0.002", "0.00"),
            ("99999999.9999", "99999999.9999", "9999999999980000.00"),
            (
                "999999999999.9999",
                "999999999999.9999",
                "999999999999999800000000.00",
            ),
        ] {
            let product = UnitPrice::parse_first(price)
                .unwrap()
                .times(Quantity::parse_first(quantity).unwrap());
            assert_eq!(product.to_string(), amount, "{price} × {quantity}");
        }
    }

    #[test]
    fn a_part_of_an_amount_rounds_half_away_from_zero() {
        for (amount, part, whole, share) in [
            ("10.00", "1", "3", "3.33"),
            ("10.00", "2", "3", "6.67"),
            ("0.01", "1", "2", "0.01"),
            ("0.00", "1", "2", "0.00"),
        ] {
            let (part, whole) = (
                Quantity::parse(part).unwrap(),
                Quantity::parse(whole).unwrap(),
            );
            assert_eq!(
                Money::parse(amount)
                    .unwrap()
                    .scaled(part, whole)
                    .to_string(),
                share
            );
        }
    }
}
