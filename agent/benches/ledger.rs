//! A settlement's commit beside a raw append of the same bytes with `fdatasync`, on the same disk in the same run.
//!
//! Times are medians, taken without anybody watching. Syncs are counted in separate runs: this program runs itself under
//! strace, once with and once without the settlements, and counts every `fsync` and `fdatasync` that any of its
//! threads asks the kernel for; the difference is what the settlements cost, checkpoints included. Those of the witness, which
//! a thread of its own writes once a commit has been answered, stand apart: none of them is in a commit's way, and how many there
//! are depends on how fast commits follow one another, since what was not written yet gives way to what is newer.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use offline_queue::{Deadline, NewUpload};
use rules::{PersonName, SocialSecurityNumber, ThirdPartyLiability, VisitKind};
use settlement_agent::clock::Clock;
use settlement_agent::ledger::numbers::{Terminal, VisitNumber, next_message_id};
use settlement_agent::ledger::settlements::{NewSettlement, Totals, settle};
use settlement_agent::ledger::visits::{NewVisit, admit};
use settlement_agent::ledger::{Entry, Ledger, LedgerError, LedgerKey, OpenLedger};
use settlement_agent::records::evidence::{Evidence, EvidenceVersion};
use settlement_agent::records::registration::Person;
use settlement_agent::records::slip::{Row, SlipFacts};
use settlement_agent::records::version::Version;
use settlement_agent::records::visit::{Opening, Visit};

/// Settlements (and appends) that are timed, and that are counted under strace.
const TIMED: usize = 400;
const COUNTED: usize = 100;

/// Lines of the bill that is settled.
const LINES: usize = 60;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    match arguments.get(1).map(String::as_str) {
        Some("settle") => {
            settlements(folder.path(), count(&arguments)?)?;
            Ok(())
        }
        Some("append") => {
            appends(folder.path(), count(&arguments)?)?;
            Ok(())
        }
        Some(_) | None => report(folder.path()),
    }
}

fn count(arguments: &[String]) -> anyhow::Result<usize> {
    let count = arguments.get(2).context("how many?")?;
    Ok(count.parse()?)
}

fn report(folder: &Path) -> anyhow::Result<()> {
    let commit = median(settlements(folder, TIMED)?)?;
    let append = median(appends(folder, TIMED)?)?;
    let payload = payload_bytes();
    let (commit_syncs, witness_syncs) = syncs("settle")?;
    let (append_syncs, _) = syncs("append")?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "figure: ledger: settlement commit, bill of {LINES} lines, {payload} bytes: {} µs, {} syncs in {COUNTED}",
        commit.as_micros(),
        commit_syncs,
    )?;
    writeln!(
        out,
        "figure: ledger: the witness beside them: {witness_syncs} syncs by a thread of its own, for {} commits",
        TIMED + COUNTED
    )?;
    writeln!(
        out,
        "figure: ledger: raw append + fdatasync of as many bytes: {} µs, {} syncs in {COUNTED}",
        append.as_micros(),
        append_syncs,
    )?;
    let percent = commit.as_nanos() * 100 / append.as_nanos().max(1);
    writeln!(
        out,
        "figure: ledger: commit / append: {}.{:02} (medians of {TIMED})",
        percent / 100,
        percent % 100
    )?;
    Ok(())
}

/// Times what `work` does, to the end of the durable write.
#[expect(
    clippy::disallowed_methods,
    reason = "a bench measures; nothing here decides by the clock"
)]
fn timed<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<Duration, E> {
    let begin = Instant::now();
    work()?;
    Ok(begin.elapsed())
}

fn median(mut times: Vec<Duration>) -> anyhow::Result<Duration> {
    times.sort_unstable();
    times
        .get(times.len() / 2)
        .copied()
        .context("nothing was timed")
}

