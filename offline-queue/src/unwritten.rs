//! What to send while nothing can be written: whose turn it is, as the file says it and the sender remembers it.

use std::collections::{HashMap, HashSet};
use std::fmt;

use rusqlite::{Connection, Transaction};

use crate::upload::{Upload, UploadState};
use crate::view::{Which, list};
use crate::{Lane, Moment, QueueError};

/// One upload that is sent without a lease.
#[derive(Clone, PartialEq, Eq)]
pub struct Unwritten {
    /// The message's identifier.
    pub key: String,
    /// Its lane.
    pub lane: String,
    /// What it is.
    pub kind: String,
    /// The bytes to send.
    pub body: Vec<u8>,
    /// An earlier attempt may have arrived.
    pub ask_first: bool,
}

impl fmt::Debug for Unwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unwritten")
            .field("key", &self.key)
            .field("lane", &self.lane)
            .field("kind", &self.kind)
            .field("body", &format_args!("<{} bytes>", self.body.len()))
            .field("ask_first", &self.ask_first)
            .finish()
    }
}

/// The most urgent upload that may be sent now, to be sent without a lease.
///
/// `delivered` names those that the far side has taken although the file does not say so yet; `held` those that are not to be
/// handed out (being sent, to begin with), and with them whatever is behind them in their lanes. Waits of the file are not
/// looked at.
#[expect(clippy::implicit_hasher, reason = "one caller, with the usual sets")]
pub fn next_unwritten(
    conn: &Connection,
    now: &Moment,
    delivered: &HashSet<String>,
    held: &HashSet<String>,
) -> Result<Option<Unwritten>, QueueError> {
    let open = list(conn, Which::Open, now)?;
    // Per lane, the first that is not done with.
    let mut heads: HashMap<&str, &Upload> = HashMap::new();
    for upload in &open {
        let done = delivered.contains(&upload.key) || goes_on(&upload.state);
        let known = heads.get(upload.lane.as_str());
        if !done && known.is_none_or(|known| upload.sequence < known.sequence) {
            heads.insert(&upload.lane, upload);
        }
    }
    // The list is in the order of deadlines: the first lane in it that can go is the most urgent.
    let next = open
        .iter()
        .filter(|upload| !delivered.contains(&upload.key) && !goes_on(&upload.state))
        .filter_map(|upload| heads.get(upload.lane.as_str()))
        .find_map(|head| match head.state {
            UploadState::Waiting { ask_first, .. } if !held.contains(&head.key) => {
                Some((*head, ask_first))
            }
            // Whoever leased it is gone: those of this process are held.
            UploadState::Leased { .. } if !held.contains(&head.key) => Some((*head, true)),
            UploadState::Waiting { .. }
            | UploadState::Leased { .. }
            | UploadState::Delivered { .. }
            | UploadState::Rejected { .. }
            | UploadState::SetAside { .. } => None,
        });
    let Some((next, ask_first)) = next else {
        return Ok(None);
    };
    let body = conn
        .prepare_cached("SELECT body FROM queue_body WHERE upload = ?1")?
        .query_row([next.sequence], |row| row.get(0))?;
    Ok(Some(Unwritten {
        key: next.key.clone(),
        lane: next.lane.clone(),
        kind: next.kind.clone(),
        body,
        ask_first,
    }))
}

/// Whether the sender keeps a mark beside the file, that is away while what it sends cannot be written down.
pub fn mark_is_kept(conn: &Connection) -> Result<bool, QueueError> {
    let kept = conn.query_row("SELECT mark_kept FROM queue_way", [], |row| row.get(0))?;
    Ok(kept)
}

/// Notes that it does, from now on.
pub fn keep_mark(tx: &Transaction<'_>) -> Result<(), QueueError> {
    tx.execute("UPDATE queue_way SET mark_kept = 1", [])?;
    Ok(())
}

fn goes_on(state: &UploadState) -> bool {
    matches!(
        state,
        UploadState::Rejected {
            lane: Lane::GoesOn,
            ..
        }
    )
}
