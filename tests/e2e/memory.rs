//! Files and uploads that would take all the memory there is: each is refused in a sentence, and the daemon stays well within
//! what its unit allows.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use end_to_end::{Agent, BILL, eventually};
use rustix::fs::{CWD, FileType, Mode, mknodat};
use tokio::task::JoinSet;
use zip::ZipArchive;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::scene::Scene;

const MEGABYTE: u64 = 1024 * 1024;

/// `MemoryMax=` of the unit.
const UNIT: u64 = 1024 * MEGABYTE;

/// The largest file that the door lets in.
const LARGEST: usize = 64 * 1024 * 1024;

/// The bound around a daemon: a memory cgroup as its unit makes one, where this account may make one; address space otherwise.
struct Bound {
    group: Option<PathBuf>,
    status: PathBuf,
}

impl Bound {
    fn around(agent: &Agent) -> Self {
        let id = agent.id().unwrap();
        let made = [
            ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
            ("/sys/fs/cgroup", "memory.max"),
        ];
        let group = made.into_iter().find_map(|(root, limit)| {
            // No other run's: process numbers are those of a namespace, and a run that was killed leaves its group.
            let made = tempfile::Builder::new()
                .prefix("settlement-agent-test-")
                .tempdir_in(root);
            let group = made.ok()?.keep();
            let bounded = fs::write(group.join(limit), UNIT.to_string())
                .and_then(|()| fs::write(group.join("cgroup.procs"), id.to_string()));
            if bounded.is_err() {
                fs::remove_dir(&group).unwrap();
            }
            bounded.is_ok().then_some(group)
        });
        if group.is_none() {
            // Threads set aside more of it than they ever use.
            let most = format!("--as={}", 4 * UNIT);
            let id = id.to_string();
            let limited = Command::new("prlimit").args(["--pid", &id, &most]).status();
            assert!(limited.unwrap().success());
        }
        Self {
            group,
            status: format!("/proc/{id}/status").into(),
        }
    }

    /// The most memory that the daemon ever had at once, in megabytes; its own alone, without the process that reads workbooks.
    fn peak(&self) -> u64 {
        let status = fs::read_to_string(&self.status).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.unwrap().trim().strip_suffix(" kB").unwrap();
        kilobytes.parse::<u64>().unwrap() / 1024
    }

    /// Nothing in the cgroup was killed for want of memory.
    fn require_nobody_killed(&self) {
        let Some(group) = &self.group else { return };
        let told = ["memory.oom_control", "memory.events"].map(|file| group.join(file));
        let told = told.iter().find_map(|file| fs::read_to_string(file).ok());
        let told = told.unwrap();
        assert!(told.lines().any(|line| line == "oom_kill 0"), "{told}");
    }
}

impl Drop for Bound {
    fn drop(&mut self) {
        if let Some(group) = &self.group {
            // Empty once the daemon is gone; what is left of it hurts nobody.
            drop(fs::remove_dir(group));
        }
    }
}

fn head() -> &'static str {
    BILL.lines().next().unwrap()
}

/// So many lines without a fault, as short as lines can be.
fn short_lines(count: u64) -> Vec<u8> {
    let mut bill = format!("{head}\n", head = head());
    for number in 1..=count {
        writeln!(bill, "{number},2025-08-12,药品,X,药,1,1,1.00,是,,").unwrap();
    }
    bill.into_bytes()
}

/// A sheet that is one cell of 400 MB.
fn one_cell() -> Vec<u8> {
    const XLSX: &[u8] = include_bytes!("../bills/discharge.xlsx");
    const SHEET: &str = "xl/worksheets/sheet1.xml";
    let mut parts = ZipArchive::new(Cursor::new(XLSX)).unwrap();
    let mut written = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..parts.len() {
        let part = parts.by_index(index).unwrap();
        if part.name().unwrap() != SHEET {
            written.raw_copy_file(part).unwrap();
        }
    }
    let quick = SimpleFileOptions::default().compression_level(Some(1));
    written.start_file(SHEET, quick).unwrap();
    written
        .write_all(b"<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>")
        .unwrap();
    let megabyte = vec![b'x'; 1024 * 1024];
    for _ in 0..400 {
        written.write_all(&megabyte).unwrap();
    }
    written
        .write_all(b"</v></c></row></sheetData></worksheet>")
        .unwrap();
    written.finish().unwrap().into_inner()
}

