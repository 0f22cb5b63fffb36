//! The agent's side: starts the card process, watches it, kills it when it hangs and starts it again.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::time::{Instant, sleep_until, timeout};
use zeroize::Zeroizing;

use super::wire::{self, Configuration, ToChild, ToParent, WireError};
use super::{
    CardEvent, CardFault, CardSettings, ChildCommand, RelayAnswer, RelayFailure, RelayQuestion,
};

/// The card readers of this PC. Dropping it ends the card process.
#[derive(Debug)]
pub struct CardReaders {
    wishes: UnboundedSender<Wish>,
}

/// What the readers report, in order.
#[derive(Debug)]
pub struct CardEvents {
    events: UnboundedReceiver<CardEvent>,
}

#[derive(Debug)]
enum Wish {
    ReadAgain,
}

type Relaying = Pin<Box<dyn Future<Output = Result<RelayAnswer, RelayFailure>> + Send>>;
type Relay = Box<dyn Fn(RelayQuestion) -> Relaying + Send>;

impl CardReaders {
    /// Starts the card process and begins to report. `relay` brings a question to the province and its answer back; it is
    /// given [`CardSettings::relay_limit`], and dropped when the card process ends meanwhile.
    ///
    /// Must be called within a tokio runtime.
    pub fn start<R, F>(settings: CardSettings, child: ChildCommand, relay: R) -> (Self, CardEvents)
    where
        R: Fn(RelayQuestion) -> F + Send + 'static,
        F: Future<Output = Result<RelayAnswer, RelayFailure>> + Send + 'static,
    {
        let (wishes, inbox) = mpsc::unbounded_channel();
        let (report, events) = mpsc::unbounded_channel();
        let supervisor = Supervisor {
            settings,
            child,
            relay: Box::new(move |question| Box::pin(relay(question))),
            wished: inbox,
            report,
            suspects: HashMap::new(),
            service_fault: None,
            told: HashMap::new(),
        };
        tokio::spawn(supervisor.run());
        (Self { wishes }, CardEvents { events })
    }

    /// Reads the cards that are in the readers now once more; each is reported as just put in.
    pub fn read_again(&self) {
        // Fails only where the runtime is ending.
        drop(self.wishes.send(Wish::ReadAgain));
    }
}

impl CardEvents {
    /// The next event; `None` after [`CardReaders`] was dropped.
    pub async fn next(&mut self) -> Option<CardEvent> {
        self.events.recv().await
    }
}

struct Supervisor {
    settings: CardSettings,
    child: ChildCommand,
    relay: Relay,
    wished: UnboundedReceiver<Wish>,
    report: UnboundedSender<CardEvent>,
    /// Readers at which a card process hung or died, and how long the next card process leaves a card in them alone.
    suspects: HashMap<String, Duration>,
    /// A fault of service or process that [`CardEvent::Ready`] is to end.
    service_fault: Option<CardFault>,
    /// The fault last told for each reader, so that it is told once.
    told: HashMap<Option<String>, CardFault>,
}

/// What the card process is doing, for the watchdog.
enum Doing {
    /// Nothing with a card: silence means that the service is stuck.
    Waiting,
    /// Connecting to a card, or talking to it: silence means that the reader is stuck.
    Reading { reader: String },
    /// Waiting for the transaction: silence means that another program holds the card.
    Locking { reader: String },
    /// Waiting for the province: the silence is ours.
    Asking { reader: String },
}

/// How one life of the card process ended.
enum End {
    Wanted,
    Stuck {
        reader: Option<String>,
    },
    /// While it read a card in this reader, if it did.
    Died {
        reader: Option<String>,
    },
    OtherVersion,
}

/// The first rest after a hang or a crash, doubled with each further one of the same reader: a card process that hangs in a call
/// leaves a thread behind in pcscd until the reader answers. What changes at the reader ends the rest.
pub(super) const FIRST_REST: Duration = Duration::from_secs(4);
const LONGEST_REST: Duration = Duration::from_mins(1);

/// Between two starts of a card process that ends by itself.
const RESTART_AFTER: Duration = Duration::from_millis(500);

/// Another program may hold a card this long before the card process is started anew, in case it is the one that hangs.
const HELD_LIMIT: Duration = Duration::from_mins(1);

