//! The open sessions on disk, so that a restart of the daemon signs nobody out: digests of their secrets, whose they are, and until
//! when. Whoever reads the file can enter nowhere by it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Result, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

const VERSION: u8 = 1;

/// The file.
#[derive(Debug)]
pub(super) struct SessionFile(PathBuf);

/// What it says.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u8,
    sessions: Vec<WrittenSession>,
}

/// One session.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenSession {
    /// Of the secret, as hex.
    pub(super) sha256: String,
    pub(super) user: String,
    pub(super) account: u32,
    pub(super) until: String,
}

impl SessionFile {
    pub(super) fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// The sessions of the run before; none where they cannot be understood, which signs people out and loses nothing else.
    pub(super) fn read(&self) -> Vec<WrittenSession> {
        let bytes = match fs::read(&self.0) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Vec::new(),
            Err(error) => {
                tracing::warn!(%error, "page: the sessions of the run before cannot be read");
                return Vec::new();
            }
        };
        match serde_json::from_slice::<Written>(&bytes) {
            Ok(written) if written.version == VERSION => written.sessions,
            Ok(written) => {
                let version = written.version;
                tracing::warn!(
                    version,
                    "page: sessions of another version are not taken over"
                );
                Vec::new()
            }
            Err(_quotes_what_it_read) => {
                tracing::warn!("page: the sessions of the run before cannot be understood");
                Vec::new()
            }
        }
    }

    /// Puts these in the place of what was written, whole or not at all. Where that fails nothing stays: a session that was
    /// ended must not come back.
    pub(super) fn write(&self, sessions: Vec<WrittenSession>) {
        let written = Written {
            version: VERSION,
            sessions,
        };
        let Err(error) = self.replace(&written) else {
            return;
        };
        tracing::error!(%error, "page: the sessions cannot be written down; a restart will end them");
        match fs::remove_file(&self.0) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                tracing::error!(%error, "page: the sessions' file cannot be removed; a restart may open sessions again that were ended");
            }
            Ok(()) | Err(_) => {}
        }
    }

    fn replace(&self, written: &Written) -> Result<()> {
        let folder = self.0.parent().ok_or(ErrorKind::InvalidInput)?;
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        let fresh = self.0.with_extension("new");
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)?;
        file.write_all(&serde_json::to_vec(written)?)?;
        file.sync_all()?;
        fs::rename(&fresh, &self.0)?;
        File::open(folder)?.sync_all()
    }
}
