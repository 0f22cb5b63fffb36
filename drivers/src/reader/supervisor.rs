//! The agent's side: starts the card process, watches it, kills it when it hangs and starts it again.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, WeakUnboundedSender};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use super::life::{Doing, End, Life, Relaying, wait_for_answer};
use super::process::{PipeError, Process};
use super::reports::Reports;
use super::wire::{Configuration, FIRST_REST, Rest, ToChild, ToParent, WireError};
use super::{CardEvent, CardProcess, CardSettings};
use crate::card::{CardFault, RelayFailure, RelayQuestion, StepName};

/// What is wished of the card process.
#[derive(Debug)]
pub(super) enum Wish {
    /// Read the cards that are in the readers now once more.
    ReadAgain,
    /// Not a caller's wish: the call that held this reader has returned.
    Freed(String),
}

/// Brings a question to the province, and its answer back.
pub(super) type Relay = Box<dyn Fn(RelayQuestion) -> Relaying + Send>;

/// Keeps one card process alive and listens to it.
pub(super) struct Supervisor {
    settings: CardSettings,
    process: CardProcess,
    relay: Relay,
    wishes: WeakUnboundedSender<Wish>,
    wished: UnboundedReceiver<Wish>,
    reports: Reports,
    /// Readers at which a card process hung, waits or died, and how long the next one leaves a card in them alone.
    suspects: HashMap<String, Rest>,
    /// Card processes whose call has not returned, by reader: each waits on, as the one who learns when the reader is free.
    /// A new attempt would only hang beside it, and leave another thread behind in pcscd.
    waiting: HashMap<String, JoinSet<()>>,
}

const LONGEST_REST: Duration = Duration::from_mins(1);

/// Between two starts of a card process that ends by itself.
const RESTART_AFTER: Duration = Duration::from_millis(500);

impl Supervisor {
    /// Fulfils the wishes, which are heard as long as somebody else may still send some.
    pub(super) fn new(
        (settings, process, relay): (CardSettings, CardProcess, Relay),
        wishes: WeakUnboundedSender<Wish>,
        inbox: UnboundedReceiver<Wish>,
        reports: Reports,
    ) -> Self {
        Self {
            settings,
            process,
            relay,
            wishes,
            wished: inbox,
            reports,
            suspects: HashMap::new(),
            waiting: HashMap::new(),
        }
    }

    pub(super) async fn run(mut self) {
        loop {
            let pause = match Process::start(&self.process).await {
                Ok(mut process) => {
                    let end = self.serve(&mut process).await;
                    self.part(process, end).await
                }
                Err(error) => {
                    tracing::error!(process = ?self.process, %error, "card process cannot be started");
                    self.reports
                        .service_fails(CardFault::ProcessCannotStart, Vec::new());
                    Some(RESTART_AFTER)
                }
            };
            let Some(pause) = pause else { return };
            if self.pause(pause).await.is_none() {
                return;
            }
        }
    }

    /// Says what ended the process's life, and lets it go or wait; how long until the next one starts.
    async fn part(&mut self, mut process: Process, end: End) -> Option<Duration> {
        match end {
            End::Wanted => None,
            End::ServiceStuck => {
                self.reports
                    .service_fails(CardFault::ServiceStuck, Vec::new());
                Some(Duration::ZERO)
            }
            End::Stuck { reader, in_use } => {
                let steps = process.steps().await;
                let last = steps
                    .as_ref()
                    .map(|steps| steps.last().map(|step| step.name));
                let fault = match last {
                    // pcscd lets a connection wait for another program's transaction, too.
                    Some(Some(StepName::Transaction)) => CardFault::HeldByAnotherProgram,
                    Some(Some(StepName::Connect)) if in_use => CardFault::HeldByAnotherProgram,
                    Some(_) | None => CardFault::ReaderStuck,
                };
                match last {
                    // A library may hang for ever in itself; a process that stands still waits for nothing.
                    None | Some(Some(StepName::VendorCall)) => self.suspect(&reader),
                    Some(_) => self.let_wait(&reader, process),
                }
                self.reports
                    .fault(Some(reader), fault, steps.unwrap_or_default());
                Some(Duration::ZERO)
            }
            End::Died { reader, steps } => {
                if let Some(reader) = reader {
                    self.suspect(&reader);
                }
                self.reports.service_fails(CardFault::ProcessEnded, steps);
                Some(RESTART_AFTER)
            }
            End::OtherVersion => {
                self.reports
                    .service_fails(CardFault::ProcessOfAnotherVersion, Vec::new());
                Some(RESTART_AFTER)
            }
        }
    }

