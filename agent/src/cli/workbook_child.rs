//! `workbook-child`: the process that reads a workbook for the daemon or a command, which starts it.

use crate::bill;
use crate::wording::commands;
use crate::wording::notice::Notice;

pub(super) fn run() -> Result<(), Notice> {
    let read = drivers::reader::close_inherited_files()
        .map_err(bill::WorkbookProcessError::Pipe)
        .and_then(|()| bill::read_for_the_parent());
    read.map_err(|error| {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "the workbook process ends"
        );
        commands::workbook_child_ended()
    })
}
