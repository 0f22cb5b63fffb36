//! The desktop entry's command with a real Chromium: the page comes up signed in, and nothing of the browser's stays.

use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use end_to_end::PATIENCE;
use tokio::time::timeout;

use crate::scene::Scene;

/// A Chromium without a window: it writes down which profile it was given and what the page shows, and ends.
fn chromium(folder: &Path) -> PathBuf {
    let browser = folder.join("browser");
    let script = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$@\" >{0}/given\nls -ld {0}/run/settlement-agent-page-* >{0}/profile\n\
         exec chromium --headless --no-sandbox --disable-gpu --disable-background-networking --dump-dom \"$@\" >{0}/shown\n",
        folder.display()
    );
    fs::write(&browser, script).unwrap();
    fs::set_permissions(&browser, Permissions::from_mode(0o755)).unwrap();
    browser
}

/// Runs `page --open`; whether it ended well, what the browser was given, and what it showed.
async fn opened(scene: &Scene) -> (bool, String, String) {
    let folder = scene.stage.folder();
    fs::create_dir_all(folder.join("run")).unwrap();
    let mut command = scene.stage.premises.command("page");
    command
        .args(["--open", "--browser"])
        .arg(chromium(folder))
        .arg("--config")
        .arg(scene.stage.premises.configuration())
        .env("XDG_RUNTIME_DIR", folder.join("run"));
    let ended = timeout(PATIENCE, command.output()).await.unwrap().unwrap();
    let left: Vec<_> = fs::read_dir(folder.join("run"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    let of_the_page = |name: &&OsString| name.to_string_lossy().contains("settlement-agent");
    assert_eq!(left.iter().find(of_the_page), None, "{left:?}");
    let profile = fs::read_to_string(folder.join("profile")).unwrap();
    assert!(profile.starts_with("drwx------"), "{profile}");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    (ended.status.success(), read("given"), read("shown"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_opens_signed_in_and_its_profile_is_thrown_away() {
    let scene = Scene::with_readers(&[] as &[&str]).await;
    let (well, given, shown) = opened(&scene).await;
    assert!(well, "{shown}");
    assert!(given.contains("--user-data-dir="), "{given}");
    assert!(shown.contains("经办人"), "{shown}");
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_daemon_is_down_the_browser_says_what_to_do() {
    let scene = Scene::without_agent(&[] as &[&str]).await;
    let (well, _, shown) = opened(&scene).await;
    assert!(!well && shown.contains("daemon_unreachable"), "{shown}");
    assert!(
        shown.contains("systemctl start settlement-agent"),
        "{shown}"
    );
}
