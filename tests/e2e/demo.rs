//! The demo: without a terminal it ends after the whole stay; in one it stays, for a look at the page.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitStatus;

use end_to_end::{PATIENCE, built, eventually, prepare_tls};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::doors::entered;

/// What the demo wrote to standard output and standard error, and whether it ended well.
async fn played(path: Option<&str>) -> (String, String, bool) {
    let mut command = Command::new(built("demo").unwrap());
    command
        .kill_on_drop(true)
        .stdin(std::process::Stdio::null());
    if let Some(path) = path {
        command.env("PATH", path);
    }
    let ended = command.output().await.unwrap();
    (
        String::from_utf8(ended.stdout).unwrap(),
        String::from_utf8(ended.stderr).unwrap(),
        ended.status.success(),
    )
}

#[tokio::test]
async fn without_a_terminal_the_demo_plays_to_the_end_and_leaves_the_slip() {
    let (told, complained, success) = played(None).await;
    assert!(success, "{told}\n{complained}");
    for wanted in [
        "测试一 650102199003070013 (synthetic)",
        "total 总费用 28630.78 = fund 24397.50 + worker pays 个人支付 4233.28",
        "56 lines under E02 (national:32)",
        "3 lines under E03 (annex10:1)",
        "11 lines under E04 (notice:4(3))",
        "card inserted to acknowledgement",
    ] {
        assert!(told.contains(wanted), "{wanted}:\n{told}");
    }
    let slip = told
        .lines()
        .find_map(|line| line.strip_prefix("Slip 结算单: "))
        .unwrap();
    assert!(std::fs::read(slip).unwrap().starts_with(b"%PDF-"));
    std::fs::remove_dir_all(Path::new(slip).parent().unwrap()).unwrap();
}

#[tokio::test]
async fn where_a_step_fails_the_demo_says_why_and_ends_with_another_status() {
    // Without unshare there is no private network for the card reader.
    let (told, complained, success) = played(Some("/nowhere")).await;
    assert!(!success, "{told}");
    assert!(complained.starts_with("demo: "), "{complained}");
    assert!(!told.contains("Slip"), "{told}");
}

/// The demo in a terminal of its own, which a pseudo-terminal is to it, with a temporary folder of its own.
struct Terminal {
    demo: Child,
    keys: File,
    lines: Lines<BufReader<tokio::fs::File>>,
    told: String,
    folder: TempDir,
}

impl Terminal {
    fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let keys = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&keys).unwrap();
        unlockpt(&keys).unwrap();
        let path = ptsname(&keys, Vec::new()).unwrap().into_string().unwrap();
        let screen = || File::options().read(true).write(true).open(&path).unwrap();
        let demo = Command::new("setsid")
            .arg("--ctty")
            .arg(built("demo").unwrap())
            .env("TMPDIR", folder.path())
            .stdin(screen())
            .stdout(screen())
            .stderr(screen())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let keys = File::from(keys);
        let shown = tokio::fs::File::from_std(keys.try_clone().unwrap());
        Self {
            demo,
            keys,
            lines: BufReader::new(shown).lines(),
            told: String::new(),
            folder,
        }
    }

    /// Waits for a line that contains `words`.
    async fn hear(&mut self, words: &str) -> String {
        loop {
            let line = timeout(PATIENCE, self.lines.next_line()).await;
            let Ok(Ok(Some(line))) = line else {
                panic!("not told: {words}:\n{}", self.told);
            };
            self.told.push_str(&line);
            self.told.push('\n');
            if line.contains(words) {
                return line.trim().to_owned();
            }
        }
    }

    async fn link(&mut self) -> String {
        self.hear("    http://127.0.0.1:").await
    }

    fn type_in(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    /// Closes the terminal, as a window is closed, and waits until nothing of the demo is left.
    async fn close(self) -> ExitStatus {
        let Self {
            mut demo,
            keys,
            lines,
            folder,
            ..
        } = self;
        drop((keys, lines));
        let status = timeout(PATIENCE, demo.wait()).await.unwrap().unwrap();
        eventually("an end of everything the demo started", async || {
            let left = std::fs::read_dir(folder.path())?.count();
            Ok((left == 0 && !anything_runs_with(folder.path())).then_some(()))
        })
        .await
        .unwrap();
        status
    }
}

/// Whether a process has this folder in its environment, as everything has that the demo starts.
fn anything_runs_with(folder: &Path) -> bool {
    let folder = folder.to_str().unwrap().as_bytes();
    std::fs::read_dir("/proc").unwrap().any(|process| {
        // One that has ended meanwhile has none.
        let environment = std::fs::read(process.unwrap().path().join("environ"));
        environment.is_ok_and(|all| all.windows(folder.len()).any(|part| part == folder))
    })
}

/// Removes what stays of a demo on purpose.
fn remove_bill_and_slip(bill: &str) {
    std::fs::remove_dir_all(Path::new(bill).parent().unwrap()).unwrap();
}

#[tokio::test]
async fn in_a_terminal_enter_prints_a_fresh_link_until_ctrl_c_ends_everything() {
    let mut terminal = Terminal::open();
    let bill = terminal.hear("/bill.csv").await;
    assert!(anything_runs_with(terminal.folder.path()));
    terminal
        .hear("until Ctrl-C; Enter prints a fresh link")
        .await;
    terminal.hear("within a minute, once, in the account").await;
    let first = terminal.link().await;
    terminal.type_in("\n");
    let second = terminal.link().await;
    assert_ne!(first, second);
    prepare_tls();
    entered(&second).await;
    terminal.type_in("\u{3}");
    terminal.hear("nothing stays behind but the bill").await;
    assert_eq!(terminal.close().await.code(), Some(0));
    remove_bill_and_slip(&bill);
}

#[tokio::test]
async fn a_terminal_that_is_closed_ends_the_demo_at_any_moment_and_leaves_no_key_behind() {
    for moment in ["DISCHARGE", "until Ctrl-C"] {
        let mut terminal = Terminal::open();
        let bill = terminal.hear("/bill.csv").await;
        terminal.hear(moment).await;
        terminal.close().await;
        remove_bill_and_slip(&bill);
    }
}
