//! A later copy of a slip: which of the two it replaces, and why it is wanted.

use jiff::Timestamp;
use receipts::{Annex10, CopyFor, Issue};
use serde::{Deserialize, Serialize};

use crate::counter::actor::Actor;
use crate::counter::texts::{WrongText, required};
use crate::wording::terms;

/// A later copy that a person wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Again {
    copy: SlipCopy,
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

    /// The sheet as this copy shows it: marked, with today's 打印日期, and with all else as it was.
    pub(super) fn mark(&self, sheet: Annex10, at: Timestamp, actor: &Actor) -> Annex10 {
        let copy_for = match self.copy {
            SlipCopy::Institution => CopyFor::Institution,
            SlipCopy::Worker => CopyFor::Worker,
        };
        let mut sheet = sheet;
        sheet.foot.printed_on = terms::day(at);
        sheet.issue = Issue::Reprint {
            copy_for,
            printed_at: terms::moment(at),
            printed_by: actor.name.clone(),
        };
        sheet
    }
}
