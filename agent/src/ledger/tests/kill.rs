//! A process killed while it settles: what it said was settled is there, whole, with its upload, and nothing is half there.
//!
//! The child is this test binary again. In the first test the kernel kills it (SIGXFSZ) when the log would grow past a
//! limit, which is moved through every frame of an admission and a settlement. The page cache outlives a killed
//! process: what a power cut would take is not tested here.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use offline_queue::Which;
use rustix::process::{Resource, Rlimit, Signal, setrlimit};

use super::{Counter, admit, settled, wait_for};
use crate::ledger::Verdict;
use crate::ledger::numbers::VisitNumber;
use crate::ledger::{Ledger, LedgerError, settlements};

/// Tells the child its folder; `LIMIT` how far the log may grow in bytes.
const FOLDER: &str = "SETTLEMENT_AGENT_KILL_FOLDER";
const LIMIT: &str = "SETTLEMENT_AGENT_KILL_LIMIT";

const LOG_HEADER: u64 = 32;
const FRAME: u64 = 24 + 4_096;

fn spawn(test: &str, folder: &Path, limit: Option<u64>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let Some(limit) = limit {
        command.env(LIMIT, limit.to_string());
    }
    command.spawn().unwrap()
}

/// What the child says once something is committed.
fn acknowledge(what: &str) {
    let mut stdout = std::io::stdout();
    writeln!(stdout, "\ncommitted {what}").unwrap();
    stdout.flush().unwrap();
}

fn acknowledged(line: &str) -> Option<String> {
    line.strip_prefix("committed ").map(str::to_owned)
}

/// What the child acknowledged until its end, and how it ended.
fn watch(mut child: Child) -> (Vec<String>, ExitStatus) {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let said = lines
        .filter_map(|line| acknowledged(&line.unwrap()))
        .collect();
    (said, child.wait().unwrap())
}

/// Whether journal, records and uploads fit each other; the settlements that are there, by number.
fn kept(ledger: &Ledger) -> Vec<String> {
    let verdict = wait_for(ledger.verify_journal(Vec::new())).unwrap();
    assert!(matches!(verdict, Verdict::Sound { .. }), "{verdict:?}");
    ledger
        .write_blocking(|entry| {
            let mut kept = Vec::new();
            for upload in offline_queue::list(entry, Which::Open, entry.now())? {
                let visit = VisitNumber::parse(&upload.lane).unwrap();
                for settlement in settlements::of_visit(entry, &visit)? {
                    settlements::evidence(entry, &settlement.number)?.unwrap();
                    kept.push(settlement.number.to_string());
                }
            }
            let settlements: i64 =
                entry.query_row("SELECT count(*) FROM settlement", [], |row| row.get(0))?;
            assert_eq!(
                usize::try_from(settlements).unwrap(),
                kept.len(),
                "each settlement has its upload"
            );
            kept.sort();
            Ok::<_, LedgerError>(kept)
        })
        .unwrap()
}

fn child_of_limit(folder: &Path) {
    let limit: u64 = std::env::var(LIMIT).unwrap().parse().unwrap();
    let ledger = Counter::at(folder).ledger();
    for (resource, most) in [(Resource::Core, 0), (Resource::Fsize, limit)] {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, limit).unwrap();
    }
    let visit = admit(&ledger, "press 1");
    acknowledge("admission");
    settled(&ledger, &visit, 1, "press 2");
    acknowledge("settlement");
    // Without the farewell checkpoint: the log is what is looked at.
    std::process::exit(0);
}

#[test]
fn killed_at_every_write_of_a_settlement_it_is_there_whole_or_not_at_all() {
    const NAME: &str = "ledger::tests::kill::killed_at_every_write_of_a_settlement_it_is_there_whole_or_not_at_all";
    if let Some(folder) = std::env::var_os(FOLDER) {
        child_of_limit(Path::new(&folder));
    }
    let empty = Counter::new();
    drop(empty.ledger());
    let run = |limit: u64| {
        let counter = Counter::new();
        empty.copy_to(&counter);
        let (said, status) = watch(spawn(NAME, &counter.folder, Some(limit)));
        let log_bytes = std::fs::metadata(counter.folder.join("ledger.db-wal"))
            .unwrap()
            .len();
        let ledger = counter.ledger();
        let visits = super::count(&ledger, "visit");
        (said.len(), status, log_bytes, (visits, kept(&ledger).len()))
    };
    let (said, status, log_bytes, found) = run(1 << 30);
    assert!(status.success());
    assert_eq!((said, found), (2, (1, 1)));
    let frames = (log_bytes - LOG_HEADER) / FRAME;
    assert!(frames > 10, "{log_bytes} bytes of log");
    // After nothing, after the admission, after the settlement.
    let stages = [(0, 0), (1, 0), (1, 1)];
    for frame in 0..frames {
        for limit in [0, FRAME / 2].map(|part| LOG_HEADER + frame * FRAME + part) {
            let (said, status, _, found) = run(limit);
            assert_eq!(
                status.signal(),
                Some(Signal::XFSZ.as_raw()),
                "at {limit}: {status}"
            );
            // What was under way may have been committed without having been acknowledged.
            assert!(
                found == stages[said] || found == stages[said + 1],
                "killed at byte {limit} of the log after {said} acknowledgements: {found:?}"
            );
        }
    }
}

fn endless_child(folder: &Path) -> ! {
    let ledger = Counter::at(folder).ledger();
    let mut n = super::count(&ledger, "visit");
    loop {
        let visit = admit(&ledger, &format!("admit {n}"));
        let settlement = settled(&ledger, &visit, 1, &format!("settle {n}"));
        acknowledge(settlement.number.as_str());
        n += 1;
    }
}

#[test]
fn killed_at_any_moment_again_and_again_no_acknowledged_settlement_is_missing() {
    const NAME: &str = "ledger::tests::kill::killed_at_any_moment_again_and_again_no_acknowledged_settlement_is_missing";
    if let Some(folder) = std::env::var_os(FOLDER) {
        endless_child(Path::new(&folder));
    }
    let counter = Counter::new();
    let mut said = Vec::new();
    for round in 0..8 {
        let mut child = spawn(NAME, &counter.folder, None);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut acknowledgements = lines
            .by_ref()
            .filter_map(|line| acknowledged(&line.unwrap()));
        said.extend(acknowledgements.by_ref().take(1 + round % 4));
        child.kill().unwrap();
        said.extend(acknowledgements);
        assert_eq!(child.wait().unwrap().signal(), Some(Signal::KILL.as_raw()));
        let kept = kept(&counter.ledger());
        for number in &said {
            assert!(kept.contains(number), "{number} is lost");
        }
        // At most one more a round was committed and not acknowledged.
        assert!(kept.len() <= said.len() + round + 1, "{kept:?}");
    }
    assert!(said.len() >= 8);
}
