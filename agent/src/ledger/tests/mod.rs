//! The ledger as the rest of the agent sees it, and as a thief, a power cut and a second press find it.

mod epoch;
mod journal;
mod kill;
mod numbers;
mod old_layouts;
mod opening;
mod power_cut;
mod settling;
mod transactions;
mod visiting;
mod witness;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use offline_queue::{Deadline, NewUpload};
use rusqlite::Connection;

use super::numbers::{SettlementNumber, Terminal, VisitNumber};
use super::settlements::{NewSettlement, Settlement, Totals};
use super::visits::{NewVisit, Visit};
use super::{Entry, Ledger, LedgerError, LedgerKey, OpenLedger, Refused, settlements, visits};
use crate::clock::ClockTimes;
use crate::records::evidence::{Evidence, EvidenceVersion};
use crate::records::examples;

/// One counter's folder, key and clock.
struct Counter {
    folder: PathBuf,
    key: [u8; 32],
    now: Arc<Mutex<ClockTimes>>,
    /// Removes the folder, where it is this counter's own.
    _own: Option<tempfile::TempDir>,
}

impl Counter {
    /// A new counter, at 10:00 in China.
    fn new() -> Self {
        let own = tempfile::tempdir().unwrap();
        let counter = Self::at(&own.path().join("state"));
        Self {
            _own: Some(own),
            ..counter
        }
    }

    /// The counter in this folder.
    fn at(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::create_dir_all(folder.with_file_name("witness")).unwrap();
        Self {
            folder: folder.to_owned(),
            _own: None,
            key: [7; 32],
            now: Arc::new(Mutex::new(ClockTimes {
                civil: "2026-11-22T02:00:00Z".parse().unwrap(),
                boot_id: "first".to_owned(),
                boottime: Duration::from_hours(1),
            })),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.join("ledger.db")
    }

    fn witness(&self) -> PathBuf {
        self.folder.with_file_name("witness").join("ledger.witness")
    }

    /// What lies in this counter's place of the ledger and of its witness, copied to another's.
    fn copy_to(&self, other: &Self) {
        std::fs::copy(self.path(), other.path()).unwrap();
        std::fs::copy(self.witness(), other.witness()).unwrap();
    }

    fn with(&self) -> OpenLedger {
        let now = Arc::clone(&self.now);
        OpenLedger {
            path: self.path(),
            key: LedgerKey::from_bytes(self.key),
            witness: self.folder.with_file_name("witness"),
            terminal: Terminal::new("H43010000001", 3).unwrap(),
            now: Arc::new(move || now.lock().unwrap().clone()),
        }
    }

    fn open(&self) -> Result<Ledger, LedgerError> {
        Ledger::open(&self.with())
    }

    fn ledger(&self) -> Ledger {
        self.open().unwrap()
    }

    fn pass(&self, seconds: u64) {
        let mut now = self.now.lock().unwrap();
        now.civil += Duration::from_secs(seconds);
        now.boottime += Duration::from_secs(seconds);
    }

    fn set_clock(&self, civil: &str) {
        self.now.lock().unwrap().civil = civil.parse().unwrap();
    }

    /// The file as somebody who has the key sees it, with no trigger or foreign key in the way.
    fn tamper(&self, statements: &str) {
        let conn = Connection::open(self.path()).unwrap();
        let key = format!("x'{}'", hex::encode(self.key));
        conn.pragma_update(None, "key", key).unwrap();
        conn.pragma_update(None, "foreign_keys", false).unwrap();
        let triggers: Vec<String> = conn
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        for trigger in triggers {
            conn.execute_batch(&format!("DROP TRIGGER {trigger}"))
                .unwrap();
        }
        conn.execute_batch(statements).unwrap();
    }
}

fn new_visit(key: &str) -> NewVisit {
    NewVisit {
        key: key.to_owned(),
        record: examples::visit(),
        admitted_by: "李敏".to_owned(),
    }
}

fn new_settlement(visit: &VisitNumber, generation: u32, key: &str) -> NewSettlement {
    NewSettlement {
        visit: visit.clone(),
        generation,
        key: key.to_owned(),
        settled_at: "2026-11-22T02:00:00Z".parse().unwrap(),
        settled_by: "李敏".to_owned(),
        totals: Totals {
            fund: "26100.00".to_owned(),
            self_pay: "3200.00".to_owned(),
            other: "200.00".to_owned(),
            total: "29500.00".to_owned(),
            personal: "3400.00".to_owned(),
        },
        discharged_at: "2026-11-22T01:00:00Z".parse().ok(),
        evidence: Evidence {
            version: EvidenceVersion::Two,
            case: r#"{"profile":"hunan"}"#.to_owned(),
            result: r#"{"decision":"allow"}"#.to_owned(),
            resolutions: Vec::new(),
            credential: Some(examples::credential()),
            profile_hash: "5f1c".to_owned(),
            rule_set: "1".to_owned(),
        },
        slip: examples::slip(),
    }
}

fn settlement_upload(entry: &Entry<'_>, settlement: &Settlement) -> Result<NewUpload, LedgerError> {
    Ok(NewUpload {
        key: super::numbers::next_message_id(entry)?.to_string(),
        lane: settlement.visit.to_string(),
        kind: "settlement".to_owned(),
        body: format!("{} {}", settlement.number, settlement.head).into_bytes(),
        deadline: Deadline::after(entry.now(), Duration::from_mins(30)),
    })
}

fn admit(ledger: &Ledger, key: &str) -> VisitNumber {
    let new = new_visit(key);
    ledger
        .write_blocking(move |entry| {
            let admitted = visits::admit(entry, &new, |_| Ok::<_, LedgerError>(Vec::new()))?;
            Ok::<_, LedgerError>(admitted.visit().number.clone())
        })
        .unwrap()
}

fn settle(
    ledger: &Ledger,
    visit: &VisitNumber,
    generation: u32,
    key: &str,
) -> Result<settlements::SettleOutcome, LedgerError> {
    let new = new_settlement(visit, generation, key);
    ledger.write_blocking(move |entry| {
        settlements::settle(entry, &new, |settlement| {
            Ok(vec![settlement_upload(entry, settlement)?])
        })
    })
}

fn settled(ledger: &Ledger, visit: &VisitNumber, generation: u32, key: &str) -> Settlement {
    settle(ledger, visit, generation, key)
        .unwrap()
        .settlement()
        .clone()
}

/// Waits for a future, in a test that otherwise has no runtime.
fn wait_for<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

fn count(ledger: &Ledger, table: &str) -> i64 {
    let query = format!("SELECT count(*) FROM {table}");
    ledger
        .read_blocking(move |conn| {
            Ok::<_, LedgerError>(conn.query_row(&query, [], |row| row.get(0))?)
        })
        .unwrap()
}

fn refusal<T: std::fmt::Debug>(result: Result<T, LedgerError>) -> Refused {
    match result {
        Err(LedgerError::Refused(refused)) => refused,
        other => panic!("{other:?}"),
    }
}

fn visit(ledger: &Ledger, number: &VisitNumber) -> Visit {
    let number = number.clone();
    ledger
        .read_blocking(move |conn| visits::find(conn, &number))
        .unwrap()
        .unwrap()
}

fn void(ledger: &Ledger, number: &SettlementNumber) -> Result<Settlement, LedgerError> {
    let number = number.clone();
    ledger.write_blocking(move |entry| {
        settlements::void(entry, &number, "王芳", "退货", |settlement| {
            Ok(vec![settlement_upload(entry, settlement)?])
        })
    })
}
