//! HMAC-SHA256 under keys derived from the ledger's key, and the digests of evidence.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// HMAC-SHA256's block: a shorter key is padded with zeros to it (RFC 2104).
const BLOCK: usize = 64;

/// A key for one purpose.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(super) struct MacKey([u8; BLOCK]);

impl MacKey {
    /// The key that the ledger's own gives for `purpose`.
    pub(super) fn derive(ledger: &[u8; 32], purpose: &str) -> Self {
        let mut root = [0; BLOCK];
        for (to, from) in root.iter_mut().zip(ledger) {
            *to = *from;
        }
        let mut derived = [0; BLOCK];
        for (to, from) in derived
            .iter_mut()
            .zip(Self(root).mac(&[purpose.as_bytes()]))
        {
            *to = from;
        }
        root.zeroize();
        Self(derived)
    }

    /// The journal's key.
    pub(super) fn of_journal(ledger: &[u8; 32]) -> Self {
        Self::derive(ledger, "settlement-agent journal 1")
    }

    /// The MAC over `parts`, each preceded by its length, so that no two lists of parts give the same bytes.
    pub(super) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new(&self.0.into());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKey(…)")
    }
}

/// SHA-256 in lower-case hexadecimal digits.
pub(super) fn sha256_hex(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
