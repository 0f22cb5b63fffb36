//! `bill check` asks what the cache's catalogues say of a bill's lines.

use rules::case::china_time::parse_date;
use rules::{ItemCode, MatrixColumn};
use serde::{Deserialize, Serialize};

use crate::counter::{AskedLine, Match, Matches};

/// Lines of one request; a longer bill asks several times.
pub(crate) const MOST_ASKED: usize = 5_000;

/// What is asked.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    pub(crate) lines: Vec<LineAsked>,
}

/// A line of the bill.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LineAsked {
    pub(crate) column: String,
    pub(crate) code: String,
    pub(crate) date: String,
}

/// What one catalogue says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CatalogueSays {
    /// Whose catalogue, in Chinese.
    pub(crate) catalogue: String,
    /// One for each line that was asked about.
    pub(crate) lines: Vec<LineSays>,
}

/// What it says of a line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LineSays {
    /// `listed`, `other_column`, `other_day`, `related` or `unlisted`.
    pub(crate) is: String,
    /// In Chinese.
    pub(crate) say: String,
}

impl From<&Matches> for CatalogueSays {
    fn from(matches: &Matches) -> Self {
        let line = |found: &Match| LineSays {
            is: found.name().to_owned(),
            say: found.say(),
        };
        Self {
            catalogue: matches.say().to_owned(),
            lines: matches.lines.iter().map(line).collect(),
        }
    }
}

impl LineAsked {
    /// None where the client is another version's.
    pub(super) fn parse(&self) -> Option<AskedLine> {
        Some(AskedLine {
            column: MatrixColumn::parse(&self.column).ok()?,
            code: ItemCode::parse(&self.code).ok()?,
            date: parse_date(&self.date).ok()?,
        })
    }
}
