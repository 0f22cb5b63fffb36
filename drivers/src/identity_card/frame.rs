//! The SAM's frames: `AAAAAA9669`, a length, status and data, and the XOR of everything behind the head.

use zeroize::{Zeroize, Zeroizing};

const HEAD: [u8; 5] = [0xAA, 0xAA, 0xAA, 0x96, 0x69];

/// No answer is longer: status, four bytes of lengths, text, photo, fingerprints, check.
const LONGEST: usize = 3 + 4 + 256 + 1024 + 1024 + 1;

/// One answer of the SAM.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    /// SW1 to SW3; the last tells the outcome.
    pub status: [u8; 3],
    /// What follows.
    pub data: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frame")
            .field("status", &self.status)
            .field("data", &self.data.len())
            .finish()
    }
}

/// A command without data.
pub(super) fn command(command: u8, parameter: u8) -> [u8; 10] {
    let mut frame = [0; 10];
    frame[..5].copy_from_slice(&HEAD);
    frame[5..].copy_from_slice(&[0x00, 0x03, command, parameter, 0x03 ^ command ^ parameter]);
    frame
}

/// Finds frames in a stream of bytes; what is none is skipped. Holds no more than the longest frame and what was fed.
#[derive(Default)]
pub struct FrameAssembler {
    held: Zeroizing<Vec<u8>>,
}

impl FrameAssembler {
    /// Takes bytes; returns the first whole frame with a right check, if there is one now.
    pub fn feed(&mut self, bytes: &[u8]) -> Option<Frame> {
        self.held.extend_from_slice(bytes);
        loop {
            self.skip_to_head();
            let rest = self.held.strip_prefix(&HEAD)?;
            let (length, body) = match rest {
                [high, low, body @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), body),
                _ => return None,
            };
            if !(4..=LONGEST).contains(&length) {
                self.forget(1);
                continue;
            }
            let checked = rest.get(..length + 1)?;
            let (Some([s1, s2, s3]), Some(check)) = (body.first_chunk::<3>(), rest.get(length + 1))
            else {
                return None;
            };
            if checked.iter().fold(0, |xor, byte| xor ^ byte) != *check {
                self.forget(1);
                continue;
            }
            let data = Zeroizing::new(body.get(3..length - 1).unwrap_or_default().to_vec());
            let frame = Frame {
                status: [*s1, *s2, *s3],
                data,
            };
            self.forget(HEAD.len() + 2 + length);
            return Some(frame);
        }
    }

    /// Drops what cannot begin a frame.
    fn skip_to_head(&mut self) {
        let begins = |rest: &[u8]| rest.iter().zip(HEAD).all(|(byte, head)| *byte == head);
        let place = (0..self.held.len()).find(|place| begins(&self.held[*place..]));
        self.forget(place.unwrap_or(self.held.len()));
    }

    fn forget(&mut self, count: usize) {
        let kept = self.held.len().saturating_sub(count);
        self.held.copy_within(count.., 0);
        self.held[kept..].zeroize();
        self.held.truncate(kept);
    }
}

impl std::fmt::Debug for FrameAssembler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FrameAssembler")
            .field("held", &self.held.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::hex;

    fn bytes(text: &str) -> Vec<u8> {
        hex::decode(text).expect("hexadecimal")
    }

    #[test]
    fn commands_are_byte_for_byte_the_documents() {
        assert_eq!(command(0x20, 0x01).to_vec(), bytes("AAAAAA96690003200122"));
        assert_eq!(command(0x20, 0x02).to_vec(), bytes("AAAAAA96690003200221"));
        assert_eq!(command(0x30, 0x01).to_vec(), bytes("AAAAAA96690003300132"));
    }

    #[test]
    fn a_frame_is_found_in_whatever_fragments_and_after_noise() {
        let mut frames = FrameAssembler::default();
        assert_eq!(frames.feed(&bytes("00FFAAAAAAAA96")), None);
        assert_eq!(frames.feed(&bytes("69000400")), None);
        let frame = frames.feed(&bytes("009F9BAAAA")).expect("a frame");
        assert_eq!((frame.status, frame.data.len()), ([0x00, 0x00, 0x9F], 0));
        assert_eq!(frames.feed(&bytes("AA96690008000090010203049C")), {
            Some(Frame {
                status: [0x00, 0x00, 0x90],
                data: Zeroizing::new(vec![1, 2, 3, 4]),
            })
        });
    }

    #[test]
    fn a_wrong_check_or_length_is_skipped() {
        let mut frames = FrameAssembler::default();
        assert_eq!(frames.feed(&bytes("AAAAAA9669000400009F9A")), None);
        assert_eq!(frames.feed(&bytes("AAAAAA9669FFFF00009F9B")), None);
        assert_eq!(frames.feed(&bytes("AAAAAA9669000000009F9B")), None);
        assert!(frames.feed(&bytes("AAAAAA9669000400009F9B")).is_some());
    }
}