    /// The next card process leaves a card in this reader alone for a while, each time longer.
    fn suspect(&mut self, reader: &str) {
        let rest = match self.suspects.get(reader) {
            Some(Rest::For(rest)) => (*rest * 2).min(LONGEST_REST),
            Some(Rest::UntilFreed) | None => FIRST_REST,
        };
        self.suspects.insert(reader.to_owned(), Rest::For(rest));
    }

    /// The process waits for its call to return; the next one leaves the card in this reader alone until then.
    fn let_wait(&mut self, reader: &str, process: Process) {
        let (wishes, name) = (self.wishes.clone(), reader.to_owned());
        let mut waiting = JoinSet::new();
        waiting.spawn(async move {
            process.goes_on().await;
            if let Some(wishes) = wishes.upgrade() {
                // Fails only where the runtime is ending.
                drop(wishes.send(Wish::Freed(name)));
            }
        });
        self.waiting.insert(reader.to_owned(), waiting);
        self.suspects.insert(reader.to_owned(), Rest::UntilFreed);
    }

    /// Nothing holds this reader any more; whoever waited for it ends.
    fn free(&mut self, reader: &str) {
        self.waiting.remove(reader);
        self.suspects.remove(reader);
    }

    /// Lets time pass between two lives; `None` when the agent is through with the readers.
    async fn pause(&mut self, time: Duration) -> Option<()> {
        let until = Instant::now() + time;
        loop {
            tokio::select! {
                wish = self.wished.recv() => match wish? {
                    // The new process reads what it finds.
                    Wish::ReadAgain => {}
                    Wish::Freed(reader) => self.free(&reader),
                },
                () = sleep_until(until) => return Some(()),
            }
        }
    }

    /// One life of the card process.
    async fn serve(&mut self, process: &mut Process) -> End {
        let configuration = Configuration {
            reader: self.settings.reader.clone(),
            providers: self.settings.providers.clone(),
            keep_from: self.settings.keep_from.clone(),
            scope: self.settings.scope,
            suspects: self
                .suspects
                .iter()
                .map(|(reader, rest)| (reader.clone(), *rest))
                .collect(),
        };
        let mut life = Life {
            doing: Doing::Waiting,
            deadline: self.watchdog(),
            relaying: None,
            steps: Vec::new(),
        };
        if process
            .send(&ToChild::Configure(configuration))
            .await
            .is_err()
        {
            return life.died();
        }
        loop {
            let outgoing = tokio::select! {
                message = process.hear() => match message {
                    Some(Ok(message)) => match self.hear(&mut life, message) {
                        Ok(()) => None,
                        Err(_) => return life.died(),
                    },
                    Some(Err(PipeError::Wire(WireError::OtherVersion(_)))) => return End::OtherVersion,
                    Some(Err(error)) => {
                        tracing::warn!(%error, "card process");
                        return life.died();
                    }
                    None => return life.died(),
                },
                answer = wait_for_answer(&mut life.relaying) => {
                    life.answered();
                    life.deadline = self.watchdog();
                    Some(ToChild::Answer(answer.map(Into::into)))
                },
                wish = self.wished.recv() => match wish {
                    Some(Wish::ReadAgain) => Some(ToChild::ReadAgain),
                    Some(Wish::Freed(reader)) => {
                        self.free(&reader);
                        Some(ToChild::Freed(reader))
                    }
                    None => return End::Wanted,
                },
                () = sleep_until(life.deadline) => match self.silence(&mut life) {
                    Some(end) => return end,
                    None => None,
                },
            };
            if let Some(message) = outgoing
                && process.send(&message).await.is_err()
            {
                return life.died();
            }
            if self.reports.is_closed() {
                return End::Wanted;
            }
        }
    }

