//! `slip`: a settlement's Annex 10 as a PDF file of the account that asks; the daemon's journal keeps that it was written.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use clap::Args;

use super::ground::{self, Configured};
use crate::doors::console::client::Client;
use crate::wording::commands;
use crate::wording::notice::Notice;

#[derive(Debug, Args)]
pub(super) struct Slip {
    /// The settlement's number.
    settlement: String,
    /// The file to write; it must not exist yet.
    #[arg(long)]
    to: PathBuf,
    #[command(flatten)]
    configured: Configured,
}

pub(super) fn run(slip: &Slip) -> Result<(), Notice> {
    let settings = ground::settings(&slip.configured.config)?;
    let cannot_write = |error: std::io::Error| commands::slip_file(&slip.to, &error);
    ground::block_on(async {
        let client = Client::new(&settings.local.socket).map_err(|error| Notice::from(&error))?;
        let mut options = std::fs::OpenOptions::new();
        // Readable by its owner alone: it names a patient.
        let mut file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&slip.to)
            .map_err(cannot_write)?;
        let pdf = match client.slip(&slip.settlement).await {
            Ok(pdf) => pdf,
            Err(error) => {
                std::fs::remove_file(&slip.to).map_err(cannot_write)?;
                return Err(Notice::from(&error));
            }
        };
        file.write_all(&pdf)
            .and_then(|()| file.sync_all())
            .map_err(cannot_write)?;
        ground::say(
            std::io::stdout(),
            &format!("结算单已写入 {}（{} 字节）。", slip.to.display(), pdf.len()),
        );
        Ok(())
    })
}
