//! Which of the worker's filings a visit relies on, and what chapter 2 has against it.

use std::cmp::Ordering;

use super::circumstances::Circumstances;
use super::finding::Findings;
use super::{annexes, filing};
use crate::case::filing::{BackFiling, Filing, FilingForm, FilingStatus};
use crate::case::visit::{Gate, VisitKind};

/// Chooses the filing to rely on, and says what stands against it; `None` where none stands.
pub(crate) fn choose<'a>(c: &Circumstances<'a>, found: &mut Findings) -> Option<&'a Filing> {
    let best = candidates(c).max_by(Candidate::compare);
    let mut said = Findings::told();
    match best {
        Some(Candidate { filing, .. }) => judge(c, filing, &mut said),
        None if c.case.gate == Gate::Refund => filing::c09_no_late_recognition(c, &mut said),
        None => filing::c01_not_filed(c, &mut said),
    }
    if said.rows().refuses() {
        found.extend(filing::c08_still_to_be_filed(c).unwrap_or(said));
        return None;
    }
    found.extend(said);
    best.map(|candidate| candidate.filing)
}

/// A filing the visit could rely on, and how well it serves.
#[derive(Debug, Clone, Copy)]
struct Candidate<'a> {
    filing: &'a Filing,
    serves: Serves,
}

/// From worst to best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Serves {
    /// Something refuses; by the row, refusals and holds together, that comes first. Rows of one rule count as one.
    Refused { earliest: usize },
    /// Holds alone, whichever.
    Held,
    /// Nothing against it.
    Well,
}

impl Candidate<'_> {
    /// Ties go to the latest approval, then to the number that comes first as text.
    fn compare(&self, other: &Self) -> Ordering {
        self.serves
            .cmp(&other.serves)
            .then_with(|| noted_approval(self.filing).cmp(&noted_approval(other.filing)))
            .then_with(|| other.filing.number.cmp(&self.filing.number))
    }
}

fn candidates<'a>(c: &Circumstances<'a>) -> impl Iterator<Item = Candidate<'a>> {
    let c = *c;
    c.case
        .filings
        .iter()
        .filter(move |filing| is_there(&c, filing))
        .map(move |filing| {
            let mut found = Findings::rows_only();
            judge(&c, filing, &mut found);
            let serves = match found.rows().first() {
                None => Serves::Well,
                Some(_) if !found.rows().refuses() => Serves::Held,
                Some(row) => Serves::Refused {
                    earliest: row.first_of_its_rule(),
                },
            };
            Candidate { filing, serves }
        })
}

/// Not rejected, not cancelled before or at registration, of the right form; at `refund` a late-recognition one.
fn is_there(c: &Circumstances<'_>, filing: &Filing) -> bool {
    let stands = match filing.status {
        FilingStatus::Rejected { .. } => false,
        FilingStatus::Cancelled { at, .. } => at > c.case.visit.registered_at,
        FilingStatus::Approved { .. } | FilingStatus::Pending { .. } => true,
    };
    let right_form = match filing.form {
        FilingForm::Device => c.case.visit.kind == VisitKind::AssistiveDevice,
        FilingForm::Medical { .. } => c.case.visit.kind != VisitKind::AssistiveDevice,
    };
    let for_this_gate = c.case.gate != Gate::Refund
        || effective_back_filing(c, filing) == Some(BackFiling::LateRecognition);
    stands && right_form && for_this_gate
}

/// A filing approved at or before registration is an ordinary one, whatever it calls itself.
///
/// An interpretation: it is no late-recognition filing at `refund` either. Hunan 12¶3 refunds those who filed after treatment.
fn effective_back_filing(c: &Circumstances<'_>, filing: &Filing) -> Option<BackFiling> {
    match approval(filing) {
        Some(at) if at <= c.case.visit.registered_at => None,
        Some(_) | None => filing.back_filing,
    }
}

/// When it was approved; `None` for one that is pending or rejected.
fn approval(filing: &Filing) -> Option<jiff::Timestamp> {
    match filing.status {
        FilingStatus::Approved { at } => Some(at),
        FilingStatus::Cancelled { approved_at, .. } => Some(approved_at),
        FilingStatus::Pending { .. } | FilingStatus::Rejected { .. } => None,
    }
}

/// The time of approval the registry carries, for ties (an interpretation: also a pending one's, where it has one).
fn noted_approval(filing: &Filing) -> Option<jiff::Timestamp> {
    match filing.status {
        FilingStatus::Approved { at } => Some(at),
        FilingStatus::Cancelled { approved_at, .. } => Some(approved_at),
        FilingStatus::Pending { noted_at } | FilingStatus::Rejected { noted_at } => noted_at,
    }
}

/// Asks C01 to C09 of one filing.
fn judge(c: &Circumstances<'_>, filing: &Filing, found: &mut Findings) {
    let approved_at = match approval(filing) {
        Some(at) if at <= c.case.at => at,
        Some(_) | None => {
            filing::c01_pending(c, found);
            filing::c02_place(c, filing, found);
            annexes::c03_care(c, filing, found);
            return;
        }
    };
    let mut covers_the_stay = false;
    if approved_at > c.case.visit.registered_at {
        match filing.back_filing {
            None => filing::c01_filed_late(c, found),
            Some(why) if filing::covers(c, why) => covers_the_stay = true,
            Some(why @ (BackFiling::Emergency | BackFiling::ForceMajeure)) => {
                filing::c08_not_covered(c, why, found);
            }
            Some(BackFiling::LateRecognition) => filing::c09_not_covered(c, found),
        }
    }
    filing::c02_place(c, filing, found);
    annexes::c03_care(c, filing, found);
    if !covers_the_stay {
        filing::c04_validity(c, filing, found);
    }
    filing::c07_cancelled(c, filing, found);
}
