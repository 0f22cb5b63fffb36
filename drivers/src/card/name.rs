//! The holder's name: GB 18030 as the specification has it, filled up with zeros, continued in the extension; on some cards UTF-8 or
//! UTF-16.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use zeroize::Zeroizing;

use super::{NameEncoding, Remark};

/// A name's bytes as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Name {
    Read(String, NameEncoding),
    /// They are text in several ways, and nothing tells which is meant.
    Ambiguous,
    /// They are no text, or hold nothing.
    Unreadable,
}

/// The name itself, with what is odd about it.
pub(crate) fn said(name: Name, remarks: &mut Vec<Remark>) -> Option<String> {
    let (name, remark) = match name {
        Name::Read(name, NameEncoding::Gb18030) => return Some(name),
        Name::Read(name, other) => (Some(name), Remark::NameIn(other)),
        Name::Ambiguous => (None, Remark::NameAmbiguous),
        Name::Unreadable => (None, Remark::NameUnreadable),
    };
    remarks.push(remark);
    name
}

/// Decodes the two records of a name. The extension continues the first record's bytes, if need be inside a character.
pub(crate) fn decode(name: &[u8], extension: &[u8]) -> Name {
    let mut bytes = Zeroizing::new(Vec::with_capacity(name.len() + extension.len()));
    let extension_unpadded = unpadded(extension);
    // Of a name that runs on, a blank at the cut is a blank between two words.
    bytes.extend_from_slice(if extension_unpadded.is_empty() {
        unpadded(name)
    } else {
        without_filling(name, |byte| matches!(byte, 0x00 | 0xFF))
    });
    bytes.extend_from_slice(extension_unpadded);
    // In pairs of bytes a zero may be half of a character: 一 is 4E00.
    let whole = Zeroizing::new([name, extension].concat());
    decode_bytes(&bytes, &whole)
}

/// The same where the name is one piece without filling.
pub(crate) fn decode_whole(bytes: &[u8]) -> Name {
    decode_bytes(bytes, bytes)
}

fn decode_bytes(bytes: &[u8], pairs: &[u8]) -> Name {
    let marked = [
        (&b"\xEF\xBB\xBF"[..], UTF_8, NameEncoding::Utf8),
        (b"\xFE\xFF", UTF_16BE, NameEncoding::Utf16),
        (b"\xFF\xFE", UTF_16LE, NameEncoding::Utf16),
    ];
    for (mark, rules, encoding) in marked {
        let source = if encoding == NameEncoding::Utf16 {
            pairs
        } else {
            bytes
        };
        if let Some(text) = source.strip_prefix(mark).and_then(|rest| text(rest, rules)) {
            return Name::Read(text, encoding);
        }
    }
    let chinese = |source, rules| text(source, rules).filter(|text| text.chars().all(is_chinese));
    // Two bytes of anything are often some rare character.
    let likely = |text: &String| text.chars().all(is_common) && text.chars().nth(1).is_some();
    let mut readings: Vec<(String, NameEncoding)> = [
        (text(bytes, GB18030), NameEncoding::Gb18030),
        (chinese(bytes, UTF_8), NameEncoding::Utf8),
        (chinese(pairs, UTF_16BE).filter(likely), NameEncoding::Utf16),
        (chinese(pairs, UTF_16LE).filter(likely), NameEncoding::Utf16),
    ]
    .into_iter()
    .filter_map(|(text, encoding)| Some((text?, encoding)))
    .collect();
    if readings.len() > 1 {
        // Read in a wrong way, common characters become rare ones.
        let common: Vec<_> = readings
            .iter()
            .filter(|(text, _)| text.chars().all(is_common))
            .cloned()
            .collect();
        if !common.is_empty() {
            readings = common;
        }
    }
    let mut readings = readings.into_iter();
    match (readings.next(), readings.next()) {
        (Some((text, encoding)), None) => Name::Read(text, encoding),
        (Some(_), Some(_)) => Name::Ambiguous,
        (None, _) => Name::Unreadable,
    }
}

/// Bytes as text without the blanks around it; none where they are no text, hold nothing, or characters that no name has.
fn text(bytes: &[u8], rules: &'static Encoding) -> Option<String> {
    let pairs = rules == UTF_16BE || rules == UTF_16LE;
    if pairs && !bytes.len().is_multiple_of(2) {
        return None;
    }
    let text = rules.decode_without_bom_handling_and_without_replacement(bytes)?;
    let blank = |c: char| c.is_whitespace() || (pairs && matches!(c, '\0' | '\u{FFFF}'));
    let text = text.trim_matches(blank);
    let printable = !text.is_empty() && !text.chars().any(char::is_control);
    printable.then(|| text.to_owned())
}

/// Han characters, also where they once had private code points, and the dots between the parts of a name.
fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{E815}'..='\u{E864}' | '\u{20000}'..='\u{3FFFF}')
        || is_dot(c)
}

fn is_dot(c: char) -> bool {
    matches!(c, '·' | '•' | '・' | '．')
}

/// What names in any encoding mostly consist of: a Latin letter, one of the 6,763 characters of GB 2312, or what stands between.
fn is_common(c: char) -> bool {
    let mut utf_8 = [0; 4];
    let (bytes, _, failed) = GB18030.encode(c.encode_utf8(&mut utf_8));
    let latin = c.is_ascii_alphabetic() || matches!(c, ' ' | '.' | '-' | '\'' | ',');
    let assigned = matches!(c, '\u{4E00}'..='\u{9FFF}');
    latin || is_dot(c) || (assigned && !failed && matches!(&*bytes, [0xB0..=0xF7, 0xA1..=0xFE]))
}

/// A value without its filling: zeros, on some cards F or blanks.
pub(crate) fn unpadded(value: &[u8]) -> &[u8] {
    without_filling(value, |byte| matches!(byte, 0x00 | 0xFF | b' '))
}

