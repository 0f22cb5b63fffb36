//! A later copy of a slip: which of the two it replaces, and why it is wanted.

use serde::{Deserialize, Serialize};

use crate::counter::texts::{WrongText, required};

/// A later copy that a person wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Again {
    pub(super) copy: SlipCopy,
    reason: String,
}

/// One of the two copies, as commands and journal name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlipCopy {
    /// 协议机构联.
    Institution,
    /// 工伤职工联.
    Worker,
}

impl Again {
    /// The reason is kept in the journal: a copy that nobody can account for is none.
    pub(crate) fn wanted(copy: SlipCopy, reason: &str) -> Result<Self, WrongText> {
        let reason = required("补打原因", reason)?;
        Ok(Self { copy, reason })
    }
}
