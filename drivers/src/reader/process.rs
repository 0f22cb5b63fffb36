//! One card process and the way to it: a Unix socket, whoever started it.

use std::io::{Error, ErrorKind, Result};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::geteuid;
use tokio::io::AsyncWriteExt as _;
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use tokio_stream::StreamExt as _;
use tokio_util::bytes::BytesMut;
use tokio_util::codec::{Decoder, FramedRead};
use zeroize::Zeroize as _;

use super::wire::{self, HEADER, ToChild, ToParent, WireError};
use super::{CardProcess, ChildCommand};
use crate::card::Step;

/// A running card process. Dropping it ends it: the runtime kills a child and waits for its end, even if a driver delays that
/// for a while; one in an account of its own is killed by its keeper, which sees that the agent hung up.
pub(super) struct Process {
    outbox: OwnedWriteHalf,
    inbox: FramedRead<OwnedReadHalf, Messages>,
    _child: Option<Child>,
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
    pub(super) async fn start(process: &CardProcess) -> Result<Self> {
        let (way, child) = match process {
            CardProcess::Child(command) => {
                let (way, child) = spawn(command)?;
                (way, Some(child))
            }
            CardProcess::Apart(socket) => (connect(socket).await?, None),
        };
        let (input, outbox) = way.into_split();
        Ok(Self {
            outbox,
            inbox: FramedRead::with_capacity(input, Messages, wire::LONGEST),
            _child: child,
        })
    }

    pub(super) async fn send(&mut self, message: &ToChild) -> std::result::Result<(), PipeError> {
        let frame = wire::encode(message)?;
        Ok(self.outbox.write_all(&frame).await?)
    }

    /// Its next message; `None` after its end. Nothing is lost where the wait is given up.
    pub(super) async fn hear(&mut self) -> Option<std::result::Result<ToParent, PipeError>> {
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

/// A child in this account or, where root says so, in another; its standard input and output are one socket.
fn spawn(command: &ChildCommand) -> Result<(UnixStream, Child)> {
    let (own, its) = std::os::unix::net::UnixStream::pair()?;
    let its = OwnedFd::from(its);
    let variables = command.environment.iter();
    let mut start = Command::new(&command.program);
    start
        .args(&command.arguments)
        .env_clear()
        .envs(variables.map(|(name, value)| (name, value)))
        .stdin(Stdio::from(its.try_clone()?))
        .stdout(Stdio::from(its))
        .kill_on_drop(true);
    if let Some((user, group)) = command.account {
        start.gid(group).uid(user);
    }
    let child = start.spawn()?;
    own.set_nonblocking(true)?;
    Ok((UnixStream::from_std(own)?, child))
}

/// The socket must be root's, who alone starts processes in other accounts, or this account's own.
async fn connect(socket: &Path) -> Result<UnixStream> {
    let way = UnixStream::connect(socket).await?;
    let holder = way.peer_cred()?.uid();
    if holder == 0 || holder == geteuid().as_raw() {
        return Ok(way);
    }
    let whose = format!("{} is held by the account {holder}", socket.display());
    Err(Error::new(ErrorKind::PermissionDenied, whose))
}

/// Takes the process's messages out of the bytes that have arrived, and wipes those.
#[derive(Debug)]
struct Messages;

impl Decoder for Messages {
    type Item = ToParent;
    type Error = PipeError;

    fn decode(&mut self, bytes: &mut BytesMut) -> std::result::Result<Option<ToParent>, PipeError> {
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
