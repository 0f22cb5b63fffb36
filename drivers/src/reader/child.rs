//! The card process: a thread that listens to the agent, and the loop that speaks to PC/SC.

use std::cell::Cell;
use std::convert::Infallible;
use std::io::{self, Read, Write as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::fd::OwnedFd;
use zeroize::Zeroizing;

use super::watch;
use super::wire::{self, ToChild, ToParent, WireError};
use super::{RelayAnswer, RelayFailure, RelayQuestion};
use crate::stopwatch;

/// The card process cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    /// Standard input or output, or the listening thread.
    #[error("standard input and output of the card process")]
    Io(#[from] io::Error),
    /// Not started by the agent: its first message is missing.
    #[error("this command is started by the agent itself and waits for its messages")]
    NotStartedByAgent,
}

/// Runs the card process until the agent closes standard input; does not return then, but ends the process, since a call
/// of PC/SC or of a vendor's library may never come back.
///
/// # Errors
///
/// The process was not started by [`super::CardReaders`].
pub fn run_child() -> Result<Infallible, ChildError> {
    // Vendors' libraries print to standard output; the pipe moves away, and they get standard error.
    let pipe = rustix::io::dup(io::stdout()).map_err(io::Error::from)?;
    rustix::stdio::dup2_stdout(io::stderr()).map_err(io::Error::from)?;
    let mut input = io::stdin();
    let configuration = match receive::<ToChild>(&mut input) {
        Ok(ToChild::Configure(configuration)) => configuration,
        Ok(ToChild::Answer(_) | ToChild::ReadAgain) | Err(_) => {
            return Err(ChildError::NotStartedByAgent);
        }
    };
    let link = Link::start(pipe)?;
    watch::run(&link, &configuration)
}

/// The child's end of the pipe. When the agent is gone there is nothing left to do, whoever notices: the process ends.
pub(super) struct Link {
    output: std::fs::File,
    inbox: Receiver<Heard>,
    interruptible: Arc<Mutex<Option<pcsc::Context>>>,
    last_word: Cell<Duration>,
    read_again: Cell<bool>,
}

enum Heard {
    Answer(Result<RelayAnswer, RelayFailure>),
    ReadAgain,
}

/// A read that takes long says so, so that the agent's watchdog does not take it for a hang.
const WORD_EVERY: Duration = Duration::from_millis(250);

impl Link {
    fn start(pipe: OwnedFd) -> io::Result<Self> {
        let (sender, inbox) = channel();
        let interruptible = Arc::new(Mutex::new(None));
        {
            let interruptible = Arc::clone(&interruptible);
            std::thread::Builder::new()
                .name("agent".into())
                .spawn(move || listen(&sender, &interruptible))?;
        }
        let last_word = Cell::new(stopwatch::now());
        Ok(Self {
            output: pipe.into(),
            inbox,
            interruptible,
            last_word,
            read_again: Cell::new(false),
        })
    }

    pub(super) fn send(&self, message: &ToParent) {
        self.last_word.set(stopwatch::now());
        let sent =
            wire::encode(message).is_ok_and(|frame| (&self.output).write_all(&frame).is_ok());
        if !sent {
            std::process::exit(0);
        }
    }

    /// Tells the agent that the read goes on, if it has heard nothing for a while.
    pub(super) fn going_on(&self) {
        if stopwatch::now().saturating_sub(self.last_word.get()) >= WORD_EVERY {
            self.send(&ToParent::Alive);
        }
    }

    /// Asks the province through the agent, which always answers.
    pub(super) fn ask(&self, question: RelayQuestion) -> Result<RelayAnswer, RelayFailure> {
        self.send(&ToParent::Asking(question));
        loop {
            match self.inbox.recv() {
                Ok(Heard::Answer(answer)) => return answer,
                Ok(Heard::ReadAgain) => self.read_again.set(true),
                Err(_) => std::process::exit(0),
            }
        }
    }

    /// Whether the agent wants the cards read again; asked once.
    pub(super) fn wants_another_read(&self) -> bool {
        while let Ok(heard) = self.inbox.try_recv() {
            self.note(&heard);
        }
        self.read_again.take()
    }

    /// Lets time pass; a word from the agent ends it early.
    pub(super) fn wait(&self, time: Duration) {
        match self.inbox.recv_timeout(time) {
            Ok(heard) => self.note(&heard),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => std::process::exit(0),
        }
    }

    /// From now on a word from the agent cancels this context's wait for events.
    pub(super) fn set_interruptible(&self, context: Option<pcsc::Context>) {
        *self
            .interruptible
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = context;
    }

    fn note(&self, heard: &Heard) {
        match heard {
            Heard::ReadAgain => self.read_again.set(true),
            // The answer to a question of a read that has ended meanwhile.
            Heard::Answer(_) => {}
        }
    }
}

fn listen(sender: &Sender<Heard>, interruptible: &Mutex<Option<pcsc::Context>>) {
    let mut input = io::stdin();
    loop {
        let heard = match receive(&mut input) {
            Ok(ToChild::Answer(answer)) => Heard::Answer(answer.map(Into::into)),
            Ok(ToChild::ReadAgain) => Heard::ReadAgain,
            // The agent ended, or is another one: nothing more to do, whatever hangs in the other thread.
            Ok(ToChild::Configure(_)) | Err(_) => std::process::exit(0),
        };
        let wakes = matches!(heard, Heard::ReadAgain);
        if sender.send(heard).is_err() {
            std::process::exit(0);
        }
        let context = interruptible
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let (true, Some(context)) = (wakes, context) {
            // Without a wait to cancel there is nothing to wake: the loop looks before it waits, and at each heartbeat.
            context
                .cancel()
                .unwrap_or_else(|error| tracing::debug!(%error, "no wait to cancel"));
        }
    }
}

fn receive<M: serde::de::DeserializeOwned>(input: &mut impl Read) -> Result<M, ReceiveError> {
    let mut header = [0; wire::HEADER];
    input.read_exact(&mut header)?;
    let mut body = Zeroizing::new(vec![0; wire::body_length(header)?]);
    input.read_exact(&mut body)?;
    Ok(wire::decode(&body)?)
}

#[derive(Debug, thiserror::Error)]
enum ReceiveError {
    #[error("pipe")]
    Io(#[from] io::Error),
    #[error("message")]
    Wire(#[from] WireError),
}
