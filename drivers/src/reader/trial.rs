//! A vendor's library loaded for a trial, in a card process as it will be: whether it can be, before a card is put in.

use std::io;
use std::time::Duration;

use tokio::time::timeout;

use super::process::{PipeError, Process};
use super::wire::{Configuration, ToChild, ToParent};
use super::{CardProcess, CardSettings, LibraryFault};

/// Libraries load others, from slow disks as well.
const LOADS_WITHIN: Duration = Duration::from_secs(20);

/// Why no library could be tried.
#[derive(Debug, thiserror::Error)]
pub enum NotTried {
    /// The card process cannot be started.
    #[error("the card process cannot be started")]
    CannotStart(#[source] io::Error),
    /// The card process cannot be spoken to.
    #[error("the card process cannot be spoken to")]
    Pipe(#[source] io::Error),
    /// The card process ended: it was taken along, or could not be confined.
    #[error("the card process ended")]
    Ended,
    /// It does not come to an end.
    #[error("the card process hangs")]
    Hangs,
}

/// Loads the vendors' libraries that the settings name, in a card process started for that.
///
/// # Errors
///
/// No answer came.
pub async fn try_library(
    settings: &CardSettings,
    process: impl Into<CardProcess>,
) -> Result<Result<(), LibraryFault>, NotTried> {
    let started = Process::start(&process.into()).await;
    let mut process = started.map_err(NotTried::CannotStart)?;
    let configuration = Configuration {
        reader: None,
        providers: settings.providers.clone(),
        keep_from: settings.keep_from.clone(),
        scope: settings.scope,
        suspects: Vec::new(),
    };
    match process.send(&ToChild::Try(configuration)).await {
        Ok(()) => {}
        Err(PipeError::Io(error)) => return Err(NotTried::Pipe(error)),
        Err(PipeError::Wire(_)) => return Err(NotTried::Ended),
    }
    match timeout(LOADS_WITHIN, process.hear()).await {
        Ok(Some(Ok(ToParent::Tried(outcome)))) => Ok(outcome),
        Ok(_) => Err(NotTried::Ended),
        Err(_elapsed) => Err(NotTried::Hangs),
    }
}
