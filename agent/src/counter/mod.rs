//! What happens at the counter: a card is presented, a visit admitted, a bill quoted, settled, printed, sent up.
//!
//! The shell around `rules`: it reads the registry, asks, commits, and only then acts. Nothing here decides about
//! money or filings.

pub(crate) mod actor;
pub(crate) mod aside;
pub(crate) mod bill_folder;
pub(crate) mod came;
pub(crate) mod case;
pub(crate) mod error;
pub(crate) mod quote;
pub(crate) mod report;
pub(crate) mod settle;
pub(crate) mod slip;
pub(crate) mod staff;
pub(crate) mod stay;
pub(crate) mod texts;
pub(crate) mod upkeep;
pub mod uploads;
pub(crate) mod views;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use receipts::Fonts;
use rules::{Profile, ProfileName};
use tokio::sync::watch;

use crate::changes::Changes;
use crate::clock::Clock;
use crate::desk::{Board, Desk, Intake};
use crate::ledger::Ledger;
use crate::province::Platform;
use crate::province::trouble::Trouble;
use crate::pulse::Pulses;
use crate::registry::Registry;
use crate::settings::Settings;

pub use actor::{Actor, Came, Door};
pub use bill_folder::{FolderState, FolderView, NotOffered, OfferedBill, OtherFile};
pub use case::matches::{AskedLine, Match, Matches};
pub use case::objection::{Ground, Judgement, Objection};
pub use case::remarks::{OnSlip, Remark};
pub use case::second_look::Matter;
pub use case::unlisted::{CodeDoubted, Unlisted};
pub use error::CounterError;
pub use quote::checked::{Checked, Marked};
pub use quote::error::QuoteError;
pub use quote::file::BillFile;
pub use quote::marks::choices::{Choices, LineList, MarkChoices};
pub use quote::marks::fault::MarksFault;
pub use quote::marks::reversals::Reversal;
pub use quote::parts::{KEPT_MINUTES, PartKept, PartsFault};
pub use quote::quoted::Quote;
pub use settle::error::SettleError;
pub use slip::again::{Again, SlipCopy};
pub use staff::error::{PasswordFault, SecondFault, StaffError};
pub use staff::manage::StaffForm;
pub use staff::password::Password;
pub use staff::second::SecondSignIn;
pub use stay::error::AdmissionError;
pub use stay::forms::{AdmissionForm, DischargeForm};
pub use upkeep::error::ClockError;
pub use upkeep::journal::JournalVerified;
pub use uploads::error::UploadError;
pub use uploads::{Remedied, Remedy};
pub use views::{
    CounterState, Freshness, Judged, LedgerDoubt, LedgerState, NoRoom, SettlementView,
    VisitStateView, VisitView, WorkerView,
};

pub(crate) use aside::Weight;

use aside::{Permits, Room};
use quote::parts::BillParts;
use quote::quoted::Quotes;
pub(crate) use staff::roster::Roster;

/// One counter of one institution. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Counter(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    pub(crate) ledger: Ledger,
    pub(crate) registry: Registry,
    pub(crate) platform: Platform,
    pub(crate) fonts: Fonts,
    pub(crate) board: Board,
    pub(crate) quotes: Mutex<Quotes>,
    pub(crate) parts: Mutex<BillParts>,
    pub(crate) intake: Intake,
    pub(crate) changes: Changes,
    pub(crate) trouble: Trouble,
    pub(crate) permits: Permits,
    pub(crate) folder: bill_folder::Folder,
    pub(crate) checks: Mutex<quote::checked::Checks>,
    pub(crate) pulses: Pulses,
    pub(crate) roster: Roster,
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
    /// What takes in whoever presents.
    pub intake: Intake,
    /// Where it shows them.
    pub(crate) board: Board,
    /// What hindered the last exchange with the province.
    pub trouble: Trouble,
    /// Screens that look again.
    pub changes: Changes,
    /// The loops' signs of life.
    pub(crate) pulses: Pulses,
    /// The people who are set up.
    pub(crate) roster: Roster,
}

impl Counter {
    /// A counter of these parts; it does nothing of its own accord until its tasks run.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner {
            settings: parts.settings,
            clock: parts.clock,
            ledger: parts.ledger,
            registry: parts.registry,
            platform: parts.platform,
            fonts: parts.fonts,
            board: parts.board,
            quotes: Mutex::default(),
            parts: Mutex::default(),
            intake: parts.intake,
            changes: parts.changes,
            trouble: parts.trouble,
            permits: Permits::default(),
            folder: bill_folder::Folder::default(),
            checks: Mutex::default(),
            pulses: parts.pulses,
            roster: parts.roster,
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

    /// Whoever was read is done with: the desk lies clear for the next worker.
    pub fn clear_desk(&self) {
        self.0.board.clear();
    }

    /// What was typed into the page's field for codes: by a scanner that is a keyboard, or by hand.
    pub async fn present_typed(&self, text: &str) {
        self.0.intake.present_typed(text).await;
    }

    /// Counts up whenever visits, uploads or the registry have changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.watch()
    }

    /// Does `work` on a thread that may compute for long or wait for the disk.
    ///
    /// # Errors
    /// What `work` gives, and [`CounterError::Interrupted`] where it panics.
    pub(crate) async fn aside<T: Send + 'static>(
        &self,
        weight: Weight,
        work: impl FnOnce(&Self) -> Result<T, CounterError> + Send + 'static,
    ) -> Result<T, CounterError> {
        // Nobody closes a semaphore of ours.
        let permit = self.0.permits.of(weight).acquire_owned().await;
        let counter = self.clone();
        let room = Room::in_hand();
        tokio::task::spawn_blocking(move || {
            let _room = room;
            let done = work(&counter);
            drop(permit);
            done
        })
        .await
        .map_err(CounterError::Interrupted)?
    }

    /// Room for a request's body of so many bytes, as soon as there is some.
    ///
    /// # Errors
    /// [`CounterError::TooManyBills`] where there is none for too long.
    pub(crate) async fn room_for(&self, bytes: u64) -> Result<Room, CounterError> {
        let room = self.0.permits.room_for(bytes, self.clock()).await;
        room.ok_or(CounterError::TooManyBills)
    }

    pub(crate) fn profile(&self) -> &'static Profile {
        Profile::built_in(self.profile_name())
    }

    pub(crate) fn profile_name(&self) -> ProfileName {
        self.0.settings.institution.profile
    }

    pub(crate) fn changed(&self) {
        self.0.changes.tell();
    }

    pub(crate) fn parts(&self) -> MutexGuard<'_, BillParts> {
        self.0.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn checks(&self) -> MutexGuard<'_, quote::checked::Checks> {
        self.0.checks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn quotes(&self) -> MutexGuard<'_, Quotes> {
        self.0.quotes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
impl Counter {
    /// The ledger, for tests that look at what was kept.
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }

    /// What the reader does after a card was read.
    pub(crate) fn lay_on_desk(&self, presented: crate::desk::Presented) {
        self.0.board.present(self.0.board.turn(), presented);
    }

    /// What the reader does when a card goes in.
    pub(crate) fn put_card_in(&self) {
        self.0.board.inserted();
    }
}
