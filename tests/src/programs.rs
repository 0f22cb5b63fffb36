//! Where the programs under test lie: beside the program that runs them.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

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

/// The repository's `tests` folder.
pub(crate) fn tests_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Chooses this process's cryptography; further calls change nothing.
pub fn prepare_tls() {
    // Fails only where it was chosen before.
    drop(rustls::crypto::ring::default_provider().install_default());
}
