//! What a vendor's library says of a card: the national interface's string, in the many ways in which libraries write it.

use encoding_rs::GB18030;
use zeroize::Zeroizing;

use super::name::{self, Name};
use super::{
    CardFace, CardId, CardNumber, Holder, NameEncoding, Remark, SocialSecurityNumber,
    WithheldBecause,
};

/// Fields that every library gives; further ones follow in an order that all keep.
const LEAST_FIELDS: usize = 9;

/// 终端机编号: the tenth field, where there is one.
const TERMINAL: usize = 9;

/// The fields that are used, as far as they are usable. Place of issue, dates, version and answer to reset stand in EF05, which was
/// read before.
pub(crate) struct VendorAnswer {
    /// The characters that stand there, and the number that they are.
    number: (usize, Option<SocialSecurityNumber>),
    card_number: Option<CardNumber>,
    card_id: Option<CardId>,
    name: Name,
    names_a_psam: bool,
}

impl VendorAnswer {
    /// Reads 发卡地区行政区划代码|社会保障号码|卡号|卡识别码|姓名|卡复位信息|规范版本|发卡日期|有效期 and what may follow, with or
    /// without a bar at the end. `None` where it is something else, or says neither which card nor whose.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        // Decoded before it is split, since the second byte of a Chinese character may be the bar's.
        let utf_8 = std::str::from_utf8(bytes).ok().and_then(Self::parse_text);
        let gb = GB18030.decode_without_bom_handling_and_without_replacement(bytes);
        let gb = gb.map(|text| Zeroizing::new(text.into_owned()));
        let gb = gb.and_then(|text| Self::parse_text(&text));
        match (utf_8, gb) {
            (Some(utf_8), Some(mut gb)) if utf_8.name != gb.name => {
                gb.name = of_two(&utf_8.name, &gb.name);
                Some(gb)
            }
            (utf_8, gb) => gb.or(utf_8.map(|answer| Self {
                name: in_utf_8(answer.name),
                ..answer
            })),
        }
    }

    fn parse_text(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('\u{FEFF}').trim();
        let text = text.strip_suffix('|').unwrap_or(text);
        let fields: Vec<&str> = text.split('|').map(str::trim).collect();
        let [_city, number, card_number, card_id, name, ..] = fields.as_slice() else {
            return None;
        };
        if fields.len() < LEAST_FIELDS {
            return None;
        }
        let answer = Self {
            number: (
                number.chars().count(),
                SocialSecurityNumber::parse(number).ok(),
            ),
            card_number: CardNumber::parse(card_number).ok(),
            card_id: CardId::parse_hex(card_id).ok(),
            name: as_text(name),
            names_a_psam: fields
                .get(TERMINAL)
                .is_some_and(|terminal| terminal.bytes().any(|byte| byte != b'0')),
        };
        let says_which = answer.card_number.is_some() || answer.card_id.is_some();
        says_which.then_some(answer)
    }

    /// Whether this is about the card whose EF05 was read: a library that found another card must not name its holder. One of
    /// card id and card number may be missing, none may be another.
    pub(crate) fn is_of(&self, face: &CardFace) -> bool {
        let same_id = self.card_id.as_ref().map(|id| *id == face.card_id);
        let same_number = match (&self.card_number, &face.card_number) {
            (Some(said), Some(read)) => Some(said == read),
            (Some(_), None) | (None, _) => None,
        };
        same_id != Some(false)
            && same_number != Some(false)
            && (same_id, same_number) != (None, None)
    }

    /// Whether 终端机编号 is that of a PSAM: zeros, or nothing, without one.
    pub(crate) fn names_a_psam(&self) -> bool {
        self.names_a_psam
    }

    /// The holder, with what is odd about number and name.
    pub(crate) fn into_holder(self) -> Result<(Holder, Vec<Remark>), WithheldBecause> {
        let number = match self.number {
            (_, Some(number)) => number,
            (0, None) => return Err(WithheldBecause::NumberMissing),
            (length, None) => return Err(WithheldBecause::NumberOfOtherForm(length)),
        };
        let mut remarks = Vec::new();
        if !number.has_right_check_digit() {
            remarks.push(Remark::SocialSecurityNumberCheckDigit);
        }
        let name = name::said(self.name, &mut remarks);
        Ok((Holder { number, name }, remarks))
    }
}

/// A name that is text already.
fn as_text(name: &str) -> Name {
    if name.is_empty() || name.chars().any(char::is_control) {
        Name::Unreadable
    } else {
        Name::Read(name.to_owned(), NameEncoding::Gb18030)
    }
}

/// The name of a string that is text in both ways: the one that its bytes are.
fn of_two(utf_8: &Name, gb: &Name) -> Name {
    let Name::Read(text, _) = utf_8 else {
        return gb.clone();
    };
    name::decode_whole(text.as_bytes())
}

