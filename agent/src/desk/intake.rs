//! What takes in whoever presents: the devices, the province that is asked about them, and the board that shows them.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use drivers::reader::CardSettings;

use super::board::Board;
use super::last_code::LastCode;
use crate::clock::Clock;
use crate::province::Platform;
use crate::province::trouble::Trouble;
use crate::pulse::Pulses;
use crate::settings::Codes;

/// A device whose thread could not be started is tried again after so long.
pub(super) const DEVICE_AGAIN: Duration = Duration::from_secs(10);

/// Takes in cards, codes and identity cards. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Intake(pub(super) Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) with: IntakeParts,
    last_code: Mutex<LastCode>,
}

/// What an intake is made of.
#[derive(Debug)]
pub struct IntakeParts {
    /// The clock.
    pub clock: Clock,
    /// The province, which names whose card or code it is.
    pub platform: Platform,
    /// What hindered the last exchange with it.
    pub trouble: Trouble,
    /// The loops' signs of life.
    pub(crate) pulses: Pulses,
    /// The card readers.
    pub cards: CardSettings,
    /// Where a card process in an account of its own is reached.
    pub card_process_socket: Option<PathBuf>,
    /// What codes are held against.
    pub codes: Codes,
    /// Where whoever presents is shown.
    pub(crate) board: Board,
}

impl Intake {
    /// An intake of these parts. It watches no device until it runs.
    pub fn new(with: IntakeParts) -> Self {
        Self(Arc::new(Inner {
            with,
            last_code: Mutex::default(),
        }))
    }

    pub(super) fn last_code(&self) -> MutexGuard<'_, LastCode> {
        self.0
            .last_code
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