    fn watchdog(&self) -> Instant {
        Instant::now() + self.settings.stuck_after
    }

    /// The card process said nothing for too long; whether its life ends.
    fn silence(&mut self, life: &mut Life) -> Option<End> {
        match &life.doing {
            Doing::Waiting => Some(End::ServiceStuck),
            Doing::Reading { reader, in_use } => Some(End::Stuck {
                reader: reader.clone(),
                in_use: *in_use,
            }),
            Doing::Parting { reader } => Some(End::Stuck {
                reader: reader.clone(),
                in_use: false,
            }),
            Doing::Asking { .. } => {
                life.deadline = self.watchdog();
                None
            }
        }
    }

    /// Acts on one message of the card process.
    fn hear(&mut self, life: &mut Life, message: ToParent) -> Result<(), WireError> {
        life.deadline = self.watchdog();
        match message {
            ToParent::Alive => {
                if let Doing::Parting { .. } = life.doing {
                    life.doing = Doing::Waiting;
                }
            }
            ToParent::Watching => self.reports.service_is_well(),
            ToParent::Readers(readers) => self.readers(readers),
            ToParent::Begin {
                reader,
                just_put_in,
                in_use,
            } => self.begin(life, reader, just_put_in, in_use),
            ToParent::Asking(question) => {
                if let Some(reader) = life.take_reader() {
                    life.doing = Doing::Asking { reader };
                }
                let (limit, answer) = (self.settings.relay_limit, (self.relay)(question));
                let relaying = async move {
                    timeout(limit, answer)
                        .await
                        .unwrap_or(Err(RelayFailure::Unreachable))
                };
                life.relaying = Some(Box::pin(relaying));
            }
            ToParent::Read { reader, reading } => {
                let reading = Box::new(reading.parse()?);
                self.reader_is_well(life, &reader);
                life.doing = Doing::Parting {
                    reader: reader.clone(),
                };
                self.reports.tell(CardEvent::Read { reader, reading });
            }
            ToParent::Removed { reader } => {
                self.reader_is_well(life, &reader);
                self.reports.removed(reader);
            }
            ToParent::Fault {
                reader: None,
                fault: fault @ (CardFault::ServiceDown | CardFault::ServiceRefuses),
                steps,
            } => {
                life.doing = Doing::Waiting;
                self.reports.service_fails(fault, steps);
            }
            ToParent::Fault {
                reader,
                fault,
                steps,
            } => {
                life.doing = Doing::Waiting;
                if let Some(reader) = &reader {
                    // It answered, if badly.
                    self.free(reader);
                }
                self.reports.fault(reader, fault, steps);
            }
            ToParent::Steps(steps) => life.steps = steps,
            // Nobody has asked for a trial.
            ToParent::Tried(_) => return Err(WireError::NotUnderstood),
        }
        Ok(())
    }

    fn readers(&mut self, readers: Vec<String>) {
        self.suspects.retain(|reader, _| readers.contains(reader));
        self.waiting.retain(|reader, _| readers.contains(reader));
        self.reports.readers(readers);
    }

    fn begin(&mut self, life: &mut Life, reader: String, just_put_in: bool, in_use: bool) {
        life.steps.clear();
        life.doing = Doing::Reading {
            reader: reader.clone(),
            // A card process that was killed may be what uses it.
            in_use: in_use && !self.suspects.contains_key(&reader),
        };
        if just_put_in {
            self.reports.inserted(reader);
        }
    }

    fn reader_is_well(&mut self, life: &mut Life, reader: &str) {
        life.doing = Doing::Waiting;
        self.free(reader);
        self.reports.reader_is_well(reader);
    }
}
