//! The daemon: opens what the settings name, starts the counter's tasks, and serves until it is told to stop.

mod systemd;
mod tasks;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use receipts::{FontError, Fonts};
use tokio::signal::unix::{SignalKind, signal};

use crate::changes::Changes;
use crate::clock::Clock;
use crate::counter::{Counter, Parts, Roster};
use crate::desk::card_access::card_settings;
use crate::desk::{Board, Intake, IntakeParts, ReaderState};
use crate::doors;
use crate::doors::access::callers::sockets::{Inherited, SocketError, Sockets};
use crate::doors::access::operators::{Operators, OperatorsError, hospital_accounts};
use crate::doors::his::{self, BearerTokenError};
use crate::ledger::numbers::{Terminal, TerminalError};
use crate::ledger::{Ledger, LedgerError, LedgerKey, OpenLedger};
use crate::province::means::Means;
use crate::province::outbox::Outbox;
use crate::province::synchronisation::Synchronisation;
use crate::province::trouble::Trouble;
use crate::province::{
    ConnectError, MessageOperator, MessageOperatorKind, Platform, PlatformSettings,
};
use crate::pulse::{self, Pulses};
use crate::records::numbers::Asker;
use crate::registry::{CacheKey, Registry, RegistryError};
use crate::settings::Settings;

pub use self::tasks::TaskEnded;
use self::tasks::Tasks;

