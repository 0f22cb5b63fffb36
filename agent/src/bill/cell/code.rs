//! An item's code: what is certainly no part of it is taken away, and what has certainly been damaged is refused.

use rules::ItemCode;

use super::{Read, SPREADSHEET_ERROR, is_spreadsheet_error};
use crate::bill::notes::Repair;
use crate::bill::source::CellKind;
use crate::item_code;

/// Digits that a spreadsheet's number holds; those behind them have become zeros.
const NUMBER_HOLDS: usize = 15;

/// Longer than any catalogue's.
const LONGEST: usize = 64;

/// The code itself.
pub(in crate::bill) fn code(text: &str, kind: CellKind) -> Read<ItemCode> {
    if is_spreadsheet_error(text) {
        return Read::Refused(SPREADSHEET_ERROR);
    }
    let (code, mended) = item_code::clean(text);
    if let Some(why) = damage(&code, kind) {
        return Read::Refused(why);
    }
    let repairs = [
        (mended.marks, Repair::CodeMarks),
        (mended.blanks, Repair::CodeBlanks),
        (mended.unseen, Repair::CodeUnseen),
        (mended.width, Repair::CodeWidth),
    ];
    let done = repairs.into_iter().filter(|(done, _)| *done);
    match ItemCode::parse(&code) {
        Ok(code) => Read::Taken(code, done.map(|(_, repair)| repair).collect()),
        Err(_empty) => Read::Refused("不能为空"),
    }
}

/// What a spreadsheet does to codes that it takes for numbers, and what no code has.
fn damage(code: &str, kind: CellKind) -> Option<&'static str> {
    if is_scientific(code) {
        return Some(
            "编码变成了科学记数法，后面的数字已经丢失；请在医院系统中重新导出，不要用表格软件打开后另存",
        );
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((whole, fraction)) = code.split_once('.')
        && digits(whole)
        && digits(fraction)
        && fraction.bytes().all(|digit| digit == b'0')
    {
        return Some("编码被当成了数字，带上了小数，前面的 0 可能已经丢失；请在医院系统中重新导出");
    }
    let ungrouped: String = code.chars().filter(|c| *c != ',').collect();
    if ungrouped.len() < code.len() && digits(&ungrouped) {
        return Some("编码被当成了数字，带上了千分位；请在医院系统中重新导出");
    }
    if kind == CellKind::Number && code.len() > NUMBER_HOLDS {
        return Some("编码在表格里存成了数字，第 15 位以后已经丢失；请在医院系统中按文本重新导出");
    }
    if code.contains(char::is_whitespace) {
        return Some("编码中间有空格或换行，分不清是不是一个编码");
    }
    if code.starts_with('=') {
        return Some("是表格软件的公式，不是编码");
    }
    if code.len() > LONGEST {
        return Some("太长，不是编码");
    }
    if code.contains('\u{FFFD}') || code.contains('?') {
        return Some("编码里有已经变成乱码的字符；请在医院系统中重新导出");
    }
    None
}

/// `1.101E+12`: digits, a point or a sign, and an exponent.
fn is_scientific(code: &str) -> bool {
    let Some((mantissa, exponent)) = code.split_once(['E', 'e']) else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = exponent.strip_prefix(['+', '-']);
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let tells = unsigned.is_some() || fraction.is_some();
    tells && digits(whole) && fraction.is_none_or(digits) && digits(unsigned.unwrap_or(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_codes_are_refused_and_dressed_ones_are_read() {
        for text in [
            "1.101E+12",
            "1.101001020000E+12",
            "1E+12",
            "1.1e12",
            "1101001020000.0",
            "1101001020000.00",
            "1,101,001,020,000",
            "001101 001020000",
            "",
            "'",
            "=A1",
            "#N/A",
            "########",
            "00110100102????",
            "\u{FFFD}01",
        ] {
            assert!(
                matches!(code(text, CellKind::Text), Read::Refused(_)),
                "{text:?}"
            );
        }
        for text in [
            "001101001020000",
            "XB05BCA101A001010100001",
            "C14030100000001",
            "12E34",
            "1E12",
            "A.1",
            "33-1",
        ] {
            let read = code(text, CellKind::Text);
            assert_eq!(read, Read::plain(ItemCode::parse(text).unwrap()), "{text}");
        }
        assert!(
            matches!(code("'001", CellKind::Text), Read::Taken(_, repairs) if repairs == [Repair::CodeMarks])
        );
        assert!(matches!(
            code("1234567890123456", CellKind::Number),
            Read::Refused(_)
        ));
        assert!(matches!(
            code("1101001020000", CellKind::Number),
            Read::Taken(..)
        ));
    }
}
