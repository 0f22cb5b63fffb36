//! One card process and the pipe to it.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;
use tokio_stream::StreamExt as _;
use tokio_util::bytes::BytesMut;
use tokio_util::codec::{Decoder, FramedRead};
use zeroize::Zeroize as _;

use super::ChildCommand;
use super::wire::{self, HEADER, ToChild, ToParent, WireError};
use crate::card::Step;

/// A running card process. Dropping it kills it; the runtime then waits for its end, even if a driver delays that for a while.
pub(super) struct Process {
    stdin: ChildStdin,
    inbox: FramedRead<ChildStdout, Messages>,
    _child: Child,
}

/// The pipe broke, or carries something else.
#[derive(Debug, thiserror::Error)]
pub(super) enum PipeError {
    #[error("pipe: {0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Wire(#[from] WireError),
}

/// The thread that tells the steps does not hang with the read: it answers at once, or the whole process stands still.
const TELLS_STEPS_WITHIN: Duration = Duration::from_millis(200);

impl Process {
    pub(super) fn start(command: &ChildCommand) -> std::io::Result<Self> {
        let variables = command.environment.iter();
        let mut child = Command::new(&command.program)
            .args(&command.arguments)
            .env_clear()
            .envs(variables.map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        };
        Ok(Self {
            stdin,
            inbox: FramedRead::with_capacity(stdout, Messages, wire::LONGEST),
            _child: child,
        })
    }

    pub(super) async fn send(&mut self, message: &ToChild) -> Result<(), PipeError> {
        let frame = wire::encode(message)?;
        self.stdin.write_all(&frame).await?;
        Ok(self.stdin.flush().await?)
    }

    /// Its next message; `None` after its end. Nothing is lost where the wait is given up.
    pub(super) async fn hear(&mut self) -> Option<Result<ToParent, PipeError>> {
        self.inbox.next().await
    }

    /// What a read that hangs has done so far; `None` where the whole process stands still.
    pub(super) async fn steps(&mut self) -> Option<Vec<Step>> {
        let asked = async {
            self.send(&ToChild::TellSteps).await.ok()?;
            loop {
                if let ToParent::Steps(steps) = self.hear().await?.ok()? {
                    return Some(steps);
                }
            }
        };
        timeout(TELLS_STEPS_WITHIN, asked).await.ok().flatten()
    }

    /// Returns when the call that hangs has returned: the process says something again, or ends.
    pub(super) async fn goes_on(mut self) {
        self.hear().await;
    }
}

/// Takes the process's messages out of the bytes that have arrived, and wipes those.
#[derive(Debug)]
struct Messages;

impl Decoder for Messages {
    type Item = ToParent;
    type Error = PipeError;

    fn decode(&mut self, bytes: &mut BytesMut) -> Result<Option<ToParent>, PipeError> {
        let Some(header) = bytes.first_chunk::<HEADER>() else {
            return Ok(None);
        };
        let length = HEADER + wire::body_length(*header)?;
        if bytes.len() < length {
            return Ok(None);
        }
        let mut frame = bytes.split_to(length);
        let message = wire::decode(&frame[HEADER..]);
        frame.as_mut().zeroize();
        Ok(Some(message?))
    }
}
