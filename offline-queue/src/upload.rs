//! An upload, its state and its history, as they are shown.

use std::fmt;
use std::ops::Deref;

use jiff::{SignedDuration, Timestamp};

/// Words from the far side or from a person. They may name a patient, so `Debug` tells their length alone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FreeText(String);

impl FreeText {
    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for FreeText {
    fn from(words: String) -> Self {
        Self(words)
    }
}

impl From<&str> for FreeText {
    fn from(words: &str) -> Self {
        Self(words.to_owned())
    }
}

impl Deref for FreeText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for FreeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} characters>", self.0.chars().count())
    }
}

/// One upload as a list shows it; its body stays in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Place in the order of arrival, across lanes.
    pub sequence: i64,
    /// The caller's key (the message's identifier); unique.
    pub key: String,
    /// Uploads of one lane go in the order of `sequence`.
    pub lane: String,
    /// What it is, for whoever sends it.
    pub kind: String,
    /// Size of the body in bytes.
    pub body_bytes: u64,
    /// When it was queued.
    pub enqueued_at: Timestamp,
    /// When it is due, as civil time told when it was queued.
    pub due_at: Timestamp,
    /// What is left until it is due; for a delivered one, what was left when it was delivered. Negative means late.
    pub left: SignedDuration,
    /// Attempts begun so far.
    pub attempts: u32,
    /// The key of its lane's first open upload, where that is another one.
    pub waits_for: Option<String>,
    /// Where it stands.
    pub state: UploadState,
}

/// Where an upload stands. Nowhere else is this kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadState {
    /// To be sent when its turn comes.
    Waiting {
        /// Not to be tried before this.
        not_before: Timestamp,
        /// The far side may already have it: ask by key before sending.
        ask_first: bool,
        /// How its last attempt ended; none before the first, and after a person's decision.
        held: Option<Held>,
    },
    /// Somebody is sending it.
    Leased {
        /// When the lease runs out.
        until: Timestamp,
    },
    /// The far side has it.
    Delivered {
        /// When that was known.
        at: Timestamp,
        /// What the far side answered.
        receipt: FreeText,
    },
    /// It cannot be done with as it is; a person must resolve it.
    Rejected {
        /// When.
        at: Timestamp,
        /// The far side's code.
        code: String,
        /// The far side's words.
        reason: FreeText,
        /// What it means for those behind it.
        lane: Lane,
    },
    /// A person decided, after a rejection, that it is not to be sent.
    SetAside {
        /// When.
        at: Timestamp,
        /// Who decided.
        who: FreeText,
        /// Why.
        why: FreeText,
    },
}

/// Why an upload waits that was tried before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// It did not get through.
    NotSent,
    /// The far side does not take it now.
    Later,
    /// No answer came.
    Unknown,
    /// It may have arrived, and the far side refuses to say: a person may resolve it.
    Untold {
        /// The far side's code.
        code: String,
        /// The far side's words.
        reason: FreeText,
    },
}

/// What a rejected upload means for those behind it in its lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// They wait until a person has seen to it.
    Waits,
    /// They go up: the far side has what they build on.
    GoesOn,
}

/// One attempt at an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// 1 for the first.
    pub number: u32,
    /// When it was leased.
    pub began_at: Timestamp,
    /// Whether the sender was told to ask first.
    pub ask_first: bool,
    /// As what it left, in the sender's words; none where it did not, or a version before sent it.
    pub sent_as: Option<String>,
    /// How it ended, and when; none while it is under way.
    pub ended: Option<(Timestamp, AttemptEnd)>,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptEnd {
    /// The far side has it.
    Delivered {
        /// What it answered.
        receipt: FreeText,
    },
    /// The far side refused it.
    Rejected {
        /// Its code.
        code: String,
        /// Its words.
        reason: FreeText,
    },
    /// It may or may not have arrived.
    OutcomeUnknown {
        /// What happened.
        detail: FreeText,
    },
    /// It may or may not have arrived, and the far side refuses to say.
    Untold {
        /// Its code.
        code: String,
        /// Its words.
        reason: FreeText,
    },
    /// The far side certainly did not take it.
    NotSent {
        /// What happened.
        detail: FreeText,
    },
    /// Nobody said how it ended; taken as unknown.
    LeaseExpired,
}
