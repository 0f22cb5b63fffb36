//! Walking the journal at a person's word.

use crate::counter::Counter;
use crate::counter::error::CounterError;
use crate::ledger::journal::Head;
use crate::ledger::{Fault, Verdict};

/// What a walk along the journal found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JournalVerified {
    /// Everything stands as it was written, and every head given is the journal's own.
    Sound {
        /// Its head; none where nothing was written yet.
        head: Option<Head>,
        /// How many heads were given.
        given: usize,
    },
    /// Something does not.
    Broken {
        /// The entry.
        sequence: i64,
        /// What the entry is about; empty where that cannot be said.
        subject: String,
        /// What is wrong with it.
        fault: Fault,
    },
}

impl Counter {
    /// Walks the whole journal, holds every record and upload against it, and it against `known` heads.
    pub async fn verify_journal(&self, known: Vec<Head>) -> Result<JournalVerified, CounterError> {
        let given = known.len();
        let verdict = self.0.ledger.verify_journal(known).await?;
        Ok(match verdict {
            Verdict::Sound { head } => JournalVerified::Sound { head, given },
            Verdict::Broken {
                sequence,
                subject,
                fault,
            } => {
                // A head that was typed wrong is no damage; what the file itself shows is.
                if given == 0 {
                    let what = format!("journal entry {sequence} ({subject}): {fault:?}");
                    self.0.ledger.found_damaged(what);
                    self.changed();
                }
                JournalVerified::Broken {
                    sequence,
                    subject,
                    fault,
                }
            }
        })
    }
}
