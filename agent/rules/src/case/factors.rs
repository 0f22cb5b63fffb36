//! Unit prices and quantities: exact decimals with up to four decimals, and what they make of an amount.
//!
//! Both have up to eight digits before the point: a product of two, or of one and an amount, has at most 26 digits, a
//! [`Decimal`] holds 28, and nothing is rounded before a rule says so. Cases kept by rule set 1 have up to twelve digits before
//! the point. A product of theirs that does not fit is above 10^20 yuan, and so above every amount there is: it is `None`.

use std::fmt;
use std::ops::{AddAssign, Neg};

use rust_decimal::Decimal;

use super::amounts::Money;
use super::fixed_scale;
use crate::error::ParseError;

/// Digits before the point that the case format admits.
const WHOLE_DIGITS: usize = 8;

/// The same, in the case format of rule set 1.
const WHOLE_DIGITS_FIRST: usize = 12;

/// Digits after the point, once read.
const SCALE: u32 = 4;

/// Yuan for one unit, up to four decimals, never negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitPrice(Decimal);

impl UnitPrice {
    /// Reads up to four decimals and at most eight digits before the point, without a sign.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Self::within(text, WHOLE_DIGITS).ok_or(ParseError(
            "须是不带正负号的单价，小数点前不超过 8 位、后不超过 4 位",
        ))
    }

    /// As [`UnitPrice::parse`], with the twelve digits before the point that rule set 1 admitted.
    pub(crate) fn parse_first(text: &str) -> Result<Self, ParseError> {
        Self::within(text, WHOLE_DIGITS_FIRST).ok_or(ParseError(
            "须是不带正负号的单价，小数点前不超过 12 位、后不超过 4 位",
        ))
    }

    fn within(text: &str, whole_digits: usize) -> Option<Self> {
        if text.starts_with('-') {
            return None;
        }
        fixed_scale::parse(text, whole_digits, 0..=4, SCALE).map(Self)
    }

    /// Price × quantity, rounded half away from zero to the cent; `None` above every amount.
    pub(crate) fn times(self, quantity: Quantity) -> Option<Money> {
        fixed_scale::product(self.0, quantity.0).map(Money::rounded)
    }
}

/// How many units, up to four decimals; negative on a line that reverses another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(Decimal);

impl Quantity {
    /// No unit at all.
    pub const ZERO: Self = Self(Decimal::from_parts(0, 0, 0, false, SCALE));

    /// Reads up to four decimals and at most eight digits before the point, with or without a minus sign.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Self::within(text, WHOLE_DIGITS)
            .ok_or(ParseError("须是数量，小数点前不超过 8 位、后不超过 4 位"))
    }

    /// As [`Quantity::parse`], with the twelve digits before the point that rule set 1 admitted.
    pub(crate) fn parse_first(text: &str) -> Result<Self, ParseError> {
        Self::within(text, WHOLE_DIGITS_FIRST)
            .ok_or(ParseError("须是数量，小数点前不超过 12 位、后不超过 4 位"))
    }

    fn within(text: &str, whole_digits: usize) -> Option<Self> {
        fixed_scale::parse(text, whole_digits, 0..=4, SCALE).map(Self)
    }

    /// Below zero.
    pub const fn is_negative(self) -> bool {
        self.0.is_sign_negative()
    }

    /// So many units at `each` yuan, rounded half away from zero to the cent; `None` above every amount.
    pub(crate) fn at(self, each: Money) -> Option<Money> {
        fixed_scale::product(each.yuan(), self.0).map(Money::rounded)
    }

    /// What these units make of the `amount` of a `whole` that is not zero, rounded half away from zero to the cent.
    pub(crate) fn part_of(self, whole: Self, amount: Money) -> Money {
        amount.proportion(self.0, whole.0)
    }
}

impl fmt::Display for UnitPrice {
    /// With no more decimals than it needs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.normalize().fmt(f)
    }
}

