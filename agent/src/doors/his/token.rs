//! The hospital system's token: read from a file, compared in constant time, never shown.

use std::fmt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::secret_file::{self, SecretFileError};

/// Fewer characters than this could be guessed.
pub const SHORTEST_TOKEN: usize = 32;

/// The token, as its digest.
#[derive(Clone)]
pub struct BearerToken([u8; 32]);

/// Why the token's file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum BearerTokenError {
    /// It cannot be read, or others may read it.
    #[error(transparent)]
    Secret(#[from] SecretFileError),
    /// It is too short to be secret.
    #[error("token file {path} holds fewer than {SHORTEST_TOKEN} characters")]
    TooShort {
        /// The file.
        path: PathBuf,
    },
}

impl BearerToken {
    /// Reads the file, which its owner alone may use; white space around the token does not count.
    pub fn read(path: &Path) -> Result<Self, BearerTokenError> {
        let text = secret_file::read_text(path)?;
        let token = text.trim();
        if token.chars().count() < SHORTEST_TOKEN {
            return Err(BearerTokenError::TooShort {
                path: path.to_owned(),
            });
        }
        Ok(Self(digest(token)))
    }

    /// Whether this is it.
    pub fn is(&self, presented: &str) -> bool {
        self.0.ct_eq(&digest(presented)).into()
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::wording::notice::Notice;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    fn read(text: &str, mode: u32) -> Result<BearerToken, BearerTokenError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("his.token");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        BearerToken::read(&path)
    }

    #[test]
    fn a_token_that_its_owner_alone_can_read_is_taken() {
        for mode in [0o600, 0o400] {
            let token = read(&format!("{TOKEN}\n"), mode).unwrap();
            assert!(token.is(TOKEN));
            assert!(!token.is("0123456789abcdef0123456789abcdeF"));
        }
    }

    #[test]
    fn a_token_that_others_can_read_is_refused_with_what_to_do() {
        for mode in [0o640, 0o604, 0o660, 0o644, 0o620] {
            let refused = read(TOKEN, mode).unwrap_err();
            let notice = Notice::from(&refused);
            assert_eq!(notice.code, "secret_open");
            assert!(notice.say.contains(&format!("{mode:04o}")));
            assert!(notice.next.contains("chmod 600"));
        }
    }

    #[test]
    fn a_token_that_could_be_guessed_is_refused() {
        for text in ["", &TOKEN[1..], &format!("{}   \n", &TOKEN[1..])] {
            let refused = read(text, 0o600).unwrap_err();
            assert!(
                matches!(refused, BearerTokenError::TooShort { .. }),
                "{text:?}"
            );
        }
    }
}
