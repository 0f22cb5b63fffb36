//! What goes over the pipes between this program and the process that reads a workbook for it.
//!
//! Over to it: the file's length and its bytes, later the number of the sheet that is wanted. Back: frames of a kind, a length and
//! a content. Each is looked at as if a stranger had sent it: a file could have taken the process over.

use std::io::{Read, Write};

use super::super::record::{CellKind, Record};
use crate::bill::bounds::{LARGEST_FILE, LONGEST_CELL, Limit, MOST_COLUMNS};
use crate::bill::fault::BillFileError;
use crate::bill::position::RowPosition;

/// Bytes of a frame's kind and length.
pub(super) const HEAD: usize = 5;

/// A row of the longest cells, with what each is preceded by.
const LONGEST: usize = 4 + MOST_COLUMNS * (3 + LONGEST_CELL);

/// Bytes of the longest name of a sheet: 31 characters, says Excel.
const LONGEST_NAME: usize = 1024;

const SHEET: u8 = b'S';
const ROW: u8 = b'R';
const END: u8 = b'E';
const CHOOSE: u8 = b'C';
const BROKEN: u8 = b'B';
const TOO_LARGE: u8 = b'L';

/// A frame, received.
#[derive(Debug)]
pub(super) enum Told<'a> {
    /// A visible sheet, whose first rows follow.
    Sheet(&'a str),
    /// A row, from 0; its cells stand in the record that was given.
    Row(u32),
    /// No more rows of this sheet, or as many as were asked for.
    End,
    /// All sheets were told: one is to be chosen.
    Choose,
    /// The file cannot be read.
    Broken,
    /// It goes beyond a bound.
    TooLarge(Limit, Option<RowPosition>),
}

/// The frame's kind and the length of its content.
pub(super) fn head(bytes: [u8; HEAD]) -> Option<(u8, usize)> {
    let [kind, length @ ..] = bytes;
    let length = usize::try_from(u32::from_be_bytes(length)).ok()?;
    (length <= LONGEST).then_some((kind, length))
}

/// What a frame says; none where it is not one of ours.
pub(super) fn told<'a>(kind: u8, content: &'a [u8], cells: &mut Record) -> Option<Told<'a>> {
    match (kind, content) {
        (SHEET, name) if name.len() <= LONGEST_NAME => {
            Some(Told::Sheet(std::str::from_utf8(name).ok()?))
        }
        (ROW, content) => Some(Told::Row(row(content, cells)?)),
        (END, []) => Some(Told::End),
        (CHOOSE, []) => Some(Told::Choose),
        (BROKEN, []) => Some(Told::Broken),
        (TOO_LARGE, [limit, position @ ..]) => {
            let limit = *Limit::ALL.get(usize::from(*limit))?;
            let position = match position {
                [] => None,
                row => Some(RowPosition::of_sheet(u32::from_be_bytes(
                    row.try_into().ok()?,
                ))),
            };
            Some(Told::TooLarge(limit, position))
        }
        _stranger => None,
    }
}

fn row(content: &[u8], cells: &mut Record) -> Option<u32> {
    let (row, mut rest) = content.split_first_chunk()?;
    cells.clear();
    while let Some((&[kind, high, low], behind)) = rest.split_first_chunk() {
        let kind = match kind {
            0 => CellKind::Text,
            1 => CellKind::Number,
            _stranger => return None,
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let (text, behind) = behind.split_at_checked(length)?;
        cells.write(std::str::from_utf8(text).ok()?).ok()?;
        cells.end_cell(kind).ok()?;
        rest = behind;
    }
    rest.is_empty().then_some(u32::from_be_bytes(*row))
}

/// Sends frames, each whole.
pub(super) struct Teller<'w, W> {
    to: &'w mut W,
    frame: Vec<u8>,
}

impl<'w, W: Write> Teller<'w, W> {
    pub(super) fn to(to: &'w mut W) -> Self {
        Self {
            to,
            frame: Vec::new(),
        }
    }

    pub(super) fn sheet(&mut self, name: &str) -> Result<(), BillFileError> {
        if name.len() > LONGEST_NAME {
            return Err(BillFileError::BrokenWorkbook);
        }
        self.frame.extend(name.bytes());
        self.send(SHEET)
    }

    pub(super) fn row(
        &mut self,
        position: RowPosition,
        cells: &Record,
    ) -> Result<(), BillFileError> {
        let row = u32::try_from(position.row.saturating_sub(1)).unwrap_or(u32::MAX);
        self.frame.extend(row.to_be_bytes());
        for index in 0..cells.len() {
            let text = cells.text(index);
            self.frame.push(match cells.kind(index) {
                CellKind::Text => 0,
                CellKind::Number => 1,
            });
            // No cell of a record is longer than this can say.
            let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
            self.frame.extend(length.to_be_bytes());
            self.frame.extend(text.bytes());
        }
        self.send(ROW)
    }

    pub(super) fn end(&mut self) -> Result<(), BillFileError> {
        self.send(END)
    }

    pub(super) fn choose(&mut self) -> Result<(), BillFileError> {
        self.send(CHOOSE)?;
        self.flush()
    }

