//! The hospital system's token: read from a file, compared in constant time, never shown.

use std::fmt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::notice::Notice;

/// Fewer characters than this could be guessed.
const SHORTEST: usize = 32;

/// The token, as its digest.
#[derive(Clone)]
pub struct Token([u8; 32]);

/// Why the token's file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It cannot be read.
    #[error("token file {path} cannot be read")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is too short to be secret.
    #[error("token file {path} holds fewer than {SHORTEST} characters")]
    TooShort {
        /// The file.
        path: PathBuf,
    },
}

impl From<&TokenError> for Notice {
    fn from(error: &TokenError) -> Self {
        match error {
            TokenError::Unreadable { path, source } => Self::new(
                "his_token_file",
                format!("接口令牌文件 {} 读不出来：{source}。", path.display()),
                "请检查配置 local.his_token_file 的路径和权限。",
            ),
            TokenError::TooShort { path } => Self::new(
                "his_token_short",
                format!(
                    "接口令牌文件 {} 中的令牌少于 {SHORTEST} 个字符。",
                    path.display()
                ),
                "请换一个更长的随机令牌，例如 openssl rand -hex 32 的输出。",
            ),
        }
    }
}

impl Token {
    /// Reads the file; white space around the token does not count.
    pub fn read(path: &Path) -> Result<Self, TokenError> {
        let text = std::fs::read_to_string(path).map_err(|source| TokenError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        let token = text.trim();
        if token.len() < SHORTEST {
            return Err(TokenError::TooShort {
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

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