impl Supervisor {
    async fn run(mut self) {
        loop {
            let end = match self.spawn() {
                Ok((child, stdin, stdout)) => {
                    let end = self.serve(stdin, stdout).await;
                    // Dropping it kills it; the runtime buries it, even if a driver keeps it from dying for a while.
                    drop(child);
                    end
                }
                Err(error) => {
                    tracing::error!(program = %self.child.program.display(), %error, "card process cannot be started");
                    self.service_fails(CardFault::ProcessCannotStart);
                    End::Died { reader: None }
                }
            };
            let pause = match end {
                End::Wanted => return,
                End::Stuck { reader: None } => {
                    self.service_fails(CardFault::ServiceStuck);
                    Duration::ZERO
                }
                End::Stuck {
                    reader: Some(reader),
                } => {
                    self.suspect(&reader);
                    self.fault(Some(reader), CardFault::ReaderStuck);
                    Duration::ZERO
                }
                End::Died { reader } => {
                    if let Some(reader) = reader {
                        self.suspect(&reader);
                    }
                    self.service_fails(CardFault::ProcessEnded);
                    RESTART_AFTER
                }
                End::OtherVersion => {
                    self.service_fails(CardFault::ProcessOfAnotherVersion);
                    RESTART_AFTER
                }
            };
            if self.pause(pause).await.is_none() {
                return;
            }
        }
    }

    /// The next card process leaves a card in this reader alone for a while, each time longer.
    fn suspect(&mut self, reader: &str) {
        let rest = self
            .suspects
            .get(reader)
            .map_or(FIRST_REST, |rest| (*rest * 2).min(LONGEST_REST));
        self.suspects.insert(reader.to_owned(), rest);
    }

    fn spawn(&self) -> std::io::Result<(Child, ChildStdin, ChildStdout)> {
        let mut child = Command::new(&self.child.program)
            .args(&self.child.arguments)
            .envs(
                self.child
                    .environment
                    .iter()
                    .map(|(name, value)| (name, value)),
            )
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(stdin), Some(stdout)) => Ok((child, stdin, stdout)),
            _ => Err(std::io::ErrorKind::BrokenPipe.into()),
        }
    }

    /// Lets time pass between two lives; `None` when the agent is through with the readers.
    async fn pause(&mut self, time: Duration) -> Option<()> {
        let until = Instant::now() + time;
        loop {
            tokio::select! {
                wish = self.wished.recv() => match wish? {
                    // The new process reads what it finds.
                    Wish::ReadAgain => {}
                },
                () = sleep_until(until) => return Some(()),
            }
        }
    }

    /// One life of the card process.
    async fn serve(&mut self, mut stdin: ChildStdin, stdout: ChildStdout) -> End {
        let configuration = Configuration {
            reader: self.settings.reader.clone(),
            providers: self.settings.providers.clone(),
            scope: self.settings.scope,
            suspects: self
                .suspects
                .iter()
                .map(|(reader, rest)| (reader.clone(), *rest))
                .collect(),
        };
        if send(&mut stdin, &ToChild::Configure(configuration))
            .await
            .is_err()
        {
            return End::Died { reader: None };
        }
        let (heard, mut inbox) = mpsc::channel(16);
        let listener = tokio::spawn(listen(stdout, heard));
        let mut life = Life {
            doing: Doing::Waiting,
            deadline: self.watchdog(),
            relaying: None,
        };
        let end = loop {
            tokio::select! {
                message = inbox.recv() => match message {
                    Some(Ok(message)) => match self.hear(&mut life, message) {
                        Ok(()) => {}
                        Err(_) => break End::Died { reader: life.take_reader() },
                    },
                    Some(Err(ListenError::Wire(WireError::OtherVersion(_)))) => break End::OtherVersion,
                    Some(Err(error)) => {
                        tracing::warn!(%error, "card process");
                        break End::Died { reader: life.take_reader() };
                    }
                    None => break End::Died { reader: life.take_reader() },
                },
                answer = wait_for_answer(&mut life.relaying) => {
                    life.relaying = None;
                    if let Doing::Asking { reader } = life.doing {
                        life.doing = Doing::Reading { reader };
                    }
                    life.deadline = self.watchdog();
                    if send(&mut stdin, &ToChild::Answer(answer.map(Into::into))).await.is_err() {
                        break End::Died { reader: life.take_reader() };
                    }
                },
                wish = self.wished.recv() => match wish {
                    Some(Wish::ReadAgain) => if send(&mut stdin, &ToChild::ReadAgain).await.is_err() {
                        break End::Died { reader: life.take_reader() };
                    },
                    None => break End::Wanted,
                },
                () = sleep_until(life.deadline) => if let Some(end) = self.silence(&mut life) {
                    break end;
                },
            }
            if self.report.is_closed() {
                break End::Wanted;
            }
        };
        listener.abort();
        end
    }

    fn watchdog(&self) -> Instant {
        Instant::now() + self.settings.stuck_after
    }

    /// The card process said nothing for too long; whether its life ends.
    fn silence(&mut self, life: &mut Life) -> Option<End> {
        match &life.doing {
            Doing::Waiting => Some(End::Stuck { reader: None }),
            Doing::Reading { reader } => Some(End::Stuck {
                reader: Some(reader.clone()),
            }),
            Doing::Locking { reader } => {
                let reader = Some(reader.clone());
                if self.told.get(&reader) == Some(&CardFault::HeldByAnotherProgram) {
                    return Some(End::Stuck { reader });
                }
                self.fault(reader, CardFault::HeldByAnotherProgram);
                life.deadline = Instant::now() + HELD_LIMIT;
                None
            }
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
            ToParent::Alive => {}
            ToParent::Watching => {
                if self.service_fault.take().is_some() {
                    self.told.remove(&None);
                    self.tell(CardEvent::Ready);
                }
            }
            ToParent::Readers(readers) => {
                self.told.remove(&None);
                self.tell(CardEvent::Readers(readers));
            }
            ToParent::Begin {
                reader,
                just_put_in,
                in_use,
            } => self.begin(life, reader, just_put_in, in_use),
            ToParent::Locking => {
                if let Some(reader) = life.take_reader() {
                    life.doing = Doing::Locking { reader };
                }
            }
            ToParent::Exchanging => {
                if let Some(reader) = life.take_reader() {
                    life.doing = Doing::Reading { reader };
                }
            }
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
                self.tell(CardEvent::Read { reader, reading });
            }
            ToParent::Removed { reader } => {
                self.reader_is_well(life, &reader);
                self.tell(CardEvent::Removed { reader });
            }
            ToParent::Fault {
                reader: None,
                fault: CardFault::ServiceDown,
            } => {
                life.doing = Doing::Waiting;
                self.service_fails(CardFault::ServiceDown);
            }
            ToParent::Fault { reader, fault } => {
                life.doing = Doing::Waiting;
                self.fault(reader, fault);
            }
        }
        Ok(())
    }

    fn begin(&mut self, life: &mut Life, reader: String, just_put_in: bool, in_use: bool) {
        // pcscd lets a connection wait for another program's transaction, and for the stuck call of a card process that
        // was killed.
        let held = in_use && !self.suspects.contains_key(&reader);
        let name = reader.clone();
        life.doing = if held {
            Doing::Locking { reader: name }
        } else {
            Doing::Reading { reader: name }
        };
        if just_put_in {
            self.told.remove(&Some(reader.clone()));
            self.tell(CardEvent::Inserted { reader });
        }
    }

    fn reader_is_well(&mut self, life: &mut Life, reader: &str) {
        life.doing = Doing::Waiting;
        self.suspects.remove(reader);
        self.told.remove(&Some(reader.to_owned()));
    }

    /// A fault that concerns every reader and ends with [`CardEvent::Ready`].
    fn service_fails(&mut self, fault: CardFault) {
        self.service_fault = Some(fault.clone());
        self.fault(None, fault);
    }

    fn fault(&mut self, reader: Option<String>, fault: CardFault) {
        if self.told.get(&reader) != Some(&fault) {
            self.told.insert(reader.clone(), fault.clone());
            self.tell(CardEvent::Fault { reader, fault });
        }
    }

    fn tell(&self, event: CardEvent) {
        // Nobody listens any more: `serve` sees it and ends.
        drop(self.report.send(event));
    }
}

