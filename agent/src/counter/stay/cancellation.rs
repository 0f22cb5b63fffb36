//! Taking back a mistaken admission 取消入院登记, while nothing of the visit is settled; the province is told behind the registration.

use offline_queue::{Deadline, Lane, RemedyEntry, RemedyKind, Upload, UploadState, Which};
use serde::Serialize;

use crate::counter::Counter;
use crate::counter::actor::Actor;
use crate::counter::came;
use crate::counter::error::CounterError;
use crate::counter::report;
use crate::counter::stay::error::AdmissionError;
use crate::counter::texts::require;
use crate::counter::views::VisitView;
use crate::ledger::numbers::VisitNumber;
use crate::ledger::visits::{self, CloseReason, Visit, VisitState};
use crate::ledger::{Entry, LedgerError, Refused, journal};
use crate::province::Transaction;
use crate::records::staff::Role;

/// What the journal keeps beside the visit's end, version 1.
#[derive(Serialize)]
struct Body<'a> {
    v: u8,
    reason: &'a str,
    by: &'a str,
    /// The province is told: it has, or may have, the registration.
    told: bool,
}

impl Counter {
    /// Takes back an admission that should not have been, for a reason in the person's words. Done again it changes nothing.
    ///
    /// Where the province has refused the registration there is nothing to take back there: the registration is set aside. In
    /// every other case the cancellation goes up behind it.
    ///
    /// # Errors
    /// [`CounterError::RemedyWords`] where the reason is missing or too long; [`CounterError::VisitUnknown`];
    /// [`Refused::VisitSettled`] where the visit is settled, [`AdmissionError::SettledOnce`] where it was once and that was
    /// voided, [`Refused::VisitClosed`] where it ended otherwise.
    pub async fn cancel_admission(
        &self,
        number: &str,
        reason: &str,
        actor: &Actor,
    ) -> Result<VisitView, CounterError> {
        actor.require(Role::Cashier)?;
        require("原因", reason)?;
        self.require_sound_ledger()?;
        let number = VisitNumber::parse(number).map_err(CounterError::NotANumber)?;
        let (cancelled, reason, actor) = (number.clone(), reason.trim().to_owned(), actor.clone());
        self.0
            .ledger
            .write(move |entry| {
                let visit = visits::find(entry, &number)?.ok_or(CounterError::VisitUnknown)?;
                if may_be_cancelled(&visit)? {
                    cancel(entry, &visit, &reason, &actor)?;
                }
                Ok::<_, CounterError>(())
            })
            .await?;
        self.changed();
        self.visit(cancelled.as_str()).await
    }
}

/// Whether it is to be done now; not where it is done already.
fn may_be_cancelled(visit: &Visit) -> Result<bool, CounterError> {
    match &visit.state {
        VisitState::Open { generation: 1 } => Ok(true),
        VisitState::Open { generation: _ } => Err(AdmissionError::SettledOnce.into()),
        VisitState::Closed {
            reason: CloseReason::RegisteredInError,
            ..
        } => Ok(false),
        VisitState::Closed {
            reason: CloseReason::ManualReimbursement,
            ..
        } => Err(LedgerError::from(Refused::VisitClosed).into()),
        VisitState::Settled { settlement, .. } => Err(LedgerError::from(Refused::VisitSettled {
            settlement: settlement.clone(),
        })
        .into()),
    }
}

fn cancel(
    entry: &Entry<'_>,
    visit: &Visit,
    reason: &str,
    actor: &Actor,
) -> Result<(), CounterError> {
    entry.require_sound()?;
    visits::close(
        entry,
        &visit.number,
        &actor.name,
        CloseReason::RegisteredInError,
    )?;
    let by = (actor.code.as_str(), actor.came);
    came::keep(entry, "admission_cancelled", visit.number.as_str(), by)?;
    let refused = refused_registration(entry, &visit.number)?;
    let body = journal::json(&Body {
        v: 1,
        reason,
        by: &actor.code,
        told: refused.is_none(),
    })?;
    journal::append(entry, "admission_cancelled", visit.number.as_str(), &body)?;
    if let Some(registration) = refused {
        let set_aside = RemedyEntry {
            remedy: RemedyKind::SetAside,
            who: actor.name.as_str().into(),
            why: format!("入院登记已取消：{reason}").into(),
        };
        entry.remedy(&registration.key, &set_aside)?;
        return Ok(());
    }
    let message = report::visit_cancellation(entry, visit, reason, actor)?;
    let deadline = Deadline::after(entry.now(), report::REGISTRATION_DUE);
    entry.enqueue(&[report::queued(&message, deadline)?])?;
    Ok(())
}

/// The visit's registration, where the province said no to it and has therefore nothing to take back.
fn refused_registration(
    entry: &Entry<'_>,
    visit: &VisitNumber,
) -> Result<Option<Upload>, LedgerError> {
    let lane = offline_queue::list(entry, Which::Lane(visit.as_str()), entry.now())?;
    Ok(lane.into_iter().find(|upload| {
        upload.kind == Transaction::VisitRegistration.name()
            && matches!(
                upload.state,
                UploadState::Rejected {
                    lane: Lane::Waits,
                    ..
                }
            )
    }))
}
