//! A clock that tests move: built only with the feature `test-clock`, never packaged.
//!
//! The variable `SETTLEMENT_AGENT_TEST_CLOCK` names a Unix socket. Each line `advance SECONDS` sent to it moves civil time and
//! boot time forward together; `set-civil SECONDS` moves civil time alone, as somebody does who sets it. Both are answered by `ok`.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::watch;

/// How far the clocks were moved.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moves {
    civil: SignedDuration,
    boot: Duration,
}

impl Moves {
    fn advance(&mut self, by: Duration) {
        self.boot = self.boot.saturating_add(by);
        self.set_civil(SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX));
    }

    fn set_civil(&mut self, by: SignedDuration) {
        self.civil = self.civil.saturating_add(by);
    }
}

#[derive(Debug, Clone)]
pub(super) struct Moved(watch::Receiver<Moves>);

/// Moves a clock of the same process.
#[cfg(test)]
#[derive(Debug)]
pub(crate) struct Hand(watch::Sender<Moves>);

#[cfg(test)]
impl Hand {
    /// Time goes by.
    pub(crate) fn advance(&self, by: Duration) {
        self.0.send_modify(|moves| moves.advance(by));
    }

    /// Somebody sets civil time.
    pub(crate) fn set_civil(&self, by: SignedDuration) {
        self.0.send_modify(|moves| moves.set_civil(by));
    }
}

impl Moved {
    pub(super) fn from_environment() -> std::io::Result<Self> {
        let (sender, receiver) = watch::channel(Moves::default());
        match std::env::var_os("SETTLEMENT_AGENT_TEST_CLOCK") {
            Some(path) => {
                let listener = UnixListener::bind(path)?;
                std::thread::spawn(move || listen(&listener, &sender));
            }
            // A clock nobody moves: the sender lives as long as the process.
            None => std::mem::forget(sender),
        }
        Ok(Self(receiver))
    }

    #[cfg(test)]
    pub(super) fn by_hand() -> (Self, Hand) {
        let (sender, receiver) = watch::channel(Moves::default());
        (Self(receiver), Hand(sender))
    }

    pub(super) fn civil(&self) -> SignedDuration {
        self.0.borrow().civil
    }

    pub(super) fn boot(&self) -> Duration {
        self.0.borrow().boot
    }

    /// To be taken before the time is read: a move after that wakes [`again`].
    pub(super) fn watch(&self) -> watch::Receiver<Moves> {
        let mut receiver = self.0.clone();
        receiver.mark_unchanged();
        receiver
    }
}

/// Returns when the clock has been moved since `watch`.
pub(super) async fn again(receiver: &mut watch::Receiver<Moves>) {
    if receiver.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// What is answered to a line that is neither.
const EXPECTED: &[u8] = b"expected: advance SECONDS or set-civil SECONDS\n";

fn listen(listener: &UnixListener, sender: &watch::Sender<Moves>) {
    for stream in listener.incoming() {
        let served = stream.and_then(|stream| serve(stream, sender));
        if let Err(error) = served {
            tracing::warn!(%error, "test clock: connection ended");
        }
    }
}

fn serve(mut stream: UnixStream, sender: &watch::Sender<Moves>) -> std::io::Result<()> {
    let lines = BufReader::new(stream.try_clone()?).lines();
    for line in lines {
        let line = line?;
        let moved = match line.split_once(' ') {
            Some(("advance", seconds)) => seconds.parse().map(|seconds| {
                sender.send_modify(|moves| moves.advance(Duration::from_secs(seconds)));
            }),
            Some(("set-civil", seconds)) => seconds.parse().map(|seconds| {
                sender.send_modify(|moves| moves.set_civil(SignedDuration::from_secs(seconds)));
            }),
            Some(_) | None => return stream.write_all(EXPECTED),
        };
        let answer: &[u8] = if moved.is_ok() { b"ok\n" } else { EXPECTED };
        stream.write_all(answer)?;
    }
    Ok(())
}
