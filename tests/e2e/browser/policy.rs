//! The example policy that is installed beside the documentation, in force in a real Chromium.

use std::path::Path;

use end_to_end::PATIENCE;
use rusqlite::{Connection, OpenFlags};
use tokio::process::Command;
use tokio::time::timeout;

const POLICY: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../systemd/chromium-policy.json"
);

/// Chromium looks at a page in a profile of its own, under the policies that are named, and ends.
const LOOK: &str = r#"
    mount -t tmpfs tmpfs /etc/chromium
    mkdir -p /etc/chromium/policies/managed
    [ -z "$1" ] || cp "$1" /etc/chromium/policies/managed/
    exec chromium --headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
        "--user-data-dir=$2" --dump-dom "file://$3" "#;

/// Titles in the profile's history after it.
async fn remembered(policy: &str, folder: &Path, page: &Path) -> Vec<String> {
    let looked = Command::new("unshare")
        .args(["--mount", "sh", "-euc", LOOK, "sh", policy])
        .args([folder, page])
        .kill_on_drop(true)
        .output();
    let looked = timeout(PATIENCE * 2, looked).await.unwrap().unwrap();
    let shown = String::from_utf8_lossy(&looked.stdout);
    assert!(shown.contains("<title>张三</title>"), "{looked:?}");
    let history = folder.join("Default/History");
    let history = Connection::open_with_flags(history, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut titles = history.prepare("SELECT title FROM urls").unwrap();
    let titles = titles.query_map([], |row| row.get(0)).unwrap();
    titles.map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn under_the_example_policy_chromium_remembers_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    std::fs::write(
        &page,
        "<!doctype html><meta charset=utf-8><title>张三</title>",
    )
    .unwrap();
    let without = remembered("", &folder.path().join("without"), &page).await;
    assert_eq!(without, ["张三"], "without the policy it does");
    let with = remembered(POLICY, &folder.path().join("with"), &page).await;
    assert!(with.is_empty(), "{with:?}");
}
