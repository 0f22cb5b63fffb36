//! Card readers behind PC/SC, reached through a child process that may hang or die without harm.
//!
//! Calls into PC/SC block without a time limit when a card swallows a command, and vendors' libraries crash. A
//! process can be killed and started again; a thread cannot. A child whose call hangs in PC/SC is replaced at once
//! but not killed: that its call returns is the end of the fault, to the millisecond, and each new attempt would
//! leave another thread behind in pcscd. A vendor's library that hangs in itself is killed.
//!
//! A card that was opened by relayed authentication is reset after its read, so that no other program reads on with
//! the access it was given. Any other card, and one that a vendor's library opened, is left as it was found.

mod card_readers;
mod child;
mod confinement;
mod contexts;
mod event;
mod failure;
mod inherited;
mod keeper;
mod life;
mod link;
mod lying;
mod names;
mod process;
mod reports;
mod service;
mod session;
mod settings;
mod sleep;
mod slot;
mod supervisor;
mod trial;
mod vendor;
mod vendor_library;
mod watch;
mod wire;

pub use crate::card::{
    CardFault, ReadScope, RelayAnswer, RelayFailure, RelayNonsense, RelayQuestion, Step, StepName,
};
pub use card_readers::{CardEvents, CardReaders};
pub use child::{ChildError, run_child};
pub use confinement::{Confinement, ConfinementError, confinement_here};
pub use event::{CardEvent, CardReading};
pub use inherited::close_inherited_files;
pub use keeper::{KeeperError, run_keeper};
pub use settings::{CardProcess, CardSettings, ChildCommand, Provider, VendorSettings};
pub use trial::{NotTried, try_library};
pub use vendor_library::LibraryFault;
pub(crate) use wire::parse_pipe_message;
