//! What goes up to the province, as people see it: what it is, where it stands, how long is left.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use offline_queue::{Held, Lane, Upload, UploadState};

use crate::province::Transaction;

/// One message on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadView {
    /// The message's identifier.
    pub message_id: String,
    /// The visit whose lane it is in.
    pub visit: String,
    /// What it carries.
    pub carries: Carries,
    /// When it is due.
    pub due_at: Timestamp,
    /// What is left until then, or was left when it was delivered; negative means late.
    pub left: SignedDuration,
    /// Attempts so far.
    pub attempts: u32,
    /// Where it stands.
    pub state: UploadProgress,
}

/// So little time left is worth a word: somebody may still mend what hinders.
const NEARLY_LATE: SignedDuration = SignedDuration::from_mins(5);

impl UploadView {
    /// It is not late yet, and soon will be.
    pub fn nearly_late(&self) -> bool {
        !self.left.is_negative() && self.left < NEARLY_LATE
    }
}

/// What a message carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carries {
    /// The registration of a visit.
    Registration,
    /// That a registration is taken back.
    Cancellation,
    /// A part of a bill's lines.
    FeeDetail,
    /// The settlement record.
    Settlement,
    /// Something this version does not send.
    Unknown,
}

impl Carries {
    fn of(kind: &str) -> Self {
        [
            (Transaction::VisitRegistration, Self::Registration),
            (Transaction::VisitCancellation, Self::Cancellation),
            (Transaction::FeeDetail, Self::FeeDetail),
            (Transaction::Settlement, Self::Settlement),
        ]
        .into_iter()
        .find(|(transaction, _)| transaction.name() == kind)
        .map_or(Self::Unknown, |(_, carries)| carries)
    }

    /// Its name in the hospital's interface.
    pub fn name(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Cancellation => "cancellation",
            Self::FeeDetail => "fee_detail",
            Self::Settlement => "settlement",
            Self::Unknown => "unknown",
        }
    }
}

/// Where a message stands, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadProgress {
    /// To be sent, the first time or again.
    Waiting {
        /// Not before.
        not_before: Timestamp,
        /// The province may already have it; it is asked first.
        ask_first: bool,
        /// How it went the last time; none before the first.
        last: Option<LastTime>,
    },
    /// The province may have it and refuses to say: it is asked again, and a person may see to it meanwhile.
    Untold {
        /// The province's code.
        code: String,
        /// The province's words.
        reason: String,
    },
    /// The province has it, and something of ours did not go on; a person must see to it.
    Unfinished {
        /// Our own code.
        code: String,
        /// What did not go on.
        reason: String,
    },
    /// Behind a message of its visit that waits for a person: it goes up once that one is seen to.
    Blocked,
    /// Being sent.
    Sending,
    /// The province has it.
    Delivered {
        /// Since when that is known.
        at: Timestamp,
    },
    /// The province refused it; a person must see to it.
    Rejected {
        /// The province's code.
        code: String,
        /// The province's words.
        reason: String,
    },
    /// The agency has taken it in by hand: it is not sent any more.
    SetAside {
        /// When that was recorded.
        at: Timestamp,
        /// By whom.
        who: String,
        /// Reference and reason.
        why: String,
    },
}

/// How the last attempt at a message that waits went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastTime {
    /// It did not get through.
    NotSent,
    /// The province did not take it just then.
    PutOff,
    /// No answer came.
    NoAnswer,
}

impl UploadProgress {
    /// A person has to see to it, or may.
    pub fn needs_a_person(&self) -> bool {
        match self {
            Self::Rejected { .. } | Self::Untold { .. } | Self::Unfinished { .. } => true,
            Self::Waiting { .. }
            | Self::Blocked
            | Self::Sending
            | Self::Delivered { .. }
            | Self::SetAside { .. } => false,
        }
    }

    /// Nothing more is done about it.
    pub fn is_over(&self) -> bool {
        match self {
            Self::Delivered { .. } | Self::SetAside { .. } => true,
            Self::Waiting { .. }
            | Self::Untold { .. }
            | Self::Unfinished { .. }
            | Self::Blocked
            | Self::Sending
            | Self::Rejected { .. } => false,
        }
    }

