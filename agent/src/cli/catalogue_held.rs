//! A bill's lines held against the catalogues that the running daemon has.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rules::{BillLine, LineColumn, LineNumber};

use super::ground;
use crate::bill::Understood;
use crate::counter::Unlisted;
use crate::doors::console::catalogue::{CatalogueSays, LineAsked, LineSays};
use crate::doors::console::client::Client;
use crate::settings::Settings;
use crate::wording::notice::Notice;

/// What the catalogues say.
#[derive(Default)]
pub(super) struct Held {
    /// Why none was asked.
    pub(super) trouble: Option<Notice>,
    /// What stands in no catalogue, where a quote would be held for it whosever catalogue applies.
    pub(super) unlisted: Option<Unlisted>,
    catalogues: Vec<CatalogueSays>,
    /// Where a line stands in each of them.
    at: BTreeMap<LineNumber, usize>,
}

impl Held {
    /// Asks the daemon about the lines of a bill that was read.
    pub(super) fn against(read: Option<&Understood>, settings: &Settings) -> Self {
        let Some(understood) = read else {
            return Self::default();
        };
        let lines: Vec<&BillLine> = understood
            .bill
            .lines
            .iter()
            .filter(|line| asked(line))
            .collect();
        match ask(&lines, settings) {
            Err(trouble) => Self {
                trouble: Some(trouble),
                ..Self::default()
            },
            Ok(catalogues) => Self {
                trouble: None,
                unlisted: unlisted(&lines, &catalogues, settings),
                at: (0..)
                    .zip(&lines)
                    .map(|(at, line)| (line.number, at))
                    .collect(),
                catalogues,
            },
        }
    }

    /// What each catalogue says of a line.
    pub(super) fn of(&self, line: LineNumber) -> impl Iterator<Item = (&str, &LineSays)> {
        let at = self.at.get(&line).copied();
        self.catalogues.iter().filter_map(move |catalogue| {
            Some((catalogue.catalogue.as_str(), catalogue.lines.get(at?)?))
        })
    }

    /// The same as text, to stand behind the line.
    pub(super) fn beside(&self, line: LineNumber) -> String {
        let mut text = String::new();
        for (catalogue, says) in self.of(line) {
            // Writing into a string cannot fail.
            let _written = write!(text, "\t{catalogue}：{}", says.say);
        }
        text
    }
}

/// Lines that a catalogue can have: what is not for the injury is the worker's whatever its code.
fn asked(line: &BillLine) -> bool {
    matches!(line.column, LineColumn::Matrix(_)) && line.treats_injury != Some(false)
}

fn ask(lines: &[&BillLine], settings: &Settings) -> Result<Vec<CatalogueSays>, Notice> {
    let asked = lines
        .iter()
        .map(|line| LineAsked {
            column: line.column.name().to_owned(),
            code: line.code.as_str().to_owned(),
            date: line.date.to_string(),
        })
        .collect();
    ground::block_on(async {
        let client = Client::new(&settings.local.socket).map_err(|error| Notice::from(&error))?;
        client
            .catalogue_matches(asked)
            .await
            .map_err(|error| Notice::from(&error))
    })
}

/// The smallest part of the bill that any of the catalogues lacks, where that is beyond the configured share.
fn unlisted(
    lines: &[&BillLine],
    catalogues: &[CatalogueSays],
    settings: &Settings,
) -> Option<Unlisted> {
    let charges = || lines.iter().filter(|line| line.reverses.is_none());
    let whole = charges().map(|line| line.amount).sum();
    catalogues
        .iter()
        .map(|catalogue| {
            let mut unlisted = Unlisted {
                whole,
                ..Unlisted::default()
            };
            for (line, says) in lines.iter().zip(&catalogue.lines) {
                let nowhere = matches!(says.is.as_str(), "unlisted" | "related" | "other_day");
                if nowhere && line.reverses.is_none() {
                    unlisted.lines += 1;
                    unlisted.amount += line.amount;
                }
            }
            unlisted
        })
        .min_by_key(|unlisted| unlisted.amount)
        .filter(|unlisted| unlisted.percent() > i128::from(settings.bill.unlisted_share_percent))
}
