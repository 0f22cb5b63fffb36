//! The demo: a whole stay on this machine, told line by line, with the real programs and a simulated province and card.

mod ending;
mod narration;
mod play;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use anyhow::Result;
use tokio::signal::unix::{SignalKind, signal};

use narration::Narration;
use play::Play;

/// The argument with which this program becomes the card hall.
const CARD_HALL: &str = "card-hall";

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(CARD_HALL) {
        return ended(end_to_end::serve_card_hall());
    }
    match tokio::runtime::Runtime::new() {
        Ok(runtime) => ended(runtime.block_on(demo())),
        Err(error) => ended(Err(error.into())),
    }
}

fn ended(result: Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            narration::complain(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Plays until the end, an error, Ctrl-C or SIGTERM; in each case everything started is ended on the way out.
async fn demo() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let narration = Narration::begin();
    let mut play = tokio::select! {
        played = Play::whole(&narration) => played?,
        _ = tokio::signal::ctrl_c() => anyhow::bail!("interrupted"),
        _ = terminate.recv() => anyhow::bail!("told to end"),
    };
    if std::io::stdout().is_terminal() {
        let link = play.page_link().await?;
        narration.say("The counter's page stays open until Ctrl-C. This address opens it once:");
        narration.plain(&format!("\n    {link}\n"));
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            _ = terminate.recv() => {}
        }
    }
    play.end(&narration).await
}
