//! `settlement-agent scan`, as an IT person types it, with a pseudo-terminal for the scanner.

use std::ffi::OsStr;

use end_to_end::{Process, built};
use tempfile::TempDir;
use tokio::process::Command;
use virtual_card::SerialDevice;

use crate::scene::Scene;

const CODE: &str = "A7f93kd02mfQx81Lz";

/// A scanner's cable; `scan` has the other end.
struct Cable {
    folder: TempDir,
    scanner: SerialDevice,
}

impl Cable {
    fn new() -> Self {
        let folder = TempDir::with_prefix("scan-").unwrap();
        let scanner = SerialDevice::plug_in(&folder.path().join("scanner")).unwrap();
        Self { folder, scanner }
    }

    /// Runs `scan` until the line is open.
    async fn scan(&self, arguments: &[&str]) -> Process {
        let mut command = Command::new(built("settlement-agent").unwrap());
        command
            .arg("scan")
            .arg("--device")
            .arg(self.folder.path().join("scanner"))
            .args(arguments);
        connected(command).await
    }

    fn say(&mut self, bytes: &[u8]) {
        self.scanner.say(bytes).unwrap();
    }
}

async fn connected(command: Command) -> Process {
    let scan = Process::start("scan", command).unwrap();
    scan.hear(0, |line| {
        line.starts_with("扫码枪已连接，请扫码：").then_some(())
    })
    .await
    .unwrap();
    scan
}

/// What it said about the codes, when it has ended well.
async fn said(mut scan: Process) -> String {
    let ended = scan.ended().await.unwrap();
    assert_eq!(ended.code(), Some(0), "{}", scan.log());
    let log = scan.log();
    let (_, said) = log.split_once("请扫码：").unwrap();
    let (_scanner, said) = said.split_once('\n').unwrap();
    said.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_described_and_not_shown() {
    let mut cable = Cable::new();
    let scan = cable.scan(&[]).await;
    cable.say(format!("{CODE}\r\n").as_bytes());
    let said = said(scan).await;
    let (before, after) = said.split_once("传输用时 ").unwrap();
    assert_eq!(
        before,
        "没有识别出种类，可能是电子社保卡，由省平台核验。\n  长度 17 字节，"
    );
    assert!(
        after.ends_with(" 毫秒，结束符：CRLF（回车换行）。\n  扫码后 60 秒内有效，只能用一次。"),
        "{after}"
    );
    assert!(!said.contains(CODE));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_shown_on_request_without_what_the_scanner_puts_around_it() {
    let mut cable = Cable::new();
    let around = ["--unmasked", "--prefix", "]Q1", "--suffix", "#"];
    let scan = cable.scan(&around).await;
    cable.say(format!("]Q1{CODE}#\n").as_bytes());
    let said = said(scan).await;
    assert!(said.contains("\n  长度 21 字节，"), "{said}");
    assert!(said.contains("结束符：LF（换行）。"), "{said}");
    assert!(said.ends_with(&format!("\n  内容：{CODE}")), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_of_another_kind_are_named_and_garbage_is_explained() {
    let mut cable = Cable::new();
    let scan = cable.scan(&["--count", "4"]).await;
    cable.say(b"11010519491231002X\rhttps://example.org/\r\xFF\xFE\x80\rabc\r");
    let said = said(scan).await;
    let kinds: Vec<&str> = said.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(
        kinds,
        [
            "扫到的不是电子社保卡，是身份证号码。",
            "扫到的不是电子社保卡，是网址。",
            "扫码枪传来的是乱码。",
            "扫到的内容太短，不是电子社保卡。"
        ]
    );
    assert!(!said.contains("1949"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanner_without_line_ends_is_told_by_its_silence() {
    let mut cable = Cable::new();
    let scan = cable.scan(&["--ends", "silence"]).await;
    cable.say(CODE.as_bytes());
    let said = said(scan).await;
    assert!(said.contains("结束符：没有结束符，以停顿为界。"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_configured_scanner_is_used_unless_the_daemon_has_it() {
    let mut scene = Scene::without_agent(&[]).await;
    let link = scene.stage.folder().join("scanner");
    let mut scanner = SerialDevice::plug_in(&link).unwrap();
    let device = link.display();
    let added = format!(
        "[[scanner]]\ndevice = '{device}'\nprefix = \"]Q1\"\n[code]\nmax_age_seconds = 30\n"
    );
    scene.stage.premises.configure(&added).unwrap();
    let command = |scene: &Scene| {
        let mut command = scene.stage.premises.command("scan");
        let configuration = scene.stage.premises.configuration();
        command.args([OsStr::new("--config"), configuration.as_os_str()]);
        command
    };
    let scan = connected(command(&scene)).await;
    scanner.say(format!("]Q1{CODE}\r").as_bytes()).unwrap();
    let said = said(scan).await;
    assert!(said.contains("\n  长度 20 字节，"), "{said}");
    assert!(said.contains("结束符：CR（回车）。"), "{said}");
    assert!(said.contains("\n  扫码后 30 秒内有效"), "{said}");

    scene.stage.start_agent(&[]).await.unwrap();
    scene.agent().hear("serial line open").await.unwrap();
    let scan = Process::start("scan", command(&scene)).unwrap();
    scan.hear(0, |line| {
        (line == format!("{device}：扫码枪被另一个程序占用。（scanner_held）")).then_some(())
    })
    .await
    .unwrap();
    scan.hear(0, |line| {
        line.contains("请先执行 systemctl stop settlement-agent")
            .then_some(())
    })
    .await
    .unwrap();
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanner_that_is_not_there_is_named_with_what_to_do() {
    let mut command = Command::new(built("settlement-agent").unwrap());
    command.args(["scan", "--device", "/nowhere/scanner"]);
    let scan = Process::start("scan", command).unwrap();
    scan.hear(0, |line| line.contains("（scanner_missing）").then_some(()))
        .await
        .unwrap();
}
