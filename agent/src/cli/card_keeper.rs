//! `card-keeper`: keeps a card process in an account of its own, and kills it when the daemon hangs up.

use std::process::ExitCode;

use crate::desk::card_access::card_child;
use crate::wording::commands;
use crate::wording::notice::Notice;

pub(super) fn run() -> Result<ExitCode, Notice> {
    let child = card_child().map_err(|error| commands::program_missing(&error))?;
    match drivers::reader::run_keeper(&child) {
        Ok(ended) if ended.success() => Ok(ExitCode::SUCCESS),
        // The daemon has seen it, too, and says what it means.
        Ok(_) => Ok(ExitCode::FAILURE),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "no card process");
            Err(commands::card_child_ended())
        }
    }
}
