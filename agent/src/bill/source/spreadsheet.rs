//! Rows of XLSX and XLS workbooks, read by calamine: in a process of its own alone, since calamine has no bounds.
//!
//! A workbook stores numbers as binary fractions. Of such a number the shortest decimal that means it is taken as text: for every
//! number that was written with up to 15 digits, and so for every amount, that is the number as it was written. What has more
//! digits is the noise of a computation and is dealt with where cells are read, in sight.

use std::io::{Cursor, Read};

use calamine::{Data, DataRef, Reader as _, SheetType, SheetVisible, Xls, Xlsx};
use zip::ZipArchive;

use super::record::{CellKind, Record};
use super::row::{Row, Sink};
use crate::bill::bounds::{
    LARGEST_TEXTS, LARGEST_UNPACKED, Limit, MOST_COLUMNS, MOST_PARTS, MOST_ROWS,
};
use crate::bill::fault::BillFileError;
use crate::bill::position::RowPosition;

/// Bytes of the shortest of these texts.
const SHORTEST_TEXT: usize = "<si/>".len();

/// An open workbook.
pub(super) enum Book<'f> {
    Xlsx(Box<Xlsx<Cursor<&'f [u8]>>>),
    Xls(Box<Xls<Cursor<&'f [u8]>>>),
}

impl<'f> Book<'f> {
    pub(super) fn open(file: &'f [u8]) -> Result<Self, BillFileError> {
        if !file.starts_with(b"PK") {
            let book =
                Xls::new(Cursor::new(file)).map_err(|_inner| BillFileError::BrokenWorkbook)?;
            return Ok(Self::Xls(Box::new(book)));
        }
        require_bounded(file)?;
        let book = Xlsx::new(Cursor::new(file)).map_err(|_inner| BillFileError::BrokenWorkbook)?;
        Ok(Self::Xlsx(Box::new(book)))
    }

    /// The names of the visible sheets.
    pub(super) fn sheets(&self) -> Vec<String> {
        let sheets = match self {
            Self::Xlsx(book) => book.sheets_metadata(),
            Self::Xls(book) => book.sheets_metadata(),
        };
        let shown = sheets.iter().filter(|sheet| {
            sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet
        });
        shown.map(|sheet| sheet.name.clone()).collect()
    }

    /// Hands on every row of a sheet.
    pub(super) fn read(&mut self, sheet: &str, sink: &mut Sink<'_>) -> Result<(), BillFileError> {
        match self {
            Self::Xlsx(book) => rows_of_xlsx(book, sheet, sink),
            Self::Xls(book) => rows_of_xls(book, sheet, sink),
        }
    }
}

/// Unpacks everything once without keeping it: what a file says of its own size proves nothing.
fn require_bounded(bytes: &[u8]) -> Result<(), BillFileError> {
    let broken = |_inner| BillFileError::BrokenWorkbook;
    let mut parts = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if parts.len() > MOST_PARTS {
        return Err(beyond(Limit::Parts, None));
    }
    let mut left = LARGEST_UNPACKED;
    for index in 0..parts.len() {
        let part = parts.by_index(index).map_err(broken)?;
        let name = part.name().map_err(broken)?.to_ascii_lowercase();
        let common = name.ends_with("sharedstrings.xml");
        let largest = if common {
            LARGEST_TEXTS.min(left)
        } else {
            left
        };
        let mut part = part.take(largest + 1);
        let unpacked = if common {
            common_texts(&mut part)
        } else {
            std::io::copy(&mut part, &mut std::io::sink())
        };
        let unpacked = unpacked.map_err(|_inner| BillFileError::BrokenWorkbook)?;
        if unpacked > largest {
            return Err(beyond(
                if common {
                    Limit::Texts
                } else {
                    Limit::Unpacked
                },
                None,
            ));
        }
        left -= unpacked;
    }
    Ok(())
}

/// Unpacks the common texts; their length. calamine makes room for as many as `uniqueCount` says, before it has seen one, and an
/// allocation that fails ends the process.
fn common_texts(part: &mut impl Read) -> std::io::Result<u64> {
    let mut texts = Vec::new();
    part.read_to_end(&mut texts)?;
    let length = u64::try_from(texts.len()).unwrap_or(u64::MAX);
    if length > LARGEST_TEXTS {
        return Ok(length);
    }
    let believable = || -> Option<()> {
        // Another encoding would hide the word.
        let texts = std::str::from_utf8(&texts).ok()?;
        for after in texts.split("uniqueCount").skip(1) {
            let digits = after.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '>');
            let digits = digits.split(|c: char| !c.is_ascii_digit()).next()?;
            let count: usize = if digits.is_empty() {
                0
            } else {
                digits.parse().ok()?
            };
            // The shortest text is `<si/>`.
            (count <= texts.len() / SHORTEST_TEXT).then_some(())?;
        }
        Some(())
    };
    believable().ok_or(std::io::ErrorKind::InvalidData)?;
    Ok(length)
}