    /// What is wrong with the file. Where it was the pipe, nobody hears any more.
    pub(super) fn fault(&mut self, fault: BillFileError) -> Result<(), BillFileError> {
        if let BillFileError::NoReader(_) = fault {
            return Err(fault);
        }
        let BillFileError::TooLarge { limit, at } = fault else {
            self.send(BROKEN)?;
            return self.flush();
        };
        let number = Limit::ALL.iter().position(|known| *known == limit);
        self.frame
            .extend(number.and_then(|number| u8::try_from(number).ok()));
        if let Some(at) = at {
            let row = u32::try_from(at.row.saturating_sub(1)).unwrap_or(u32::MAX);
            self.frame.extend(row.to_be_bytes());
        }
        self.send(TOO_LARGE)?;
        self.flush()
    }

    pub(super) fn flush(&mut self) -> Result<(), BillFileError> {
        self.to.flush().map_err(BillFileError::NoReader)
    }

    fn send(&mut self, kind: u8) -> Result<(), BillFileError> {
        let length = u32::try_from(self.frame.len()).unwrap_or(u32::MAX);
        let sent = self
            .to
            .write_all(&[kind])
            .and_then(|()| self.to.write_all(&length.to_be_bytes()))
            .and_then(|()| self.to.write_all(&self.frame));
        self.frame.clear();
        sent.map_err(BillFileError::NoReader)
    }
}

/// Sends a file's bytes.
pub(super) fn send_file(to: &mut impl Write, file: &[u8]) -> std::io::Result<()> {
    let length = u32::try_from(file.len()).map_err(std::io::Error::other)?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(file)?;
    to.flush()
}

/// The file's bytes.
pub(super) fn receive_file(from: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let length = usize::try_from(receive_number(from)?).map_err(std::io::Error::other)?;
    if length > LARGEST_FILE {
        return Err(std::io::ErrorKind::InvalidData.into());
    }
    let mut file = vec![0; length];
    from.read_exact(&mut file)?;
    Ok(file)
}

/// A length, or the number of a sheet.
pub(super) fn receive_number(from: &mut impl Read) -> std::io::Result<u32> {
    let mut number = [0; 4];
    from.read_exact(&mut number)?;
    Ok(u32::from_be_bytes(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(tell: impl Fn(&mut Teller<'_, Vec<u8>>)) -> (u8, Vec<u8>) {
        let mut sent = Vec::new();
        tell(&mut Teller::to(&mut sent));
        let (kind, length) = head(*sent.first_chunk().unwrap()).unwrap();
        assert_eq!(sent.len(), HEAD + length);
        (kind, sent.split_off(HEAD))
    }

    fn cells() -> Record {
        let mut cells = Record::default();
        for (text, kind) in [
            ("头孢", CellKind::Text),
            ("", CellKind::Text),
            ("0.1", CellKind::Number),
        ] {
            cells.write(text).unwrap();
            cells.end_cell(kind).unwrap();
        }
        cells
    }

    #[test]
    fn a_row_comes_over_with_its_place_and_its_cells() {
        let (kind, content) = frame(|to| to.row(RowPosition::of_sheet(7), &cells()).unwrap());
        let mut heard = Record::default();
        assert!(matches!(
            told(kind, &content, &mut heard),
            Some(Told::Row(7))
        ));
        assert_eq!(heard.texts().collect::<Vec<_>>(), ["头孢", "", "0.1"]);
        assert_eq!(
            (heard.kind(1), heard.kind(2)),
            (CellKind::Text, CellKind::Number)
        );
    }

    #[test]
    fn each_bound_comes_over_as_itself() {
        for limit in Limit::ALL {
            let (kind, content) = frame(|to| {
                let at = Some(RowPosition::of_sheet(3));
                to.fault(BillFileError::TooLarge { limit, at }).unwrap();
            });
            let Some(Told::TooLarge(heard, at)) = told(kind, &content, &mut Record::default())
            else {
                panic!("{limit:?}");
            };
            assert_eq!((heard, at), (limit, Some(RowPosition::of_sheet(3))));
        }
    }

    #[test]
    fn frames_of_a_stranger_are_none() {
        let (kind, content) = frame(|to| to.row(RowPosition::of_sheet(7), &cells()).unwrap());
        for end in 0..content.len() {
            let cut = told(kind, &content[..end], &mut Record::default());
            // Cut behind a cell it is a shorter row.
            assert!(matches!(cut, None | Some(Told::Row(7))), "{end}");
        }
        let long = [0, 0x10, 0x01];
        let too_long = [&[0, 0, 0, 1][..], &long, &[b'x'; 4097]].concat();
        let too_wide = [&[0, 0, 0, 1][..], &[0; 3 * (MOST_COLUMNS + 1)]].concat();
        for (kind, content) in [
            (ROW, &too_long[..]),
            (ROW, &too_wide),
            (ROW, &[0, 0, 0, 1, 0, 0, 1, 0xFF]),
            (ROW, &[0, 0, 0, 1, 2, 0, 0]),
            (SHEET, &[b'x'; 2000]),
            (SHEET, &[0xFF]),
            (TOO_LARGE, &[200]),
            (TOO_LARGE, &[]),
            (END, b"x"),
            (b'?', b""),
        ] {
            assert!(told(kind, content, &mut Record::default()).is_none());
        }
        assert_eq!(head([ROW, 0xFF, 0, 0, 0]), None);
    }
}
