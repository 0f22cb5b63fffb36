//! The card process's end of the pipe: a thread that listens to the agent, and what the loop over PC/SC says to it.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, Read, Write as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::fd::OwnedFd;
use zeroize::Zeroizing;

use super::wire::{self, ToChild, ToParent, WireError};
use crate::card::{RelayAnswer, RelayFailure, RelayQuestion, StepLog};
use crate::stopwatch;

/// The child's end of the pipe. When the agent is gone there is nothing left to do, whoever notices: the process ends.
pub(super) struct Link {
    inbox: Receiver<Heard>,
    shared: Shared,
    last_word: Cell<Duration>,
    read_again: Cell<bool>,
    freed: RefCell<Vec<String>>,
}

/// What the thread that listens needs, too.
#[derive(Clone)]
struct Shared {
    output: Arc<Mutex<File>>,
    interruptible: Arc<Mutex<Option<pcsc::Context>>>,
    steps: StepLog,
}

enum Heard {
    Answer(Result<RelayAnswer, RelayFailure>),
    ReadAgain,
    Freed(String),
}

/// A read that takes long says so, so that the agent's watchdog does not take it for a hang.
const WORD_EVERY: Duration = Duration::from_millis(250);

impl Link {
    pub(super) fn start(pipe: OwnedFd) -> io::Result<Self> {
        let (sender, inbox) = channel();
        let shared = Shared {
            output: Arc::new(Mutex::new(pipe.into())),
            interruptible: Arc::new(Mutex::new(None)),
            steps: StepLog::default(),
        };
        {
            let shared = shared.clone();
            std::thread::Builder::new()
                .name("agent".into())
                .spawn(move || listen(&sender, &shared))?;
        }
        let last_word = Cell::new(stopwatch::now());
        Ok(Self {
            inbox,
            shared,
            last_word,
            read_again: Cell::new(false),
            freed: RefCell::default(),
        })
    }

    /// The steps of the read that is going on.
    pub(super) fn steps(&self) -> &StepLog {
        &self.shared.steps
    }

    pub(super) fn send(&self, message: &ToParent) {
        self.last_word.set(stopwatch::now());
        self.shared.send(message);
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
                Ok(heard) => self.note(heard),
                Err(_) => std::process::exit(0),
            }
        }
    }

    /// Whether the agent wants the cards read again; asked once.
    pub(super) fn wants_another_read(&self) -> bool {
        self.hear();
        self.read_again.take()
    }

    /// Readers that were let go since the last question.
    pub(super) fn freed(&self) -> Vec<String> {
        self.hear();
        self.freed.take()
    }

    fn hear(&self) {
        while let Ok(heard) = self.inbox.try_recv() {
            self.note(heard);
        }
    }

    /// Lets time pass; a word from the agent ends it early.
    pub(super) fn wait(&self, time: Duration) {
        match self.inbox.recv_timeout(time) {
            Ok(heard) => self.note(heard),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => std::process::exit(0),
        }
    }

    /// From now on a word from the agent cancels this context's wait for events.
    pub(super) fn set_interruptible(&self, context: Option<pcsc::Context>) {
        *lock(&self.shared.interruptible) = context;
    }

    fn note(&self, heard: Heard) {
        match heard {
            Heard::ReadAgain => self.read_again.set(true),
            Heard::Freed(reader) => self.freed.borrow_mut().push(reader),
            // The answer to a question of a read that has ended meanwhile.
            Heard::Answer(_) => {}
        }
    }
}

impl Shared {
    fn send(&self, message: &ToParent) {
        let sent =
            wire::encode(message).is_ok_and(|frame| lock(&self.output).write_all(&frame).is_ok());
        if !sent {
            std::process::exit(0);
        }
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn listen(sender: &Sender<Heard>, shared: &Shared) {
    let mut input = io::stdin();
    loop {
        let heard = match receive(&mut input) {
            Ok(ToChild::Answer(answer)) => Heard::Answer(answer.map(Into::into)),
            Ok(ToChild::ReadAgain) => Heard::ReadAgain,
            Ok(ToChild::Freed(reader)) => Heard::Freed(reader),
            Ok(ToChild::TellSteps) => {
                shared.send(&ToParent::Steps(shared.steps.so_far()));
                continue;
            }
            // The agent ended, or is another one: nothing more to do, whatever hangs in the other thread.
            Ok(ToChild::Configure(_) | ToChild::Try(_)) | Err(_) => std::process::exit(0),
        };
        let wakes = matches!(heard, Heard::ReadAgain | Heard::Freed(_));
        if sender.send(heard).is_err() {
            std::process::exit(0);
        }
        let context = lock(&shared.interruptible).clone();
        if let (true, Some(context)) = (wakes, context) {
            // Without a wait to cancel there is nothing to wake: the loop looks before it waits, and at each heartbeat.
            context
                .cancel()
                .unwrap_or_else(|error| tracing::debug!(%error, "no wait to cancel"));
        }
    }
}

pub(super) fn receive<M: serde::de::DeserializeOwned>(
    input: &mut impl Read,
) -> Result<M, ReceiveError> {
    let mut header = [0; wire::HEADER];
    input.read_exact(&mut header)?;
    let mut body = Zeroizing::new(vec![0; wire::body_length(header)?]);
    input.read_exact(&mut body)?;
    Ok(wire::decode(&body)?)
}

#[derive(Debug, thiserror::Error)]
pub(super) enum ReceiveError {
    #[error("pipe")]
    Io(#[from] io::Error),
    #[error("message")]
    Wire(#[from] WireError),
}