impl fmt::Display for Quantity {
    /// With no more decimals than it needs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.normalize().fmt(f)
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

impl Neg for Quantity {
    type Output = Self;
    fn neg(self) -> Self {
        Self(fixed_scale::kept(Some(-self.0), SCALE))
    }
}

impl AddAssign for Quantity {
    fn add_assign(&mut self, other: Self) {
        self.0 = fixed_scale::kept(self.0.checked_add(other.0), SCALE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_and_quantities_have_up_to_four_decimals() {
        for (text, written) in [
            ("72.0000", "72"),
            ("0.0001", "0.0001"),
            ("1.50", "1.5"),
            ("007", "7"),
            ("100", "100"),
            ("0.0", "0"),
        ] {
            assert_eq!(UnitPrice::parse(text).unwrap().to_string(), written);
            assert_eq!(Quantity::parse(text).unwrap().to_string(), written);
        }
        assert_eq!(Quantity::parse("-0.5").unwrap().to_string(), "-0.5");
        assert_eq!(
            Quantity::parse("1.10").unwrap(),
            Quantity::parse("1.1").unwrap()
        );
        for text in ["1.", "1.00001", "123456789", "", ".5", "0x1"] {
            assert!(UnitPrice::parse(text).is_err(), "{text}");
            assert!(Quantity::parse(text).is_err(), "{text}");
        }
        assert!(UnitPrice::parse("-1").is_err());
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
    fn quantities_that_cancel_leave_nothing_without_a_sign() {
        let mut quantity = Quantity::parse("-1.10").unwrap();
        quantity += Quantity::parse("1.1").unwrap();
        assert_eq!((-quantity).to_string(), "0");
        assert!(!(-quantity).is_negative() && quantity == Quantity::ZERO);
    }

    fn written(amount: Option<Money>) -> String {
        amount.map_or("above every amount".into(), |amount| amount.to_string())
    }

    #[test]
    fn products_round_half_away_from_zero() {
        for (price, quantity, amount) in [
            ("0.005", "1", "0.01"),
            ("0.005", "-1", "-0.01"),
            ("0.0049", "1", "0.00"),
            ("0", "-1", "0.00"),
            ("1.115", "1", "1.12"),
            ("0.3333", "3", "1.00"),
            ("2.5", "0.002", "0.01"),
            ("2.4", "-0.002", "0.00"),
            ("99999999.9999", "99999999.9999", "9999999999980000.00"),
            ("999999999999.9999", "1", "1000000000000.00"),
            (
                "999999999999.9999",
                "-99999999.9999",
                "-99999999999899990000.00",
            ),
            (
                "999999999999.9999",
                "999999999999.9999",
                "above every amount",
            ),
        ] {
            let product = UnitPrice::parse_first(price)
                .unwrap()
                .times(Quantity::parse_first(quantity).unwrap());
            assert_eq!(written(product), amount, "{price} × {quantity}");
        }
    }

    #[test]
    fn so_many_units_at_a_ceiling_round_half_away_from_zero() {
        for (quantity, each, amount) in [
            ("1.5", "0.01", "0.02"),
            ("0.3333", "10.00", "3.33"),
            ("1.5", "999999999999.99", "1499999999999.99"),
            (
                "99999999.9999",
                "999999999999.99",
                "99999999999899000000.00",
            ),
            ("999999999999.9999", "999999999999.99", "above every amount"),
        ] {
            let product = Quantity::parse_first(quantity)
                .unwrap()
                .at(Money::parse(each).unwrap());
            assert_eq!(written(product), amount, "{quantity} × {each}");
        }
    }

    #[test]
    fn a_part_of_an_amount_rounds_half_away_from_zero() {
        for (amount, part, whole, share) in [
            ("10.00", "1", "3", "3.33"),
            ("10.00", "2", "3", "6.67"),
            ("0.01", "1", "2", "0.01"),
            ("-0.01", "1", "2", "-0.01"),
            ("0.01", "-1", "3", "0.00"),
            ("0.00", "1", "2", "0.00"),
            // Short of half a cent by less than a decimal's last digit.
            (
                "999999999999.98",
                "291457286432.1608",
                "999999999999.9999",
                "291457286432.15",
            ),
        ] {
            let [part, whole] = [part, whole].map(|text| Quantity::parse_first(text).unwrap());
            let share_found = part.part_of(whole, Money::parse(amount).unwrap());
            assert_eq!(
                share_found.to_string(),
                share,
                "{amount} × {part} ÷ {whole}"
            );
        }
    }
}
