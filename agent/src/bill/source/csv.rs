//! Rows of separated text (RFC 4180 as spreadsheets and hospitals write it).
//!
//! Read here and not by a library, because three things matter that readers of CSV forgive or do not tell: a quote that never
//! closes would swallow the lines after it, a row's number has to be the one that a spreadsheet shows, and no row may take more
//! memory than a row of a bill can need.

use super::record::{CellKind, Record};
use super::row::{Row, Sink};
use super::text::Text;
use crate::bill::bounds::{LEAST_KNOWN, Limit, MOST_ROWS, ROWS_SEARCHED};
use crate::bill::fault::{BillFileError, Unlogged};
use crate::bill::head;
use crate::bill::mapping::Mapping;
use crate::bill::position::RowPosition;

/// What separates cells; the head tells which.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// Characters of a text's beginning in which its head is looked for.
const BEGINNING: usize = 64 * 1024;

/// The separator under which the head has most columns that are known.
pub(super) fn delimiter(text: &Text<'_>, mapping: &Mapping) -> Result<u8, BillFileError> {
    let mut beginning = String::new();
    text.pieces(|piece| {
        let room = BEGINNING.saturating_sub(beginning.len());
        beginning.extend(piece.chars().take(room));
        Ok(beginning.len() < BEGINNING)
    })?;
    let known = |delimiter: u8| {
        let mut most = 0;
        first_rows(&beginning, delimiter, &mut |row| {
            most = most.max(head::known_columns(row.cells, mapping));
        });
        most
    };
    let (most, best) = DELIMITERS
        .into_iter()
        .map(|delimiter| (known(delimiter), delimiter))
        // Of equals the first: a comma.
        .fold(
            (0, b','),
            |best, next| if next.0 > best.0 { next } else { best },
        );
    if most < LEAST_KNOWN {
        let first = beginning.lines().find(|line| !line.trim().is_empty());
        return Err(BillFileError::NoHead {
            first: Unlogged(first.unwrap_or_default().to_owned()),
        });
    }
    Ok(best)
}

/// Looks at the rows among which a head may stand; faults are for the whole reading to find.
fn first_rows(text: &str, delimiter: u8, look: &mut dyn FnMut(&Row<'_>)) {
    let mut splitter = Splitter::new(delimiter);
    let mut seen = 0;
    let looked = splitter.take(text, &mut |row| {
        look(row);
        seen += 1;
        if seen == ROWS_SEARCHED {
            return Err(BillFileError::Empty);
        }
        Ok(())
    });
    if looked.is_ok() {
        drop(splitter.finish(&mut |row| {
            look(row);
            Ok(())
        }));
    }
}

/// Hands on every row.
pub(super) fn rows(
    text: &Text<'_>,
    delimiter: u8,
    sink: &mut Sink<'_>,
) -> Result<(), BillFileError> {
    let mut splitter = Splitter::new(delimiter);
    text.pieces(|piece| splitter.take(piece, sink).map(|()| true))?;
    splitter.finish(sink)
}

/// Where in a cell the text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Before its first character.
    Beginning,
    /// In it.
    Bare,
    /// Within quotes.
    Quoted,
    /// Behind a quote within quotes: it was doubled, or the last.
    Closing,
}

/// Divides text that comes in pieces.
struct Splitter {
    delimiter: u8,
    within: Within,
    /// The last character was a carriage return: a line feed behind it is the same line break.
    after_return: bool,
    cells: Record,
    /// Where the row in hand begins.
    begun: RowPosition,
    /// Where the text stands now.
    now: RowPosition,
    /// Where the last quote was opened.
    opened: RowPosition,
}

impl Splitter {
    fn new(delimiter: u8) -> Self {
        let first = RowPosition { row: 1, line: 1 };
        Self {
            delimiter,
            within: Within::Beginning,
            after_return: false,
            cells: Record::default(),
            begun: first,
            now: first,
            opened: first,
        }
    }

    fn take(&mut self, piece: &str, sink: &mut Sink<'_>) -> Result<(), BillFileError> {
        let mut rest = piece;
        while !rest.is_empty() {
            if std::mem::take(&mut self.after_return)
                && let Some(behind) = rest.strip_prefix('\n')
            {
                rest = behind;
                continue;
            }
            rest = match self.within {
                Within::Beginning => self.beginning(rest),
                Within::Bare => self.bare(rest, sink)?,
                Within::Quoted => self.quoted(rest)?,
                Within::Closing => self.closing(rest, sink)?,
            };
        }
        Ok(())
    }