/// Settles `count` visits, one after another.
fn settlements(folder: &Path, count: usize) -> anyhow::Result<Vec<Duration>> {
    let clock = Clock::system()?;
    let witness = folder.join("witness");
    std::fs::create_dir_all(&witness)?;
    let ledger = Ledger::open(&OpenLedger {
        path: folder.join("ledger.db"),
        key: LedgerKey::generate()?,
        witness,
        terminal: Terminal::new("H43010000001", 1)?,
        now: Arc::new(move || clock.times()),
    })?;
    // As many admissions whether or not they are settled, so that the difference is the settlements'.
    let visits = (0..TIMED)
        .map(|n| admitted(&ledger, n))
        .collect::<Result<Vec<_>, _>>()?;
    let mut times = Vec::with_capacity(count);
    for (n, visit) in visits.iter().take(count).enumerate() {
        let new = new_settlement(visit, n);
        times.push(timed(|| {
            ledger.write_blocking(move |entry| {
                settle(entry, &new, |settlement| {
                    let lane = settlement.visit.as_str();
                    Ok::<_, LedgerError>(vec![
                        upload(entry, lane, "fee_detail", case())?,
                        upload(entry, lane, "settlement", slip())?,
                    ])
                })
            })
        })?);
    }
    Ok(times)
}

fn admitted(ledger: &Ledger, n: usize) -> Result<VisitNumber, LedgerError> {
    ledger.write_blocking(move |entry| {
        let new = NewVisit {
            key: format!("admit {n}"),
            record: visit(entry.now().civil)?,
            admitted_by: "bench".to_owned(),
        };
        let admitted = admit(entry, &new, |_| Ok::<_, LedgerError>(Vec::new()))?;
        Ok(admitted.visit().number.clone())
    })
}

fn upload(
    entry: &Entry<'_>,
    lane: &str,
    kind: &str,
    body: String,
) -> Result<NewUpload, LedgerError> {
    Ok(NewUpload {
        key: next_message_id(entry)?.to_string(),
        lane: lane.to_owned(),
        kind: kind.to_owned(),
        body: body.into_bytes(),
        deadline: Deadline::after(entry.now(), Duration::from_mins(30)),
    })
}

fn new_settlement(visit: &VisitNumber, n: usize) -> NewSettlement {
    NewSettlement {
        visit: visit.clone(),
        generation: 1,
        key: format!("settle {n}"),
        settled_at: jiff::Timestamp::UNIX_EPOCH,
        settled_by: "bench".to_owned(),
        totals: Totals {
            fund: "26100.00".to_owned(),
            self_pay: "3200.00".to_owned(),
            other: "200.00".to_owned(),
            total: "29500.00".to_owned(),
            personal: "3400.00".to_owned(),
        },
        discharged_at: None,
        evidence: Evidence {
            version: EvidenceVersion::Two,
            case: case(),
            result: result(),
            resolutions: Vec::new(),
            credential: None,
            profile_hash: "0".repeat(64),
            rule_set: "2".to_owned(),
        },
        slip: slip_facts(),
    }
}

/// Texts of the size that a case, a result and a slip's facts have.
fn case() -> String {
    lines(
        r#"{"number":1,"date":"2026-11-20","column":"drug","code":"86900001000001","name":"注射用头孢曲松钠","unit_price":"12.5000","quantity":"2","amount":"25.00","treats_injury":true,"restriction_met":null,"reverses":null},"#,
    )
}

