//! The bill folder at this counter: what lies in it is offered at the stay whose number it carries.

mod found;
mod watch;

pub use found::{FolderState, FolderView, NotOffered, OfferedBill, OtherFile};

pub(crate) use found::Folder;
