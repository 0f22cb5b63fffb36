//! Rows of workbooks, read by a process of their own.
//!
//! A spreadsheet's file can unpack to a thousand times its size, and the libraries that read such files have no bounds. What goes
//! beyond the bounds of memory and time ends that process, not the daemon.

mod child;
mod confined;
mod reader;
mod wire;

pub(crate) use child::{WorkbookProcessError, read_for_the_parent};
pub(super) use reader::rows;
pub(crate) use reader::workbooks_are_read_by;
