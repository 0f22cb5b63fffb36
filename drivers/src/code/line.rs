//! From a scanner's bytes to codes: they come in fragments, end in CR, LF, CRLF or nothing, and may never end.

use std::time::Duration;

use encoding_rs::GB18030;
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
    /// Bytes without the line end that was to come, and then silence; they are thrown away.
    Unended,
}

/// A code comes in one go: after a silence this long what follows is another one.
const UNENDED_AFTER: Duration = Duration::from_secs(1);

/// How a code came in: what to look at when a scanner is set up. Nothing of the code itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Its bytes, with prefix and suffix, without line end.
    pub bytes: usize,
    /// From the fragment with its first byte to the one with its end, or with its last byte where silence ended it.
    pub took: Duration,
    /// What ended it.
    pub end: Ending,
}

/// What ended a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// CR.
    Cr,
    /// LF.
    Lf,
    /// CR and LF, in one fragment.
    CrLf,
    /// Silence.
    Silence,
    /// Nothing: it was too long.
    None,
}

/// Assembles codes; holds at most [`LineAssembler::LONGEST`] bytes.
pub struct LineAssembler {
    end: LineEnd,
    prefix: String,
    suffix: String,
    held: Zeroizing<Vec<u8>>,
    overflown: bool,
    first_byte_at: Duration,
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
            first_byte_at: Duration::ZERO,
            last_byte_at: Duration::ZERO,
        }
    }

    /// Takes the bytes that arrived at `now`, and gives each code that they complete to `found`.
    pub fn feed(&mut self, bytes: &[u8], now: Duration, found: &mut dyn FnMut(Scanned, Arrival)) {
        self.tick(now, found);
        if !bytes.is_empty() {
            self.last_byte_at = now;
        }
        for (place, byte) in bytes.iter().enumerate() {
            let ending = match (self.end, byte) {
                (LineEnd::Terminator, b'\r') if bytes.get(place + 1) == Some(&b'\n') => {
                    Some(Ending::CrLf)
                }
                (LineEnd::Terminator, b'\r') => Some(Ending::Cr),
                (LineEnd::Terminator, b'\n') => Some(Ending::Lf),
                (LineEnd::Terminator | LineEnd::Idle(_), _) => None,
            };
            if let Some(ending) = ending {
                self.finish(ending, found);
            } else if self.overflown {
            } else if self.held.len() == Self::LONGEST {
                let arrival = self.arrival(Ending::None);
                self.held.zeroize();
                self.held.reserve_exact(Self::LONGEST);
                self.overflown = true;
                found(Scanned::Endless, arrival);
            } else {
                if self.held.is_empty() {
                    self.first_byte_at = now;
                }
                self.held.push(*byte);
            }
        }
    }

    /// Time passes without bytes.
    pub fn tick(&mut self, now: Duration, found: &mut dyn FnMut(Scanned, Arrival)) {
        let silence = now.saturating_sub(self.last_byte_at);
        match self.end {
            LineEnd::Idle(limit) if silence >= limit => self.finish(Ending::Silence, found),
            LineEnd::Terminator if silence >= UNENDED_AFTER => {
                if !self.held.is_empty() {
                    let arrival = self.arrival(Ending::None);
                    found(Scanned::Unended, arrival);
                }
                self.clear();
            }
            LineEnd::Idle(_) | LineEnd::Terminator => {}
        }
    }

    /// Forgets what it holds: the scanner went away in the middle of a code.
    pub fn clear(&mut self) {
        self.held.as_mut_slice().zeroize();
        self.held.clear();
        self.overflown = false;
    }

    fn arrival(&self, end: Ending) -> Arrival {
        Arrival {
            bytes: self.held.len(),
            took: self.last_byte_at.saturating_sub(self.first_byte_at),
            end,
        }
    }

    fn finish(&mut self, end: Ending, found: &mut dyn FnMut(Scanned, Arrival)) {
        // The LF of a CRLF, and the rest of what was thrown away, are no codes.
        if !self.held.is_empty() && !self.overflown {
            let arrival = self.arrival(end);
            let scanned = match text(&self.held) {
                Some(text) => {
                    let text = text.as_str();
                    let text = text.strip_prefix(self.prefix.as_str()).unwrap_or(text);
                    let text = text.strip_suffix(self.suffix.as_str()).unwrap_or(text);
                    Scanned::Code(Zeroizing::new(text.to_owned()))
                }
                None => Scanned::Garbage,
            };
            found(scanned, arrival);
        }
        self.clear();
    }
}

/// A scanner's bytes as text: UTF-8, which ASCII is, or the full-width forms of GB 2312, which some scanners are set to send. What
/// else GB 18030 would make of them is noise of the line.
fn text(bytes: &[u8]) -> Option<Zeroizing<String>> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(Zeroizing::new(text.to_owned()));
    }
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
    let text = Zeroizing::new(text.into_owned());
    let wide = |c: char| matches!(c, '\u{3000}' | '\u{FF01}'..='\u{FF5E}');
    text.chars()
        .all(|c| c.is_ascii() || wide(c))
        .then_some(text)
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
            Self::Unended => "Unended",
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
        let mut found = |scanned: Scanned, _| {
            out.push(match scanned {
                Scanned::Code(code) => code.to_string(),
                Scanned::Garbage => "<garbage>".into(),
                Scanned::Endless => "<endless>".into(),
                Scanned::Unended => "<unended>".into(),
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
    fn how_a_code_came_in_is_told_beside_it() {
        let mut arrivals = Vec::new();
        let mut found = |_, arrival| arrivals.push(arrival);
        let mut lines = LineAssembler::new(LineEnd::Terminator, "]Q1", "");
        lines.feed(b"]Q1fir", at(10), &mut found);
        lines.feed(b"st\r", at(14), &mut found);
        lines.feed(b"second\r\nthird\n", at(20), &mut found);
        let mut lines = LineAssembler::new(LineEnd::Idle(at(50)), "", "");
        lines.feed(b"fou", at(100), &mut found);
        lines.feed(b"rth", at(103), &mut found);
        lines.tick(at(153), &mut found);
        let told: Vec<_> = arrivals
            .iter()
            .map(|arrival: &Arrival| (arrival.bytes, arrival.took.as_millis(), arrival.end))
            .collect();
        assert_eq!(
            told,
            [
                (8, 4, Ending::Cr),
                (6, 0, Ending::CrLf),
                (5, 0, Ending::Lf),
                (6, 3, Ending::Silence)
            ]
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
    fn a_code_without_its_line_end_is_not_glued_to_the_next_one() {
        let mut lines = LineAssembler::new(LineEnd::Terminator, "", "");
        let fragments: [(u64, &[u8]); 4] = [
            (0, b"first-without-end"),
            (999, b""),
            (1_000, b""),
            (2_000, b"second\r"),
        ];
        assert_eq!(assemble(&mut lines, &fragments), ["<unended>", "second"]);
        assert_eq!(lines.held.len(), 0);
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
