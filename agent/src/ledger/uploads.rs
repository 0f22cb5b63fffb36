//! What is queued in a transaction, sealed in the journal by its digest.

use jiff::Timestamp;
use offline_queue::{Lease, NewUpload, RemedyEntry};
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use super::entry::Entry;
use super::error::LedgerError;
use super::journal;
use super::seal::{Digests, SEALED_ANEW, add, digests, keys_anew};

/// The kind of the entry that seals what was queued; its subject is the lane.
pub(super) const QUEUED: &str = "queued";

/// The subject of [`SEALED_ANEW`] where it is about uploads.
const UPLOADS: &str = "queue_upload";

impl Entry<'_> {
    /// Queues uploads in this transaction, and seals them in the journal.
    pub fn enqueue(&self, uploads: &[NewUpload]) -> Result<(), LedgerError> {
        for upload in uploads {
            offline_queue::enqueue(self, upload, self.now())?;
            self.something_is_due();
        }
        seal_queued(self, uploads)
    }

    /// Whether what was handed out to be sent is what was queued under its key.
    pub fn is_as_queued(&self, lease: &Lease) -> Result<bool, LedgerError> {
        is_as_queued(self, lease)
    }

    /// Ends every wait of what is to go up: it is tried once this is on disk. How many waited.
    pub fn hasten(&self) -> Result<usize, LedgerError> {
        let hastened = offline_queue::hasten(self, self.now())?;
        self.something_is_due();
        Ok(hastened)
    }

    /// Carries out a person's decision about an upload in this transaction.
    pub fn remedy(&self, key: &str, decision: &RemedyEntry) -> Result<(), LedgerError> {
        offline_queue::remedy(self, key, decision, self.now())?;
        self.something_is_due();
        Ok(())
    }
}

/// Seals uploads that were just queued, an entry for each lane.
fn seal_queued(entry: &Entry<'_>, uploads: &[NewUpload]) -> Result<(), LedgerError> {
    for of_lane in uploads.chunk_by(|one, next| one.lane == next.lane) {
        let mut digests = Vec::with_capacity(of_lane.len());
        for upload in of_lane {
            digests.push((
                upload.key.clone(),
                stored_upload_digest(entry, &upload.key)?,
            ));
        }
        if let Some(first) = of_lane.first() {
            journal::append_body(entry, QUEUED, &first.lane, &Digests { v: 1, digests })?;
        }
    }
    Ok(())
}

/// Seals what a version without seals has queued, as it stands now.
pub(super) fn seal_anew(entry: &Entry<'_>) -> Result<(), LedgerError> {
    let keys = offline_queue::keys(entry)?;
    keys_anew(entry, UPLOADS, &keys, |key| {
        stored_upload_digest(entry, key)
    })
}

/// The digest of an upload as it lies in the queue; none where it does not.
pub(super) fn digest_of_queued(
    conn: &Connection,
    key: &str,
) -> Result<Option<String>, LedgerError> {
    Ok(offline_queue::frozen(conn, key)?.map(|upload| digest_of(&upload)))
}

/// Whether this is the upload that was queued under its key.
fn is_as_queued(conn: &Connection, lease: &Lease) -> Result<bool, LedgerError> {
    let mut statement = conn.prepare_cached(
        "SELECT body FROM journal WHERE (subject = ?1 AND kind = ?2) OR (subject = ?3 AND kind = ?4)",
    )?;
    let mut rows = statement.query(params![lease.lane, QUEUED, UPLOADS, SEALED_ANEW])?;
    while let Some(row) = rows.next()? {
        let Some(sealed) = digests(&row.get::<_, String>(0)?) else {
            return Ok(false);
        };
        if let Some((_, digest)) = sealed.into_iter().find(|(key, _)| *key == lease.key) {
            let found = upload_digest(
                [&lease.key, &lease.lane, &lease.kind],
                lease.deadline.civil(),
                &lease.body,
            );
            return Ok(digest == found);
        }
    }
    Ok(false)
}

fn stored_upload_digest(conn: &Connection, key: &str) -> Result<String, LedgerError> {
    offline_queue::frozen(conn, key)?
        .map(|upload| digest_of(&upload))
        .ok_or_else(|| LedgerError::Damaged {
            what: format!("the body of upload {key} is not there"),
        })
}

fn digest_of(upload: &NewUpload) -> String {
    upload_digest(
        [&upload.key, &upload.lane, &upload.kind],
        upload.deadline.civil(),
        &upload.body,
    )
}

fn upload_digest(names: [&str; 3], due: Timestamp, body: &[u8]) -> String {
    let mut digest = Sha256::new();
    for name in names {
        add(&mut digest, name.as_bytes());
    }
    add(&mut digest, &due.as_millisecond().to_be_bytes());
    add(&mut digest, body);
    hex::encode(digest.finalize())
}