fn without_filling(value: &[u8], is_filling: impl Fn(u8) -> bool) -> &[u8] {
    let end = value
        .iter()
        .rposition(|byte| !is_filling(*byte))
        .map_or(0, |last| last + 1);
    &value[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::hex;

    fn decoded(first: &str, extension: &str) -> Name {
        decode(
            &hex::decode(first).expect("hexadecimal"),
            &hex::decode(extension).expect("hexadecimal"),
        )
    }

    /// A name that is written as it ought to be.
    fn name(first: &str, extension: &str) -> Option<String> {
        match decoded(first, extension) {
            Name::Read(name, NameEncoding::Gb18030) => Some(name),
            Name::Read(..) | Name::Ambiguous | Name::Unreadable => None,
        }
    }

    #[test]
    fn a_gbk_name_sheds_its_filling() {
        assert_eq!(name("B2E2CAD4D2BB0000", "0000").as_deref(), Some("测试一"));
        assert_eq!(name("B2E2CAD4D2BBFFFF", "").as_deref(), Some("测试一"));
        assert_eq!(name("B2E2CAD4D2BB2020", "").as_deref(), Some("测试一"));
    }

    #[test]
    fn four_byte_characters_are_read() {
        assert_eq!(name("9534B2358230B7310000", "").as_deref(), Some("𠮷㛃"));
    }

    #[test]
    fn a_character_may_be_cut_between_record_and_extension() {
        assert_eq!(name("B2E2CAD4D2", "BB000000").as_deref(), Some("测试一"));
    }

    #[test]
    fn a_blank_at_the_cut_stays_between_the_words() {
        let first = format!("{}20", hex::encode(b"MUHAMMAD ABDUL RAHMAN BIN ABD"));
        assert_eq!(
            name(&first, &format!("{}0000", hex::encode(b"AZIZ"))).as_deref(),
            Some("MUHAMMAD ABDUL RAHMAN BIN ABD AZIZ")
        );
    }

    #[test]
    fn half_a_character_at_the_end_makes_no_shorter_name() {
        // 测试一 and the first byte of a fourth character, cut off by a card without an extension.
        assert_eq!(decoded("B2E2CAD4D2BBB2", ""), Name::Unreadable);
        assert_eq!(decoded("B2E2CAD4D2BBB200", "0000"), Name::Unreadable);
        // The first two bytes of four.
        assert_eq!(decoded("B2E2CAD4D2BB9534", ""), Name::Unreadable);
    }

    #[test]
    fn bytes_that_are_no_text_give_no_name() {
        for (first, extension) in [
            ("", ""),
            ("0000", "FFFF"),
            ("B2E2CA", ""),
            ("B2E20AD2BB", ""),
        ] {
            assert_eq!(decoded(first, extension), Name::Unreadable, "{first}");
        }
    }

    /// As a card holds it: 30 bytes and 20, filled up with zeros.
    fn on_a_card(bytes: &[u8]) -> Name {
        let mut bytes = bytes.to_vec();
        bytes.resize(50, 0);
        let extension = bytes.split_off(30);
        decode(&bytes, &extension)
    }

    /// In this way of writing; the byte order mark is written along.
    fn written(name: &str, rules: &str) -> Vec<u8> {
        let units = || name.encode_utf16();
        match rules {
            "gb" => GB18030.encode(name).0.into_owned(),
            "utf-8" => name.as_bytes().to_vec(),
            "be" => units().flat_map(u16::to_be_bytes).collect(),
            _le => units().flat_map(u16::to_le_bytes).collect(),
        }
    }

    #[test]
    fn names_in_other_encodings_are_read_and_said() {
        for name in [
            "测试一",
            "李刚",
            "阿卜杜·买买提",
            "张伟",
            "一一",
            "欧阳文华",
        ] {
            for (rules, encoding) in [
                ("gb", NameEncoding::Gb18030),
                ("utf-8", NameEncoding::Utf8),
                ("be", NameEncoding::Utf16),
                ("le", NameEncoding::Utf16),
            ] {
                assert_eq!(
                    on_a_card(&written(name, rules)),
                    Name::Read(name.to_owned(), encoding),
                    "{name} {rules}"
                );
            }
        }
        for (bytes, encoding) in [
            (&b"\xEF\xBB\xBF\xE6\xB5\x8B"[..], NameEncoding::Utf8),
            (b"\xFE\xFF\x6D\x4B", NameEncoding::Utf16),
            (b"\xFF\xFE\x4B\x6D", NameEncoding::Utf16),
        ] {
            assert_eq!(on_a_card(bytes), Name::Read("测".to_owned(), encoding));
        }
    }

    #[test]
    fn a_name_is_never_another_one_in_another_encoding() {
        let common: Vec<char> = (0xB0..=0xF7_u8)
            .flat_map(|lead| (0xA1..=0xFE_u8).map(move |trail| [lead, trail]))
            .filter_map(|pair| text(&pair, GB18030)?.chars().next())
            .filter(|c| is_common(*c))
            .collect();
        let mut unread = 0;
        for (place, first) in common.iter().enumerate() {
            let second = common[(place * 7_919 + 13) % common.len()];
            let name = format!("{first}{second}");
            for rules in ["gb", "utf-8", "be", "le"] {
                match on_a_card(&written(&name, rules)) {
                    Name::Read(read, _) => assert_eq!(read, name, "{rules}"),
                    Name::Ambiguous => unread += 1,
                    Name::Unreadable => panic!("{name} {rules}"),
                }
            }
        }
        // Those few are left to the province, which knows them.
        assert!(
            unread < common.len() * 4 / 20,
            "{unread} of {}",
            common.len() * 4
        );
    }
}
