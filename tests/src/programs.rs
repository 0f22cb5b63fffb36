//! Where the programs under test lie: beside the program that runs them.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use tokio::process::Command;
use tokio::sync::OnceCell;

/// The built program of that name, of the same build as the running one.
///
/// # Errors
///
/// It is not there; the error says what builds it.
pub fn built(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe().context("where this program lies")?;
    let folder = own.parent().context("where this program lies")?;
    // Tests lie in `deps`, one below the programs.
    for folder in [Some(folder), folder.parent()].into_iter().flatten() {
        let program = folder.join(name);
        if program.is_file() {
            return Ok(program);
        }
    }
    bail!(
        "the program {name} is not beside {}: run `make test` (or `make demo`), which builds it first",
        own.display()
    )
}

/// Makes sure that the agent beside this program has the test clock and the failpoints.
///
/// # Errors
///
/// It is missing, or was built without them, as `make demo` builds it; the error says what builds it with them.
pub async fn require_test_switches() -> Result<()> {
    static KNOWN: OnceCell<()> = OnceCell::const_new();
    let asked = KNOWN.get_or_try_init(async || {
        let program = built("settlement-agent")?;
        let output = Command::new(&program).arg("--version").output().await?;
        let version = String::from_utf8_lossy(&output.stdout);
        ensure!(
            version.contains("测试版"),
            "{} was built without the test clock and the failpoints ({}): run `make test`, which builds it with them",
            program.display(),
            version.trim()
        );
        Ok(())
    });
    asked.await.copied()
}

/// The repository's `tests` folder.
pub(crate) fn tests_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Chooses this process's cryptography; further calls change nothing.
pub fn prepare_tls() {
    // Fails only where it was chosen before.
    drop(rustls::crypto::ring::default_provider().install_default());
}
