//! Card readers behind PC/SC, reached through a child process that may hang or die without harm.

mod card_readers;
mod child;
mod confinement;
mod event;
mod failure;
mod inherited;
mod life;
mod link;
mod process;
mod reports;
mod session;
mod settings;
mod slot;
mod supervisor;
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
pub use settings::{CardSettings, ChildCommand, Provider, VendorSettings};
pub(crate) use wire::parse_pipe_message;
