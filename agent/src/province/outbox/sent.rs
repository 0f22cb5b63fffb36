//! One message on its way: asked about or sent, and what came of it in the queue's words.

use offline_queue::{Lane, Lease, LeaseToken, Outcome, Unwritten};
use std::sync::Arc;

use crate::ledger::numbers::VisitNumber;
use crate::ledger::{LedgerError, visits};
use crate::province::means::Means;
use crate::province::wire::answer::Receipt;
use crate::province::{
    Asked, Delivery, DressError, Known, PlatformError, Transaction, WireMessage,
};

/// Why a registration is not done with, or what is behind it waits: there is no 就医登记号.
pub(super) const NO_NUMBER: &str = "registration_number_missing";

/// One message to be sent.
#[derive(Debug, Clone)]
pub(super) struct Errand {
    pub(super) key: String,
    pub(super) lane: String,
    pub(super) kind: String,
    body: Vec<u8>,
    pub(super) ask_first: bool,
    /// It is not what was queued: its seal says so.
    altered: bool,
    /// Its lease; none where none could be written.
    pub(super) token: Option<LeaseToken>,
}

impl Errand {
    pub(super) fn leased(lease: Lease, as_queued: bool) -> Self {
        Self {
            key: lease.key,
            lane: lease.lane,
            kind: lease.kind,
            body: lease.body,
            ask_first: lease.ask_first,
            altered: !as_queued,
            token: Some(lease.token),
        }
    }

    pub(super) fn unwritten(unwritten: Unwritten) -> Self {
        Self {
            key: unwritten.key,
            lane: unwritten.lane,
            kind: unwritten.kind,
            body: unwritten.body,
            ask_first: unwritten.ask_first,
            altered: false,
            token: None,
        }
    }

    /// Asks about it where it may have arrived, and sends it where it has not.
    pub(super) async fn deliver(&self, with: &Means) -> Sent {
        if self.altered {
            return Sent::Altered;
        }
        let message = match self.dressed(with).await {
            Ok(message) => message,
            Err(DressError::NotRegistered) => return Sent::NotRegistered,
            Err(DressError::Unreadable(error)) => return Sent::Unreadable(error.to_string()),
            Err(DressError::Compose(error)) => return Sent::Failed(Arc::new(error)),
        };
        let (platform, clock) = (&with.platform, &with.clock);
        if self.ask_first {
            match platform.ask(&message.msgid(), clock.now()).await {
                Ok(Asked::Taken(receipt)) => return Sent::Taken(message.transaction(), receipt),
                Ok(Asked::NotTaken) => {}
                Err(error) => return Sent::StillUnknown(Arc::new(error)),
            }
        }
        match platform.send(&message, clock.now()).await {
            Ok(receipt) => Sent::Taken(message.transaction(), receipt),
            // It said just now that it does not have it: a person must find out, or this would go round and round.
            Err(PlatformError::TakenBefore {
                transaction,
                rejection,
            }) if self.ask_first => Sent::Failed(Arc::new(PlatformError::Rejected {
                transaction,
                rejection,
            })),
            Err(error) => Sent::Failed(Arc::new(error)),
        }
    }

    /// The message as it goes over the wire, with what has become known of its visit since it was queued.
    async fn dressed(&self, with: &Means) -> Result<WireMessage, DressError> {
        let lane = self.lane.clone();
        let visit = with
            .ledger
            .read(move |conn| match VisitNumber::parse(&lane) {
                Ok(number) => visits::find(conn, &number),
                // Whose lane is no visit's: nothing becomes known of it.
                Err(_none) => Ok(None),
            });
        let registration_number = match visit.await {
            Ok(visit) => visit.and_then(|visit| visit.registration),
            Err(LedgerError::Record(error)) => return Err(error.into()),
            Err(error) => return Err(PlatformError::Compose(error.into()).into()),
        };
        let known = Known {
            registration_number,
        };
        with.platform.dress(&self.body, &known)
    }
}

