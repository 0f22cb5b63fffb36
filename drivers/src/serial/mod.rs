//! Serial devices: found by what they are, not by the number that the kernel gave them today, and kept open.

mod find;
mod keeper;
mod line;

pub use find::{NoSerialAddress, SerialAddress, SystemRoots};
pub use keeper::SerialFault;
pub(crate) use keeper::{LineEvent, LineKeeper, Stop};
pub(crate) use line::{Port, SerialLine};