fn beyond(limit: Limit, at: Option<RowPosition>) -> BillFileError {
    BillFileError::TooLarge { limit, at }
}

fn rows_of_xlsx(
    book: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    sink: &mut Sink<'_>,
) -> Result<(), BillFileError> {
    let broken = |_inner| BillFileError::BrokenWorkbook;
    let mut cells = book.worksheet_cells_reader(sheet).map_err(broken)?;
    let mut rows = Rows::default();
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        rows.cell(cell.get_position(), cell.get_value(), sink)?;
    }
    rows.end(sink)
}

fn rows_of_xls(
    book: &mut Xls<Cursor<&[u8]>>,
    sheet: &str,
    sink: &mut Sink<'_>,
) -> Result<(), BillFileError> {
    let range = book
        .worksheet_range(sheet)
        .map_err(|_inner| BillFileError::BrokenWorkbook)?;
    let (first_row, first_column) = range.start().unwrap_or_default();
    let mut rows = Rows::default();
    for (row, column, value) in range.used_cells() {
        let row = u32::try_from(row)
            .unwrap_or(u32::MAX)
            .saturating_add(first_row);
        let column = u32::try_from(column)
            .unwrap_or(u32::MAX)
            .saturating_add(first_column);
        rows.cell((row, column), &by_reference(value), sink)?;
    }
    rows.end(sink)
}

/// Gathers cells, which come row by row, into rows.
#[derive(Default)]
struct Rows {
    cells: Record,
    /// The row in hand, from 0.
    row: u32,
}

impl Rows {
    fn cell(
        &mut self,
        (row, column): (u32, u32),
        value: &DataRef<'_>,
        sink: &mut Sink<'_>,
    ) -> Result<(), BillFileError> {
        let Some((text, kind)) = written(value) else {
            return Ok(());
        };
        if row > self.row {
            self.end(sink)?;
            self.row = row;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if row < self.row || column < self.cells.len() {
            return Err(BillFileError::BrokenWorkbook);
        }
        let at = Some(self.position());
        if u64::from(row) >= MOST_ROWS {
            return Err(beyond(Limit::Rows, at));
        }
        if column >= MOST_COLUMNS {
            return Err(beyond(Limit::Columns, at));
        }
        let bounded = |limit| beyond(limit, at);
        while self.cells.len() < column {
            self.cells.end_cell(CellKind::Text).map_err(bounded)?;
        }
        self.cells.write(&text).map_err(bounded)?;
        self.cells.end_cell(kind).map_err(bounded)
    }

    /// Hands on the row in hand.
    fn end(&mut self, sink: &mut Sink<'_>) -> Result<(), BillFileError> {
        if self.cells.len() > 0 {
            sink(&Row {
                position: self.position(),
                cells: &self.cells,
            })?;
        }
        self.cells.clear();
        Ok(())
    }

    fn position(&self) -> RowPosition {
        RowPosition::of_sheet(self.row)
    }
}

/// A value as text; none where nothing stands there.
fn written<'v>(value: &'v DataRef<'_>) -> Option<(std::borrow::Cow<'v, str>, CellKind)> {
    let number = |text: String| Some((text.into(), CellKind::Number));
    let text = match value {
        DataRef::Empty => return None,
        DataRef::Int(whole) => return number(whole.to_string()),
        DataRef::Float(fraction) => return number(fraction.to_string()),
        DataRef::DateTime(moment) if moment.is_duration() => {
            return number(moment.as_f64().to_string());
        }
        DataRef::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _milli) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}").into()
        }
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.as_str().into()
        }
        DataRef::SharedString(text) => (*text).into(),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.into(),
        DataRef::Error(error) => error.to_string().into(),
    };
    Some((text, CellKind::Text))
}

fn by_reference(value: &Data) -> DataRef<'_> {
    match value {
        Data::Empty => DataRef::Empty,
        Data::Int(whole) => DataRef::Int(*whole),
        Data::Float(fraction) => DataRef::Float(*fraction),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            DataRef::SharedString(text)
        }
        Data::Bool(yes) => DataRef::Bool(*yes),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::Error(error) => DataRef::Error(error.clone()),
    }
}
