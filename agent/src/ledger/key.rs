//! The ledger's key: 32 bytes, in a file of its own that only the agent's user can read.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::error::{KeyFileError, LedgerError};
use super::mac::MacKey;
use crate::secret_file;

/// Bytes in a key.
const LENGTH: usize = 32;

/// The raw key of one ledger.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct LedgerKey([u8; LENGTH]);

impl LedgerKey {
    /// A key from its bytes.
    pub fn from_bytes(bytes: [u8; LENGTH]) -> Self {
        Self(bytes)
    }

    /// A new random key.
    pub fn generate() -> Result<Self, LedgerError> {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes).map_err(LedgerError::Random)?;
        Ok(Self(bytes))
    }

    /// Reads a key file: 64 hexadecimal digits, readable by its owner alone, or as systemd hands it over.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let text = secret_file::read_text(path)?;
        let mut bytes = [0; LENGTH];
        hex::decode_to_slice(text.trim_end(), &mut bytes).map_err(|_not_hex| {
            KeyFileError::NotAKey {
                path: path.to_owned(),
            }
        })?;
        Ok(Self(bytes))
    }

    /// Makes a new key and its file (mode 0600), on disk when this returns. An existing file is never replaced: what it
    /// encrypts would be lost.
    pub fn create(path: &Path) -> Result<Self, LedgerError> {
        let key = Self::generate()?;
        let failed = |doing| {
            move |source| KeyFileError::File {
                doing,
                path: path.to_owned(),
                source,
            }
        };
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(failed("create"))?;
        let line = Zeroizing::new(format!("{}\n", *key.hex()));
        file.write_all(line.as_bytes()).map_err(failed("write"))?;
        file.sync_all().map_err(failed("write"))?;
        sync_folder(path).map_err(failed("write"))?;
        Ok(key)
    }

    /// A key for another file, made from this one for `purpose`.
    pub fn derived(&self, purpose: &str) -> [u8; LENGTH] {
        MacKey::derive(&self.0, purpose).mac(&[])
    }

    pub(super) fn bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }

    pub(super) fn hex(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0))
    }
}

impl fmt::Debug for LedgerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LedgerKey(<32 bytes>)")
    }
}

/// Makes a new file's name durable: a file that was synced can still be missing from its folder after a power cut.
pub(super) fn sync_folder(file: &Path) -> std::io::Result<()> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    File::open(folder)?.sync_all()
}
