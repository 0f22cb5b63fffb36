//! Files that hold a secret: one way to read them all, only where nobody else could have read or changed them before.

use std::fs::OpenOptions;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use zeroize::Zeroizing;

use crate::custody::{Finding, Keepers};

/// A key, a certificate's key or a token is far shorter.
const LONGEST: usize = 64 * 1024;

/// Why a secret's file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SecretFileError {
    /// The system refuses.
    #[error("could not {doing} {}", path.display())]
    File {
        /// What was being done: "open", "examine", "read".
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// Others may read or change it, or it is a stranger's.
    #[error(transparent)]
    Custody(#[from] Finding),
    /// No secret is so long.
    #[error("{} is longer than {LONGEST} bytes", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
    },
}

/// The bytes of a file that its owner alone may use (0600, 0400), or that is as systemd hands it over.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, SecretFileError> {
    let failed = |doing| {
        move |source| SecretFileError::File {
            doing,
            path: path.to_owned(),
            source,
        }
    };
    // A pipe that nobody writes would be waited for.
    let waits_for_nobody = OFlags::NONBLOCK.bits().cast_signed();
    let mut file = OpenOptions::new()
        .read(true)
        .custom_flags(waits_for_nobody)
        .open(path)
        .map_err(failed("open"))?;
    let metadata = file.metadata().map_err(failed("examine"))?;
    Keepers::here().judge_secret(path, &metadata)?;
    // Room for the longest: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    let bound = u64::try_from(LONGEST).unwrap_or(u64::MAX) + 1;
    file.by_ref()
        .take(bound)
        .read_to_end(&mut bytes)
        .map_err(failed("read"))?;
    if bytes.len() > LONGEST {
        return Err(SecretFileError::TooLong {
            path: path.to_owned(),
        });
    }
    Ok(bytes)
}

/// The same as text. Bytes that are not UTF-8 cannot be one of our secrets: they come back empty and fail as too short.
pub(crate) fn read_text(path: &Path) -> Result<Zeroizing<String>, SecretFileError> {
    let bytes = read(path)?;
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    Ok(Zeroizing::new(text.to_owned()))
}
