//! One attempt at an upload: its name, and its end in the tables.

use rusqlite::{Transaction, named_params, params};

use crate::moment::whole_ms;
use crate::upload::{AttemptEnd, FreeText, Lane};
use crate::{Deadline, Moment, QueueError};

/// Names one attempt at one upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LeaseToken {
    pub(crate) sequence: i64,
    pub(crate) attempt: u32,
    /// How many uploads the far side had taken when this attempt began.
    pub(crate) taken_before: i64,
}

impl LeaseToken {
    /// 1 for the first attempt at this upload.
    pub fn attempt(self) -> u32 {
        self.attempt
    }
}

/// What becomes of the upload.
pub(crate) enum Next {
    Waiting {
        not_before: Deadline,
        ask_first: bool,
        /// Why, as the table has it.
        held: Option<&'static str>,
    },
    Delivered,
    Rejected(Lane),
}

pub(crate) fn end_lease(
    tx: &Transaction<'_>,
    token: LeaseToken,
    next: Next,
) -> Result<(), QueueError> {
    match next {
        Next::Waiting {
            not_before,
            ask_first,
            held,
        } => tx
            .prepare_cached(
                "UPDATE queue_upload SET state = 'waiting', ask_first = ?2, failures = failures + 1, until_civil = ?3,
                                         until_boot = ?4, until_boottime = ?5, held = ?6
                 WHERE sequence = ?1",
            )?
            .execute(params![
                token.sequence,
                ask_first,
                not_before.civil_ms,
                not_before.boot_id,
                not_before.boottime_ms,
                held
            ])?,
        Next::Delivered => tx
            .prepare_cached("UPDATE queue_upload SET state = 'delivered' WHERE sequence = ?1")?
            .execute([token.sequence])?,
        Next::Rejected(lane) => tx
            .prepare_cached(
                "UPDATE queue_upload SET state = 'rejected', passable = ?2 WHERE sequence = ?1",
            )?
            .execute(params![token.sequence, lane == Lane::GoesOn])?,
    };
    Ok(())
}

pub(crate) fn end_attempt(
    tx: &Transaction<'_>,
    token: LeaseToken,
    end: &AttemptEnd,
    now: &Moment,
) -> Result<(), QueueError> {
    let (outcome, code, detail) = match end {
        AttemptEnd::Delivered { receipt } => ("delivered", None, Some(receipt)),
        AttemptEnd::Rejected { code, reason } => ("rejected", Some(code), Some(reason)),
        AttemptEnd::OutcomeUnknown { detail } => ("unknown", None, Some(detail)),
        AttemptEnd::Untold { code, reason } => ("unknown", Some(code), Some(reason)),
        AttemptEnd::NotSent { detail } => ("not_sent", None, Some(detail)),
        AttemptEnd::LeaseExpired => ("expired", None, None),
    };
    tx.prepare_cached(
        "UPDATE queue_attempt
         SET outcome = :outcome, code = :code, detail = :detail, ended_civil = :civil,
             ended_left = (SELECT CASE WHEN due_boot = :boot THEN due_boottime - :boottime ELSE due_civil - :civil END
                           FROM queue_upload WHERE sequence = :upload)
         WHERE upload = :upload AND number = :number",
    )?
    .execute(named_params! {
        ":outcome": outcome,
        ":code": code,
        ":detail": detail.map(FreeText::as_str),
        ":civil": now.civil.as_millisecond(),
        ":boot": now.boot_id,
        ":boottime": whole_ms(now.boottime),
        ":upload": token.sequence,
        ":number": token.attempt,
    })?;
    Ok(())
}
