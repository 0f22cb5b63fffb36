//! What goes up, by what it reports: one row an admission, a settlement, an admission taken back, whatever number of messages carries it.

use jiff::{SignedDuration, Timestamp};
use offline_queue::{Upload, Which};
use rusqlite::Connection;
use serde::Serialize;

use crate::counter::Counter;
use crate::counter::actor::{Actor, Came};
use crate::counter::error::CounterError;
use crate::counter::uploads::view::{Carries, UploadView, views};
use crate::counter::views::VisitView;
use crate::ledger::numbers::VisitNumber;
use crate::ledger::settlements::{self, Settlement};
use crate::ledger::{LedgerError, journal, moment, visits};
use crate::records::staff::Role;
use crate::redacted::closed_debug;

/// How long a late one stays in the list of those that were late, in days.
pub const LATE_KEPT_DAYS: i64 = 31;

/// What some messages of one visit report together.
#[derive(Clone, PartialEq, Eq)]
pub struct UploadMatter {
    /// What they report.
    pub reports: Reports,
    /// The visit.
    pub visit: VisitView,
    /// The messages, in their lane's order.
    pub uploads: Vec<UploadView>,
}

/// What is reported.
#[derive(Clone, PartialEq, Eq)]
pub enum Reports {
    /// An admission.
    Registration,
    /// That an admission is taken back.
    Cancellation,
    /// A settlement, with its lines.
    Settlement {
        /// Its number.
        number: String,
        /// 总费用, yuan.
        total: String,
    },
    /// Something that this version does not send, or a settlement that is not in the ledger.
    Unknown,
}

closed_debug!(UploadMatter, Reports);

/// What the journal keeps of a press, version 1.
#[derive(Serialize)]
struct Body<'a> {
    v: u8,
    waited: usize,
    by: &'a str,
    came: Came,
}

impl UploadMatter {
    /// The message that says where the matter stands: one that a person has to see to, else the least time left.
    pub fn foremost(&self) -> Option<&UploadView> {
        self.uploads
            .iter()
            .filter(|upload| !upload.state.is_over() || self.is_over())
            .min_by_key(|upload| (!upload.state.needs_a_person(), upload.left))
    }

    /// Nothing of it waits.
    pub fn is_over(&self) -> bool {
        self.uploads.iter().all(|upload| upload.state.is_over())
    }
}

impl Counter {
    /// What has not reached the province, by what it reports, the most urgent first.
    pub async fn open_matters(&self) -> Result<Vec<UploadMatter>, CounterError> {
        self.matters(Which::Open).await
    }

    /// What reached the province after it was due, of the last [`LATE_KEPT_DAYS`] days.
    pub async fn late_matters(&self) -> Result<Vec<UploadMatter>, CounterError> {
        let kept = SignedDuration::from_hours(24 * LATE_KEPT_DAYS);
        let since = self.0.clock.now().saturating_sub(kept);
        self.matters(Which::DeliveredLate(since.unwrap_or(Timestamp::MIN)))
            .await
    }

    async fn matters(&self, which: Which<'static>) -> Result<Vec<UploadMatter>, CounterError> {
        let now = moment(&self.0.clock.times());
        self.0
            .ledger
            .read(move |conn| {
                let listed = offline_queue::list(conn, which, &now).map_err(LedgerError::from)?;
                by_matter(conn, listed)
            })
            .await
    }

    /// Tries everything that waits now, instead of when its turn would come. How many waited.
    pub async fn send_now(&self, actor: &Actor) -> Result<usize, CounterError> {
        actor.require(Role::Cashier)?;
        let actor = actor.clone();
        let waited = self
            .0
            .ledger
            .write(move |entry| {
                let waited = entry.hasten()?;
                let body = journal::json(&Body {
                    v: 1,
                    waited,
                    by: &actor.code,
                    came: actor.came,
                })?;
                journal::append(entry, "uploads_hastened", "uploads", &body)?;
                Ok::<_, CounterError>(waited)
            })
            .await?;
        self.changed();
        Ok(waited)
    }
}

/// One group a visit and what is reported; groups and messages keep the order of `listed`, messages of one group that of their lane.
fn by_matter(conn: &Connection, listed: Vec<Upload>) -> Result<Vec<UploadMatter>, CounterError> {
    let mut matters: Vec<UploadMatter> = Vec::new();
    let queued: Vec<(i64, Timestamp)> = listed
        .iter()
        .map(|upload| (upload.sequence, upload.enqueued_at))
        .collect();
    let mut of_visit: Option<(VisitView, Vec<Settlement>)> = None;
    for (upload, (_sequence, at)) in views(listed).into_iter().zip(queued) {
        if of_visit
            .as_ref()
            .is_none_or(|(visit, _)| visit.number != upload.visit)
        {
            of_visit = Some(known(conn, &upload.visit)?);
        }
        let Some((visit, settled)) = &of_visit else {
            continue;
        };
        let reports = reports(&upload, settled, at);
        let same = |matter: &&mut UploadMatter| {
            matter.visit.number == upload.visit && matter.reports == reports
        };
        match matters.iter_mut().find(same) {
            Some(matter) => matter.uploads.push(upload),
            None => matters.push(UploadMatter {
                reports,
                visit: visit.clone(),
                uploads: vec![upload],
            }),
        }
    }
    Ok(matters)
}

fn known(conn: &Connection, visit: &str) -> Result<(VisitView, Vec<Settlement>), CounterError> {
    let number = VisitNumber::parse(visit).map_err(CounterError::NotANumber)?;
    let visit = visits::find(conn, &number)?.ok_or(CounterError::VisitUnknown)?;
    let settled = settlements::of_visit(conn, &number)?;
    Ok((VisitView::of(&visit), settled))
}

/// A settlement's messages are queued as it is committed: they are those of the last one that was settled by then.
fn reports(upload: &UploadView, settled: &[Settlement], queued_at: Timestamp) -> Reports {
    match upload.carries {
        Carries::Registration => Reports::Registration,
        Carries::Cancellation => Reports::Cancellation,
        Carries::Unknown => Reports::Unknown,
        Carries::FeeDetail | Carries::Settlement => settled
            .iter()
            .filter(|settlement| settlement.settled_at <= queued_at)
            .max_by_key(|settlement| settlement.generation)
            .map_or(Reports::Unknown, |settlement| Reports::Settlement {
                number: settlement.number.to_string(),
                total: settlement.totals.total.clone(),
            }),
    }
}
