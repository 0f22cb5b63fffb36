//! Decimals that keep one scale: how they are read, multiplied and divided without losing a digit.

use std::ops::RangeInclusive;

use rust_decimal::{Decimal, RoundingStrategy};

/// Reads `-?[0-9]+(.[0-9]+)?` with at most so many digits before the point and so many decimals as `decimals` admits, into a
/// decimal of `scale`.
pub(super) fn parse(
    text: &str,
    whole_digits: usize,
    decimals: RangeInclusive<usize>,
    scale: u32,
) -> Option<Decimal> {
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
    for _ in fraction.len()..scale as usize {
        value *= 10;
    }
    Some(Decimal::new(if negative { -value } else { value }, scale))
}

/// The exact product; `None` where it has more digits than a decimal holds, which `checked_mul` would round off unsaid.
pub(super) fn product(one: Decimal, other: Decimal) -> Option<Decimal> {
    let exact_scale = one.scale() + other.scale();
    one.checked_mul(other)
        .filter(|product| product.scale() == exact_scale || product.is_zero())
}

/// Rounded half away from zero, to a scale below its own.
pub(super) fn rounded(exact: Decimal, scale: u32) -> Decimal {
    kept(
        Some(exact.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero)),
        scale,
    )
}

/// `amount` × `part` ÷ `whole`, rounded half away from zero to the amount's scale; part and whole have one scale, and whole is
/// not zero.
///
/// In whole numbers: a decimal quotient has been rounded once already, at its 28th digit, and may stand on a half that the true
/// one is short of. The longest product, of 14 and 16 digits, is well within the 38 of `i128`.
pub(super) fn proportion(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal {
    let scale = amount.scale();
    let share = amount
        .mantissa()
        .checked_mul(part.mantissa())
        .map(|dividend| divide_half_away(dividend, whole.mantissa()))
        .and_then(|share| Decimal::try_from_i128_with_scale(share, scale).ok());
    kept(share, scale)
}

/// A result at the scale it must have, and zero without a sign: a decimal writes −0.00 otherwise.
pub(super) fn kept(result: Option<Decimal>, scale: u32) -> Decimal {
    match result {
        Some(zero) if zero.is_zero() => Decimal::from_parts(0, 0, 0, false, scale),
        Some(value) if value.scale() == scale => value,
        Some(_) | None => unreachable!("the limits of what is parsed leave room for it"),
    }
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
