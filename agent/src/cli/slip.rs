//! `slip`: a settlement's Annex 10, or a later copy of it, as a PDF file of the account that asks; the daemon's journal keeps
//! that it was written.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::ground::{self, Configured};
use crate::counter::SlipCopy;
use crate::doors::console::client::{AgainWanted, Client};
use crate::wording::commands;
use crate::wording::notice::Notice;

#[derive(Debug, Args)]
pub(super) struct Slip {
    /// The settlement's number.
    settlement: String,
    /// The file to write; it must not exist yet.
    #[arg(long)]
    to: PathBuf,
    /// One later copy, marked as such, in place of the first pair.
    #[arg(long, requires = "reason")]
    copy: Option<Which>,
    /// Why it is wanted; kept in the journal.
    #[arg(long, requires = "copy")]
    reason: Option<String>,
    #[command(flatten)]
    configured: Configured,
}

/// The copy that a later one replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// 协议机构联.
    Institution,
    /// 工伤职工联.
    Worker,
}

impl Slip {
    /// Neither is given without the other.
    fn again(&self) -> Option<AgainWanted> {
        let (copy, reason) = self.copy.zip(self.reason.clone())?;
        let copy = match copy {
            Which::Institution => SlipCopy::Institution,
            Which::Worker => SlipCopy::Worker,
        };
        Some(AgainWanted { copy, reason })
    }
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
        let pdf = match client.slip(&slip.settlement, slip.again()).await {
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
