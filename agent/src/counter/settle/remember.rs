//! What is kept of a settled bill, for the next bills to be held against.

use std::collections::BTreeMap;

use rules::Bill;

use crate::bill::Repair;
use crate::counter::case::objection::Objection;
use crate::counter::error::CounterError;
use crate::counter::quote::before;
use crate::counter::quote::quoted::Quote;
use crate::ledger::bills::{self, KnownBill};
use crate::ledger::settlements::Settlement;
use crate::ledger::{Entry, journal};

/// The bill as it is remembered once it is settled.
fn known_bill(quote: &Quote) -> Option<KnownBill> {
    before::known(quote.question.bill.as_ref()?, quote.file.digest)
}

/// A bill that was settled for another visit since it was quoted.
pub(super) fn settled_meanwhile(
    entry: &Entry<'_>,
    quote: &Quote,
) -> Result<Option<Objection>, CounterError> {
    let (Some(bill), Some(known)) = (&quote.question.bill, known_bill(quote)) else {
        return Ok(None);
    };
    let before = before::settled_before(entry, &quote.number, bill, &known)?;
    Ok(before
        .filter(|before| {
            quote.before.as_ref().map(|seen| &seen.settlement) != Some(&before.settlement)
        })
        .map(Objection::SettledBefore))
}

/// Keeps what the next bills are held against: this one's lines, and how its items were marked.
pub(super) fn remember_bill(
    entry: &Entry<'_>,
    settlement: &Settlement,
    quote: &Quote,
) -> Result<(), CounterError> {
    let Some(bill) = &quote.question.bill else {
        return Ok(());
    };
    if let Some(known) = known_bill(quote) {
        bills::remember(entry, &settlement.number, &quote.number, &known)?;
    }
    bills::remember_marks(entry, item_marks(bill))?;
    keep_configured_marks(entry, quote)
}

/// Marks that the hospital's configuration gave stand in the journal as those that people gave, once they count.
fn keep_configured_marks(entry: &Entry<'_>, quote: &Quote) -> Result<(), CounterError> {
    let marks: Vec<_> = quote
        .how
        .notes
        .iter()
        .filter_map(|note| {
            let Repair::MarkConfigured(mark, value) = note.repair else {
                return None;
            };
            Some(serde_json::json!({
                "mark": mark.key(), "value": value, "by": "configuration", "lines": note.count,
            }))
        })
        .collect();
    if !marks.is_empty() {
        let body = serde_json::json!({ "v": 1, "quote": quote.id, "marks": marks }).to_string();
        journal::append(entry, "bill_marked", quote.number.as_str(), &body)?;
    }
    Ok(())
}

/// Each item's marks, none where its lines differ.
fn item_marks(bill: &Bill) -> impl Iterator<Item = (&str, Option<bool>, Option<bool>)> {
    let mut marks: BTreeMap<&str, (Option<bool>, Option<bool>)> = BTreeMap::new();
    for line in bill.lines.iter().filter(|line| line.reverses.is_none()) {
        let own = (line.treats_injury, line.restriction_met);
        marks
            .entry(line.code.as_str())
            .and_modify(|(injury, restriction)| {
                *injury = (*injury).filter(|mark| own.0 == Some(*mark));
                *restriction = (*restriction).filter(|mark| own.1 == Some(*mark));
            })
            .or_insert(own);
    }
    marks
        .into_iter()
        .map(|(code, (injury, restriction))| (code, injury, restriction))
}