fn in_utf_8(name: Name) -> Name {
    match name {
        Name::Read(text, _) if !text.is_ascii() => Name::Read(text, NameEncoding::Utf8),
        name @ (Name::Read(..) | Name::Ambiguous | Name::Unreadable) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::{CardDate, CardVersion};

    const NATIONAL: &str = "320100|650102199003070013|T0000001X|320100D15600000500000001FFFFFFFF|测试一|\
                            00814A44468660320100000001|3.00|20240601|20340601|000000000000|SIM|";

    fn face() -> CardFace {
        CardFace {
            card_id: CardId::parse_hex("320100D15600000500000001FFFFFFFF").expect("card id"),
            card_number: Some(CardNumber::parse("T0000001X").expect("card number")),
            version: CardVersion::V3,
            version_text: "3.00".to_owned(),
            issued: CardDate::Blank,
            expires: CardDate::Blank,
            reset: String::new(),
        }
    }

    /// What the string says of the synthetic card: number, name and what is odd; or why nothing.
    fn said(bytes: &[u8]) -> String {
        let Some(answer) = VendorAnswer::parse(bytes) else {
            return "not the string".to_owned();
        };
        if !answer.is_of(&face()) {
            return "another card".to_owned();
        }
        match answer.into_holder() {
            Ok((holder, remarks)) => format!(
                "{} {} {remarks:?}",
                holder.number.as_str(),
                holder.name.as_deref().unwrap_or("-")
            ),
            Err(because) => format!("{because:?}"),
        }
    }

    fn in_gb(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn the_ways_in_which_libraries_write_it_are_read() {
        let right = "650102199003070013 测试一 []";
        let nine = "320100|650102199003070013|T0000001X|320100D15600000500000001FFFFFFFF|测试一|00814A|3.00|20240601|20340601";
        for text in [
            NATIONAL,
            NATIONAL.trim_end_matches('|'),
            nine,
            &format!("{nine}|"),
            &format!("{NATIONAL}extra|more|"),
            &format!("{NATIONAL}1|2|3|4"),
            &format!("{NATIONAL}\r\n"),
            &NATIONAL.replace("20340601", "长期"),
            &NATIONAL.replace("20240601|20340601", "2024-06-01|2034-06-01"),
            &NATIONAL.replace("20240601|20340601", "|"),
            &NATIONAL.replace("20240601", "20240631"),
            &NATIONAL.replacen("320100|", "|", 1),
            &NATIONAL.replace("00814A44468660320100000001|3.00", "|"),
            &NATIONAL.replace("000000000000|SIM", "|"),
            &NATIONAL.replace("|T0000001X|", "||"),
            &NATIONAL.replace("320100D15600000500000001FFFFFFFF", ""),
            &NATIONAL.replace("测试一", " 测试一 "),
        ] {
            assert_eq!(said(&in_gb(text)), right, "{text}");
        }
        // 渱 is 9C 7C in GBK: a bar inside a character ends no field.
        let barred = in_gb(&NATIONAL.replace("测试一", "渱一"));
        assert!(barred.windows(2).any(|pair| pair == [0x9C, 0x7C]));
        assert_eq!(said(&barred), "650102199003070013 渱一 []");
        let latin = NATIONAL.replace("测试一", "MUHAMMAD ALI");
        assert_eq!(said(latin.as_bytes()), "650102199003070013 MUHAMMAD ALI []");
    }

    #[test]
    fn utf_8_is_told_from_gbk_and_said() {
        for name in ["测试一", "李刚", "阿卜杜·买买提", "龚䶮龑"] {
            let text = NATIONAL.replace("测试一", name);
            let expected = format!("650102199003070013 {name} [NameIn(Utf8)]");
            assert_eq!(said(text.as_bytes()), expected);
        }
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (text, expected) in [
            (
                NATIONAL.replace("测试一", ""),
                "650102199003070013 - [NameUnreadable]",
            ),
            (NATIONAL.replace("650102199003070013", ""), "NumberMissing"),
            (
                NATIONAL.replace("650102199003070013", "650102900307001"),
                "NumberOfOtherForm(15)",
            ),
            (
                NATIONAL.replace("070013", "070014"),
                "650102199003070014 测试一 [SocialSecurityNumberCheckDigit]",
            ),
            (
                NATIONAL.replace("0001FFFFFFFF", "0002FFFFFFFF"),
                "another card",
            ),
            (NATIONAL.replace("T0000001X", "T00000028"), "another card"),
            (
                NATIONAL.replace("T0000001X|320100D15600000500000001FFFFFFFF", "|"),
                "not the string",
            ),
            (String::new(), "not the string"),
            ("||||||||||".to_owned(), "not the string"),
            ("读卡失败".to_owned(), "not the string"),
        ] {
            assert_eq!(said(&in_gb(&text)), expected, "{text}");
        }
    }
}
