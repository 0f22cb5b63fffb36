//! The province's refusals: of a person, kept as evidence, and of a visit's registration, looked for in the queue.

use offline_queue::{Lane, Moment, UploadState, Which};
use rules::{Gate, SocialSecurityNumber};
use rusqlite::Connection;
use serde::Serialize;

use crate::counter::Counter;
use crate::counter::actor::{Actor, Came};
use crate::counter::case::objection::{Judgement, Objection};
use crate::counter::error::CounterError;
use crate::ledger::numbers::VisitNumber;
use crate::ledger::{LedgerError, journal};
use crate::province::Transaction;

/// What was to be done when the province refused.
#[derive(Debug, Clone, Copy)]
pub(crate) enum RefusedAct {
    Admission,
    Quote,
    Settlement,
}

impl RefusedAct {
    fn name(self) -> &'static str {
        match self {
            Self::Admission => "admission",
            Self::Quote => "quote",
            Self::Settlement => "settlement",
        }
    }

    fn gate(self) -> Gate {
        match self {
            Self::Admission => Gate::Admission,
            Self::Quote | Self::Settlement => Gate::Discharge,
        }
    }
}

impl Counter {
    /// Keeps, as evidence, that an act was refused because the province refuses the person, in its own words. `subject` is the
    /// visit's number, or the key of an admission that did not come about.
    pub(crate) async fn keep_refusal(
        &self,
        act: RefusedAct,
        subject: &str,
        (number, judgement): (&SocialSecurityNumber, &Judgement),
        actor: Option<&Actor>,
    ) -> Result<(), CounterError> {
        #[derive(Serialize)]
        struct Body<'a> {
            v: u8,
            act: &'a str,
            gate: &'a str,
            social_security_number: &'a str,
            code: &'a str,
            words: &'a str,
            answered_at: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            by: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            came: Option<Came>,
        }
        let Some(no) = judgement.objections.iter().find_map(|own| match own {
            Objection::ProvinceRefuses(no) => Some(no),
            Objection::RegistrationRefused { .. }
            | Objection::CodesUnlisted(_)
            | Objection::SumMissing { .. }
            | Objection::MarksMissing(_)
            | Objection::SumImplausible { .. }
            | Objection::SettledBefore(_) => None,
        }) else {
            return Ok(());
        };
        let body = journal::json(&Body {
            v: 1,
            act: act.name(),
            gate: act.gate().name(),
            social_security_number: number.as_str(),
            code: &no.code,
            words: &no.words,
            answered_at: no.at.to_string(),
            by: actor.map(|actor| actor.code.as_str()),
            came: actor.map(|actor| actor.came),
        })?;
        let subject = subject.to_owned();
        self.0
            .ledger
            .write(move |entry| {
                journal::append(entry, "province_refused", &subject, &body)?;
                Ok(())
            })
            .await
    }
}

/// The province's refusal of the visit's registration, while nobody has seen to it. One that waits is none: a counter that
/// cannot reach the province settles all the same.
pub(crate) fn registration_refused(
    conn: &Connection,
    visit: &VisitNumber,
    now: &Moment,
) -> Result<Option<Objection>, CounterError> {
    let lane = offline_queue::list(conn, Which::Lane(visit.as_str()), now);
    for upload in lane.map_err(LedgerError::from)? {
        if upload.kind == Transaction::VisitRegistration.name()
            && let UploadState::Rejected {
                at: _,
                code,
                reason,
                lane: Lane::Waits,
            } = upload.state
        {
            let words = reason.as_str().to_owned();
            return Ok(Some(Objection::RegistrationRefused { code, words }));
        }
    }
    Ok(None)
}
