//! What happens at the counter: a card is presented, a visit admitted, a bill quoted, settled, printed, sent up.
//!
//! The shell around `rules`: it reads the registry, asks, commits, and only then acts. Nothing here decides about
//! money or filings.

pub(crate) mod admission;
mod answers;
mod aside;
mod came;
mod card;
mod clock_behind;
mod code;
mod codes;
mod confirmation;
mod desk;
mod discharge;
pub(crate) mod error;
pub(crate) mod form_texts;
mod forms;
mod identity_card;
mod journal_check;
mod judgement;
mod ledger_standing;
mod objection;
mod remarks;
pub(crate) mod remedy;
mod report;
mod room;
mod settling;
mod slip;
mod sync;
mod uploader;
pub mod uploads;
mod views;
mod vouch;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use offline_queue::Which;
use receipts::Fonts;
use rules::{Profile, ProfileName};
use tokio::sync::watch;

use crate::clock::Clock;
use crate::ledger::{Ledger, LedgerError, moment};
use crate::province::Platform;
use crate::pulse::{self, Pulses};
use crate::registry::Registry;
use crate::settings::Settings;
use crate::wording::notice::Notice;

pub use clock_behind::ClockAccepted;
pub use codes::{CodeDoubted, Unlisted};
pub use confirmation::{CardKey, ConfirmedBy, PresentedCard};
pub use desk::{Desk, Presented, ReaderState, ReadingStamp};
pub use discharge::Quote;
pub use error::CounterError;
pub use form_texts::TextFault;
pub use forms::{AdmissionForm, DischargeForm, VisitFactsError};
pub use journal_check::JournalVerified;
pub use objection::{Ground, Judgement, Objection};
pub use remarks::{ColumnDiffers, Remark, SettledStay};
pub use remedy::{Remedied, Remedy};
pub use slip::SlipFactsError;
pub use views::{
    Freshness, Judged, LedgerStanding, SettlementView, Standing, VisitState, VisitView, WorkerView,
};
pub use vouch::Vouched;

pub(crate) use aside::Weight;

use aside::Permits;
use code::LastCode;
use desk::Board;
use discharge::Quotes;

/// How often the ledger's threads are asked whether they are there.
const LEDGER_ASKED_EVERY: Duration = Duration::from_secs(10);

/// A device whose thread could not be started is tried again after so long.
const DEVICE_AGAIN: Duration = Duration::from_secs(10);

/// One counter of one institution. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Counter(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    clock: Clock,
    ledger: Ledger,
    registry: Registry,
    platform: Platform,
    fonts: Fonts,
    board: Board,
    quotes: Mutex<Quotes>,
    last_code: Mutex<LastCode>,
    changes: watch::Sender<u64>,
    trouble: watch::Sender<Option<Notice>>,
    unwritten: uploader::Memory,
    permits: Permits,
    pulses: Pulses,
}

/// What a counter is made of.
#[derive(Debug)]
pub struct Parts {
    /// The configuration.
    pub settings: Settings,
    /// The clock.
    pub clock: Clock,
    /// The truth on disk.
    pub ledger: Ledger,
    /// The cache.
    pub registry: Registry,
    /// The province.
    pub platform: Platform,
    /// The slip's fonts.
    pub fonts: Fonts,
}

impl Counter {
    /// A counter of these parts; it does nothing of its own accord until its tasks run.
    pub fn new(parts: Parts) -> Self {
        let reader = if parts.settings.card.enabled {
            ReaderState::Starting
        } else {
            ReaderState::Off
        };
        let pulses = Pulses::new(parts.clock.clone());
        let unwritten = uploader::Memory::beside(&parts.settings.ledger_file());
        Self(Arc::new(Inner {
            settings: parts.settings,
            clock: parts.clock,
            ledger: parts.ledger,
            registry: parts.registry,
            platform: parts.platform,
            fonts: parts.fonts,
            board: Board::new(reader),
            quotes: Mutex::default(),
            last_code: Mutex::default(),
            changes: watch::Sender::new(0),
            trouble: watch::Sender::new(None),
            unwritten,
            permits: Permits::default(),
            pulses,
        }))
    }

    /// The clock that this counter goes by.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The signs of life of its loops.
    pub(crate) fn pulses(&self) -> &Pulses {
        &self.0.pulses
    }

    /// The configuration.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// What lies on the counter, live.
    pub fn desk(&self) -> watch::Receiver<Desk> {
        self.0.board.watch()
    }

    /// Counts up whenever visits, uploads or the registry have changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    /// Where the counter stands: with its own ledger, and with the province.
    pub async fn standing(&self) -> Result<Standing, CounterError> {
        let uploads = self.uploads().await?;
        let ages = self.0.registry.aside(Registry::ages).await?;
        Ok(Standing {
            ledger: self.ledger_standing(),
            registry_as_of: ages.registry,
            catalogue_as_of: ages.catalogue,
            province_trouble: self.0.trouble.borrow().clone(),
            open_uploads: uploads.len(),
            late_uploads: uploads
                .iter()
                .filter(|upload| upload.left.is_negative())
                .count(),
            rejected_uploads: uploads
                .iter()
                .filter(|upload| upload.state.needs_a_person())
                .count(),
        })
    }

    /// All uploads that are not delivered, most urgent first.
    pub async fn uploads(&self) -> Result<Vec<uploads::UploadView>, CounterError> {
        let now = moment(&self.0.clock.reading());
        self.0
            .ledger
            .read(move |conn| {
                let open =
                    offline_queue::list(conn, Which::Open, &now).map_err(LedgerError::from)?;
                Ok(uploads::views(open))
            })
            .await
    }

    /// Asks the ledger's threads for a sign of life again and again; ends where one of them has ended.
    pub async fn run_ledger_watch(self) {
        // A settlement of a long bill keeps the writer busy for many seconds.
        let pulse = self.0.pulses.of("ledger", 2 * pulse::STEP);
        while self.0.ledger.answers().await.is_ok() {
            pulse.wait(self.0.clock.pause(LEDGER_ASKED_EVERY)).await;
        }
    }

    fn profile(&self) -> &'static Profile {
        Profile::built_in(self.profile_name())
    }

    fn profile_name(&self) -> ProfileName {
        self.0.settings.institution.profile
    }

    fn changed(&self) {
        self.0
            .changes
            .send_modify(|count| *count = count.wrapping_add(1));
    }

    fn quotes(&self) -> MutexGuard<'_, Quotes> {
        self.0.quotes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn last_code(&self) -> MutexGuard<'_, LastCode> {
        self.0
            .last_code
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
impl Counter {
    /// The ledger, for tests that look at what was kept.
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }
}
