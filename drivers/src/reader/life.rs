//! One life of a card process, as the agent follows it: what it is doing, since when it is silent, how it ends.

use std::future::Future;
use std::pin::Pin;

use crate::card::{RelayAnswer, RelayFailure, Step};
use tokio::time::Instant;

/// A question on its way to the province.
pub(super) type Relaying = Pin<Box<dyn Future<Output = Result<RelayAnswer, RelayFailure>> + Send>>;

/// What the card process is doing, for the watchdog.
pub(super) enum Doing {
    /// Nothing with a card: silence means that the service is stuck.
    Waiting,
    /// Reading a card, which another program was connected to (`in_use`) or not: the process's steps tell what its silence
    /// means.
    Reading { reader: String, in_use: bool },
    /// The reading was told; the connection to the card is being ended.
    Parting { reader: String },
    /// Waiting for the province: the silence is ours.
    Asking { reader: String },
}

/// How one life of the card process ended.
pub(super) enum End {
    Wanted,
    /// The service does not answer.
    ServiceStuck,
    /// The read of the card in this reader goes no further.
    Stuck {
        reader: String,
        in_use: bool,
    },
    /// While it read a card in this reader, if it did; with the steps that it had told.
    Died {
        reader: Option<String>,
        steps: Vec<Step>,
    },
    OtherVersion,
}

/// The state of one life of the card process.
pub(super) struct Life {
    pub(super) doing: Doing,
    pub(super) deadline: Instant,
    pub(super) relaying: Option<Relaying>,
    /// As the process told them before it called a vendor's library.
    pub(super) steps: Vec<Step>,
}

impl Life {
    pub(super) fn died(&mut self) -> End {
        End::Died {
            reader: self.take_reader(),
            steps: std::mem::take(&mut self.steps),
        }
    }

    /// The province's answer is there.
    pub(super) fn answered(&mut self) {
        self.relaying = None;
        match std::mem::replace(&mut self.doing, Doing::Waiting) {
            // Whoever asks has had the card to itself.
            Doing::Asking { reader } => {
                self.doing = Doing::Reading {
                    reader,
                    in_use: false,
                }
            }
            doing @ (Doing::Waiting | Doing::Reading { .. } | Doing::Parting { .. }) => {
                self.doing = doing;
            }
        }
    }

    pub(super) fn take_reader(&mut self) -> Option<String> {
        match std::mem::replace(&mut self.doing, Doing::Waiting) {
            Doing::Waiting => None,
            Doing::Reading { reader, .. }
            | Doing::Parting { reader }
            | Doing::Asking { reader } => Some(reader),
        }
    }
}

pub(super) async fn wait_for_answer(
    relaying: &mut Option<Relaying>,
) -> Result<RelayAnswer, RelayFailure> {
    match relaying {
        Some(relaying) => relaying.await,
        None => std::future::pending().await,
    }
}
