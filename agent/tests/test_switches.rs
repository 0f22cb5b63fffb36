//! The packaged binary has no test clock and no failpoints: what only those contain is in the binary for tests alone.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// Names of the variables that the two switches read, one for each.
const MARKERS: [&str; 2] = ["SETTLEMENT_AGENT_TEST_CLOCK", "SETTLEMENT_AGENT_FAILPOINT"];

/// `make test` builds the agent without the switches first and keeps it here, beside `debug` and `release`.
fn packaged() -> PathBuf {
    let for_tests = Path::new(env!("CARGO_BIN_EXE_settlement-agent"));
    for_tests
        .parent()
        .and_then(Path::parent)
        .unwrap()
        .join("packaged/settlement-agent")
}

fn contains(binary: &Path, marker: &str) -> bool {
    let found = Command::new("grep")
        .args(["--quiet", "--text", "--fixed-strings", marker])
        .arg(binary)
        .status()
        .unwrap();
    match found.code() {
        Some(0) => true,
        Some(1) => false,
        _ => panic!(
            "{} cannot be read; `make test` puts it there",
            binary.display()
        ),
    }
}

#[test]
fn test_switches_are_in_the_binary_for_tests_and_not_in_the_packaged_one() {
    for marker in MARKERS {
        assert!(
            contains(env!("CARGO_BIN_EXE_settlement-agent").as_ref(), marker),
            "nothing to look for: {marker}"
        );
        assert!(
            !contains(&packaged(), marker),
            "the packaged binary contains {marker}"
        );
    }
}
