//! `accept-clock`: a person has checked the clock and found it right although the journal has later times.

use clap::Args;

use super::ground::{self, Configured};
use crate::doors::console::client::Client;
use crate::wording::notice::Notice;

#[derive(Debug, Args)]
pub(super) struct AcceptClock {
    /// When and why the clock was wrong, and what it was checked against; kept in the journal.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    configured: Configured,
}

pub(super) fn run(accept: &AcceptClock) -> Result<(), Notice> {
    let settings = ground::settings(&accept.configured.config)?;
    ground::block_on(async {
        let client = Client::new(&settings.local.socket).map_err(|error| Notice::from(&error))?;
        let accepted = client
            .accept_clock(&accept.reason)
            .await
            .map_err(|error| Notice::from(&error))?;
        ground::say(
            std::io::stdout(),
            &format!(
                "已登记：本机时间 {} 是对的（台账中最晚的时间是 {}），可以继续结算。",
                accepted.now, accepted.last
            ),
        );
        Ok(())
    })
}
