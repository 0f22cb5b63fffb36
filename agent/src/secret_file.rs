//! Files that hold a secret: read only where nobody but their owner could have read them before.

use std::fs::{File, Metadata};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use zeroize::Zeroizing;

/// Why a secret's file was not taken.
#[derive(Debug)]
pub(crate) enum SecretFileError {
    /// The system refuses.
    File {
        /// What was being done: "open", "examine", "read".
        doing: &'static str,
        /// The system's answer.
        source: std::io::Error,
    },
    /// Others than its owner may use it.
    TooOpen {
        /// Its permission bits.
        mode: u32,
    },
}

/// The text of a file that its owner alone may use (0600, 0400), or that is as systemd hands it over.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<String>, SecretFileError> {
    let failed = |doing| move |source| SecretFileError::File { doing, source };
    let mut file = File::open(path).map_err(failed("open"))?;
    let metadata = file.metadata().map_err(failed("examine"))?;
    let mode = metadata.mode() & 0o7777;
    if mode & 0o077 != 0 && !handed_over(&metadata) {
        return Err(SecretFileError::TooOpen { mode });
    }
    let length = usize::try_from(metadata.len()).unwrap_or(0);
    // As long as the file: a buffer that grows leaves copies behind.
    let mut text = Zeroizing::new(String::with_capacity(length + 1));
    file.read_to_string(&mut text).map_err(failed("read"))?;
    Ok(text)
}

/// Whether the file is as systemd hands a credential over from version 254 on: root's, with an access control list for
/// the service's user. The group's bits then are that list's mask, though the group is root's own.
fn handed_over(metadata: &Metadata) -> bool {
    (metadata.uid(), metadata.gid(), metadata.mode() & 0o7777) == (0, 0, 0o440)
}
