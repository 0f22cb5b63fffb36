//! A scenario with some fields changed, decided and compared.

use rules::case_format::parse_case;
use rules::{Decision, Profile, decide};
use serde_json::{Value, json};

pub(crate) const STAY: &str =
    include_str!("../../../../tests/scenarios/01-cross-transfer-valid.json");
pub(crate) const DEVICE: &str =
    include_str!("../../../../tests/scenarios/17-device-over-limit.json");
pub(crate) const OUTPATIENT: &str =
    include_str!("../../../../tests/scenarios/29-outpatient-intra.json");
pub(crate) const REFUND: &str =
    include_str!("../../../../tests/scenarios/14-late-recognition-refund.json");
pub(crate) const ADMISSION: &str =
    include_str!("../../../../tests/scenarios/03-readmitted-after-expiry.json");

/// A field of the case by pointer, and its new value.
pub(crate) type Change<'a> = (&'a str, Value);

pub(crate) fn case(scenario: &str, changes: &[Change<'_>]) -> Value {
    let mut case: Value = serde_json::from_str::<Value>(scenario).unwrap()["case"].take();
    for (pointer, value) in changes {
        *case
            .pointer_mut(pointer)
            .unwrap_or_else(|| panic!("{pointer}")) = value.clone();
    }
    case
}

pub(crate) fn decided(case: &Value, profile: Option<&Profile>) -> Decision {
    let case = parse_case(case.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    decide(
        &case,
        profile.unwrap_or(Profile::built_in(case.facts().profile)),
    )
}

/// Decides a changed scenario and compares `decision route filing`, reasons and warnings.
#[track_caller]
pub(crate) fn check(
    scenario: &str,
    changes: &[Change<'_>],
    expected: &str,
    reasons: &[&str],
    warnings: &[&str],
) {
    compare(
        &decided(&case(scenario, changes), None),
        expected,
        reasons,
        warnings,
    );
}

#[track_caller]
pub(crate) fn compare(decision: &Decision, expected: &str, reasons: &[&str], warnings: &[&str]) {
    let filing = decision
        .filing
        .as_ref()
        .map_or("-", |filing| filing.as_str());
    let found: Vec<_> = decision
        .reasons
        .iter()
        .map(|reason| format!("{} {}", reason.rule, reason.code))
        .collect();
    assert_eq!(found, reasons);
    assert_eq!(
        format!("{} {} {filing}", decision.outcome, decision.route),
        expected
    );
    let warned: Vec<_> = decision
        .warnings
        .iter()
        .map(|said| format!("{} {}", said.rule, said.code))
        .collect();
    assert_eq!(warned, warnings);
}

/// Changes that insure the worker in another prefecture of Hunan.
pub(crate) fn intra() -> Vec<Change<'static>> {
    vec![("/worker/insured_division", json!("430400"))]
}

pub(crate) fn with<'a>(mut changes: Vec<Change<'a>>, more: &[Change<'a>]) -> Vec<Change<'a>> {
    changes.extend_from_slice(more);
    changes
}

pub(crate) fn opening() -> Vec<Change<'static>> {
    vec![
        ("/gate", json!("admission")),
        ("/visit/discharged_at", json!(null)),
        ("/bill", json!(null)),
    ]
}

pub(crate) fn filing(number: &str, changes: &[Change<'_>]) -> Value {
    let mut filing: Value =
        serde_json::from_str::<Value>(STAY).unwrap()["case"]["filings"][0].take();
    filing["number"] = json!(number);
    for (pointer, value) in changes {
        *filing.pointer_mut(pointer).unwrap() = value.clone();
    }
    filing
}

pub(crate) const ALLOW: &str = "allow direct_settlement F-0001";
pub(crate) const MANUAL: &str = "refuse manual_reimbursement F-0001";
pub(crate) const MANUAL_UNFILED: &str = "refuse manual_reimbursement -";