    fn finish(mut self, sink: &mut Sink<'_>) -> Result<(), BillFileError> {
        if self.within == Within::Quoted {
            return Err(BillFileError::BrokenQuotes { at: self.opened });
        }
        if self.within != Within::Beginning || self.cells.len() > 0 {
            self.end(b'\n', sink)?;
        }
        Ok(())
    }

    fn beginning<'t>(&mut self, rest: &'t str) -> &'t str {
        if let Some(behind) = rest.strip_prefix('"') {
            self.within = Within::Quoted;
            self.opened = self.now;
            return behind;
        }
        self.within = Within::Bare;
        rest
    }

    fn bare<'t>(&mut self, rest: &'t str, sink: &mut Sink<'_>) -> Result<&'t str, BillFileError> {
        let delimiter = self.delimiter;
        let ends = |byte: &u8| *byte == delimiter || matches!(byte, b'\r' | b'\n');
        let (part, sign, behind) = until(rest, ends);
        self.write(part)?;
        if let Some(sign) = sign {
            self.end(sign, sink)?;
        }
        Ok(behind)
    }

    fn quoted<'t>(&mut self, rest: &'t str) -> Result<&'t str, BillFileError> {
        let (part, sign, behind) = until(rest, |byte| matches!(byte, b'"' | b'\r' | b'\n'));
        self.write(part)?;
        match sign {
            None => {}
            Some(b'"') => self.within = Within::Closing,
            Some(line_break) => {
                self.write("\n")?;
                self.now.line += 1;
                self.after_return = line_break == b'\r';
            }
        }
        Ok(behind)
    }

    fn closing<'t>(
        &mut self,
        rest: &'t str,
        sink: &mut Sink<'_>,
    ) -> Result<&'t str, BillFileError> {
        let mut bytes = rest.bytes();
        match bytes.next() {
            Some(b'"') => {
                self.write("\"")?;
                self.within = Within::Quoted;
            }
            Some(sign) if sign == self.delimiter || matches!(sign, b'\r' | b'\n') => {
                self.end(sign, sink)?;
            }
            Some(b' ' | b'\t') => {}
            Some(_) | None => return Err(BillFileError::BrokenQuotes { at: self.opened }),
        }
        // What was looked at is ASCII.
        Ok(rest.get(1..).unwrap_or_default())
    }

    fn write(&mut self, part: &str) -> Result<(), BillFileError> {
        self.cells.write(part).map_err(|limit| match self.within {
            // A quote that was never closed takes the rest of the file for one cell.
            Within::Quoted => BillFileError::BrokenQuotes { at: self.opened },
            Within::Beginning | Within::Bare | Within::Closing => self.beyond(limit),
        })
    }

    /// A separator or a line break ends the cell, and a line break the row.
    fn end(&mut self, sign: u8, sink: &mut Sink<'_>) -> Result<(), BillFileError> {
        self.within = Within::Beginning;
        self.cells
            .end_cell(CellKind::Text)
            .map_err(|limit| self.beyond(limit))?;
        if sign == self.delimiter {
            return Ok(());
        }
        self.after_return = sign == b'\r';
        if self.begun.row > MOST_ROWS {
            return Err(self.beyond(Limit::Rows));
        }
        sink(&Row {
            position: self.begun,
            cells: &self.cells,
        })?;
        self.cells.clear();
        self.now.row += 1;
        self.now.line += 1;
        self.begun = self.now;
        Ok(())
    }

    fn beyond(&self, limit: Limit) -> BillFileError {
        BillFileError::TooLarge {
            limit,
            at: Some(self.begun),
        }
    }
}

/// What stands before the first byte that means something, that byte, and what stands behind it. Such bytes are ASCII, so the
/// text is cut between characters.
fn until(text: &str, means: impl Fn(&u8) -> bool) -> (&str, Option<u8>, &str) {
    match text.as_bytes().iter().position(&means) {
        Some(at) => (
            text.get(..at).unwrap_or_default(),
            text.as_bytes().get(at).copied(),
            text.get(at + 1..).unwrap_or_default(),
        ),
        None => (text, None, ""),
    }
}