/// The state of one life of the card process.
struct Life {
    doing: Doing,
    deadline: Instant,
    relaying: Option<Relaying>,
}

impl Life {
    fn take_reader(&mut self) -> Option<String> {
        match std::mem::replace(&mut self.doing, Doing::Waiting) {
            Doing::Waiting => None,
            Doing::Reading { reader } | Doing::Locking { reader } | Doing::Asking { reader } => {
                Some(reader)
            }
        }
    }
}

async fn wait_for_answer(relaying: &mut Option<Relaying>) -> Result<RelayAnswer, RelayFailure> {
    match relaying {
        Some(relaying) => relaying.await,
        None => std::future::pending().await,
    }
}

async fn send(stdin: &mut ChildStdin, message: &ToChild) -> Result<(), ListenError> {
    let frame = wire::encode(message)?;
    stdin.write_all(&frame).await?;
    Ok(stdin.flush().await?)
}

/// Reads the card process's messages until it ends or says something that is none.
async fn listen(mut stdout: ChildStdout, heard: mpsc::Sender<Result<ToParent, ListenError>>) {
    loop {
        let message = receive(&mut stdout).await;
        let last = message.is_err();
        if heard.send(message).await.is_err() || last {
            return;
        }
    }
}

async fn receive(stdout: &mut ChildStdout) -> Result<ToParent, ListenError> {
    let mut header = [0; wire::HEADER];
    stdout.read_exact(&mut header).await?;
    let mut body = Zeroizing::new(vec![0; wire::body_length(header)?]);
    stdout.read_exact(&mut body).await?;
    Ok(wire::decode(&body)?)
}

#[derive(Debug, thiserror::Error)]
enum ListenError {
    #[error("pipe: {0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Wire(#[from] WireError),
}
