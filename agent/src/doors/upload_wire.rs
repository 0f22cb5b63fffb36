//! One upload as the hospital's interface and the console tell it.

use rules::case::china_time::format_instant;
use serde::{Deserialize, Serialize};

use crate::counter::uploads::UploadView;

/// One upload.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct UploadWire {
    /// The message's identifier.
    pub(crate) message_id: String,
    /// The visit in whose lane it is.
    pub(crate) visit: String,
    /// What it carries: a stable name, and in Chinese.
    pub(crate) carries: String,
    pub(crate) what: String,
    /// Where it stands: a stable name, and in Chinese.
    pub(crate) state: String,
    pub(crate) say: String,
    /// A person must see to it.
    pub(crate) needs_a_person: bool,
    pub(crate) due_at: String,
    /// Negative: late by so many seconds.
    pub(crate) left_s: i64,
    pub(crate) attempts: u32,
}

impl From<&UploadView> for UploadWire {
    fn from(upload: &UploadView) -> Self {
        Self {
            message_id: upload.message_id.clone(),
            visit: upload.visit.clone(),
            carries: upload.carries.name().to_owned(),
            what: upload.carries.say().to_owned(),
            state: upload.state.name().to_owned(),
            say: upload.state.say(),
            needs_a_person: upload.state.needs_a_person(),
            due_at: format_instant(upload.due_at),
            left_s: upload.left.as_secs(),
            attempts: upload.attempts,
        }
    }
}
