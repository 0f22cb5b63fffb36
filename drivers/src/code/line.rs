//! From a scanner's bytes to codes: they come in fragments, end in CR, LF, CRLF or nothing, and may never end.

use std::time::Duration;

use zeroize::{Zeroize, Zeroizing};

/// How the scanner ends a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnd {
    /// By CR, LF or CRLF.
    Terminator,
    /// Not at all: a code is over when nothing has come for this long.
    Idle(Duration),
}

/// What came out of the bytes.
#[derive(Clone, PartialEq, Eq)]
pub enum Scanned {
    /// One code, without line end, prefix and suffix.
    Code(Zeroizing<String>),
    /// Bytes that are no text.
    Garbage,
    /// More bytes than any code has, without an end; they are thrown away up to the next one. Told once.
    Endless,
}

/// Assembles codes; holds at most [`LineAssembler::LONGEST`] bytes.
pub struct LineAssembler {
    end: LineEnd,
    prefix: String,
    suffix: String,
    held: Zeroizing<Vec<u8>>,
    overflown: bool,
    last_byte_at: Duration,
}

impl LineAssembler {
    /// More than a QR code can hold, with room for prefix and suffix.
    pub const LONGEST: usize = 8 * 1024;

    /// `prefix` and `suffix` are what the scanner is set to put around each code; they are taken off where they are there.
    pub fn new(end: LineEnd, prefix: &str, suffix: &str) -> Self {
        Self {
            end,
            prefix: prefix.to_owned(),
            suffix: suffix.to_owned(),
            held: Zeroizing::new(Vec::with_capacity(Self::LONGEST)),
            overflown: false,
            last_byte_at: Duration::ZERO,
        }
    }

    /// Takes the bytes that arrived at `now`, and gives each code that they complete to `found`.
    pub fn feed(&mut self, bytes: &[u8], now: Duration, found: &mut dyn FnMut(Scanned)) {
        self.tick(now, found);
        if !bytes.is_empty() {
            self.last_byte_at = now;
        }
        for byte in bytes {
            let ends = self.end == LineEnd::Terminator && matches!(byte, b'\r' | b'\n');
            if ends {
                self.finish(found);
            } else if self.overflown {
            } else if self.held.len() == Self::LONGEST {
                self.held.zeroize();
                self.held.reserve_exact(Self::LONGEST);
                self.overflown = true;
                found(Scanned::Endless);
            } else {
                self.held.push(*byte);
            }
        }
    }

    /// Time passes without bytes.
    pub fn tick(&mut self, now: Duration, found: &mut dyn FnMut(Scanned)) {
        if let LineEnd::Idle(limit) = self.end
            && now.saturating_sub(self.last_byte_at) >= limit
        {
            self.finish(found);
        }
    }

    /// Forgets what it holds: the scanner went away in the middle of a code.
    pub fn clear(&mut self) {
        self.held.as_mut_slice().zeroize();
        self.held.clear();
        self.overflown = false;
    }

    fn finish(&mut self, found: &mut dyn FnMut(Scanned)) {
        // The LF of a CRLF, and the rest of what was thrown away, are no codes.
        if !self.held.is_empty() && !self.overflown {
            found(match std::str::from_utf8(&self.held) {
                Ok(text) => {
                    let text = text.strip_prefix(self.prefix.as_str()).unwrap_or(text);
                    let text = text.strip_suffix(self.suffix.as_str()).unwrap_or(text);
                    Scanned::Code(Zeroizing::new(text.to_owned()))
                }
                Err(_) => Scanned::Garbage,
            });
        }
        self.clear();
    }
}

impl std::fmt::Debug for LineAssembler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LineAssembler")
            .field("end", &self.end)
            .field("held", &self.held.len())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Scanned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Code(_) => "Code(redacted)",
            Self::Garbage => "Garbage",
            Self::Endless => "Endless",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    /// Feeds fragments, each with its time, and shows what came out.
    fn assemble(assembler: &mut LineAssembler, fragments: &[(u64, &[u8])]) -> Vec<String> {
        let mut out = Vec::new();
        let mut found = |scanned: Scanned| {
            out.push(match scanned {
                Scanned::Code(code) => code.to_string(),
                Scanned::Garbage => "<garbage>".into(),
                Scanned::Endless => "<endless>".into(),
            });
        };
        for (time, bytes) in fragments {
            assembler.feed(bytes, at(*time), &mut found);
        }
        out
    }

    #[test]
    fn cr_lf_and_crlf_end_a_code_in_whatever_fragments() {
        let mut lines = LineAssembler::new(LineEnd::Terminator, "", "");
        let fragments: [(u64, &[u8]); 5] = [
            (0, b"first\rsec"),
            (5, b"ond\nthird\r"),
            (9, b"\nfou"),
            (30, b"rth"),
            (31, b"\r\n"),
        ];
        assert_eq!(
            assemble(&mut lines, &fragments),
            ["first", "second", "third", "fourth"]
        );
    }

    #[test]
    fn without_a_line_end_silence_ends_a_code() {
        let mut lines = LineAssembler::new(LineEnd::Idle(at(50)), "", "");
        let fragments: [(u64, &[u8]); 5] = [
            (0, b"fir"),
            (49, b"st"),
            (98, b""),
            (99, b""),
            (200, b"second\r"),
        ];
        assert_eq!(assemble(&mut lines, &fragments), ["first"]);
        assert_eq!(assemble(&mut lines, &[(250, b"")]), ["second\r"]);
    }

    #[test]
    fn prefix_and_suffix_are_taken_off_where_they_are() {
        let mut lines = LineAssembler::new(LineEnd::Terminator, "]Q1", "#");
        assert_eq!(
            assemble(&mut lines, &[(0, b"]Q1code#\rcode\r")]),
            ["code", "code"]
        );
    }

    #[test]
    fn a_mebibyte_without_an_end_is_told_once_and_the_next_code_is_read() {
        let mut lines = LineAssembler::new(LineEnd::Terminator, "", "");
        let endless = vec![b'x'; 1024 * 1024];
        assert_eq!(
            assemble(&mut lines, &[(0, &endless), (1, b"tail\rnext\r")]),
            ["<endless>", "next"]
        );
        assert!(lines.held.capacity() <= 2 * LineAssembler::LONGEST);
    }

    #[test]
    fn bytes_that_are_no_text_are_garbage() {
        let mut lines = LineAssembler::new(LineEnd::Terminator, "", "");
        assert_eq!(
            assemble(&mut lines, &[(0, b"\xFF\xFE\x80\rnext\r")]),
            ["<garbage>", "next"]
        );
    }

    #[test]
    fn half_a_code_of_a_scanner_that_went_away_is_forgotten() {
        let mut lines = LineAssembler::new(LineEnd::Terminator, "", "");
        assemble(&mut lines, &[(0, b"half a c")]);
        lines.clear();
        assert_eq!(assemble(&mut lines, &[(1, b"whole\r")]), ["whole"]);
    }
}