/// What came of one attempt.
#[derive(Debug)]
pub(super) enum Sent {
    Taken(Transaction, Receipt),
    Failed(Arc<PlatformError>),
    /// It was asked about, and the question had no answer.
    StillUnknown(Arc<PlatformError>),
    /// It is not what was queued, and was not sent: a person must look.
    Altered,
    /// The queue's bytes cannot be read: a person must look.
    Unreadable(String),
    /// This province wants 就医登记号 in it, and there is none: a person must look.
    NotRegistered,
}

impl Sent {
    pub(super) fn outcome(&self) -> Outcome {
        match self {
            Self::Taken(_, receipt) => Outcome::Delivered {
                receipt: receipt.receipt_number.as_str().into(),
            },
            Self::Altered => Outcome::Rejected {
                code: "altered".to_owned(),
                reason: "这一条在本机存放期间被改动过，没有上传。请信息科查看台账。".into(),
                lane: Lane::Waits,
            },
            Self::Unreadable(reason) => Outcome::Rejected {
                code: "unreadable".to_owned(),
                reason: reason.as_str().into(),
                lane: Lane::Waits,
            },
            Self::NotRegistered => Outcome::Rejected {
                code: NO_NUMBER.to_owned(),
                reason: "省平台要求带就医登记号，本机还没有这个号，没有上传。请先办妥就医登记，再重新上传这一条。".into(),
                lane: Lane::Waits,
            },
            // The question was refused, and not for the hour or the session: it may be so for good.
            Self::StillUnknown(error) => {
                if let PlatformError::Rejected { rejection, .. } = error.as_ref() {
                    Outcome::Untold {
                        code: rejection.code.clone(),
                        reason: rejection.words().into(),
                    }
                } else {
                    not_taken(error)
                }
            }
            Self::Failed(error) => {
                if let PlatformError::Rejected { rejection, .. } = error.as_ref() {
                    Outcome::Rejected {
                        code: rejection.code.clone(),
                        reason: rejection.words().into(),
                        lane: Lane::Waits,
                    }
                } else {
                    not_taken(error)
                }
            }
        }
    }

    /// Whether the province may have it after this, although it did not say so.
    pub(super) fn may_have_arrived(&self) -> bool {
        match self.outcome() {
            Outcome::OutcomeUnknown { .. } | Outcome::Untold { .. } => true,
            Outcome::NotSent { ask_first, .. } => ask_first,
            Outcome::Delivered { .. } | Outcome::Rejected { .. } | Outcome::Later { .. } => false,
        }
    }
}

fn not_taken(error: &PlatformError) -> Outcome {
    let detail = error.code().into();
    match error {
        // Nobody's messages get through.
        PlatformError::CertificateRefused { delivery, .. } => Outcome::NotSent {
            detail,
            ask_first: *delivery == Delivery::Unknown,
        },
        PlatformError::NotSignedIn(_)
        | PlatformError::AuthorityMismatch(_)
        | PlatformError::NotTrusted { .. }
        | PlatformError::NameUnresolved(_)
        | PlatformError::Unreachable(_)
        | PlatformError::ConnectTimedOut(_) => Outcome::NotSent {
            detail,
            ask_first: false,
        },
        // This one's do not.
        PlatformError::SessionLost { .. }
        | PlatformError::PutOff {
            may_have_it: false, ..
        }
        | PlatformError::Compose(_) => Outcome::Later { detail },
        PlatformError::PutOff {
            may_have_it: true, ..
        }
        | PlatformError::TakenBefore { .. }
        | PlatformError::AnswerTimedOut(_)
        | PlatformError::ConnectionLost(_)
        | PlatformError::NotTheEnvelope { .. }
        | PlatformError::AnswerMalformed { .. }
        | PlatformError::Rejected { .. } => Outcome::OutcomeUnknown { detail },
    }
}
