//! The card readers of this PC, as the agent has them: started, asked to read again, listened to.

use std::future::Future;

use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use super::reports::Reports;
use super::supervisor::{Relay, Supervisor, Wish};
use super::{CardEvent, CardProcess, CardSettings};
use crate::card::{RelayAnswer, RelayFailure, RelayQuestion};

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

impl CardReaders {
    /// Starts the card process and begins to report. `relay` brings a question to the province and its answer back; it is
    /// given [`CardSettings::relay_limit`], and dropped when the card process ends meanwhile.
    ///
    /// Must be called within a tokio runtime.
    pub fn start<R, F>(
        settings: CardSettings,
        process: impl Into<CardProcess>,
        relay: R,
    ) -> (Self, CardEvents)
    where
        R: Fn(RelayQuestion) -> F + Send + 'static,
        F: Future<Output = Result<RelayAnswer, RelayFailure>> + Send + 'static,
    {
        let (wishes, inbox) = mpsc::unbounded_channel();
        let (report, events) = mpsc::unbounded_channel();
        let relay: Relay = Box::new(move |question| Box::pin(relay(question)));
        let supervisor = Supervisor::new(
            (settings, process.into(), relay),
            wishes.downgrade(),
            inbox,
            Reports::new(report),
        );
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
