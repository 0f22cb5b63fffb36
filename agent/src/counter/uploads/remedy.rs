//! What a person does about a message that cannot go on by itself (refused, or of which the province will not say whether it has
//! it): recorded with who, when and why, and its visit's lane goes on.
//!
//! There are two ways on. Where the cause was mended at the province, the same message is sent again under its old
//! identifier, and asked about first. Where the province took the facts in by hand, it is never sent and keeps the
//! agency's reference. Either is one person's act, with a reason, in the journal.

use offline_queue::{Held, RemedyEntry, RemedyKind, UploadState};
use serde::Serialize;

use crate::counter::Counter;
use crate::counter::actor::Actor;
use crate::counter::actor::Came;
use crate::counter::error::CounterError;
use crate::counter::staff::second::{Second, SecondSignIn};
use crate::counter::texts::{WrongWords, require};
use crate::counter::uploads::error::UploadError;
use crate::counter::uploads::{self, UploadView};
use crate::ledger::{LedgerError, journal, moment};
use crate::records::staff::Role;
use crate::redacted::closed_debug;

/// What became of a refused message outside this counter.
#[derive(Clone, PartialEq, Eq)]
pub enum Remedy {
    /// What was wrong has been mended at the province: the message goes up once more, unchanged and under its old
    /// identifier. The province is asked first, since whoever mended it may have taken it in as well; but not where asking is
    /// what it refuses.
    SendAgain,
    /// The agency has taken it in by hand: it is not sent any more, and what waits behind it goes up. This is final.
    TakenByHand {
        /// What the agency gave in return: its own number of the matter.
        reference: String,
    },
}

impl Remedy {
    /// Its stable name, in the journal and on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Self::SendAgain => "send_again",
            Self::TakenByHand { .. } => "taken_by_hand",
        }
    }
}

/// A person's word about one refused message.
#[derive(Clone, PartialEq, Eq)]
pub struct Remedied {
    /// The message's identifier.
    pub message_id: String,
    /// How often it had been tried when the person looked: a refusal that came later is another one.
    pub attempts: u32,
    /// What became of it.
    pub remedy: Remedy,
    /// Why, in the person's words.
    pub reason: String,
}

closed_debug!(Remedy, Remedied);

impl Remedied {
    fn require_words(&self) -> Result<(), WrongWords> {
        require("原因", &self.reason)?;
        match &self.remedy {
            Remedy::SendAgain => Ok(()),
            Remedy::TakenByHand { reference } => require("受理编号", reference),
        }
    }

    /// As the queue keeps it.
    fn decision(&self, actor: &Actor, second: Option<&Second>) -> RemedyEntry {
        let (kind, why) = match &self.remedy {
            Remedy::SendAgain => (RemedyKind::SendAgain, self.reason.clone()),
            Remedy::TakenByHand { reference } => (
                RemedyKind::SetAside,
                format!("受理编号 {reference}：{}", self.reason),
            ),
        };
        RemedyEntry {
            remedy: kind,
            who: match second {
                None => actor.name.as_str().into(),
                Some(second) => format!("{}、{}", actor.name, second.name).into(),
            },
            why: why.into(),
        }
    }
}

/// What the journal keeps of it, version 1.
#[derive(Serialize)]
struct Body<'a> {
    v: u8,
    visit: &'a str,
    kind: &'a str,
    /// The attempt that the province refused, and its code.
    attempt: u32,
    code: &'a str,
    remedy: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
    reason: &'a str,
    by: &'a str,
    /// The second person, where it takes two.
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed_by: Option<&'a str>,
    came: Came,
}

impl Counter {
    /// One message on its way, delivered or not.
    pub async fn upload(&self, message_id: &str) -> Result<UploadView, CounterError> {
        let now = moment(&self.0.clock.times());
        let message_id = message_id.to_owned();
        self.0
            .ledger
            .read(move |conn| {
                offline_queue::find(conn, &message_id, &now)
                    .map_err(LedgerError::from)?
                    .and_then(|upload| uploads::views(vec![upload]).pop())
                    .ok_or(CounterError::Upload(UploadError::Unknown))
            })
            .await
    }

    /// Carries out what a person says of a refused message, and writes who, when and why into the journal. Where it takes two to
    /// set one aside, `second` is the other.
    ///
    /// # Errors
    /// [`CounterError::RemedyWords`] where reason or reference is missing or too long, [`UploadError::Unknown`],
    /// and [`UploadError::NotRefused`] where the message is not, or no longer, refused as it was when the person looked.
    pub async fn remedy(
        &self,
        remedied: Remedied,
        actor: &Actor,
        second: Option<SecondSignIn>,
    ) -> Result<UploadView, CounterError> {
        actor.require(Role::Cashier)?;
        remedied.require_words()?;
        let second = match remedied.remedy {
            Remedy::SendAgain => None,
            Remedy::TakenByHand { .. } => self.second_for_set_aside(second, actor).await?,
        };
        let message_id = remedied.message_id.clone();
        let actor = actor.clone();
        self.0
            .ledger
            .write(move |entry| {
                let key = &remedied.message_id;
                let upload = offline_queue::find(entry, key, entry.now())
                    .map_err(LedgerError::from)?
                    .ok_or(CounterError::Upload(UploadError::Unknown))?;
                let code = match &upload.state {
                    UploadState::Rejected { code, .. }
                    | UploadState::Waiting {
                        held: Some(Held::Untold { code, .. }),
                        ..
                    } if upload.attempts == remedied.attempts => code,
                    UploadState::Rejected { .. }
                    | UploadState::Waiting { .. }
                    | UploadState::Leased { .. }
                    | UploadState::Delivered { .. }
                    | UploadState::SetAside { .. } => {
                        return Err(CounterError::Upload(UploadError::NotRefused));
                    }
                };
                let decision = remedied.decision(&actor, second.as_ref());
                entry.remedy(key, &decision)?;
                let body = journal::json(&Body {
                    v: 1,
                    visit: &upload.lane,
                    kind: &upload.kind,
                    attempt: upload.attempts,
                    code,
                    remedy: remedied.remedy.name(),
                    reference: match &remedied.remedy {
                        Remedy::SendAgain => None,
                        Remedy::TakenByHand { reference } => Some(reference),
                    },
                    reason: &remedied.reason,
                    by: &actor.code,
                    confirmed_by: second.as_ref().map(|second| second.code.as_str()),
                    came: actor.came,
                })?;
                journal::append(entry, "upload_remedied", key, &body)?;
                Ok(())
            })
            .await?;
        self.changed();
        self.upload(&message_id).await
    }
}
