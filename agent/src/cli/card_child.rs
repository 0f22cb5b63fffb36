//! `card-child`: the process that reads cards for the daemon, which starts, watches and kills it.

use std::fs::File;
use std::sync::Mutex;

use super::ground;
use crate::wording::commands;
use crate::wording::notice::Notice;

pub(super) fn run() -> Result<(), Notice> {
    drivers::reader::close_inherited_files()
        .map_err(|error| commands::card_child_open_files(&error))?;
    // Standard error is taken away from the vendors' libraries: the log needs another way to it.
    match rustix::io::dup(std::io::stderr()) {
        Ok(log) => ground::log_to(Mutex::new(File::from(log))),
        Err(error) => tracing::debug!(%error, "no log"),
    }
    match drivers::reader::run_child() {
        Ok(never) => match never {},
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the card process ends"
            );
            Err(commands::card_child_ended())
        }
    }
}
