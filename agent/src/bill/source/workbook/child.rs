//! The process that reads a workbook: it is given the file, tells the first rows of each sheet, and then all of the sheet that is
//! chosen. It has nothing but its two pipes, and so much memory and time as the longest bill needs.

use std::io::{BufWriter, Read, Write, stdin, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::super::spreadsheet::Book;
use super::confined;
use super::wire::{self, Teller};
use crate::bill::bounds::ROWS_SEARCHED;
use crate::bill::fault::BillFileError;

/// Why the process ended before its work was done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WorkbookProcessError {
    /// It could not give up what it must not have.
    #[error("the process that reads workbooks cannot be confined")]
    NotConfined(#[from] confined::ConfinedError),
    /// Nobody speaks to it, or nobody listens any more.
    #[error("the pipes of the process that reads workbooks")]
    Pipe(#[from] std::io::Error),
}

/// Reads the workbook that comes by standard input, and tells its rows on standard output. The process must have one thread.
///
/// # Errors
/// It was not started by this program, or cannot be confined although the kernel can.
pub(crate) fn read_for_the_parent() -> Result<(), WorkbookProcessError> {
    confined::confine()?;
    Ok(serve(&mut stdin().lock(), &mut stdout().lock())?)
}

pub(super) fn serve(from: &mut impl Read, to: &mut impl Write) -> std::io::Result<()> {
    let file = wire::receive_file(from)?;
    let mut to = BufWriter::new(to);
    let mut tell = Teller::to(&mut to);
    // The library takes some things in a file for granted; a file that breaks them ends in a sentence like any other.
    let read = catch_unwind(AssertUnwindSafe(|| read(&file, from, &mut tell)));
    let told = match read.unwrap_or(Err(BillFileError::BrokenWorkbook)) {
        Ok(()) => tell.flush(),
        Err(fault) => tell.fault(fault),
    };
    match told {
        Err(BillFileError::NoReader(pipe)) => Err(pipe),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn read<W: Write>(
    file: &[u8],
    from: &mut impl Read,
    tell: &mut Teller<'_, W>,
) -> Result<(), BillFileError> {
    let mut book = Book::open(file)?;
    let sheets = book.sheets();
    let searched = u64::try_from(ROWS_SEARCHED).unwrap_or(u64::MAX);
    for sheet in &sheets {
        tell.sheet(sheet)?;
        let looked = book.read(sheet, &mut |row| {
            tell.row(row.position, row.cells)?;
            if row.position.row >= searched {
                // Enough is seen; the reading is broken off on purpose.
                return Err(BillFileError::Empty);
            }
            Ok(())
        });
        match looked {
            Ok(()) | Err(BillFileError::Empty) => tell.end()?,
            Err(fault) => return Err(fault),
        }
    }
    tell.choose()?;
    let chosen = wire::receive_number(from).map_err(BillFileError::NoReader)?;
    let chosen = usize::try_from(chosen).unwrap_or(usize::MAX);
    // Nobody chooses where no sheet is a bill.
    let sheet = sheets.get(chosen).ok_or(BillFileError::BrokenWorkbook)?;
    book.read(sheet, &mut |row| tell.row(row.position, row.cells))?;
    tell.end()
}
