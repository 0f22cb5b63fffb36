//! The demo: a whole stay on this machine, told line by line, with the real programs and a simulated province and card.

mod ending;
mod narration;
mod play;

use std::convert::Infallible;
use std::io::IsTerminal as _;
use std::process::ExitCode;

use anyhow::Result;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;

use narration::Narration;
use play::{CARD_HALL, Play};

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

/// What ends the demo from outside. A signal that comes while nobody waits is kept until somebody does.
#[derive(Debug)]
struct Endings {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Endings {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// Waits for one and says which.
    async fn told(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "interrupted",
            _ = self.terminate.recv() => "told to end",
            _ = self.hangup.recv() => "the terminal was closed",
        }
    }
}

/// Plays until the end, an error, Ctrl-C, SIGTERM or SIGHUP; in each case everything started is ended on the way out.
async fn demo() -> Result<()> {
    let mut endings = Endings::listen()?;
    let narration = Narration::begin();
    let mut play = tokio::select! {
        biased;
        why = endings.told() => anyhow::bail!(why),
        played = Play::whole(&narration) => played?,
    };
    if std::io::stdout().is_terminal() {
        tokio::select! {
            biased;
            _ = endings.told() => {}
            shown = show_the_page(&mut play, &narration) => match shown? {},
        }
    }
    play.end(&narration).await
}

/// Prints a link to the counter's page, and another whenever Enter is pressed; ends only by an error.
async fn show_the_page(play: &mut Play, narration: &Narration) -> Result<Infallible> {
    let mut enter = enter_pressed()?;
    narration.say(
        "The counter's page stays open until Ctrl-C; Enter prints a fresh link. A link opens it",
    );
    narration.more("within a minute, once, in the account that runs the demo:");
    loop {
        let link = play.page_link().await?;
        narration.plain(&format!("\n    {link}\n"));
        if enter.recv().await.is_none() {
            // Nothing more can be typed; Ctrl-C is a signal.
            return std::future::pending().await;
        }
    }
}

/// Every press of Enter. A thread of its own waits for them, which keeps nobody from ending.
fn enter_pressed() -> std::io::Result<mpsc::Receiver<()>> {
    let (sender, presses) = mpsc::channel(1);
    std::thread::Builder::new()
        .name("enter".to_owned())
        .spawn(move || {
            for line in std::io::stdin().lines() {
                if line.is_err() || sender.blocking_send(()).is_err() {
                    break;
                }
            }
        })?;
    Ok(presses)
}
