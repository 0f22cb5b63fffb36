//! What a person does about an upload that cannot go on by itself.

use rusqlite::{OptionalExtension, Transaction, params};

use crate::{Deadline, FreeText, Moment, QueueError};

/// What is to become of an upload that was rejected, or of which the far side will not say whether it has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemedyKind {
    /// Send it again, unchanged. One that was rejected is asked about first: what was wrong was on the far side, and whoever
    /// mended it there may have taken it in as well. One that the far side will not tell of is sent without: asking is what
    /// does not work.
    SendAgain,
    /// Do not send it; its lane goes on without it.
    SetAside,
}

impl RemedyKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::SendAgain => "send_again",
            Self::SetAside => "set_aside",
        }
    }

    pub(crate) fn from_stored(text: &str) -> Option<Self> {
        [Self::SendAgain, Self::SetAside]
            .into_iter()
            .find(|remedy| remedy.as_str() == text)
    }
}

/// A person's decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemedyEntry {
    /// What was decided.
    pub remedy: RemedyKind,
    /// Who decided; not empty.
    pub who: FreeText,
    /// Why.
    pub why: FreeText,
}

/// Carries out a person's decision about such an upload and keeps it in the history.
///
/// # Errors
/// [`QueueError::Unknown`] and [`QueueError::NothingToRemedy`].
pub fn remedy(
    tx: &Transaction<'_>,
    key: &str,
    decision: &RemedyEntry,
    now: &Moment,
) -> Result<(), QueueError> {
    let found: Option<(i64, bool, bool)> = tx
        .prepare_cached(
            "SELECT sequence, state = 'rejected', state = 'waiting' AND held IS 'untold' FROM queue_upload WHERE key = ?1",
        )?
        .query_row([key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((sequence, rejected, untold)) = found else {
        return Err(QueueError::Unknown {
            key: key.to_owned(),
        });
    };
    if !rejected && !untold {
        return Err(QueueError::NothingToRemedy {
            key: key.to_owned(),
        });
    }
    let state = match decision.remedy {
        RemedyKind::SendAgain => "waiting",
        RemedyKind::SetAside => "set_aside",
    };
    tx.prepare_cached(
        "INSERT INTO queue_resolution (upload, attempt, at_civil, decision, who, why)
         SELECT sequence, attempts, ?2, ?3, ?4, ?5 FROM queue_upload WHERE sequence = ?1",
    )?
    .execute(params![
        sequence,
        now.civil.as_millisecond(),
        decision.remedy.as_str(),
        decision.who.as_str(),
        decision.why.as_str()
    ])?;
    let at_once = Deadline::at(now.civil, now);
    // The far side did not have it when it rejected. What it has done since, when somebody mended it there, is unknown.
    tx.prepare_cached(
        "UPDATE queue_upload SET state = ?2, ask_first = ?6, failures = 0, until_civil = ?3, until_boot = ?4,
                                 until_boottime = ?5, held = NULL, passable = 0
         WHERE sequence = ?1",
    )?
    .execute(params![
        sequence,
        state,
        at_once.civil_ms,
        at_once.boot_id,
        at_once.boottime_ms,
        rejected
    ])?;
    Ok(())
}
