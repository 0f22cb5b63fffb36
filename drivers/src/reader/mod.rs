//! Card readers behind PC/SC, reached through a child process that may hang or die without harm.

mod event;
mod fault;
mod relay;
mod settings;

pub use event::{CardEvent, CardReading, Step, StepName};
pub use fault::CardFault;
pub use relay::{RelayAnswer, RelayFailure, RelayNonsense, RelayQuestion};
pub use settings::{CardSettings, ChildCommand, Provider, ReadScope, VendorSettings};
