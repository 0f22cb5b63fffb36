//! One card process and the pipe to it.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc::{self, Receiver};
use tokio::task::JoinSet;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::wire::{self, ToChild, ToParent, WireError};
use super::{ChildCommand, Step};

/// A running card process. Dropping it kills it; the runtime buries it, even if a driver keeps it from dying for a while.
pub(super) struct Process {
    stdin: ChildStdin,
    inbox: Receiver<Result<ToParent, PipeError>>,
    _listener: JoinSet<()>,
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
            .envs(variables.map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        };
        let (heard, inbox) = mpsc::channel(16);
        let mut listener = JoinSet::new();
        listener.spawn(listen(stdout, heard));
        Ok(Self {
            stdin,
            inbox,
            _listener: listener,
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
        self.inbox.recv().await
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

/// Reads messages until the process ends or says something that is none.
async fn listen(mut stdout: ChildStdout, heard: mpsc::Sender<Result<ToParent, PipeError>>) {
    loop {
        let message = receive(&mut stdout).await;
        let last = message.is_err();
        if heard.send(message).await.is_err() || last {
            return;
        }
    }
}

async fn receive(stdout: &mut ChildStdout) -> Result<ToParent, PipeError> {
    let mut header = [0; wire::HEADER];
    stdout.read_exact(&mut header).await?;
    let mut body = Zeroizing::new(vec![0; wire::body_length(header)?]);
    stdout.read_exact(&mut body).await?;
    Ok(wire::decode(&body)?)
}
