//! The holder's name: GBK or GB 18030, filled up with zeros, continued in the extension.

use zeroize::Zeroizing;

/// Decodes the two records of a name. The extension continues the first record's bytes, if need be inside a character.
/// `None` where the bytes are no GB 18030 text, or hold nothing.
pub(crate) fn decode(name: &[u8], extension: &[u8]) -> Option<String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(name.len() + extension.len()));
    let extension = unpadded(extension);
    // Of a name that runs on, a blank at the cut is a blank between two words.
    bytes.extend_from_slice(if extension.is_empty() {
        unpadded(name)
    } else {
        without_filling(name, |byte| matches!(byte, 0x00 | 0xFF))
    });
    bytes.extend_from_slice(extension);
    let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&bytes)?;
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{3000}');
    let printable = !text.is_empty() && !text.chars().any(char::is_control);
    printable.then(|| text.to_owned())
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

    fn name(first: &str, extension: &str) -> Option<String> {
        decode(
            &hex::decode(first).expect("hexadecimal"),
            &hex::decode(extension).expect("hexadecimal"),
        )
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
        assert_eq!(name("B2E2CAD4D2BBB2", ""), None);
        assert_eq!(name("B2E2CAD4D2BBB200", "0000"), None);
        // The first two bytes of four.
        assert_eq!(name("B2E2CAD4D2BB9534", ""), None);
    }

    #[test]
    fn bytes_that_are_no_text_give_no_name() {
        assert_eq!(name("", ""), None);
        assert_eq!(name("0000", "FFFF"), None);
        assert_eq!(name("B2E2CA", ""), None);
        assert_eq!(name("B2E20AD2BB", ""), None);
    }
}
