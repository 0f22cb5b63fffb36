//! A process killed at every write, and at any moment: what it acknowledged is there, whole, and in order.
//!
//! The child is this test binary again. In the first test the kernel kills it (SIGXFSZ) when the log would grow past a
//! limit, which is moved through every frame of the log, so that each write is cut before it, within it and after it. The
//! page cache outlives a killed process: what a power cut would take is not tested here.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use offline_queue::{Lane, Lanes, Outcome, RemedyEntry, RemedyKind, Which};
use rusqlite::Connection;
use rustix::process::{Resource, Rlimit, Signal, setrlimit};

use super::{LEASE_FOR, RETRY, commit, pass, ten_o_clock, upload};

/// Tells the child its file; `LIMIT` how far the log may grow in bytes.
const FILE: &str = "OFFLINE_QUEUE_KILL_FILE";
const LIMIT: &str = "OFFLINE_QUEUE_KILL_LIMIT";

/// Header of the log, and of each frame in it; a page.
const LOG_HEADER: u64 = 32;
const FRAME_HEADER: u64 = 24;
const PAGE: u64 = 4_096;

fn open(path: &Path, autocheckpoint: i64) -> Connection {
    let conn = Connection::open(path).unwrap();
    conn.pragma_update(None, "journal_mode", "WAL").unwrap();
    conn.pragma_update(None, "synchronous", "FULL").unwrap();
    conn.pragma_update(None, "wal_autocheckpoint", autocheckpoint)
        .unwrap();
    conn
}

fn installed(path: &Path) {
    let mut conn = open(path, 0);
    commit(&mut conn, |tx| offline_queue::install(tx).unwrap());
}

/// One transaction of the workload: each kind of call, over three lanes.
fn step(conn: &mut Connection, n: u64) {
    let mut now = ten_o_clock();
    pass(&mut now, n * 60);
    let lane = format!("visit {}", n % 3);
    commit(conn, |tx| {
        let new = upload(&format!("m{n}"), &lane, 1_800, &now);
        offline_queue::enqueue(tx, &new, &now).unwrap();
        if let Some(lease) = offline_queue::lease(tx, &now, LEASE_FOR, Lanes::All).unwrap() {
            let outcome = match n % 4 {
                0 => Outcome::Delivered {
                    receipt: "r".into(),
                },
                1 => Outcome::Rejected {
                    code: "-1".to_owned(),
                    reason: "r".into(),
                    lane: Lane::Waits,
                },
                2 => Outcome::OutcomeUnknown { detail: "d".into() },
                _ => return,
            };
            offline_queue::finish(tx, lease.token, outcome, &now, RETRY).unwrap();
            if n % 4 == 1 {
                let decision = RemedyEntry {
                    remedy: RemedyKind::SendAgain,
                    who: "w".into(),
                    why: "y".into(),
                };
                offline_queue::remedy(tx, &lease.key, &decision, &now).unwrap();
            }
        }
    });
}

/// All that the queue keeps, a line for each upload.
fn dump(conn: &Connection) -> String {
    let mut now = ten_o_clock();
    pass(&mut now, 86_400);
    let lanes = ["visit 0", "visit 1", "visit 2"].map(Which::Lane);
    let uploads = lanes.map(|lane| offline_queue::list(conn, lane, &now).unwrap());
    let kept = uploads.into_iter().flatten().map(|upload| {
        let attempts = offline_queue::attempts(conn, &upload.key).unwrap();
        let decisions = offline_queue::remedies(conn, &upload.key).unwrap();
        let body: String = conn
            .query_row(
                "SELECT CAST(body AS TEXT) FROM queue_upload JOIN queue_body ON upload = sequence WHERE key = ?1",
                [&upload.key],
                |row| row.get(0),
            )
            .unwrap();
        format!("{body} {upload:?} {attempts:?} {decisions:?}")
    });
    let kept: Vec<String> = kept.collect();
    let sound: String = conn
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
    kept.join("\n")
}

/// Runs the workload in a child of this test, `test` being its own name.
fn spawn(test: &str, file: &Path, limit: Option<u64>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env(FILE, file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let Some(limit) = limit {
        command.env(LIMIT, limit.to_string());
    }
    command.spawn().unwrap()
}

/// What the child says once a step is committed.
fn acknowledge(n: u64) {
    let mut stdout = std::io::stdout();
    writeln!(stdout, "\ncommitted {n}").unwrap();
    stdout.flush().unwrap();
}

fn acknowledged(line: &str) -> Option<u64> {
    line.strip_prefix("committed ")?.parse().ok()
}

/// Reads the child to its end; how many steps it acknowledged, and how it ended.
fn watch(mut child: Child) -> (u64, ExitStatus) {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let steps = lines
        .filter_map(|line| acknowledged(&line.unwrap()))
        .map(|n| n + 1)
        .last()
        .unwrap_or(0);
    (steps, child.wait().unwrap())
}

const STEPS: u64 = 8;

fn limited_child(file: &Path) {
    let limit: u64 = std::env::var(LIMIT).unwrap().parse().unwrap();
    let mut conn = open(file, 0);
    setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    )
    .unwrap();
    setrlimit(
        Resource::Fsize,
        Rlimit {
            current: Some(limit),
            maximum: Some(limit),
        },
    )
    .unwrap();
    for n in 0..STEPS {
        step(&mut conn, n);
        acknowledge(n);
    }
    // Without the farewell checkpoint: the log is what is looked at.
    std::process::exit(0);
}

