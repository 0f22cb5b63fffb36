//! The code that the province saw last.

use drivers::code::CardCode;
use sha2::{Digest, Sha256};

/// The digest of the code that the province saw last: a scanner that beeps twice is one scan.
#[derive(Default)]
pub(super) struct LastCode(Option<[u8; 32]>);

impl LastCode {
    /// Takes the code for the last one from now on; false where it was already.
    pub(super) fn is_new(&mut self, token: &CardCode) -> bool {
        let digest = Sha256::digest(token.expose().as_bytes()).into();
        self.0.replace(digest) != Some(digest)
    }

    /// The province did not say what it is.
    pub(super) fn forget(&mut self) {
        self.0 = None;
    }
}

crate::redacted::closed_debug!(LastCode);
