//! The demo without a terminal: it ends with zero after the whole stay, and with another status where a step fails.

use std::path::Path;

use end_to_end::built;
use tokio::process::Command;

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
