//! What hindered the last exchange with the province, as every screen shows it.

use std::sync::Arc;

use tokio::sync::watch;

use crate::changes::Changes;
use crate::province::error::{Delivery, PlatformError};

/// What hindered an exchange.
#[derive(Debug, Clone)]
pub enum Hindrance {
    /// A call came back without its answer.
    Exchange(Arc<PlatformError>),
    /// The pages of the registry or the catalogue do not end.
    Endless,
}

/// What hindered the last exchange; nothing where it went well. Cheap to clone; all clones tell the same.
#[derive(Debug, Clone)]
pub struct Trouble {
    last: watch::Sender<Option<Hindrance>>,
    changes: Changes,
}

impl Trouble {
    /// None yet; `changes` hears of any.
    pub fn new(changes: Changes) -> Self {
        Self {
            last: watch::Sender::new(None),
            changes,
        }
    }

    /// What hindered the last exchange.
    pub fn last(&self) -> Option<Hindrance> {
        self.last.borrow().clone()
    }

    /// The province has answered.
    pub(crate) fn is_over(&self) {
        self.last.send_if_modified(|last| last.take().is_some());
    }

    /// An exchange failed. A refusal of one message hinders nothing else.
    pub(crate) fn failed(&self, error: &Arc<PlatformError>) {
        match error.delivery() {
            Delivery::Refused => {}
            Delivery::NotSent | Delivery::Later | Delivery::Unknown => {
                self.hinders(Hindrance::Exchange(Arc::clone(error)));
                self.changes.tell();
            }
        }
    }

    /// Something else is wrong with what the province sends.
    pub(crate) fn hinders(&self, hindrance: Hindrance) {
        self.last.send_replace(Some(hindrance));
    }
}

#[cfg(test)]
impl Trouble {
    /// Returns once an exchange failed with this code.
    pub(crate) async fn until(&self, code: &str) {
        let told = |last: &Option<Hindrance>| match last {
            Some(Hindrance::Exchange(error)) => error.code() == code,
            Some(Hindrance::Endless) | None => false,
        };
        let mut last = self.last.subscribe();
        drop(last.wait_for(told).await);
    }
}
