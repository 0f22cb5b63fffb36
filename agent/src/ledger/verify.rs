//! Walking the whole journal: is every entry as it was written, and every record and upload what its entry says.

use rusqlite::Connection;

use super::agreement::Compared;
use super::error::LedgerError;
use super::journal::{Act, GENESIS, Head, VERSION, highest_ever};
use super::mac::MacKey;

/// What walking the journal found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every entry stands as it was written.
    Sound {
        /// The last entry; none in an empty journal.
        head: Option<Head>,
    },
    /// The first entry at which something is wrong.
    Broken {
        /// Its sequence.
        sequence: i64,
        /// The number that it concerns, or that of the record that is not as it says; empty where none can be named.
        subject: String,
        /// What is wrong there.
        fault: Fault,
    },
}

/// What can be wrong with the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The entry, or the one before it, was altered after it was written.
    Altered,
    /// The entry is not there.
    Missing,
    /// The journal once reached further than this, its last entry.
    TailCut,
    /// The entry is not the one that a slip or an upload names.
    NotTheHeadKnown,
    /// A record or an upload that the entry seals is not the one that lies in the ledger.
    RecordDiffers,
    /// A record or an upload lies in the ledger that no entry speaks of.
    RecordUnheardOf,
}

/// Walks the whole journal, compares it with the heads that slips and uploads carry, and each record and upload with its entry.
pub(super) fn verify(
    conn: &Connection,
    key: &MacKey,
    known: &[Head],
) -> Result<Verdict, LedgerError> {
    let mut statement = conn.prepare(
        "SELECT sequence, version, at, kind, subject, body, mac FROM journal ORDER BY sequence",
    )?;
    let mut rows = statement.query([])?;
    let mut head: Option<Head> = None;
    let mut before = GENESIS;
    let mut compared = Compared::default();
    while let Some(row) = rows.next()? {
        let act = Act {
            sequence: row.get(0)?,
            version: row.get(1)?,
            at: row.get(2)?,
            kind: row.get(3)?,
            subject: row.get(4)?,
            body: row.get(5)?,
        };
        let mac: [u8; 32] = row.get(6)?;
        let expected = head.map_or(1, |head| head.sequence + 1);
        let here = Head::new(act.sequence, &mac);
        let fault = if act.sequence != expected {
            Some(Fault::Missing)
        } else if act.version != VERSION || act.seal(key, &before) != mac {
            Some(Fault::Altered)
        } else if known
            .iter()
            .any(|known| known.sequence == here.sequence && *known != here)
        {
            Some(Fault::NotTheHeadKnown)
        } else {
            None
        };
        if let Some(fault) = fault {
            return Ok(broken(expected, &act.subject, fault));
        }
        if let Some(which) = compared.differing(conn, &act.kind, &act.subject, &act.body)? {
            return Ok(broken(expected, &which, Fault::RecordDiffers));
        }
        before = mac;
        head = Some(here);
    }
    let end = head.map_or(0, |head| head.sequence);
    let reached = known
        .iter()
        .map(|known| known.sequence)
        .fold(highest_ever(conn)?, i64::max);
    if reached > end {
        return Ok(broken(end, "", Fault::TailCut));
    }
    if let Some(which) = compared.unheard_of(conn)? {
        return Ok(broken(end, &which, Fault::RecordUnheardOf));
    }
    Ok(Verdict::Sound { head })
}

fn broken(sequence: i64, subject: &str, fault: Fault) -> Verdict {
    Verdict::Broken {
        sequence,
        subject: subject.to_owned(),
        fault,
    }
}
