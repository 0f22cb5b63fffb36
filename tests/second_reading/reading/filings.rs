//! C01 to C09: what is said of each filing, and which of them the visit relies on.

use std::cmp::Reverse;

use super::places::{months_after, place, province};
use super::{Findings, Said, View};
use crate::case::{BackFiling, Basis, Filing, Form, Gate, Moment, Status};

/// Something said of a filing: its row in the table, whether it refuses, and what happens next.
struct Objection {
    said: Said,
    refuses: bool,
    route: &'static str,
}

/// The rules of filings in the order of the table.
const ROWS: [&str; 7] = ["C01", "C08", "C09", "C02", "C03", "C04", "C07"];

/// Says what there is to say of the filings; the number of the one relied on.
pub(super) fn rules<'a>(view: &View<'a>, findings: &mut Findings) -> Option<&'a str> {
    let chosen = chosen(view);
    let objections = chosen
        .as_ref()
        .map_or_else(|| vec![missing(view)], |filing| objections(view, filing));
    let refused = objections.iter().any(|objection| objection.refuses);
    if refused && can_still_be_filed(view) {
        findings.hold("C08", "file_before_discharge", "file_before_discharge");
        return None;
    }
    for Objection {
        said: (rule, code),
        refuses,
        route,
    } in objections
    {
        if refuses {
            findings.refuse(rule, code, route);
        } else {
            findings.hold(rule, code, route);
        }
    }
    let filing = chosen.filter(|_| !refused)?;
    if unusually_long(view, filing) {
        findings.warn("C04", "validity_unusual");
    }
    Some(&filing.number)
}

fn missing(view: &View<'_>) -> Objection {
    if view.case.gate == Gate::Refund {
        refusal(
            ("C09", "no_late_recognition_filing"),
            "manual_reimbursement",
        )
    } else {
        refusal(
            ("C01", "not_filed"),
            view.route("file_first", "manual_reimbursement"),
        )
    }
}

fn refusal(said: Said, route: &'static str) -> Objection {
    Objection {
        said,
        refuses: true,
        route,
    }
}

fn hold(said: Said) -> Objection {
    Objection {
        said,
        refuses: false,
        route: "ask_agency",
    }
}

/// The filing with nothing against it, else with holds alone, else the one whose first objection comes latest.
fn chosen<'a>(view: &View<'a>) -> Option<&'a Filing> {
    let case = view.case;
    case.filings
        .iter()
        .filter(|filing| stands(view, filing))
        .min_by_key(|filing| {
            let objections = objections(view, filing);
            let rank = if objections.iter().any(|objection| objection.refuses) {
                let earliest = objections
                    .iter()
                    .filter_map(|objection| row(objection.said))
                    .min();
                (2, earliest.map(Reverse))
            } else {
                (i32::from(!objections.is_empty()), None)
            };
            let approved = filing.approved_at.as_ref().map(Moment::instant);
            (rank, Reverse(approved), &filing.number)
        })
}

fn row((rule, _): Said) -> Option<usize> {
    ROWS.iter().position(|row| *row == rule)
}

/// The filing is there at all for this visit and gate.
fn stands(view: &View<'_>, filing: &Filing) -> bool {
    let case = view.case;
    let registered = case.visit.registered_at.instant();
    let gone = match filing.status {
        Status::Rejected => true,
        Status::Cancelled => filing
            .cancelled_at
            .as_ref()
            .is_some_and(|at| at.instant() <= registered),
        Status::Approved | Status::Pending => false,
    };
    let form = if case.visit.kind.care().is_some() {
        Form::Medical
    } else {
        Form::Device
    };
    let ordinary = filing.status != Status::Pending
        && filing
            .approved_at
            .as_ref()
            .is_some_and(|at| at.instant() <= registered);
    let late = filing.back_filing == Some(BackFiling::LateRecognition) && !ordinary;
    !gone && filing.form == form && (case.gate != Gate::Refund || late)
}

/// All that is said against one filing.
fn objections(view: &View<'_>, filing: &Filing) -> Vec<Objection> {
    let case = view.case;
    let registered = case.visit.registered_at.instant();
    let approved = filing
        .approved_at
        .as_ref()
        .map(Moment::instant)
        .filter(|_| filing.status != Status::Pending);
    let file_first = view.route("file_first", "manual_reimbursement");
    let mut said = Vec::new();
    let approved = approved.filter(|approved| *approved <= case.at.instant());
    let mut covers_the_whole_stay = false;
    match approved {
        None => said.push(refusal(("C01", "filing_pending"), file_first)),
        Some(approved) if approved > registered => match back_filed(view, filing) {
            Some(objection) => said.push(objection),
            None => covers_the_whole_stay = true,
        },
        Some(_) => {}
    }
    if place(&filing.place) != place(&case.institution.division) {
        said.push(refusal(("C02", "filed_elsewhere"), file_first));
    }
    if filing.care != case.visit.kind.care() {
        said.push(hold(("C03", "category_mismatch")));
    }
    if approved.is_none() {
        return said;
    }
    let day = case.visit.registered_at.day();
    if !covers_the_whole_stay && day > filing.valid_to {
        said.push(refusal(("C04", "filing_expired"), file_first));
    }
    if !covers_the_whole_stay && day < filing.valid_from {
        said.push(refusal(("C04", "filing_not_yet_valid"), file_first));
    }
    let cancelled = filing.cancelled_at.as_ref().map(Moment::instant);
    if cancelled.is_some_and(|cancelled| cancelled > registered && cancelled <= case.at.instant()) {
        said.push(hold(("C07", "filing_cancelled_during_stay")));
    }
    said
}

/// What stands against a filing that was approved after registration.
fn back_filed(view: &View<'_>, filing: &Filing) -> Option<Objection> {
    let visit = &view.case.visit;
    let manual = "manual_reimbursement";
    let (rule, covered) = match filing.back_filing {
        None => return Some(refusal(("C01", "filed_after_registration"), manual)),
        Some(BackFiling::Emergency) => ("C08", visit.emergency),
        Some(BackFiling::ForceMajeure) => ("C08", visit.force_majeure),
        Some(BackFiling::LateRecognition) => ("C09", true),
    };
    (!covered || !view.hunan_intra()).then(|| refusal((rule, "back_filing_not_allowed"), manual))
}

/// C08: Hunan lets an emergency be filed until discharge is settled.
fn can_still_be_filed(view: &View<'_>) -> bool {
    let visit = &view.case.visit;
    view.hunan_intra()
        && (visit.emergency || visit.force_majeure)
        && matches!(view.case.gate, Gate::Admission | Gate::Discharge)
}

/// C04: longer than Hunan's own agencies give.
fn unusually_long(view: &View<'_>, filing: &Filing) -> bool {
    let months = match filing.basis {
        Basis::Transfer => 3,
        Basis::LongResidence | Basis::ResidentWork => 6,
    };
    province(&view.worker.insured_division) == "43"
        && filing.valid_to > months_after(filing.valid_from, months)
}
