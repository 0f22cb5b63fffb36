//! Amounts on the wire: yuan with two decimals, kept as whole cents.

use serde::de::{Deserialize, Deserializer, Error};

/// An amount in cents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cents(pub(crate) i128);

impl Cents {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = text
            .strip_prefix('-')
            .map_or((false, text), |digits| (true, digits));
        let (yuan, cents) = digits.split_once('.')?;
        let all_digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(yuan) || !all_digits(cents) || yuan.len() > 15 || cents.len() != 2 {
            return None;
        }
        let value = yuan.parse::<i128>().ok()? * 100 + cents.parse::<i128>().ok()?;
        Some(Self(if negative { -value } else { value }))
    }
}

impl std::ops::Add for Cents {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::iter::Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self(0), std::ops::Add::add)
    }
}

impl std::fmt::Display for Cents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

impl<'de> Deserialize<'de> for Cents {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| D::Error::custom("an amount is yuan with two decimals, as text"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_exactly_two_decimals() {
        assert_eq!(Cents::parse("26100.00"), Some(Cents(2_610_000)));
        assert_eq!(Cents::parse("-0.01"), Some(Cents(-1)));
        for text in [
            "1", "1.0", "1.000", ".50", "1.", "+1.00", "1,000.00", "1e2", "",
        ] {
            assert_eq!(Cents::parse(text), None, "{text}");
        }
        assert_eq!(Cents(-5).to_string(), "-0.05");
    }
}
