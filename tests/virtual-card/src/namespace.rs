//! Whether this process has a network and a `/run` of its own.

use std::path::Path;

/// Left in the private `/run` by `tests/in-namespace`.
const MARK: &str = "/run/settlement-agent-private";

/// The virtual reader would listen on every address of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotPrivate {
    interfaces: Vec<String>,
}

impl std::fmt::Display for NotPrivate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "the virtual card reader listens on every address, so it runs in a private network only: start the command \
             again as `tests/in-namespace COMMAND…` (network interfaces here: {})",
            self.interfaces.join(" ")
        )
    }
}

impl std::error::Error for NotPrivate {}

/// Refuses unless `tests/in-namespace` made this network and this `/run`.
///
/// # Errors
///
/// [`NotPrivate`], whose text says what to do.
pub fn require_private_namespace() -> Result<(), NotPrivate> {
    let devices = std::fs::read_to_string("/proc/self/net/dev").unwrap_or_default();
    let interfaces: Vec<String> = devices
        .lines()
        .skip(2)
        .filter_map(|line| Some(line.split_once(':')?.0.trim().to_owned()))
        .collect();
    if interfaces == ["lo"] && Path::new(MARK).exists() {
        Ok(())
    } else {
        Err(NotPrivate { interfaces })
    }
}
