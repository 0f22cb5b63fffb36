//! Amounts, prices and quantities in the ways spreadsheets and hospitals write them: decimal text to decimal text, never a float.

use rules::{Money, Quantity, UnitPrice};

use super::{Read, written};
use crate::bill::notes::Repair;
use crate::item_code;

/// Digits that a spreadsheet's number holds for certain: what stands behind them is noise of its binary fraction.
const CERTAIN_DIGITS: usize = 15;

/// Yuan with two decimals.
pub(in crate::bill) fn amount(text: &str) -> Read<Money> {
    parsed(text, 2, Money::parse, "应为元，至多两位小数，例如 26100.00")
}

/// Yuan a unit.
pub(in crate::bill) fn unit_price(text: &str) -> Read<UnitPrice> {
    parsed(
        text,
        4,
        UnitPrice::parse,
        "应为不带负号的单价，整数至多八位、小数至多四位，例如 14.35",
    )
}

/// Units.
pub(in crate::bill) fn quantity(text: &str) -> Read<Quantity> {
    parsed(
        text,
        4,
        Quantity::parse,
        "应为整数至多八位、小数至多四位的数，冲销行为负数",
    )
}

/// A whole number without a sign, also where a spreadsheet has put decimals behind it.
pub(in crate::bill) fn number(text: &str) -> Option<u64> {
    let whole: String = text.trim().chars().map(item_code::narrow).collect();
    let whole = match whole.split_once('.') {
        Some((whole, decimals)) if decimals.bytes().all(|digit| digit == b'0') => whole,
        Some(_) => return None,
        None => &whole,
    };
    let digits = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| whole.parse().ok()).flatten()
}

fn parsed<T>(
    text: &str,
    places: usize,
    parse: impl Fn(&str) -> Result<T, rules::ParseError>,
    expected: &'static str,
) -> Read<T> {
    let (decimal, repairs) = match decimal(text, places) {
        Ok(read) => read,
        Err(why) => return Read::Refused(why.unwrap_or(expected)),
    };
    match parse(&decimal) {
        Ok(value) => Read::Taken(value, repairs),
        Err(_beyond) => Read::Refused(expected),
    }
}

/// The number as plain digits with a minus sign where it is negative; amounts with two decimals always. An error is a reason of
/// its own, or none where the usual expectation says enough.
fn decimal(text: &str, places: usize) -> Result<(String, Vec<Repair>), Option<&'static str>> {
    let narrow = written(text).map_err(Some)?;
    let mut repairs = Vec::new();
    let (negative, digits) = undressed(&narrow).ok_or(None)?;
    let scientific = digits.contains(['e', 'E']);
    if scientific {
        return Err(Some(
            "是科学记数法，原来的数字可能已经丢失；请在医院系统中重新导出",
        ));
    }
    let grouped = digits.contains(',');
    let digits = if grouped {
        ungrouped(&digits).ok_or(None)?
    } else {
        digits
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty()
        || !all_digits(whole)
        || !all_digits(fraction)
        || digits.ends_with('.')
    {
        return Err(None);
    }
    let plain = narrow.strip_prefix('-').unwrap_or(&narrow);
    if grouped || plain != digits || text.trim() != narrow {
        repairs.push(Repair::NumberDressed);
    }
    let mut whole = whole.trim_start_matches('0').to_owned();
    let mut fraction = fraction.trim_end_matches('0').to_owned();
    if fraction.len() > places && certain(&mut whole, &mut fraction) && fraction.len() <= places {
        repairs.push(Repair::NumberNoise);
    }
    if fraction.len() > places {
        return Err(None);
    }
    if whole.is_empty() {
        whole.push('0');
    }
    // Money has two decimals always; prices and quantities take any number up to four.
    while fraction.len() < 2 {
        fraction.push('0');
    }
    let zero = (whole == "0") && fraction.bytes().all(|digit| digit == b'0');
    let sign = if negative && !zero { "-" } else { "" };
    Ok((format!("{sign}{whole}.{fraction}"), repairs))
}

/// Sign and digits, without currency and brackets.
fn undressed(text: &str) -> Option<(bool, String)> {
    let bracketed = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    let mut rest = bracketed.unwrap_or(text).trim();
    let mut negative = bracketed.is_some();
    let mut signed = bracketed.is_some();
    let mut currency = false;
    loop {
        if let Some(behind) = rest.strip_prefix(['-', '+']) {
            if signed {
                return None;
            }
            signed = true;
            negative = rest.starts_with('-');
            rest = behind.trim_start();
        } else if let Some(behind) = ["¥", "RMB", "CNY"]
            .iter()
            .find_map(|sign| rest.strip_prefix(sign))
        {
            if currency {
                return None;
            }
            currency = true;
            rest = behind.trim_start();
        } else {
            break;
        }
    }
    let rest = rest.strip_suffix('元').map_or(rest, str::trim_end);
    Some((negative, rest.to_owned()))
}

