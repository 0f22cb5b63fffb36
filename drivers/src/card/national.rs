//! The national reader interface's string: eleven fields, each ended by `|`.

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::content::version;
use super::date::parse_digits;
use super::{
    CardDate, CardFace, CardId, CardIdentity, CardNumber, CardVersion, Holder, Remark,
    SocialSecurityNumber,
};

/// 发卡地区行政区划代码|社会保障号码|卡号|卡识别码|姓名|卡复位信息|规范版本|发卡日期|有效期|终端机编号|终端设备号|
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct NationalString {
    city: String,
    number: SocialSecurityNumber,
    card_number: String,
    card_id: CardId,
    name: String,
    reset: String,
    version: String,
    issued: String,
    expires: String,
    terminal: String,
    device: String,
}

/// A string is not the national string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotNational {
    /// It is no GB 18030 text.
    #[error("the string is no GB 18030 text")]
    Text,
    /// It does not have eleven fields, each ended by a bar.
    #[error("the string does not have eleven fields, each ended by |")]
    Fields,
    /// This field, counted from 1, does not have its form.
    #[error("field {0} of the national string does not have its form")]
    Field(u8),
}

impl NationalString {
    /// Reads what a vendor's library wrote. The text is decoded before it is split: the second byte of a Chinese character
    /// may be the bar's.
    pub(crate) fn parse_bytes(bytes: &[u8]) -> Result<Self, NotNational> {
        let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
        let text = Zeroizing::new(text.ok_or(NotNational::Text)?.into_owned());
        Self::parse(&text)
    }

    /// Reads the string field by field.
    ///
    /// # Errors
    ///
    /// Which field does not have its form; never its value.
    pub fn parse(text: &str) -> Result<Self, NotNational> {
        let body = text
            .trim_end_matches(['\r', '\n', ' '])
            .strip_suffix('|')
            .ok_or(NotNational::Fields)?;
        let fields: Vec<&str> = body.split('|').map(str::trim).collect();
        let [
            city,
            number,
            card_number,
            card_id,
            name,
            reset,
            version_text,
            issued,
            expires,
            terminal,
            device,
        ] = fields.as_slice()
        else {
            return Err(NotNational::Fields);
        };
        let digits = |text: &str, length: usize| {
            text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
        };
        let date = |text: &str| parse_digits(text) != CardDate::Unreadable;
        let graphic = |text: &str, most: usize| {
            text.len() <= most && text.bytes().all(|b| b.is_ascii_graphic())
        };
        let checks = [
            (1, digits(city, 6)),
            (
                3,
                card_number.is_empty() || CardNumber::parse(card_number).is_ok(),
            ),
            (
                5,
                !name.is_empty()
                    && name.chars().count() <= 50
                    && !name.chars().any(char::is_control),
            ),
            (6, reset.len() <= 64 && super::hex::decode(reset).is_some()),
            (
                7,
                version(version_text) != CardVersion::Unknown && graphic(version_text, 4),
            ),
            (8, date(issued)),
            (9, date(expires)),
            (10, graphic(terminal, 12)),
            (11, graphic(device, 32)),
        ];
        if let Some((field, _)) = checks.iter().find(|(_, right)| !right) {
            return Err(NotNational::Field(*field));
        }
        let own = |text: &&str| (*text).to_owned();
        Ok(Self {
            city: own(city),
            number: SocialSecurityNumber::parse(number).or(Err(NotNational::Field(2)))?,
            card_number: own(card_number),
            card_id: CardId::parse_hex(card_id).or(Err(NotNational::Field(4)))?,
            name: own(name),
            reset: own(reset),
            version: own(version_text),
            issued: own(issued),
            expires: own(expires),
            terminal: own(terminal),
            device: own(device),
        })
    }

    /// The eleven fields of a card that was read; `None` where its EF06 stayed closed or its name is unreadable.
    ///
    /// `terminal` is 终端机编号, twelve zeros without a PSAM; `device` is 终端设备号.
    pub fn of(identity: &CardIdentity, terminal: &str, device: &str) -> Option<Self> {
        let holder = identity.holder.as_ref()?;
        let face = &identity.face;
        let date = |date: CardDate| {
            date.date()
                .map(|date| date.strftime("%Y%m%d").to_string())
                .unwrap_or_default()
        };
        Some(Self {
            city: face.card_id.city(),
            number: holder.number.clone(),
            card_number: face
                .card_number
                .as_ref()
                .map(|number| number.as_str().to_owned())
                .unwrap_or_default(),
            card_id: face.card_id.clone(),
            name: holder.name.clone()?,
            reset: face.reset.clone(),
            version: face.version_text.clone(),
            issued: date(face.issued),
            expires: date(face.expires),
            terminal: terminal.to_owned(),
            device: device.to_owned(),
        })
    }

