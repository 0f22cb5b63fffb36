//! Text in whichever way it is written: UTF-8, UTF-16 or GB 18030, told apart by the bytes alone.

use encoding_rs::{CoderResult, DecoderResult, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::form::Encoding;
use crate::bill::fault::BillFileError;

/// Bytes that are decoded at once.
const CHUNK: usize = 16 * 1024;

/// So much of a text is looked at where its zero bytes tell how it is written.
const SAMPLE: usize = 4096;

/// A file's text, not yet decoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
}

impl<'a> Text<'a> {
    /// Finds out how it is written: a byte order mark, zero bytes where UTF-16 has them, UTF-8 without a fault, or else GB 18030
    /// without a fault.
    pub(super) fn of(bytes: &'a [u8]) -> Result<Self, BillFileError> {
        let (bytes, encoding) = if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
            (rest, Encoding::Utf8)
        } else if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
            (rest, Encoding::Utf16Le)
        } else if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
            (rest, Encoding::Utf16Be)
        } else if let Some(encoding) = unmarked_utf_16(bytes) {
            (bytes, encoding)
        } else if std::str::from_utf8(bytes).is_ok() {
            (bytes, Encoding::Utf8)
        } else {
            (bytes, Encoding::Gb18030)
        };
        let text = Self { bytes, encoding };
        text.require_sound()?;
        Ok(text)
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// HTML or XML, which export programs call XLS: it begins with a tag.
    pub(super) fn is_web_page(&self) -> Result<bool, BillFileError> {
        let mut tag = None;
        self.pieces(|piece| {
            tag = tag.or_else(|| piece.trim_start().chars().next());
            Ok(tag.is_none())
        })?;
        Ok(tag == Some('<'))
    }

    /// Every byte is part of a character, and none of them is one that no text has.
    fn require_sound(&self) -> Result<(), BillFileError> {
        let mut decoder = self.rules().new_decoder_without_bom_handling();
        let mut buffer = vec![0; CHUNK];
        let (mut read, mut blank) = (0, true);
        loop {
            let rest = self.bytes.get(read..).unwrap_or_default();
            let (result, taken, written) =
                decoder.decode_to_utf8_without_replacement(rest, &mut buffer, true);
            let written = buffer.get(..written).unwrap_or_default();
            blank &= written.iter().all(u8::is_ascii_whitespace);
            if written.contains(&0) {
                return Err(BillFileError::NotText);
            }
            read += taken;
            match result {
                DecoderResult::InputEmpty if blank => return Err(BillFileError::Empty),
                DecoderResult::InputEmpty => return Ok(()),
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(_, _) => return Err(BillFileError::NotText),
            }
        }
    }

    /// Hands on the text piece by piece, as long as more is wanted.
    pub(super) fn pieces(
        &self,
        mut take: impl FnMut(&str) -> Result<bool, BillFileError>,
    ) -> Result<(), BillFileError> {
        if let (Encoding::Utf8, Ok(whole)) = (self.encoding, std::str::from_utf8(self.bytes)) {
            return take(whole).map(drop);
        }
        let mut decoder = self.rules().new_decoder_without_bom_handling();
        let mut buffer = String::with_capacity(CHUNK);
        let mut read = 0;
        loop {
            let rest = self.bytes.get(read..).unwrap_or_default();
            // Sound since it was looked at: nothing is replaced.
            let (result, taken, _replaced) = decoder.decode_to_string(rest, &mut buffer, true);
            read += taken;
            let more = take(&buffer)?;
            buffer.clear();
            match result {
                CoderResult::OutputFull if more => {}
                CoderResult::InputEmpty | CoderResult::OutputFull => return Ok(()),
            }
        }
    }

    fn rules(&self) -> &'static encoding_rs::Encoding {
        match self.encoding {
            Encoding::Utf8 => UTF_8,
            Encoding::Utf16Le => UTF_16LE,
            Encoding::Utf16Be => UTF_16BE,
            Encoding::Gb18030 => GB18030,
        }
    }
}

/// UTF-16 without its mark: separators, digits and line breaks leave a zero byte each, all on the same side.
fn unmarked_utf_16(bytes: &[u8]) -> Option<Encoding> {
    let sample = bytes.get(..bytes.len().min(SAMPLE)).unwrap_or_default();
    let zeros = |odd: usize| {
        let side = sample.iter().skip(odd).step_by(2);
        side.filter(|byte| **byte == 0).count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    // Some characters (一, U+4E00, and the wide blank, U+3000) have their zero on the other side.
    let many = sample.len() / 16;
    if odd > many && odd > 2 * even {
        Some(Encoding::Utf16Le)
    } else if even > many && even > 2 * odd {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}