/// `12,800.00`: groups of three behind the first, and nowhere else.
fn ungrouped(text: &str) -> Option<String> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let right = (1..=3).contains(&first.len())
        && groups.all(|group| group.len() == 3)
        && !fraction.is_some_and(|fraction| fraction.contains(','));
    let whole: String = whole.chars().filter(|c| *c != ',').collect();
    right.then(|| match fraction {
        Some(fraction) => format!("{whole}.{fraction}"),
        None => whole,
    })
}

/// Rounds to the digits that a spreadsheet's number holds for certain, where it has more. `15.000000000000002` is how a binary
/// fraction writes a computed 15: Excel itself shows 15 digits, and so the number is 15. Gives back whether it had more.
fn certain(whole: &mut String, fraction: &mut String) -> bool {
    let mut digits: Vec<u8> = whole
        .bytes()
        .chain(fraction.bytes())
        .map(|byte| byte - b'0')
        .collect();
    let leading = digits.iter().take_while(|digit| **digit == 0).count();
    let keep = leading + CERTAIN_DIGITS;
    // Noise stands behind the point.
    if digits.len() <= keep || keep < whole.len() {
        return false;
    }
    let up = digits.get(keep).is_some_and(|next| *next >= 5);
    digits.truncate(keep);
    let mut carry = up;
    for digit in digits.iter_mut().rev() {
        if !carry {
            break;
        }
        *digit = (*digit + 1) % 10;
        carry = *digit == 0;
    }
    let point = whole.len();
    let text: String = digits
        .iter()
        .map(|digit| char::from(b'0' + digit))
        .collect();
    let (before, behind) = text.split_at(point);
    let before = if carry {
        format!("1{before}")
    } else {
        before.to_owned()
    };
    behind.trim_end_matches('0').clone_into(fraction);
    *whole = before;
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        amount(text).said()
    }

    #[test]
    fn amounts_are_read_to_the_cent_in_every_way_they_are_written() {
        for (text, expected) in [
            ("15.00", "15.00"),
            ("15", "15.00"),
            ("15.0", "15.00"),
            ("15.0000", "15.00"),
            ("-57.40", "-57.40"),
            ("0", "0.00"),
            ("-0.00", "0.00"),
            (".5", "0.50"),
            ("007.10", "7.10"),
            (" 15.00 ", "15.00"),
            ("12,800.00", "12800.00 [NumberDressed]"),
            ("1,012,800", "1012800.00 [NumberDressed]"),
            ("¥15.00", "15.00 [NumberDressed]"),
            ("￥ 15.00", "15.00 [NumberDressed]"),
            ("15.00元", "15.00 [NumberDressed]"),
            ("-¥57.40", "-57.40 [NumberDressed]"),
            ("¥-57.40", "-57.40 [NumberDressed]"),
            ("(57.40)", "-57.40 [NumberDressed]"),
            ("（57.40）", "-57.40 [NumberDressed]"),
            ("(1,440.00)", "-1440.00 [NumberDressed]"),
            ("+15.00", "15.00 [NumberDressed]"),
            ("１５．００", "15.00 [NumberDressed]"),
            ("－57.40", "-57.40 [NumberDressed]"),
            ("15.000000000000002", "15.00 [NumberNoise]"),
            ("14.999999999999998", "15.00 [NumberNoise]"),
            ("99.999999999999986", "100.00 [NumberNoise]"),
            ("28630.780000000002", "28630.78 [NumberNoise]"),
        ] {
            assert_eq!(said(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_amount_for_certain_is_refused() {
        for text in [
            "",
            " ",
            "-",
            "15.005",
            "15.001",
            "1.28E+04",
            "1e3",
            "12,80",
            "1,28,00",
            "12,800,00",
            ",800",
            "15.00.00",
            "七十二",
            "15.00-",
            "(-57.40)",
            "--1",
            "¥¥15",
            "15元5角",
            "15.",
            "#REF!",
            "####",
            "NaN",
            "1 500",
            "0x10",
            "15.0000000000002",
            "15/1",
            "10%",
        ] {
            assert_eq!(said(text), "refused", "{text:?}");
        }
    }

    #[test]
    fn prices_and_quantities_keep_four_decimals() {
        let price = |text| match unit_price(text) {
            Read::Taken(price, _) => price.to_string(),
            Read::Refused(_) => "refused".to_owned(),
        };
        for (text, expected) in [
            ("3.2850", "3.285"),
            ("0.41670", "0.4167"),
            ("0.41666", "refused"),
            ("0.41669999999999996", "0.4167"),
            ("-3", "refused"),
            ("72", "72"),
        ] {
            assert_eq!(price(text), expected, "{text}");
        }
        assert!(matches!(quantity("-3.5"), Read::Taken(_, _)));
    }

    #[test]
    fn numbers_of_lines_are_whole() {
        for (text, expected) in [
            ("1", Some(1)),
            ("1.0", Some(1)),
            ("１２", Some(12)),
            ("1.5", None),
            ("-1", None),
            ("", None),
            ("1a", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }
}
