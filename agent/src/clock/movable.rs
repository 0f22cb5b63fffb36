//! A clock that tests move: built only with the feature `test-clock`, never packaged.
//!
//! The variable `SETTLEMENT_AGENT_TEST_CLOCK` names a Unix socket; each line `advance SECONDS` sent to it
//! moves the clock forward and is answered by `ok`.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};

use jiff::SignedDuration;
use tokio::sync::watch;

#[derive(Debug, Clone)]
pub(super) struct Moved(watch::Receiver<SignedDuration>);

impl Moved {
    pub(super) fn from_environment() -> std::io::Result<Self> {
        let (sender, receiver) = watch::channel(SignedDuration::ZERO);
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

    pub(super) fn by(&self) -> SignedDuration {
        *self.0.borrow()
    }

    /// To be taken before the time is read: a move after that wakes [`again`].
    pub(super) fn watch(&self) -> watch::Receiver<SignedDuration> {
        let mut receiver = self.0.clone();
        receiver.mark_unchanged();
        receiver
    }
}

/// Returns when the clock has been moved since `watch`.
pub(super) async fn again(receiver: &mut watch::Receiver<SignedDuration>) {
    if receiver.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn listen(listener: &UnixListener, sender: &watch::Sender<SignedDuration>) {
    for stream in listener.incoming() {
        let served = stream.and_then(|stream| serve(stream, sender));
        if let Err(error) = served {
            tracing::warn!(%error, "test clock: connection ended");
        }
    }
}

fn serve(mut stream: UnixStream, sender: &watch::Sender<SignedDuration>) -> std::io::Result<()> {
    let lines = BufReader::new(stream.try_clone()?).lines();
    for line in lines {
        let line = line?;
        match line
            .strip_prefix("advance ")
            .and_then(|seconds| seconds.parse::<i64>().ok())
        {
            Some(seconds) => {
                sender.send_modify(|moved| {
                    *moved = moved.saturating_add(SignedDuration::from_secs(seconds));
                });
                stream.write_all(b"ok\n")?;
            }
            None => stream.write_all(b"expected: advance SECONDS\n")?,
        }
    }
    Ok(())
}