    /// The string. It identifies a person: not for a log.
    pub fn to_text(&self) -> Zeroizing<String> {
        let id = Zeroizing::new(self.card_id.to_hex());
        let fields = [
            self.city.as_str(),
            self.number.as_str(),
            &self.card_number,
            &id,
            &self.name,
            &self.reset,
            &self.version,
            &self.issued,
            &self.expires,
            &self.terminal,
            &self.device,
        ];
        Zeroizing::new(fields.iter().flat_map(|field| [*field, "|"]).collect())
    }

    /// Whether this is about the card whose EF05 was read: a library that found another card must not name its holder.
    pub(crate) fn is_of(&self, face: &CardFace) -> bool {
        let number = face.card_number.as_ref().map(CardNumber::as_str);
        self.card_id == face.card_id && number.is_none_or(|number| number == self.card_number)
    }

    /// Whether 终端机编号 is that of a PSAM: twelve zeros, or nothing, without one.
    pub(crate) fn names_a_psam(&self) -> bool {
        self.terminal.bytes().any(|byte| byte != b'0')
    }

    /// The holder, with what is odd about the number.
    pub(crate) fn into_holder(self) -> (Holder, Vec<Remark>) {
        let holder = Holder {
            number: self.number.clone(),
            name: Some(self.name.clone()),
        };
        let odd = !holder.number.has_right_check_digit();
        (
            holder,
            odd.then_some(Remark::SocialSecurityNumberCheckDigit)
                .into_iter()
                .collect(),
        )
    }
}

impl std::fmt::Debug for NationalString {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NationalString(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: &str = "320100|650102199003070013|T0000001X|320100D15600000500000001FFFFFFFF|测试一|\
                         00814A44468660320100000001|3.00|20240601|20340601|000000000000|SIM|";

    #[test]
    fn a_national_string_survives_the_way_there_and_back() {
        let national = NationalString::parse(RIGHT).expect("right");
        assert_eq!(national.to_text().as_str(), RIGHT);
        assert_eq!(format!("{national:?}"), "NationalString(redacted)");
    }

    #[test]
    fn a_bar_inside_a_chinese_character_ends_no_field() {
        // 渱 is 9C 7C in GBK.
        let text = RIGHT.replace("测试一", "渱一");
        let (bytes, _, _) = encoding_rs::GB18030.encode(&text);
        assert!(bytes.windows(2).any(|pair| pair == [0x9C, 0x7C]));
        let national = NationalString::parse_bytes(&bytes).expect("right");
        assert_eq!(national.name, "渱一");
    }

    #[test]
    fn each_field_is_checked() {
        let cases = [
            ("320100|6", "32010|6", 1),
            ("650102199003070013", "65010219900307001", 2),
            ("T0000001X", "T0000001XX", 3),
            ("FFFFFFFF", "FFFFFFFG", 4),
            ("测试一", "", 5),
            ("00814A44", "0814A44", 6),
            ("3.00", "9.00", 7),
            ("20240601", "20240631", 8),
            ("20340601", "2034060", 9),
            ("000000000000", "0000000000000", 10),
            ("SIM", "S\u{7}M", 11),
        ];
        for (right, wrong, field) in cases {
            let text = RIGHT.replacen(right, wrong, 1);
            assert_eq!(
                NationalString::parse(&text),
                Err(NotNational::Field(field)),
                "{text}"
            );
        }
    }

    #[test]
    fn another_number_of_fields_is_refused() {
        for text in [
            "",
            "|",
            RIGHT.trim_end_matches('|'),
            &format!("{RIGHT}|"),
            &format!("x|{RIGHT}"),
        ] {
            assert_eq!(
                NationalString::parse(text),
                Err(NotNational::Fields),
                "{text}"
            );
        }
    }
}
