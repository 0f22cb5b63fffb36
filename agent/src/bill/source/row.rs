//! A row between whoever reads a file and whoever understands it.

use super::record::Record;
use crate::bill::fault::BillFileError;
use crate::bill::position::RowPosition;

/// A row on its way: its place and its cells.
#[derive(Debug)]
pub(in crate::bill) struct Row<'a> {
    pub(in crate::bill) position: RowPosition,
    pub(in crate::bill) cells: &'a Record,
}

/// Takes rows, one after the other.
pub(in crate::bill) type Sink<'a> = dyn FnMut(&Row<'_>) -> Result<(), BillFileError> + 'a;
