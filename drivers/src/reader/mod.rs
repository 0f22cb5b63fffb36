//! Card readers behind PC/SC, reached through a child process that may hang or die without harm.

mod child;
mod confinement;
mod event;
mod failure;
mod fault;
mod inherited;
mod life;
mod process;
mod relay;
mod session;
mod settings;
mod steps;
mod supervisor;
mod vendor;
mod vendor_library;
mod watch;
mod wire;

pub use child::{ChildError, run_child};
pub use confinement::{Confinement, ConfinementError, confinement_here};
pub use event::{CardEvent, CardReading, Step, StepName};
pub use fault::CardFault;
pub use inherited::close_inherited_files;
pub use relay::{RelayAnswer, RelayFailure, RelayNonsense, RelayQuestion};
pub use settings::{CardSettings, ChildCommand, Provider, ReadScope, VendorSettings};
pub(crate) use steps::StepLog;
use supervisor::FIRST_REST;
pub use supervisor::{CardEvents, CardReaders};
pub(crate) use wire::parse_pipe_message;