fn result() -> String {
    lines(r#"{"number":1,"fund":"25.00","self_pay":"0.00","other":"0.00","rule":"E04"},"#)
}

fn slip() -> String {
    "x".repeat(1_500)
}

fn visit(registered_at: jiff::Timestamp) -> Result<Visit, LedgerError> {
    let number = SocialSecurityNumber::parse("320100199003070062");
    let social_security_number = number.map_err(|error| LedgerError::Damaged {
        what: error.to_string(),
    })?;
    Ok(Visit {
        version: Version,
        kind: VisitKind::InpatientMedical,
        worker: Person {
            social_security_number,
            name: PersonName::new("测试一"),
        },
        registered_at,
        department: "骨科".to_owned(),
        inpatient_number: String::new(),
        diagnoses: Vec::new(),
        injury: None,
        third_party_liability: ThirdPartyLiability::None,
        emergency: false,
        force_majeure: false,
        opening: Opening {
            case: String::new(),
            rule_set: "2".to_owned(),
        },
        credential: None,
        confirmed_card: None,
    })
}

/// A slip whose title has the length of all that a slip holds.
fn slip_facts() -> SlipFacts {
    let row = || Row {
        drug: String::new(),
        treatment: String::new(),
        inpatient_service: String::new(),
        rehabilitation: String::new(),
        assistive_device: String::new(),
        total: String::new(),
    };
    SlipFacts {
        version: Version,
        title: slip(),
        institution_name: String::new(),
        institution_place: String::new(),
        institution_grade: String::new(),
        registration_number: String::new(),
        name: String::new(),
        person_category: String::new(),
        insured_place: String::new(),
        social_security_number: String::new(),
        benefit_category: String::new(),
        business_category: String::new(),
        settled_at: String::new(),
        department: String::new(),
        inpatient_number: String::new(),
        admitted_at: String::new(),
        discharged_at: String::new(),
        days: String::new(),
        fund: row(),
        self_pay: row(),
        other: row(),
        total: String::new(),
        personal: String::new(),
        cashier: String::new(),
        reviewer: String::new(),
        preparer: String::new(),
        printed_on: String::new(),
        settled_unix_s: 0,
    }
}

fn lines(line: &str) -> String {
    let mut text = String::new();
    for _ in 0..LINES {
        text.push_str(line);
    }
    text
}

/// What one settlement is asked to keep: evidence, slip and the two uploads.
fn payload_bytes() -> usize {
    2 * (case().len() + slip().len()) + result().len()
}

/// Appends as many bytes as a settlement keeps, and syncs them, `count` times.
fn appends(folder: &Path, count: usize) -> anyhow::Result<Vec<Duration>> {
    let bytes = vec![0xA5_u8; payload_bytes()];
    let mut file: File = OpenOptions::new()
        .append(true)
        .create(true)
        .open(folder.join("raw"))?;
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        times.push(timed(|| {
            file.write_all(&bytes)?;
            file.sync_data()
        })?);
    }
    Ok(times)
}

/// How many syncs `COUNTED` rounds of `what` ask for, and how many the witness takes in the whole run.
fn syncs(what: &str) -> anyhow::Result<(u64, u64)> {
    let (with, witness) = traced(what, COUNTED)?;
    let (without, _) = traced(what, 0)?;
    ensure!(
        with >= without,
        "{what}: {with} syncs with, {without} without"
    );
    Ok((with - without, witness))
}

/// Syncs of other files, and of the witness's.
fn traced(what: &str, count: usize) -> anyhow::Result<(u64, u64)> {
    let folder = tempfile::tempdir()?;
    let trace: PathBuf = folder.path().join("trace");
    let mut command = Command::new("strace");
    command
        // -y names the file of each call.
        .args(["-f", "-y", "-qq", "-e", "trace=fsync,fdatasync", "-o"])
        .arg(&trace)
        .arg(std::env::current_exe()?)
        .args([what, &count.to_string()]);
    let mut said = String::new();
    write!(said, "{command:?}")?;
    let status = command.status().with_context(|| {
        format!("{said}: strace counts the syncs; `tests/prerequisites bench` installs it")
    })?;
    if !status.success() {
        bail!("{said}: {status}");
    }
    let trace = std::fs::read_to_string(&trace)?;
    // A call that another thread interrupts in the listing has a second line, which says "resumed".
    let calls = trace
        .lines()
        .filter(|line| line.contains("sync(") && !line.contains("resumed"));
    let (witness, others): (Vec<_>, Vec<_>) = calls.partition(|line| line.contains("/witness"));
    Ok((others.len() as u64, witness.len() as u64))
}
