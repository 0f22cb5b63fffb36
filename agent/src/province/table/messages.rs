//! The messages of a table, each checked whole: every row can be built, and every field of ours is sent or dropped by name.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::body::Body;
use super::dressing::{self, NotDressed, Nothing};
use super::fault::{RowFault, RowTrouble};
use super::format::Formats;
use super::plan::{self, Plan};
use super::row::{Row, Source};
use super::vocabulary::{self, OurField};
use crate::province::transaction::Transaction;

/// One message as it stands in the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::province) struct Unchecked {
    /// `[theirs, ours]` or `[theirs, ours, format]`.
    rows: Vec<Spanned<Vec<String>>>,
    /// Fields of ours, or whole records, that this province does not want.
    #[serde(default)]
    drop: Vec<String>,
}

/// The messages that a province takes, by what they do.
#[derive(Debug, Clone)]
pub(in crate::province) struct Messages {
    plans: BTreeMap<Transaction, Vec<(String, Plan)>>,
    nothing: Nothing,
}

impl Messages {
    /// Checks all rows of `text`; every fault is told.
    pub(in crate::province) fn of(
        unchecked: &BTreeMap<Transaction, Unchecked>,
        (formats, nothing): (&Formats, Nothing),
        has: impl Fn(Transaction) -> bool,
        text: &str,
    ) -> Result<Self, Vec<RowFault>> {
        let mut plans = BTreeMap::new();
        let mut faults = Vec::new();
        for transaction in Transaction::ALL {
            let as_a_whole = |why| RowFault {
                message: transaction.name().to_owned(),
                line: None,
                why,
            };
            match (unchecked.get(&transaction), has(transaction)) {
                (Some(message), true) => {
                    let checked = message.checked(vocabulary::of(transaction), formats, text);
                    let (plan, found) = checked;
                    faults.extend(found.into_iter().map(|(line, why)| RowFault {
                        line,
                        ..as_a_whole(why)
                    }));
                    plans.insert(transaction, plan);
                }
                (None, true) => faults.push(as_a_whole(RowTrouble::NoRows)),
                (Some(_), false) => faults.push(as_a_whole(RowTrouble::NoTransaction)),
                (None, false) => {}
            }
        }
        if faults.is_empty() {
            Ok(Self { plans, nothing })
        } else {
            Err(faults)
        }
    }

    /// A message's body as JSON. `ours` is what we say, `registration_number` what has become known since.
    pub(in crate::province) fn dress(
        &self,
        transaction: Transaction,
        ours: &serde_json::Value,
        registration_number: Option<&str>,
    ) -> Result<String, NotDressed> {
        let plan = self.plans.get(&transaction).ok_or(NotDressed::NoRows)?;
        let said = dressing::Said {
            ours,
            registration_number: registration_number.map(serde_json::Value::from),
            nothing: self.nothing,
        };
        let body: Body = said.message(plan)?;
        body.json().map_err(NotDressed::Json)
    }
}

/// A fault, and the line of its row.
pub(super) type Found = (Option<usize>, RowTrouble);

impl Unchecked {
    pub(super) fn checked(
        &self,
        ours: &'static [OurField],
        formats: &Formats,
        text: &str,
    ) -> (Vec<(String, Plan)>, Vec<Found>) {
        let (mut plan, mut found, mut sent) = (Vec::new(), Vec::new(), Vec::new());
        for spanned in &self.rows {
            let row = Row::read(spanned.get_ref(), ours, formats);
            let added = row.and_then(|row| {
                if let Source::Field(field, _) = &row.source {
                    sent.push(field.path);
                }
                plan::add(&mut plan, &row)
            });
            if let Err(why) = added {
                let before = text.get(..spanned.span().start).unwrap_or_default();
                found.push((Some(before.matches('\n').count() + 1), why));
            }
        }
        if found.is_empty() {
            let untied = plan::untied(&plan).map(RowTrouble::List);
            let whole = untied.into_iter().chain(self.unmapped(ours, &sent));
            found.extend(whole.map(|why| (None, why)));
        }
        (plan, found)
    }

    /// What is neither sent nor dropped, what is both, what is dropped and does not exist.
    fn unmapped(&self, ours: &'static [OurField], sent: &[&str]) -> Vec<RowTrouble> {
        let mut found = Vec::new();
        for dropped in &self.drop {
            let mut fields = ours.iter().filter(|field| is_of(field.path, dropped));
            if fields.clone().next().is_none() {
                found.push(RowTrouble::Unknown(dropped.clone()));
            }
            if fields.any(|field| sent.contains(&field.path)) {
                found.push(RowTrouble::SentAndDropped(dropped.clone()));
            }
        }
        let left: Vec<String> = ours
            .iter()
            .map(|field| field.path)
            .filter(|path| !sent.contains(path))
            .filter(|path| !self.drop.iter().any(|dropped| is_of(path, dropped)))
            .map(str::to_owned)
            .collect();
        if !left.is_empty() {
            found.push(RowTrouble::Unmapped(left));
        }
        found
    }
}

/// Whether a field is the one named, or one of the record or list named.
fn is_of(path: &str, named: &str) -> bool {
    path.strip_prefix(named)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || rest.starts_with("[]."))
}