/// A sheet whose last number stands in the last corner of a grid of 65,536 by 65,536.
fn boundless_grid() -> Vec<u8> {
    const XLS: &[u8] = include_bytes!("../bills/discharge.xls");
    const NUMBER: [u8; 4] = [0x03, 0x02, 14, 0];
    let mut file = XLS.to_vec();
    let last = file.windows(4).rposition(|four| four == NUMBER).unwrap();
    file[last + 4..last + 8].fill(0xFF);
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn no_file_takes_the_units_memory_and_each_refusal_is_short_and_names_the_place() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let bound = Bound::around(scene.agent());
    let mut long_head = "序".repeat(LARGEST / 3).into_bytes();
    long_head.truncate(LARGEST);
    let below = [head().as_bytes(), b"\n", &vec![b','; 60_000_000]].concat();
    for (file, code, words) in [
        (vec![b','; LARGEST], "bill_head_missing", "前 40 行"),
        (long_head, "bill_head_missing", "前 40 行"),
        (below, "bill_too_large", "一行超过 256 列（第 2 行）"),
        (
            short_lines(1_300_000),
            "bill_too_large",
            "明细超过 200000 行（第 200002 行）",
        ),
        (one_cell(), "bill_too_large", "512 MB 内存"),
        (boundless_grid(), "bill_too_large", "512 MB 内存"),
    ] {
        assert!(file.len() <= LARGEST, "{words}: {}", file.len());
        let refused = scene.his().quote_file(&visit, &scene.stay, file).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.code(), Some(code), "{words}: {refused}");
        let (say, next) = refused.words().unwrap();
        assert!(say.contains(words), "{say}");
        assert!(say.len() + next.len() < 500, "{say}{next}");
    }
    bound.require_nobody_killed();
    let peak = bound.peak();
    eprintln!("the daemon's peak: {peak} MB");
    assert!(peak < 500, "{peak} MB");
    scene.quoted(&visit).await;
    scene.stage.strike().await.unwrap();
}

/// Waits until a long bill is being read, which goes on when the file is closed.
async fn begun(fifo: &Path) -> File {
    let fifo = fifo.to_owned();
    let opened = tokio::task::spawn_blocking(move || File::options().write(true).open(fifo));
    opened.await.unwrap().unwrap()
}

/// The cookie of somebody who has just signed in on the page.
async fn cookie(scene: &Scene) -> String {
    let printed = scene
        .stage
        .premises
        .run_configured("page", [])
        .await
        .unwrap();
    let printed = String::from_utf8(printed.stdout).unwrap();
    let mut words = printed.split_whitespace();
    let link = words.find(|word| word.starts_with("http://")).unwrap();
    let stays = reqwest::redirect::Policy::none();
    let browser = reqwest::Client::builder().redirect(stays).build().unwrap();
    let entered = browser.get(link).send().await.unwrap();
    let cookie = entered.headers()["set-cookie"].to_str().unwrap();
    cookie.split_once(';').unwrap().0.to_owned()
}

/// One long bill is being read, and stands there; nineteen more of 60 MB come at the same time.
#[tokio::test(flavor = "multi_thread")]
async fn twenty_long_bills_at_once_wait_outside_and_are_told_so_when_it_takes_too_long() {
    let mut scene = Scene::without_agent(&["Virtual PCD"]).await;
    let fifo = scene.stage.folder().join("held");
    mknodat(CWD, &fifo, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let hold = format!("bill_read={}", fifo.display());
    let environment = [("SETTLEMENT_AGENT_FAILPOINT_HOLD", hold.as_str())];
    scene.stage.start_agent(&environment).await.unwrap();
    scene.his().synchronised().await.unwrap();
    let visit = scene.admitted().await;
    let bound = Bound::around(scene.agent());

    // One copy for all of them, for as long as the test runs.
    let bill: &'static [u8] = Vec::leak(vec![b','; 60_000_000]);
    let mut uploads = JoinSet::new();
    for _ in 0..20 {
        let (his, stay, visit) = (scene.his(), scene.stay, visit.clone());
        uploads.spawn(async move { his.quote_file(&visit, &stay, bill).await });
    }
    // Opens as soon as the first one is being read.
    let opened = begun(&fifo).await;
    // So does one from the page: its body is not even looked at before there is room.
    let (origin, entered) = (scene.agent().origin().to_owned(), cookie(&scene).await);
    let address = format!("{origin}/visits/{visit}/quote");
    let from_page = tokio::spawn(async move {
        let request = reqwest::Client::new()
            .post(address)
            .header("cookie", entered)
            .header("origin", origin)
            .header("content-type", "multipart/form-data; boundary=none");
        request
            .body(bill)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    });
    // A bill as most are waits for nobody.
    scene.quoted(&visit).await;

    let mut told = Vec::new();
    let agent = scene.agent();
    eventually("nineteen that are told to come again", async || {
        agent.advance(31).await?;
        while let Some(ended) = uploads.try_join_next() {
            told.push(ended.unwrap().unwrap_err());
        }
        Ok((told.len() == 19).then_some(()))
    })
    .await
    .unwrap();
    for refused in &told {
        assert_eq!(refused.code(), Some("bill_waits"), "{refused}");
    }
    let from_page = from_page.await.unwrap();
    assert!(from_page.contains("bill_waits"), "{from_page}");
    let peak = bound.peak();
    eprintln!("the daemon's peak: {peak} MB");
    assert!(peak < 300, "{peak} MB");

    drop(opened);
    let first = uploads.join_next().await.unwrap().unwrap().unwrap_err();
    assert_eq!(first.code(), Some("bill_head_missing"), "{first}");
    // The room is free again.
    let (his, stay) = (scene.his(), scene.stay);
    let last = tokio::spawn(async move { his.quote_file(&visit, &stay, bill).await });
    drop(begun(&fifo).await);
    let last = last.await.unwrap().unwrap_err();
    assert_eq!(last.code(), Some("bill_head_missing"), "{last}");
    bound.require_nobody_killed();
    scene.stage.strike().await.unwrap();
}