/// File and log as a machine finds them after its start: without the shared memory of the process that died.
fn as_after_a_restart(file: &Path, to: &Path) -> PathBuf {
    let copy = to.join("queue.db");
    std::fs::copy(file, &copy).unwrap();
    std::fs::copy(log_of(file), log_of(&copy)).unwrap();
    copy
}

fn log_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

#[test]
fn killed_at_every_write_the_queue_holds_all_that_was_acknowledged_and_nothing_half_done() {
    const NAME: &str = "kill::killed_at_every_write_the_queue_holds_all_that_was_acknowledged_and_nothing_half_done";
    if let Some(file) = std::env::var_os(FILE) {
        limited_child(Path::new(&file));
    }
    let folder = tempfile::tempdir().unwrap();
    let expected = states_after_each_step(folder.path());
    let empty = folder.path().join("empty.db");
    installed(&empty);

    let run = |limit: u64| {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("queue.db");
        std::fs::copy(&empty, &file).unwrap();
        // An open connection keeps the shared memory file, whose own growth is not what is cut.
        let holder = open(&file, 0);
        dump(&holder);
        let (steps, status) = watch(spawn(NAME, &file, Some(limit)));
        let restarted = tempfile::tempdir().unwrap();
        let log_bytes = std::fs::metadata(log_of(&file)).unwrap().len();
        let found = dump(&open(&as_after_a_restart(&file, restarted.path()), 0));
        (steps, status, log_bytes, found)
    };

    let (steps, status, log_bytes, found) = run(1 << 30);
    assert!(status.success());
    assert_eq!((steps, Some(&found)), (STEPS, expected.last()));
    let frames = (log_bytes - LOG_HEADER) / (FRAME_HEADER + PAGE);
    assert!(frames > STEPS, "{log_bytes} bytes of log");

    let mut kills = 0;
    for frame in 0..frames {
        let begin = LOG_HEADER + frame * (FRAME_HEADER + PAGE);
        for limit in [begin, begin + FRAME_HEADER, begin + FRAME_HEADER + PAGE / 2] {
            let (steps, status, _, found) = run(limit);
            assert_eq!(
                status.signal(),
                Some(Signal::XFSZ.as_raw()),
                "at {limit}: {status}"
            );
            let steps = usize::try_from(steps).unwrap();
            // The step under way may have been committed without having been acknowledged.
            assert!(
                found == expected[steps] || found == expected[steps + 1],
                "killed at byte {limit} of the log after {steps} acknowledged steps:\n{found}"
            );
            kills += 1;
        }
    }
    assert_eq!(kills, frames * 3);
}

/// What the queue holds after 0, 1, 2 … steps that nobody kills.
fn states_after_each_step(folder: &Path) -> Vec<String> {
    let file = folder.join("expected.db");
    installed(&file);
    let mut conn = open(&file, 0);
    let mut states = vec![dump(&conn)];
    for n in 0..STEPS {
        step(&mut conn, n);
        states.push(dump(&conn));
    }
    states
}

fn endless_child(file: &Path) -> ! {
    // A checkpoint after nearly every commit, so that kills fall into those too.
    let mut conn = open(file, 4);
    let mut n: u64 = conn
        .query_row("SELECT count(*) FROM queue_upload", [], |row| {
            row.get::<_, i64>(0)
        })
        .unwrap()
        .try_into()
        .unwrap();
    loop {
        step(&mut conn, n);
        acknowledge(n);
        n += 1;
    }
}

#[test]
fn killed_at_any_moment_again_and_again_the_queue_goes_on_where_it_was() {
    const NAME: &str = "kill::killed_at_any_moment_again_and_again_the_queue_goes_on_where_it_was";
    if let Some(file) = std::env::var_os(FILE) {
        endless_child(Path::new(&file));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("queue.db");
    installed(&file);
    let mut last = 0;
    for round in 0..12 {
        let mut child = spawn(NAME, &file, None);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let acknowledgements = lines
            .by_ref()
            .filter_map(|line| acknowledged(&line.unwrap()));
        last = acknowledgements.take(1 + round % 5).last().unwrap();
        child.kill().unwrap();
        last = lines
            .filter_map(|line| acknowledged(&line.unwrap()))
            .last()
            .unwrap_or(last);
        assert_eq!(child.wait().unwrap().signal(), Some(Signal::KILL.as_raw()));
        let conn = open(&file, 4);
        let dump = dump(&conn);
        for n in 0..=last {
            assert!(dump.contains(&format!("key: \"m{n}\"")), "m{n} is lost");
        }
        let held = u64::try_from(dump.lines().count()).unwrap();
        assert!(
            held == last + 1 || held == last + 2,
            "{held} uploads after {last} was acknowledged"
        );
    }
    assert!(last > 12, "{last}");
}
