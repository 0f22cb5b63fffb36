//! The card's two files: EF05, what every card tells, and EF06, the holder.

use anyhow::{Context as _, Result, bail};

/// A synthetic holder and card number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// 社会保障号码, 18 characters.
    pub number: String,
    /// 姓名; up to 30 bytes in GB 18030, with the extension 50.
    pub name: String,
    /// 卡号, 9 characters.
    pub card_number: String,
    /// The last four digits of the card id's running number; makes the card id unique.
    pub serial: u16,
}

impl Default for Holder {
    /// The holder of the specification's synthetic card.
    fn default() -> Self {
        Self {
            number: "650102199003070013".into(),
            name: "测试一".into(),
            card_number: "T0000001X".into(),
            serial: 1,
        }
    }
}

impl Holder {
    /// 卡识别码: city 320100, `D156000005`, the running number, filling.
    pub fn card_id(&self) -> [u8; 16] {
        let [high, low] = self.serial.to_be_bytes();
        [
            0x32, 0x01, 0x00, 0xD1, 0x56, 0x00, 0x00, 0x05, 0x00, 0x00, high, low, 0xFF, 0xFF,
            0xFF, 0xFF,
        ]
    }
}

/// Stands for a record that was laid out and never written: the card answers FF all over.
pub(crate) const BLANK: u8 = 0xFF;

/// One record: a tag and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) tag: u8,
    pub(crate) value: Vec<u8>,
}

impl Record {
    pub(crate) fn new(tag: u8, value: impl Into<Vec<u8>>) -> Self {
        Self {
            tag,
            value: value.into(),
        }
    }

    /// `tag length value` as READ RECORD answers it.
    pub(crate) fn encode(&self) -> Vec<u8> {
        if self.tag == BLANK {
            return vec![0xFF; self.value.len() + 2];
        }
        [&[self.tag, length_byte(&self.value)], self.value.as_slice()].concat()
    }
}

/// The length of a record or an answer; none on a card is as long as 255.
pub(crate) fn length_byte(bytes: &[u8]) -> u8 {
    u8::try_from(bytes.len()).unwrap_or(u8::MAX)
}

/// EF05 of a card of this version.
pub(crate) fn ef05(holder: &Holder, version: &[u8]) -> Result<Vec<Record>> {
    if holder.card_number.len() != 9 {
        bail!("a card number has 9 characters");
    }
    Ok(vec![
        Record::new(0x01, holder.card_id()),
        Record::new(0x02, *b"3"),
        Record::new(0x03, version),
        Record::new(
            0x04,
            [
                0x91, 0x56, 0x00, 0x00, 0x02, 0x32, 0x01, 0x00, 0x32, 0x01, 0x00, 0x01,
            ],
        ),
        Record::new(0x05, [0x20, 0x24, 0x06, 0x01]),
        Record::new(0x06, [0x20, 0x34, 0x06, 0x01]),
        Record::new(0x07, holder.card_number.as_bytes()),
    ])
}

/// EF06 of a card with a name extension.
pub(crate) fn ef06(holder: &Holder) -> Result<Vec<Record>> {
    if holder.number.len() != 18 || !holder.number.is_ascii() {
        bail!("a social security number has 18 characters");
    }
    let (name, extension) = name_records(&holder.name)?;
    Ok(vec![
        Record::new(0x08, holder.number.as_bytes()),
        Record::new(0x09, name),
        Record::new(0x4E, extension),
        Record::new(0x0A, *b"1"),
        Record::new(0x0B, [0x01]),
        Record::new(0x0C, [0x32, 0x01, 0x00]),
        Record::new(0x0D, [0x19, 0x90, 0x03, 0x07]),
    ])
}

/// A name in GB 18030, 30 bytes and its extension of 20, filled up with zeros; the cut falls where the bytes say, even
/// inside a character, as it does on cards.
fn name_records(name: &str) -> Result<(Vec<u8>, Vec<u8>)> {
    let (bytes, _, failed) = encoding_rs::GB18030.encode(name);
    if failed {
        bail!("the name cannot be written in GB 18030");
    }
    let mut bytes = bytes.into_owned();
    if bytes.len() > 50 {
        bail!("the name takes {} bytes; a card holds 50", bytes.len());
    }
    bytes.resize(50, 0);
    let extension = bytes.split_off(30);
    Ok((bytes, extension))
}

/// Replaces the value of a record, or fails where there is none.
pub(crate) fn replace(file: &mut [Record], tag: u8, value: &[u8]) -> Result<()> {
    let record = file
        .iter_mut()
        .find(|record| record.tag == tag)
        .context("no such record")?;
    record.value = value.to_vec();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(file: &[Record]) -> Vec<String> {
        file.iter()
            .map(|record| hex::encode_upper(record.encode()))
            .collect()
    }

    #[test]
    fn the_synthetic_card_is_byte_for_byte_the_documents() {
        let holder = Holder::default();
        assert_eq!(
            text(&ef05(&holder, b"3.00").expect("holder")),
            [
                "0110320100D15600000500000001FFFFFFFF",
                "020133",
                "0304332E3030",
                "040C915600000232010032010001",
                "050420240601",
                "060420340601",
                "0709543030303030303158",
            ]
        );
        assert_eq!(
            text(&ef06(&holder).expect("holder")),
            [
                "0812363530313032313939303033303730303133",
                "091EB2E2CAD4D2BB000000000000000000000000000000000000000000000000",
                "4E140000000000000000000000000000000000000000",
                "0A0131",
                "0B0101",
                "0C03320100",
                "0D0419900307",
            ]
        );
    }

    #[test]
    fn a_name_that_is_too_long_or_not_chinese_is_refused() {
        let name = "长".repeat(26);
        assert!(
            ef06(&Holder {
                name,
                ..Holder::default()
            })
            .is_err()
        );
    }
}
