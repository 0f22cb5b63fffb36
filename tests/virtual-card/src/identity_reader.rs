//! An identity card reader with one card laid on it: answers the SAM's three commands.

use std::io;

use crate::SerialDevice;

/// What a laid-on identity card says.
#[derive(Debug, Clone)]
pub struct IdentityCard {
    /// 姓名.
    pub name: String,
    /// 公民身份号码.
    pub number: String,
    /// 有效期限起, `yyyymmdd`.
    pub valid_from: String,
    /// 有效期限止, `yyyymmdd` or 长期.
    pub valid_to: String,
}

impl IdentityCard {
    /// A card of this holder that is valid until the year 2040.
    pub fn new(name: &str, number: &str) -> Self {
        Self {
            name: name.to_owned(),
            number: number.to_owned(),
            valid_from: "20200101".to_owned(),
            valid_to: "20400101".to_owned(),
        }
    }

    /// Lies on the reader until it has been read once; gives the reader back then.
    ///
    /// # Errors
    ///
    /// The line is closed before.
    pub fn lie_on(&self, mut reader: SerialDevice) -> io::Result<SerialDevice> {
        loop {
            let command = reader.hear(10)?;
            match hex::encode_upper(&command).as_str() {
                "AAAAAA96690003200122" => {
                    reader.say(&frame(&[0x00, 0x00, 0x9F, 0, 0, 0, 0]))?;
                }
                "AAAAAA96690003200221" => {
                    reader.say(&frame(&[0x00, 0x00, 0x90, 0, 0, 0, 0, 0, 0, 0, 0]))?;
                }
                "AAAAAA96690003300132" => {
                    reader.say(&self.reading())?;
                    return Ok(reader);
                }
                _ => reader.say(&frame(&[0x00, 0x00, 0x21]))?,
            }
        }
    }

    fn reading(&self) -> Vec<u8> {
        let fields = [
            (self.name.as_str(), 30),
            ("1", 2),
            ("01", 4),
            ("19900307", 16),
            ("测试路1号", 70),
            (&self.number, 36),
            ("测试公安局", 30),
            (&self.valid_from, 16),
            (&self.valid_to, 16),
            ("", 36),
        ];
        let mut body = vec![0x00, 0x00, 0x90, 0x01, 0x00, 0x04, 0x00];
        for (text, length) in fields {
            let mut field: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            field.resize_with(length, Default::default);
            body.extend(field);
        }
        body.extend([0; 1024]);
        frame(&body)
    }
}

/// Head, length, body, and the XOR of length and body.
fn frame(body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 1)
        .unwrap_or(u16::MAX)
        .to_be_bytes();
    let check = length.iter().chain(body).fold(0, |xor, byte| xor ^ byte);
    [&[0xAA, 0xAA, 0xAA, 0x96, 0x69], &length[..], body, &[check]].concat()
}
