//! From an answer's bytes to its text: compressed though nobody asked, marked, in UTF-8 or GB 18030, said or not.

use std::io::Read;

use encoding_rs::{Encoding, GB18030, UTF_8};
use flate2::read::MultiGzDecoder;

use super::error::WrongAnswer;

/// No page or answer is larger, packed or unpacked; what is, is not the platform's.
pub(super) const ANSWER_LIMIT_BYTES: usize = 16 * 1024 * 1024;

/// An answer's outer form: status, what the header says of the characters, and body.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) charset: Option<String>,
    pub(super) body: Vec<u8>,
}

/// How every gzip begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The answer's text. `charset` is what the header said, if it said one.
pub(super) fn text(body: &[u8], charset: Option<&str>) -> Result<String, WrongAnswer> {
    let unpacked;
    let bytes = if body.starts_with(&GZIP) {
        unpacked = unpack(body)?;
        unpacked.as_slice()
    } else {
        body
    };
    if let Some((marked, length)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(length..).unwrap_or_default();
        return decoded(marked, rest).ok_or(WrongAnswer::Charset);
    }
    let said = charset.and_then(|name| Encoding::for_label(name.as_bytes()));
    let utf_8 = decoded(UTF_8, bytes);
    if let Some(text) = &utf_8
        && (said == Some(UTF_8) || is_chinese_or_ascii(text))
    {
        return utf_8.ok_or(WrongAnswer::Charset);
    }
    // GBK and GB 2312 are parts of GB 18030.
    decoded(GB18030, bytes)
        .or(utf_8)
        .ok_or(WrongAnswer::Charset)
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(Into::into)
}

/// Chinese takes three bytes of UTF-8 or more. What is sound UTF-8 and has two-byte characters alone may be short GBK.
fn is_chinese_or_ascii(text: &str) -> bool {
    text.is_ascii() || text.chars().any(|character| character.len_utf8() >= 3)
}

fn unpack(body: &[u8]) -> Result<Vec<u8>, WrongAnswer> {
    let mut unpacked = Vec::new();
    let limit = u64::try_from(ANSWER_LIMIT_BYTES + 1).unwrap_or(u64::MAX);
    MultiGzDecoder::new(body)
        .take(limit)
        .read_to_end(&mut unpacked)
        .map_err(|_damaged| WrongAnswer::Compression)?;
    if unpacked.len() > ANSWER_LIMIT_BYTES {
        return Err(WrongAnswer::TooLong);
    }
    Ok(unpacked)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    const SAID: &str = r#"{"err_msg":"该人员待遇已冻结"}"#;

    fn gbk(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn the_same_text_is_read_from_every_form_of_it() {
        let marked = |bytes: &[u8]| [b"\xef\xbb\xbf", bytes].concat();
        let utf_16: Vec<u8> = std::iter::once(0xfeff)
            .chain(SAID.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        for (form, body, charset) in [
            ("UTF-8", SAID.as_bytes().to_vec(), None),
            ("UTF-8 that says GBK", SAID.as_bytes().to_vec(), Some("GBK")),
            ("with a mark", marked(SAID.as_bytes()), Some("utf-8")),
            ("GBK", gbk(SAID), Some("gbk")),
            ("GBK that says nothing", gbk(SAID), None),
            ("GBK that says UTF-8", gbk(SAID), Some("UTF-8")),
            ("GBK as gb2312", gbk(SAID), Some("gb2312")),
            ("GBK as an unknown name", gbk(SAID), Some("chinese-x")),
            ("UTF-16 with its mark", utf_16, None),
            ("packed", packed(SAID.as_bytes()), None),
            ("packed GBK", packed(&gbk(SAID)), None),
            ("packed with a mark", packed(&marked(SAID.as_bytes())), None),
        ] {
            assert_eq!(text(&body, charset).as_deref(), Ok(SAID), "{form}");
        }
    }

    #[test]
    fn two_characters_of_gbk_that_are_sound_utf_8_as_well_are_gbk() {
        // 一 and 隆 in GBK, D2BB C2A1: as UTF-8 they would be U+04BB and U+00A1.
        let body = b"\"\xd2\xbb\xc2\xa1\"";
        assert_eq!(text(body, None).as_deref(), Ok("\"一隆\""));
        assert_eq!(
            text(body, Some("utf-8")).as_deref(),
            Ok("\"\u{4bb}\u{a1}\"")
        );
    }

    #[test]
    fn what_unpacks_to_more_than_an_answer_or_not_at_all_is_no_answer() {
        let bomb = packed(&vec![b' '; ANSWER_LIMIT_BYTES + 1]);
        assert!(bomb.len() < ANSWER_LIMIT_BYTES / 100);
        assert_eq!(text(&bomb, None), Err(WrongAnswer::TooLong));
        let whole = packed(SAID.as_bytes());
        let half = whole.get(..whole.len() / 2).unwrap();
        assert_eq!(text(half, None), Err(WrongAnswer::Compression));
        assert_eq!(text(b"\"\xff\xff\"", None), Err(WrongAnswer::Charset));
    }
}