/// Why the daemon did not start, or had to stop.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The boot's identifier cannot be read.
    #[error("the clock cannot be read")]
    Clock(#[source] std::io::Error),
    /// The operators.
    #[error(transparent)]
    Operators(#[from] OperatorsError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The terminal's number or the institution's code.
    #[error(transparent)]
    Terminal(#[from] TerminalError),
    /// The cache.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// Certificates, secret or adapter.
    #[error(transparent)]
    Platform(#[from] ConnectError),
    /// The slip's font.
    #[error(transparent)]
    Font(#[from] FontError),
    /// The local sockets.
    #[error(transparent)]
    Sockets(#[from] SocketError),
    /// The hospital interface's token.
    #[error(transparent)]
    BearerToken(#[from] BearerTokenError),
    /// A signal cannot be waited for.
    #[error("signals cannot be received")]
    Signals(#[source] std::io::Error),
    /// The local address cannot be told.
    #[error("the local interface has no address")]
    Served(#[source] std::io::Error),
    /// The system gives no thread for work that blocks.
    #[error("no thread can be started")]
    NoThread,
    /// A task ended that nobody told to.
    #[error(transparent)]
    Task(TaskEnded),
}

/// Runs until SIGTERM or SIGINT.
pub async fn run(settings: Settings, inherited: Inherited) -> Result<(), StartError> {
    let clock = Clock::system().map_err(StartError::Clock)?;
    let operators = Arc::new(Operators::look_up(&settings.operators)?);
    let his_accounts = hospital_accounts(&settings.local.his_accounts)?;
    let his_token = settings
        .local
        .his_token_file
        .as_deref()
        .map(his::BearerToken::read)
        .transpose()?;
    let admitted = his::Admitted::new(operators, his_accounts, his_token);
    let opened = open(settings, clock)?;
    let counter = opened.counter.clone();
    let settings = counter.settings();
    let sockets = Sockets::open(inherited, &settings.local)?;
    let address = sockets.first().map_err(StartError::Served)?;
    let serving = doors::serve(sockets, counter.clone(), admitted).map_err(StartError::Served)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(StartError::Signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(StartError::Signals)?;
    threads_can_be_had().await?;
    let mut tasks = tasks(&opened);
    tasks.keep("doors", open_doors(&counter, serving));
    tracing::info!(%address, "ready");
    let ended = tokio::select! {
        ended = tasks.one_ends() => Some(ended),
        () = systemd::tell(counter.pulses().clone()) => None,
        _ = terminate.recv() => None,
        _ = interrupt.recv() => None,
    };
    systemd::stopping();
    if let Some(ended) = ended {
        return Err(StartError::Task(ended));
    }
    tracing::info!("stopping");
    Ok(())
}

/// What is done of its own accord, each a task that is watched.
fn tasks(opened: &Opened) -> Tasks {
    let (counter, intake) = (&opened.counter, &opened.intake);
    let settings = counter.settings();
    let mut tasks = Tasks::default();
    tasks.keep("uploader", opened.outbox.clone().run());
    tasks.keep("synchronisation", opened.synchronisation.clone().run());
    tasks.keep("ledger", counter.clone().run_ledger_watch());
    tasks.keep("threads", watch_threads(counter.pulses().clone()));
    if settings.card.enabled {
        tasks.keep("cards", intake.clone().run_cards());
    }
    for scanner in settings.scanners.iter().cloned() {
        let name = format!("scanner {}", scanner.name);
        tasks.keep(&name, intake.clone().run_scanner(scanner));
    }
    if let Some(reader) = settings.identity_reader.clone() {
        tasks.keep(
            "identity reader",
            intake.clone().run_identity_reader(reader),
        );
    }
    if let Some(folder) = settings.bill.folder.clone() {
        tasks.keep("bill folder", counter.clone().run_bill_folder(folder));
    }
    tasks.once("integrity", counter.clone().run_integrity_watch());
    tasks
}

/// The doors, which end by an error alone.
fn open_doors(
    counter: &Counter,
    serving: impl Future<Output = std::io::Result<()>> + Send + 'static,
) -> impl Future<Output = ()> + Send + 'static {
    let pulses = counter.pulses().clone();
    async move {
        let pulse = pulses.of("doors", pulse::STEP);
        if let Err(error) = pulse.wait(serving).await {
            tracing::error!(%error, "a door is no longer served");
        }
    }
}

/// Work that blocks finds a thread: asked before anything is promised. Where the system gives no new thread, the runtime keeps such
/// work for one that may never come.
async fn threads_can_be_had() -> Result<(), StartError> {
    match tokio::time::timeout(THREAD_WITHIN, tokio::task::spawn_blocking(|| ())).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(StartError::NoThread),
    }
}

/// Asks again and again whether work that blocks is still done.
async fn watch_threads(pulses: Pulses) {
    let pulse = pulses.of("threads", pulse::STEP);
    while tokio::task::spawn_blocking(|| ()).await.is_ok() {
        pulse.wait(tokio::time::sleep(THREADS_EVERY)).await;
    }
}

/// A thread takes microseconds to start.
const THREAD_WITHIN: Duration = Duration::from_secs(10);

const THREADS_EVERY: Duration = Duration::from_secs(10);

/// Everything that works on these settings, its files open and its tasks not yet running.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The counter.
    pub(crate) counter: Counter,
    /// What takes in whoever presents there.
    pub(crate) intake: Intake,
    /// What sends.
    pub(crate) outbox: Outbox,
    /// What keeps the registry current.
    pub(crate) synchronisation: Synchronisation,
}

/// Opens what the settings name.
pub(crate) fn open(settings: Settings, clock: Clock) -> Result<Opened, StartError> {
    let (ledger, registry) = files(&settings, &clock)?;
    let platform = Platform::connect(platform_settings(&settings, Asker::Daemon)?)?;
    let fonts = fonts(&settings)?;
    let changes = Changes::default();
    let trouble = Trouble::new(changes.clone());
    let pulses = Pulses::new(clock.clone());
    let board = Board::new(if settings.card.enabled {
        ReaderState::Starting
    } else {
        ReaderState::Off
    });
    let intake = Intake::new(IntakeParts {
        clock: clock.clone(),
        platform: platform.clone(),
        trouble: trouble.clone(),
        pulses: pulses.clone(),
        cards: card_settings(&settings),
        card_process_socket: settings.card.process_socket.clone(),
        codes: settings.codes.clone(),
        board: board.clone(),
    });
    let means = Means {
        clock: clock.clone(),
        ledger: ledger.clone(),
        platform: platform.clone(),
        answer_within: settings.platform.upload_timeout,
        trouble: trouble.clone(),
        changes: changes.clone(),
        pulses: pulses.clone(),
    };
    let outbox = Outbox::new(means.clone(), &settings.ledger_file());
    let synchronisation = Synchronisation {
        with: means,
        registry: registry.clone(),
        every: settings.platform.sync_every,
    };
    let roster = Roster::of(&ledger)?;
    let counter = Counter::new(Parts {
        settings,
        clock,
        ledger,
        registry,
        platform,
        fonts,
        intake: intake.clone(),
        board,
        trouble,
        changes,
        pulses,
        roster,
    });
    Ok(Opened {
        counter,
        intake,
        outbox,
        synchronisation,
    })
}

fn files(settings: &Settings, clock: &Clock) -> Result<(Ledger, Registry), StartError> {
    let key = LedgerKey::read(&settings.storage.key_file).map_err(LedgerError::from)?;
    let cache_key = CacheKey::new(key.derived("settlement-agent registry 1"));
    let reading = clock.clone();
    let ledger = Ledger::open(&OpenLedger {
        path: settings.ledger_file(),
        key,
        witness: settings.storage.witness_directory.clone(),
        terminal: Terminal::new(&settings.institution.code, settings.terminal)?,
        now: Arc::new(move || reading.times()),
    })?;
    let (registry, rebuilt) = Registry::open(&settings.registry_file(), &cache_key)?;
    if let Some(why) = rebuilt {
        tracing::warn!(
            ?why,
            "the registry's cache was not to be trusted and begins anew"
        );
    }
    Ok((ledger, registry))
}

/// The fonts that the settings name, read; where they name none for rare characters, Debian's, if it is installed.
pub(crate) fn fonts(settings: &Settings) -> Result<Fonts, FontError> {
    let fonts = Fonts::load(&settings.slip.font)?;
    let rare = Path::new(Fonts::DEBIAN_HANAZONO);
    match &settings.slip.fallback_font {
        Some(path) => fonts.with_fallback(path),
        None if rare.exists() => fonts.with_fallback(rare),
        None => Ok(fonts),
    }
}

pub(crate) fn platform_settings(
    settings: &Settings,
    asker: Asker,
) -> Result<PlatformSettings, TerminalError> {
    Ok(PlatformSettings {
        url: settings.platform.url.clone(),
        authority_file: settings.platform.ca_file.clone(),
        revocation_list_file: settings.platform.revocation_list_file.clone(),
        certificate_file: settings.platform.certificate_file.clone(),
        key_file: settings.platform.key_file.clone(),
        secret_file: settings.platform.secret_file.clone(),
        adapter_file: settings.platform.adapter_file.clone(),
        terminal: Terminal::new(&settings.institution.code, settings.terminal)?,
        division: settings.institution.division.to_string(),
        operator: MessageOperator {
            kind: MessageOperatorKind::Unattended,
            code: "agent".to_owned(),
            name: "结算程序".to_owned(),
        },
        asker,
        connect_timeout: settings.platform.gate_timeout.min(Duration::from_secs(5)),
        answer_timeout: settings.platform.upload_timeout,
        gate_timeout: settings.platform.gate_timeout,
    })
}

/// Where the packaged configuration lies.
pub fn default_configuration() -> PathBuf {
    "/etc/settlement-agent/settlement-agent.toml".into()
}