    /// Its name in the hospital's interface.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Waiting { .. } => "waiting",
            Self::Untold { .. } => "untold",
            Self::Unfinished { .. } => "unfinished",
            Self::Blocked => "blocked",
            Self::Sending => "sending",
            Self::Delivered { .. } => "delivered",
            Self::Rejected { .. } => "rejected",
            Self::SetAside { .. } => "set_aside",
        }
    }
}

/// What stands in the way of a visit's 就医登记号, and needs a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistrationTrouble {
    /// The province refused the registration.
    Rejected,
    /// The province will not say whether it has it.
    Untold,
    /// The province has it, and something of ours did not go on.
    Unfinished {
        /// What did not go on.
        reason: String,
    },
    /// The agency has taken it in by hand: no number comes.
    SetAside,
}

/// The same by the visit's uploads; none where all goes well.
pub(crate) fn registration_trouble(lane: &[UploadView]) -> Option<RegistrationTrouble> {
    let registration = lane
        .iter()
        .find(|upload| upload.carries == Carries::Registration)?;
    match &registration.state {
        UploadProgress::Rejected { .. } => Some(RegistrationTrouble::Rejected),
        UploadProgress::Untold { .. } => Some(RegistrationTrouble::Untold),
        UploadProgress::Unfinished { code: _, reason } => Some(RegistrationTrouble::Unfinished {
            reason: reason.clone(),
        }),
        UploadProgress::SetAside { .. } => Some(RegistrationTrouble::SetAside),
        UploadProgress::Waiting { .. }
        | UploadProgress::Blocked
        | UploadProgress::Sending
        | UploadProgress::Delivered { .. } => None,
    }
}

/// Uploads for people: one that waits for one of its visit that a person has to see to says so.
pub(crate) fn views(uploads: Vec<Upload>) -> Vec<UploadView> {
    let refused: HashSet<String> = uploads
        .iter()
        .filter(|upload| match &upload.state {
            UploadState::Rejected { lane, .. } => *lane == Lane::Waits,
            UploadState::Waiting { held, .. } => matches!(held, Some(Held::Untold { .. })),
            UploadState::Leased { .. }
            | UploadState::Delivered { .. }
            | UploadState::SetAside { .. } => false,
        })
        .map(|upload| upload.key.clone())
        .collect();
    uploads
        .into_iter()
        .map(|upload| {
            let blocked = upload
                .waits_for
                .as_ref()
                .is_some_and(|head| refused.contains(head));
            let view = UploadView::from(upload);
            if blocked {
                UploadView {
                    state: UploadProgress::Blocked,
                    ..view
                }
            } else {
                view
            }
        })
        .collect()
}

impl LastTime {
    fn of(held: &Held) -> Option<Self> {
        match held {
            Held::NotSent => Some(Self::NotSent),
            Held::Later => Some(Self::PutOff),
            Held::Unknown => Some(Self::NoAnswer),
            Held::Untold { .. } => None,
        }
    }
}

impl From<Upload> for UploadView {
    fn from(upload: Upload) -> Self {
        let state = match upload.state {
            UploadState::Waiting {
                not_before: _,
                ask_first: _,
                held: Some(Held::Untold { code, reason }),
            } => UploadProgress::Untold {
                code,
                reason: reason.as_str().to_owned(),
            },
            UploadState::Waiting {
                not_before,
                ask_first,
                held,
            } => UploadProgress::Waiting {
                not_before,
                ask_first,
                last: held.as_ref().and_then(LastTime::of),
            },
            UploadState::Leased { until: _ } => UploadProgress::Sending,
            UploadState::Delivered { at, receipt: _ } => UploadProgress::Delivered { at },
            UploadState::Rejected {
                at: _,
                code,
                reason,
                lane: Lane::GoesOn,
            } => UploadProgress::Unfinished {
                code,
                reason: reason.as_str().to_owned(),
            },
            UploadState::Rejected {
                at: _,
                code,
                reason,
                lane: Lane::Waits,
            } => UploadProgress::Rejected {
                code,
                reason: reason.as_str().to_owned(),
            },
            UploadState::SetAside { at, who, why } => UploadProgress::SetAside {
                at,
                who: who.as_str().to_owned(),
                why: why.as_str().to_owned(),
            },
        };
        Self {
            message_id: upload.key,
            visit: upload.lane,
            carries: Carries::of(&upload.kind),
            due_at: upload.due_at,
            left: upload.left,
            attempts: upload.attempts,
            state,
        }
    }
}
