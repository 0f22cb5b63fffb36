//! The card process, from its start: what it gives up, and what it begins.

use std::convert::Infallible;
use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::OwnedFd;

use rustix::net::sockopt::socket_peercred;
use rustix::process::geteuid;

use super::confinement::{ConfinementError, confine};
use super::contexts;
use super::link::{Link, receive};
use super::vendor::Vendors;
use super::wire::{self, Configuration, ToChild, ToParent, WireError};
use super::{LibraryFault, Provider};

/// The card process cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    /// Standard input or output, or the listening thread.
    #[error("standard input and output of the card process")]
    Io(#[from] io::Error),
    /// Not started by the agent: its first message is missing.
    #[error("this command is started by the agent itself and waits for its messages")]
    NotStartedByAgent,
    /// It cannot give up what it must not have.
    #[error("the card process cannot be confined")]
    Confinement(#[from] ConfinementError),
    /// What came of a trial cannot be told.
    #[error("the outcome of a trial")]
    Untold(#[from] UntoldOutcome),
}

/// A trial's outcome that is no message.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct UntoldOutcome(WireError);

/// Runs the card process until the agent closes standard input; does not return then, but ends the process, since a call
/// of PC/SC or of a vendor's library may never come back.
///
/// Standard output and standard error lead nowhere from here on: a log is to be written elsewhere. What a vendor's library
/// has no use for is given up for good, so the process must have one thread only.
///
/// # Errors
///
/// The process was not started by [`super::CardReaders`], or cannot be confined although the kernel can.
pub fn run_child() -> Result<Infallible, ChildError> {
    // Vendors' libraries print what they read: the pipe moves away, and what they print goes nowhere.
    let pipe = rustix::io::dup(io::stdout()).map_err(io::Error::from)?;
    let nowhere = File::options().write(true).open("/dev/null")?;
    rustix::stdio::dup2_stdout(&nowhere).map_err(io::Error::from)?;
    rustix::stdio::dup2_stderr(&nowhere).map_err(io::Error::from)?;
    let mut input = io::stdin();
    let (configuration, for_trial) = match receive::<ToChild>(&mut input) {
        Ok(ToChild::Configure(configuration)) => (configuration, false),
        Ok(ToChild::Try(configuration)) => (configuration, true),
        Ok(ToChild::Answer(_) | ToChild::ReadAgain | ToChild::TellSteps | ToChild::Freed(_))
        | Err(_) => {
            return Err(ChildError::NotStartedByAgent);
        }
    };
    // Before the first thread: each would be confined for itself.
    let confined = confine(&configuration.providers, &configuration.keep_from)?;
    let kept_apart = confined.keeps_what_is_to_be_kept(has_an_account_of_its_own());
    let mut vendors = Vendors::new(kept_apart);
    if for_trial {
        let outcome = try_out(&configuration, &mut vendors);
        tell(pipe, &ToParent::Tried(outcome))?;
        std::process::exit(0);
    }
    let link = Link::start(pipe)?;
    contexts::run(&link, &configuration, vendors)
}

/// Whether the agent, which is at the other end of standard input, has another account. What root may not read there is none.
fn has_an_account_of_its_own() -> bool {
    let own = geteuid();
    !own.is_root() && socket_peercred(io::stdin()).is_ok_and(|agent| agent.uid != own)
}

fn try_out(configuration: &Configuration, vendors: &mut Vendors) -> Result<(), LibraryFault> {
    for provider in &configuration.providers {
        match provider {
            Provider::Relay => {}
            Provider::VendorLibrary(settings) => vendors.try_out(settings)?,
        }
    }
    Ok(())
}

fn tell(pipe: OwnedFd, message: &ToParent) -> Result<(), ChildError> {
    let frame = wire::encode(message).map_err(UntoldOutcome)?;
    Ok(File::from(pipe).write_all(&frame)?)
}
