//! What hindered the last exchange with the province, as every screen shows it.

use tokio::sync::watch;

use crate::changes::Changes;
use crate::province::error::{Delivery, PlatformError};
use crate::wording::notice::Notice;

/// What hindered the last exchange; nothing where it went well. Cheap to clone; all clones tell the same.
#[derive(Debug, Clone)]
pub struct Trouble {
    last: watch::Sender<Option<Notice>>,
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
    pub fn last(&self) -> Option<Notice> {
        self.last.borrow().clone()
    }

    /// The province has answered.
    pub(crate) fn is_over(&self) {
        self.last.send_if_modified(|last| last.take().is_some());
    }

    /// An exchange failed; what people read of it. A refusal of one message hinders nothing else.
    pub(crate) fn failed(&self, error: &PlatformError) -> Notice {
        let notice = error.notice();
        match error.delivery() {
            Delivery::Refused => {}
            Delivery::NotSent | Delivery::Later | Delivery::Unknown => {
                self.hinders(notice.clone());
                self.changes.tell();
            }
        }
        notice
    }

    /// Something else is wrong with what the province sends.
    pub(crate) fn hinders(&self, notice: Notice) {
        self.last.send_replace(Some(notice));
    }
}

#[cfg(test)]
impl Trouble {
    /// Returns once the trouble with this code is told.
    pub(crate) async fn until(&self, code: &str) {
        let told = |last: &Option<Notice>| last.as_ref().is_some_and(|notice| notice.code == code);
        let mut last = self.last.subscribe();
        drop(last.wait_for(told).await);
    }
}
