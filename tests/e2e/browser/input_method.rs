//! A scanner that is a keyboard in front of a real Chinese input method: Chromium in a window, its keys from the X server.

use std::fs;

use end_to_end::{Process, eventually};
use tempfile::TempDir;
use tokio::process::Command;

use super::driver::Browser;
use crate::scene::Scene;

/// English first, Pinyin on from the start in every window, as counters have it.
const PROFILE: &str = "[Groups/0]\nName=Default\nDefault Layout=us\nDefaultIM=pinyin\n\n\
    [Groups/0/Items/0]\nName=keyboard-us\nLayout=\n\n[Groups/0/Items/1]\nName=pinyin\nLayout=\n\n\
    [GroupOrder]\n0=Default\n";
const CONFIG: &str = "[Behavior]\nActiveByDefault=True\nShareInputState=All\n";

/// A screen with Pinyin switched on. Fields drop in order: the input method before its bus and its screen.
struct Desktop {
    environment: Vec<(&'static str, String)>,
    _windows: Process,
    _input_method: Process,
    _bus: Process,
    _screen: Process,
    _folder: TempDir,
}

impl Desktop {
    async fn with_pinyin() -> Self {
        let folder = TempDir::new().unwrap();
        let configuration = folder.path().join("fcitx5");
        fs::create_dir(&configuration).unwrap();
        fs::write(configuration.join("profile"), PROFILE).unwrap();
        fs::write(configuration.join("config"), CONFIG).unwrap();

        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1280x800x24"]);
        let screen = Process::start("Xvfb", command).unwrap();
        let number = screen.hear(0, |line| line.trim().parse::<u32>().ok());
        let number = number.await.unwrap();
        let mut command = Command::new("dbus-daemon");
        command.args(["--session", "--nofork", "--print-address=1"]);
        let bus = Process::start("dbus-daemon", command).unwrap();
        let address = bus.hear(0, |line| line.starts_with("unix:").then(|| line.to_owned()));
        let address = address.await.unwrap();
        let path = folder.path().display().to_string();
        let environment = vec![
            ("DISPLAY", format!(":{number}")),
            ("DBUS_SESSION_BUS_ADDRESS", address),
            ("HOME", path.clone()),
            ("XDG_CONFIG_HOME", path.clone()),
            ("XDG_RUNTIME_DIR", path),
            ("GTK_IM_MODULE", "fcitx".to_owned()),
            ("XMODIFIERS", "@im=fcitx".to_owned()),
        ];
        let mut command = Command::new("fcitx5");
        command.arg("-D").envs(environment.clone());
        // Nobody asks for it before it is there: the bus would start another.
        let input_method = Process::start("fcitx5", command).unwrap();
        let ready = |line: &str| line.contains("Loaded addon dbusfrontend").then_some(());
        input_method.hear(0, ready).await.unwrap();
        let mut command = Command::new("openbox");
        command.envs(environment.clone());
        Self {
            _windows: Process::start("openbox", command).unwrap(),
            _input_method: input_method,
            environment,
            _bus: bus,
            _screen: screen,
            _folder: folder,
        }
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).envs(self.environment.clone());
        command
    }

    /// Keys as they come from the hardware.
    async fn xdotool(&self, arguments: &[&str]) {
        let done = self.command("xdotool", arguments).output().await.unwrap();
        assert!(done.status.success(), "{arguments:?}: {done:?}");
    }

    /// What a scanner types, with its Enter.
    async fn scan(&self, code: &str, ms_a_key: &str) {
        self.xdotool(&["type", "--delay", ms_a_key, code]).await;
        self.xdotool(&["key", "Return"]).await;
    }

    /// Chromium in a window of this screen, in front.
    async fn browser(&self, scene: &Scene) -> Browser {
        let environment: Vec<(&str, &str)> = self
            .environment
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let browser = Browser::start_in(&environment, &["--window-size=1270,790"]).await;
        browser.enter(scene).await;
        // As a person does who wants a window's attention.
        eventually("the page has the keys", async || {
            self.xdotool(&["mousemove", "640", "700", "click", "1"])
                .await;
            Ok(browser.has_keys().await.then_some(()))
        })
        .await
        .unwrap();
        browser
    }

    /// Waits until Pinyin takes the keys.
    async fn pinyin_is_on(&self) {
        eventually("Pinyin takes the keys", async || {
            let asked = self.command("fcitx5-remote", &[]).output().await?;
            Ok((asked.stdout.trim_ascii() == b"2").then_some(()))
        })
        .await
        .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_chinese_input_method_on_a_code_is_read_or_the_cashier_is_told_to_press_shift() {
    let scene = Scene::open().await;
    let code_of = async |number| scene.stage.province.code_of(number).await.unwrap();
    let desktop = Desktop::with_pinyin().await;
    let browser = desktop.browser(&scene).await;
    desktop.xdotool(&["key", "F7"]).await;
    browser.focus_on("code").await;
    desktop
        .scan(&code_of("650102199003070013").await, "8")
        .await;
    browser.see("测试一").await;
    // Where nothing is typed into, Pinyin takes no keys; the locks of the keyboard turn no code into another.
    browser.meddle("document.activeElement.blur();").await;
    desktop.xdotool(&["key", "Num_Lock"]).await;
    desktop.xdotool(&["key", "Caps_Lock"]).await;
    desktop
        .scan(&code_of("510104199208170052").await, "8")
        .await;
    browser.see("李四明").await;
    // Nor do they in the field for codes.
    desktop.xdotool(&["key", "F7"]).await;
    browser.focus_on("code").await;
    desktop
        .scan(&code_of("650102199003070013").await, "8")
        .await;
    browser.see("测试一").await;
    desktop.xdotool(&["key", "Caps_Lock"]).await;

    for ms_a_key in ["8", "100"] {
        browser
            .goto(&format!("{}/admission", scene.agent().origin()))
            .await;
        browser
            .meddle("document.querySelector('[name=department]').focus();")
            .await;
        desktop.pinyin_is_on().await;
        let spoilt = code_of("650102199003070013").await;
        desktop.scan(&spoilt, ms_a_key).await;
        let told = eventually("the word about Shift", async || {
            let said = browser.text().await;
            Ok(said.contains("请按 Shift 切换到英文").then_some(()))
        });
        if told.await.is_err() {
            let (field, heard) = (browser.filled_in("department").await, browser.heard().await);
            panic!(
                "{ms_a_key} ms a key, not told; the field holds {field:?}, the page heard {heard}"
            );
        }
        assert_eq!(browser.filled_in("department").await, "", "{ms_a_key} ms");
        // The focus stands where no input method reaches: the next scan is read.
        browser.focus_on("code").await;
        assert_eq!(browser.filled_in("code").await, "", "{ms_a_key} ms");
    }
    // The page takes what comes within a second for the rest of the spoilt code; whoever reads the sentence takes longer.
    desktop.xdotool(&["sleep", "1.5"]).await;
    desktop
        .scan(&code_of("650102199003070013").await, "8")
        .await;
    browser.see("测试一").await;
    browser.close().await;
    scene.stage.strike().await.unwrap();
}
