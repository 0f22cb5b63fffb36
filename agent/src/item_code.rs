//! Item codes as people and programs write them down: what around a code is certainly not part of it is taken away, and said.

use std::borrow::Cow;

use crate::visible_text::is_unseen;

/// What was taken away from a code, or changed in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four things that are done or not, each by itself"
)]
pub(crate) struct Mended {
    /// Quotes, backticks or `="…"` around it, as spreadsheets and export programs put them to save the zeros.
    pub(crate) marks: bool,
    /// Blanks around it.
    pub(crate) blanks: bool,
    /// Characters nobody sees, in it or around it.
    pub(crate) unseen: bool,
    /// Full-width letters, digits or signs.
    pub(crate) width: bool,
}

/// The code itself, with what was done to reach it.
pub(crate) fn clean(text: &str) -> (Cow<'_, str>, Mended) {
    let mut mended = Mended::default();
    let plain = |c: char| c.is_ascii_graphic() && !is_mark(c) && c != '=';
    if text.chars().all(plain) {
        return (Cow::Borrowed(text), mended);
    }
    let mut seen = String::with_capacity(text.len());
    for c in text.chars() {
        let narrow = narrow(c);
        mended.width |= narrow != c && !c.is_whitespace();
        if is_unseen(c) && !c.is_whitespace() {
            mended.unseen = true;
        } else {
            seen.push(narrow);
        }
    }
    let mut code = trimmed(&seen, &mut mended);
    loop {
        let bare = code.strip_prefix('=').filter(|rest| rest.starts_with('"'));
        let bare = bare.unwrap_or(code).trim_matches(is_mark);
        let bare = trimmed(bare, &mut mended);
        if bare.len() == code.len() {
            break;
        }
        mended.marks = true;
        code = bare;
    }
    (Cow::Owned(code.to_owned()), mended)
}

fn trimmed<'a>(text: &'a str, mended: &mut Mended) -> &'a str {
    let bare = text.trim();
    mended.blanks |= bare.len() != text.len();
    bare
}

/// Full-width forms (U+FF01 to U+FF5E) as what they are; every other blank as a blank.
pub(crate) fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '￥' => '¥',
        '−' | '–' => '-',
        other if other.is_whitespace() => ' ',
        other => other,
    }
}

fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\'' | '"' | '`' | '´' | '‘' | '’' | '“' | '”' | '′' | '″'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_certainly_no_part_of_a_code_is_taken_away() {
        for text in [
            "001101001020000",
            "'001101001020000",
            "`001101001020000",
            "’001101001020000",
            "＇001101001020000",
            "\"001101001020000\"",
            "=\"001101001020000\"",
            "＝＂001101001020000＂",
            "'=\"001101001020000\"",
            " 001101001020000",
            "001101001020000 ",
            "001101001020000\u{3000}",
            "001101001020000\u{a0}",
            "\t001101001020000",
            "' 001101001020000 '",
            "\u{feff}001101001020000",
            "001101\u{200b}001020000",
            "001101001020000\u{202c}",
            "001101\u{ad}001020000",
            "００１１０１００１０２００００",
        ] {
            let (code, mended) = clean(text);
            assert_eq!(code, "001101001020000", "{text:?}");
            assert_eq!(
                mended == Mended::default(),
                text == "001101001020000",
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_is_part_of_a_code_stays() {
        for text in ["XB05BCA101A001010100001", "0011-1", "A/B.1", "c14"] {
            assert_eq!(clean(text), (Cow::Borrowed(text), Mended::default()));
        }
        assert_eq!(clean("00 11").0, "00 11");
        assert_eq!(clean("=1+1").0, "=1+1");
        assert_eq!(clean("'").0, "");
    }
}
