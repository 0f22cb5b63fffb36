//! What an earlier version kept as evidence is read, and judged again as it was then.
//!
//! `evidence/1` was written by the last version of the program that had rule set 1: the case and the result of a settled stay
//! and the case of its admission out of a ledger, and what `explain` answered to that version's scenarios and to its corners.

use rules::case_format::{parse_case, parse_kept_case, write_decision};
use rules::{Credential, CredentialFault, Profile, RuleSet, Verified, decide, decide_again};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

const SETTLED_CASE: &str = include_str!("../evidence/1/settled-case.json");
const SETTLED_RESULT: &str = include_str!("../evidence/1/settled-result.json");
const ADMITTED_CASE: &str = include_str!("../evidence/1/admitted-case.json");
const DECIDED: &str = include_str!("../evidence/1/decided.jsonl");

/// A case and its result, byte for byte.
#[derive(Deserialize)]
struct Decided<'a> {
    #[serde(borrow)]
    case: &'a RawValue,
    #[serde(borrow)]
    result: &'a RawValue,
}

fn decided_then() -> impl Iterator<Item = Decided<'static>> {
    DECIDED
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
}

#[track_caller]
fn again(case: &str) -> String {
    let case = parse_kept_case(case.as_bytes(), RuleSet::First).unwrap();
    let profile = Profile::built_in(case.facts().profile);
    String::from_utf8(write_decision(&decide_again(
        &case,
        profile,
        RuleSet::First,
    )))
    .unwrap()
}

#[test]
fn a_settlement_kept_under_rule_set_1_is_judged_again_to_the_same_bytes() {
    assert_eq!(again(SETTLED_CASE), SETTLED_RESULT);
    let admitted: Value = serde_json::from_str(&again(ADMITTED_CASE)).unwrap();
    assert_eq!(admitted["decision"], "allow");
    let all: Vec<_> = decided_then().collect();
    assert_eq!(all.len(), 47);
    for Decided { case, result } in all {
        assert_eq!(again(case.get()), result.get(), "{case}");
    }
}

#[test]
fn explain_s_format_does_not_take_what_rule_set_1_kept() {
    for case in [SETTLED_CASE, ADMITTED_CASE] {
        let error = parse_case(case.as_bytes()).expect_err("the format of today");
        assert_eq!(error.path, "credential.verified", "{error}");
    }
}

/// A kept case with another credential.
fn with_credential(credential: &Value) -> String {
    let mut case: Value = serde_json::from_str(ADMITTED_CASE).unwrap();
    case["credential"] = credential.clone();
    case.to_string()
}

#[test]
fn a_credential_of_rule_set_1_becomes_one_of_today() {
    let presented = |kind: &str, fault: bool| json!({"kind": kind, "social_security_number": "1", "name": "x", "fault": fault});
    for (kind, fault, verified) in [
        ("social_security_card", false, Verified::Now),
        ("social_security_card", true, Verified::Now),
        ("electronic_social_security_card", true, Verified::Now),
        ("identity_card", false, Verified::No),
    ] {
        let kept = with_credential(&presented(kind, fault));
        let read = parse_kept_case(kept.as_bytes(), RuleSet::First).unwrap();
        match &read.facts().credential {
            Credential::Presented {
                kind: of,
                verified: found,
                ..
            } => assert_eq!((of.name(), *found), (kind, verified)),
            Credential::Nothing { .. } => panic!("{kind} was presented"),
        }
    }
    for (fault, becomes) in [(true, Some(CredentialFault::Credential)), (false, None)] {
        let nothing =
            json!({"kind": "none", "social_security_number": null, "name": null, "fault": fault});
        let read = parse_kept_case(with_credential(&nothing).as_bytes(), RuleSet::First).unwrap();
        assert_eq!(
            read.facts().credential,
            Credential::Nothing { fault: becomes }
        );
    }
}

#[test]
fn what_breaks_the_format_of_rule_set_1_is_refused_where_it_stands() {
    let refused = |credential: Value, path: &str| {
        let error = parse_kept_case(with_credential(&credential).as_bytes(), RuleSet::First)
            .expect_err(path);
        assert_eq!(error.path, path, "{error}");
    };
    let none = |fault: Value| json!({"kind": "none", "social_security_number": null, "name": null, "fault": fault});
    refused(none(json!(null)), "credential.fault");
    refused(none(json!("network")), "credential.fault");
    let mut newer = none(json!(false));
    newer["verified"] = json!("no");
    refused(newer, "credential.verified");
    refused(
        json!({"kind": "card", "social_security_number": "1", "name": "x", "fault": false}),
        "credential.kind",
    );
    let mut long: Value = serde_json::from_str(SETTLED_CASE).unwrap();
    long["bill"]["lines"][0]["quantity"] = json!("1234567890123");
    let error = parse_kept_case(long.to_string().as_bytes(), RuleSet::First).expect_err("too long");
    assert_eq!(error.path, "bill.lines[0].quantity");
}

#[test]
fn a_product_too_long_for_a_decimal_is_above_every_amount() {
    let longest = "999999999999.9999";
    let mut case: Value = serde_json::from_str(SETTLED_CASE).unwrap();
    let first = case["bill"]["lines"][0].clone();
    case["catalogue"] = json!([{
        "column": first["column"], "code": first["code"], "from": "2025-01-01", "to": null,
        "restricted": false, "ceiling": "999999999999.99",
    }]);
    case["bill"]["lines"] = json!([first]);
    let line = &mut case["bill"]["lines"][0];
    line["unit_price"] = json!("0.5");
    line["quantity"] = json!(longest);
    line["amount"] = json!("500000000000.00");
    let split: Value = serde_json::from_str(&again(&case.to_string())).unwrap();
    assert_eq!(split["split"]["fund"]["total"], "500000000000.00");

    case["bill"]["lines"][0]["unit_price"] = json!(longest);
    let refused: Value = serde_json::from_str(&again(&case.to_string())).unwrap();
    assert_eq!(refused["reasons"][0]["code"], "line_amount_wrong");
    assert_eq!(refused["split"], json!(null));
}

#[test]
fn rules_newer_than_the_evidence_are_not_applied_to_it() {
    let unconfirmed = include_str!("../../../../tests/scenarios/39e-card-not-verified.json");
    let scenario: Value = serde_json::from_str(unconfirmed).unwrap();
    let case = parse_case(scenario["case"].to_string().as_bytes()).unwrap();
    let profile = Profile::built_in(case.facts().profile);
    let codes = |decision: &rules::Decision| -> Vec<String> {
        let reasons = decision.reasons.iter().map(|said| said.code.to_string());
        reasons.collect()
    };
    assert_eq!(codes(&decide(&case, profile)), ["card_not_verified"]);
    let then = decide_again(&case, profile, RuleSet::First);
    assert!(then.reasons.is_empty() && then.warnings.is_empty());
}
