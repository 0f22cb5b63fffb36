//! A look at a file's head and first lines: is it a bill, and whose.

use super::bounds::{LARGEST_FILE, LEAST_KNOWN, ROWS_SEARCHED};
use super::column::Column;
use super::fault::{BillFileError, Findings, Unlogged};
use super::head::{self, Head};
use super::json;
use super::mapping::Mapping;
use super::source;
use super::whose::Whose;

/// Lines whose 住院号 is looked at. Whoever reads the bill looks at all of them.
const LINES_LOOKED_AT: usize = 200;

/// Whose bill the file says it is, by its title and its first lines.
///
/// # Errors
/// It is no bill at all.
pub(crate) fn peek(bytes: &[u8], mapping: &Mapping) -> Result<Whose, BillFileError> {
    if bytes.len() > LARGEST_FILE {
        return Err(BillFileError::too_many_bytes());
    }
    if json::is_json(bytes) {
        return Ok(json::read(bytes, mapping)?.how.whose);
    }
    let mut whose = Whose::default();
    let mut found: Option<Head> = None;
    let mut first = None;
    let mut lines = 0;
    let looked = source::rows(bytes, mapping, &mut |row| {
        match &found {
            None if head::known_columns(row.cells, mapping) >= LEAST_KNOWN => {
                // What is missing is told to whoever chooses the file.
                found = Some(Head::of(row, mapping, &mut Findings::default()));
            }
            None if row.position.row > u64::try_from(ROWS_SEARCHED).unwrap_or(u64::MAX) => {
                return Err(ENOUGH);
            }
            None => {
                let text = || row.cells.texts().collect::<Vec<_>>().join(" ");
                first.get_or_insert_with(text);
                whose.look_at(row);
            }
            Some(head) => {
                for column in [Column::InpatientNumber, Column::PatientName] {
                    whose.take(column, head.text(row, column), Some(row.position));
                }
                lines += 1;
                if lines == LINES_LOOKED_AT {
                    return Err(ENOUGH);
                }
            }
        }
        Ok(())
    });
    match (looked, found, first) {
        (Ok(_) | Err(BillFileError::Empty), Some(_), _) => Ok(whose),
        (Ok(_) | Err(BillFileError::Empty), None, Some(first)) => Err(BillFileError::NoHead {
            first: Unlogged(first),
        }),
        (Ok(_), None, None) => Err(BillFileError::Empty),
        (Err(error), _, _) => Err(error),
    }
}

/// Enough is seen: the reading is broken off on purpose.
const ENOUGH: BillFileError = BillFileError::Empty;
