//! Characters that once had private code points only, with the standard ones that they have now.
//!
//! GBK and the first GB 18030 gave code points of the private area to characters that Unicode did not know yet; older systems and
//! cards still write them, and no font shows them. GB 18030-2022 maps them all to standard ones. Names are made standard where they
//! are read, of a card and of a province's answer, so that 䶮 is 䶮 whoever wrote it.

use std::borrow::Cow;

/// U+E815 to U+E864, in their order: FE50 to FEA0 in GBK.
const HAN: &str = "⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻";

/// U+E78D to U+E796, in their order: the punctuation of vertical lines.
const VERTICAL: &str = "︐︒︑︓︔︕︖︗︘︙";

/// The text with standard code points; borrowed where it has no others.
pub(crate) fn standard(text: &str) -> Cow<'_, str> {
    if text.chars().any(|c| replacement(c).is_some()) {
        let replaced = text.chars().map(|c| replacement(c).unwrap_or(c));
        Cow::Owned(replaced.collect())
    } else {
        Cow::Borrowed(text)
    }
}

fn replacement(c: char) -> Option<char> {
    let (first, characters) = match c {
        '\u{E815}'..='\u{E864}' => (0xE815, HAN),
        '\u{E78D}'..='\u{E796}' => (0xE78D, VERTICAL),
        '\u{E7C7}' => return Some('ḿ'),
        '\u{E7C8}' => return Some('ǹ'),
        _ => return None,
    };
    let place = u32::from(c).checked_sub(first)?;
    characters.chars().nth(usize::try_from(place).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn former_code_points_become_the_standard_ones() {
        for (former, expected) in [
            ("龚\u{E863}", "龚䶮"),
            ("\u{E815}\u{E864}", "⺁龻"),
            // Those that GB 18030-2022 moved last, and the six beyond the first plane.
            (
                "\u{E81E}\u{E826}\u{E82B}\u{E82C}\u{E832}\u{E843}\u{E854}",
                "龴龵龶龷龸龹龺",
            ),
            (
                "\u{E816}\u{E817}\u{E818}\u{E831}\u{E83B}\u{E855}",
                "𠂇𠂉𠃌𡗗𢦏𤇾",
            ),
            ("\u{E78D}\u{E78E}\u{E78F}\u{E796}", "︐︒︑︙"),
            ("\u{E7C7}\u{E7C8}", "ḿǹ"),
        ] {
            assert_eq!(standard(former), expected);
        }
        assert_eq!(HAN.chars().count(), 0xE864 - 0xE815 + 1);
        assert!(!HAN.chars().any(|c| replacement(c).is_some()));
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for text in ["", "测试一", "龚䶮", "\u{E000}\u{F8FF}", "A·买买提"] {
            assert!(matches!(standard(text), Cow::Borrowed(same) if same == text));
        }
    }
}
