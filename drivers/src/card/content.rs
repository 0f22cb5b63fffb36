//! From records to what they mean: EF05 becomes a face, EF06 a holder; padding and odd values on the way.

use zeroize::Zeroizing;

use super::date::parse_bcd_date;
use super::name::{self, unpadded};
use super::{
    CardDate, CardFace, CardFault, CardId, CardNumber, CardVersion, Holder, Remark,
    SocialSecurityNumber, WithheldBecause,
};

/// The records read from one file, by tag.
#[derive(Default)]
pub(crate) struct Records(Vec<(u8, Zeroizing<Vec<u8>>)>);

impl Records {
    /// Keeps the first record of a tag.
    pub(crate) fn keep(&mut self, tag: u8, value: &[u8]) {
        if self.get(tag).is_none() {
            self.0.push((tag, Zeroizing::new(value.to_vec())));
        }
    }

    /// The value of a record.
    pub(crate) fn get(&self, tag: u8) -> Option<&[u8]> {
        self.0
            .iter()
            .find(|(kept, _)| *kept == tag)
            .map(|(_, value)| value.as_slice())
    }

    fn value(&self, tag: u8) -> &[u8] {
        self.get(tag).unwrap_or(&[])
    }
}

/// EF05. A card without a readable card id is not taken for one; everything else may be blank and is remarked on.
pub(crate) fn face(
    records: &Records,
    reset: &[u8],
    remarks: &mut Vec<Remark>,
) -> Result<CardFace, CardFault> {
    let missing = CardFault::RecordMissing { tag: 0x01 };
    let Ok(card_id) = CardId::parse(records.value(0x01)) else {
        return Err(missing);
    };
    let version_text = ascii(records.value(0x03)).unwrap_or_default();
    let version = version(&version_text);
    let card_number = ascii(records.value(0x07)).and_then(|text| CardNumber::parse(&text).ok());
    let (issued, expires) = (
        parse_bcd_date(records.value(0x05)),
        parse_bcd_date(records.value(0x06)),
    );
    match &card_number {
        None => remarks.push(match unpadded(records.value(0x07)).len() {
            0 => Remark::CardNumberBlank,
            length => Remark::CardNumberOfOtherForm(length),
        }),
        Some(number) if !number.has_right_check_digit() => {
            remarks.push(Remark::CardNumberCheckDigit);
        }
        Some(_) => {}
    }
    if version == CardVersion::Unknown {
        remarks.push(Remark::VersionUnknown);
    }
    if [issued, expires].contains(&CardDate::Unreadable) {
        remarks.push(Remark::DateUnreadable);
    }
    let reset = super::hex::encode(reset);
    Ok(CardFace {
        card_id,
        card_number,
        version,
        version_text,
        issued,
        expires,
        reset,
    })
}

/// EF06. A holder without a readable number is no holder.
pub(crate) fn holder(
    records: &Records,
    remarks: &mut Vec<Remark>,
) -> Result<Holder, WithheldBecause> {
    let written = unpadded(records.value(0x08));
    if written.is_empty() {
        return Err(WithheldBecause::NumberMissing);
    }
    let other_form = WithheldBecause::NumberOfOtherForm(written.len());
    let text = ascii(written).map(Zeroizing::new).ok_or(other_form)?;
    let number = SocialSecurityNumber::parse(&text).or(Err(other_form))?;
    if !number.has_right_check_digit() {
        remarks.push(Remark::SocialSecurityNumberCheckDigit);
    }
    let name = name::decode(records.value(0x09), records.value(0x4E));
    Ok(Holder {
        number,
        name: name::said(name, remarks),
    })
}

/// 规范版本: the first three characters decide, a blank one means 1.0.
pub(crate) fn version(text: &str) -> CardVersion {
    match text.get(..3) {
        _ if text.is_empty() => CardVersion::V1,
        Some("1.0") => CardVersion::V1,
        Some("2.0") => CardVersion::V2,
        Some("3.0") => CardVersion::V3,
        Some(_) | None => CardVersion::Unknown,
    }
}

/// A character value without its filling; `None` where it holds anything but visible ASCII.
fn ascii(value: &[u8]) -> Option<String> {
    let value = unpadded(value);
    let visible = value.iter().all(u8::is_ascii_graphic);
    visible.then(|| value.iter().map(|b| char::from(*b)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version_of(bytes: &[u8]) -> CardVersion {
        version(&ascii(bytes).unwrap_or_default())
    }

    #[test]
    fn the_first_three_characters_of_the_version_decide() {
        assert_eq!(version_of(b"3.00"), CardVersion::V3);
        assert_eq!(version_of(b"2.0\0"), CardVersion::V2);
        assert_eq!(version_of(b"1.00"), CardVersion::V1);
        assert_eq!(version_of(b"\0\0\0\0"), CardVersion::V1);
        assert_eq!(version_of(b"\xFF\xFF\xFF\xFF"), CardVersion::V1);
        assert_eq!(version_of(b"4.00"), CardVersion::Unknown);
        assert_eq!(version_of(b"30"), CardVersion::Unknown);
    }

    #[test]
    fn a_face_without_a_card_id_is_refused() {
        let mut remarks = Vec::new();
        assert_eq!(
            face(&Records::default(), &[], &mut remarks),
            Err(CardFault::RecordMissing { tag: 1 })
        );
        let mut blank = Records::default();
        blank.keep(0x01, &[0xFF; 16]);
        assert_eq!(
            face(&blank, &[], &mut remarks),
            Err(CardFault::RecordMissing { tag: 1 })
        );
    }

    #[test]
    fn what_is_odd_is_remarked_on_and_not_refused() {
        let mut records = Records::default();
        records.keep(0x01, &[0x32; 16]);
        records.keep(0x03, b"9.9 ");
        records.keep(0x05, &[0x20, 0x24, 0x13, 0x01]);
        let mut remarks = Vec::new();
        let face = face(&records, &[0x81], &mut remarks).expect("face");
        assert_eq!(
            remarks,
            [
                Remark::CardNumberBlank,
                Remark::VersionUnknown,
                Remark::DateUnreadable
            ]
        );
        assert_eq!(face.expires, CardDate::Blank);
        assert_eq!(face.reset, "81");
    }

    #[test]
    fn a_holder_keeps_the_number_when_the_name_cannot_be_read() {
        let mut records = Records::default();
        records.keep(0x08, b"650102199003070014");
        records.keep(0x09, &[0x80, 0xFF, 0x31, 0x00]);
        let mut remarks = Vec::new();
        let holder = holder(&records, &mut remarks).expect("holder");
        assert_eq!(holder.number.as_str(), "650102199003070014");
        assert_eq!(holder.name, None);
        assert_eq!(
            remarks,
            [
                Remark::SocialSecurityNumberCheckDigit,
                Remark::NameUnreadable
            ]
        );
    }
}
