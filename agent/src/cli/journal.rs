//! `journal`: whether every act and every record still stands as it was written, and whether it is the one that a slip names.

use clap::{Args, Subcommand};

use super::ground::{self, Configured};
use crate::doors::console::client::Client;
use crate::wording::notice::Notice;

#[derive(Debug, Args)]
pub(super) struct Journal {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Walk the whole journal and hold every record and upload against it.
    Verify(Verify),
}

#[derive(Debug, Args)]
struct Verify {
    /// A head as a slip prints it (台账校验码), or as an upload carries it; may be given more than once.
    #[arg(long = "head", value_name = "HEAD")]
    heads: Vec<String>,
    #[command(flatten)]
    configured: Configured,
}

pub(super) fn run(journal: &Journal) -> Result<(), Notice> {
    let Act::Verify(verify) = &journal.act;
    let settings = ground::settings(&verify.configured.config)?;
    ground::block_on(async {
        let client = Client::new(&settings.local.socket).map_err(|error| Notice::from(&error))?;
        let verified = client
            .verify_journal(&verify.heads)
            .await
            .map_err(|error| Notice::from(&error))?;
        if let Some(notice) = verified.broken {
            return Err(notice);
        }
        ground::say(std::io::stdout(), &verified.say);
        Ok(())
    })
}
