//! The card process, from its start: what it gives up, and what it begins.

use std::convert::Infallible;
use std::fs::File;
use std::io;

use super::confinement::{ConfinementError, confine};
use super::contexts;
use super::link::{Link, receive};
use super::wire::ToChild;

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
}

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
    let configuration = match receive::<ToChild>(&mut input) {
        Ok(ToChild::Configure(configuration)) => configuration,
        Ok(ToChild::Answer(_) | ToChild::ReadAgain | ToChild::TellSteps | ToChild::Freed(_))
        | Err(_) => {
            return Err(ChildError::NotStartedByAgent);
        }
    };
    // Before the first thread: each would be confined for itself.
    confine(&configuration.providers, &configuration.keep_from)?;
    let link = Link::start(pipe)?;
    contexts::run(&link, &configuration)
}
