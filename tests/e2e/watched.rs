//! A part of the daemon ends or stands still: nobody is left with half a daemon that says all is well.

use std::os::unix::fs::chown;
use std::path::Path;

use end_to_end::{PATIENCE, Process, Stage, built, eventually};
use serde_json::Value;
use tokio::net::UnixDatagram;
use tokio::process::Command;
use tokio::time::timeout;

/// A scanner that is not plugged in is watched like any other.
const DEVICES: &str = "\n[[scanner]]\ndevice = '/dev/serial/by-id/none'\n[identity_reader]\ndevice = '/dev/serial/by-id/none-either'\n";

/// Everything the daemon does of its own accord.
const LOOPS: [&str; 8] = [
    "uploader",
    "synchronisation",
    "ledger",
    "threads",
    "doors",
    "cards",
    "scanner /dev/serial/by-id/none",
    "identity reader",
];

/// An account that runs nothing else, so that what it may run is this daemon's.
const ACCOUNT: u32 = 54_321;

async fn stage() -> Stage {
    let stage = Stage::without_agent(Vec::new()).await.unwrap();
    stage.premises.configure(DEVICES).unwrap();
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_panics_ends_the_daemon_with_words() {
    let stage = stage().await;
    for name in LOOPS {
        let mut command = stage.premises.command("run");
        command
            .arg("--config")
            .arg(stage.premises.configuration())
            .env("SETTLEMENT_AGENT_FAILPOINT_PANIC", name);
        let mut agent = Process::start("settlement-agent", command).unwrap();
        let ended = agent.ended().await.unwrap();
        let said = agent
            .hear(0, |line| line.contains("task_ended").then_some(()))
            .await;
        let log = agent.log();
        assert!(said.is_ok(), "{name}: {log}");
        assert_eq!(ended.code(), Some(1), "{name}: {log}");
        let told = format!("the task \"{name}\" panicked, and was never to end");
        assert!(log.contains(&told), "{name}: {log}");
    }
}

/// What systemd is sent, message by message.
struct Notified(UnixDatagram);

impl Notified {
    async fn next(&self) -> String {
        let mut message = [0; 4096];
        let length = timeout(PATIENCE, self.0.recv(&mut message)).await;
        let length = length.unwrap().unwrap();
        String::from_utf8(message[..length].to_vec())
            .unwrap()
            .trim()
            .to_owned()
    }

    async fn until(&self, wanted: &str) {
        while self.next().await != wanted {}
    }
}

const ALIVE: &str = "WATCHDOG=1";

#[tokio::test(flavor = "multi_thread")]
async fn systemd_is_told_that_all_is_well_only_while_every_loop_goes_round() {
    let mut stage = stage().await;
    for name in LOOPS {
        let path = stage.folder().join("notify");
        drop(std::fs::remove_file(&path));
        let systemd = Notified(UnixDatagram::bind(&path).unwrap());
        let environment = [
            ("NOTIFY_SOCKET", path.to_str().unwrap()),
            ("WATCHDOG_USEC", "200000"),
            ("SETTLEMENT_AGENT_FAILPOINT_STALL", name),
        ];
        let agent = stage.start_agent(&environment).await.unwrap();
        systemd.until("READY=1").await;
        systemd.until(ALIVE).await;
        // Longer than any loop may be silent: those that go round say so again within seconds.
        agent.advance(600).await.unwrap();
        let still = format!("STATUS=stands still: {name}");
        systemd.until(&still).await;
        for _ in 0..20 {
            assert_eq!(systemd.next().await, still);
        }
        agent.hear("a loop stands still").await.unwrap();
        let agent = stage.agent.take().unwrap();
        agent.kill().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_wakes_from_a_long_sleep_is_well_again_by_itself() {
    let mut stage = stage().await;
    let path = stage.folder().join("notify");
    let systemd = Notified(UnixDatagram::bind(&path).unwrap());
    let environment = [
        ("NOTIFY_SOCKET", path.to_str().unwrap()),
        ("WATCHDOG_USEC", "200000"),
    ];
    let agent = stage.start_agent(&environment).await.unwrap();
    agent.advance(8 * 3600).await.unwrap();
    agent.his().synchronised().await.unwrap();
    systemd.until("READY=1").await;
    systemd.until(ALIVE).await;
    stage.strike().await.unwrap();
}

/// Gives the folder with all in it to the account.
fn give_away(folder: &Path) {
    chown(folder, Some(ACCOUNT), Some(ACCOUNT)).unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            give_away(&entry.path());
        } else {
            chown(entry.path(), Some(ACCOUNT), Some(ACCOUNT)).unwrap();
        }
    }
}

/// The daemon in an account that may run so many threads and processes and not one more.
fn confined(stage: &Stage, program: &Path, most: u32) -> Process {
    give_away(stage.folder());
    let mut command = Command::new("setpriv");
    command
        .args([format!("--reuid={ACCOUNT}"), format!("--regid={ACCOUNT}")])
        .args(["--clear-groups", "prlimit"])
        .arg(format!("--nproc={most}:{most}"))
        .arg(program)
        .args(["run", "--config"])
        .arg(stage.premises.configuration());
    Process::start("settlement-agent", command).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_threads_it_needs_it_ends_with_words_and_with_just_those_it_does_all() {
    let stage = stage().await;
    let more = "[[scanner]]\ndevice = '/dev/serial/by-id/a'\n[[scanner]]\ndevice = '/dev/serial/by-id/b'\n\
                [[scanner]]\ndevice = '/dev/serial/by-id/c'\n[card]\nenabled = false\n";
    stage.premises.configure(more).unwrap();
    // The account cannot enter the folder in which the program was built.
    let program = stage.folder().join("settlement-agent");
    std::fs::copy(built("settlement-agent").unwrap(), &program).unwrap();
    let mut fewest = None;
    for most in 1..64 {
        let mut agent = confined(&stage, &program, most);
        let ready = agent.hear(0, |line| {
            let (_, address) = line.split_once(" ready address=")?;
            Some(format!("http://{address}"))
        });
        if let Ok(origin) = ready.await {
            fewest = Some((agent, origin));
            break;
        }
        let ended = agent.ended().await.unwrap();
        assert!(!ended.success(), "{most}: {}", agent.log());
        let said = ["错误：", "panicked"];
        let log = agent.log();
        assert!(said.iter().any(|said| log.contains(said)), "{most}: {log}");
    }
    let (mut agent, origin) = fewest.expect("64 threads are enough");
    let token = stage.premises.token().unwrap();
    let his = end_to_end::His::new(&origin, &token, stage.premises.operator());
    his.synchronised().await.unwrap();
    // Not all devices have a thread: that is shown, and the rest goes on.
    eventually("a device that is shown as not started", async || {
        let desk = his.desk().await?;
        let troubles = desk["other_troubles"].as_array().cloned();
        let not_started = |trouble: &Value| trouble["code"] == "device_not_started";
        Ok(troubles
            .unwrap_or_default()
            .iter()
            .any(not_started)
            .then_some(()))
    })
    .await
    .unwrap();
    let ended = agent.stop().await.unwrap();
    assert!(ended.success(), "{}", agent.log());
}
