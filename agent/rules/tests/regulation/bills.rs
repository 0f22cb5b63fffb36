//! Bills, lines and catalogue entries to decide on.

use rules::case_format::parse_case;
use rules::{Decision, Profile, decide};
use serde_json::{Value, json};

pub(crate) const STAY: &str =
    include_str!("../../../../tests/scenarios/01-cross-transfer-valid.json");
pub(crate) const DEVICE: &str =
    include_str!("../../../../tests/scenarios/17-device-over-limit.json");
pub(crate) const REFUND: &str =
    include_str!("../../../../tests/scenarios/14-late-recognition-refund.json");

/// A drug line: number, price, quantity, amount.
pub(crate) fn line(number: u64, price: &str, quantity: &str, amount: &str) -> Value {
    json!({
        "number": number, "date": "2025-08-12", "column": "drug", "code": "X", "name": "x",
        "unit_price": price, "quantity": quantity, "amount": amount,
        "treats_injury": true, "restriction_met": null, "reverses": null,
    })
}

/// A line with other fields.
pub(crate) fn changed(mut line: Value, fields: &Value) -> Value {
    for (field, value) in fields.as_object().unwrap() {
        line[field] = value.clone();
    }
    line
}

/// A line that reverses another.
pub(crate) fn back(number: u64, reverses: u64, quantity: &str, amount: &str) -> Value {
    let price = if amount == "0.00" { "0" } else { "1" };
    changed(
        line(number, price, quantity, amount),
        &json!({"reverses": reverses}),
    )
}

pub(crate) fn entry(code: &str, fields: &Value) -> Value {
    changed(
        json!({"column": "drug", "code": code, "from": "2025-01-01", "to": null, "restricted": false, "ceiling": null}),
        fields,
    )
}

pub(crate) fn case(scenario: &str, lines: Value, catalogue: Value) -> Value {
    let mut case: Value = serde_json::from_str::<Value>(scenario).unwrap()["case"].take();
    case["bill"]["lines"] = lines;
    case["catalogue"] = catalogue;
    case
}

pub(crate) fn decided(case: &Value) -> Decision {
    let case = parse_case(case.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    decide(&case, Profile::built_in(case.facts().profile))
}

/// Each line as `number fund self-pay other rule`.
#[track_caller]
pub(crate) fn check(case: &Value, lines: &[&str], warnings: &[&str]) -> Decision {
    let decision = decided(case);
    let codes: Vec<_> = decision
        .reasons
        .iter()
        .map(|reason| reason.code.name())
        .collect();
    let split = decision
        .split
        .as_ref()
        .unwrap_or_else(|| panic!("no split: {codes:?}"));
    let found: Vec<_> = split
        .lines
        .iter()
        .map(|line| {
            let shares = line.shares;
            format!(
                "{} {} {} {} {}",
                line.number, shares.fund, shares.self_pay, shares.other, line.rule
            )
        })
        .collect();
    assert_eq!(found, lines);
    let warned: Vec<_> = decision
        .warnings
        .iter()
        .map(|said| said.code.name())
        .collect();
    assert_eq!(warned, warnings);
    decision
}

/// The bill's faults alone; with one there is no split.
#[track_caller]
pub(crate) fn faults(lines: Value, expected: &[&str]) {
    let decision = decided(&case(STAY, lines, json!([entry("X", &json!({}))])));
    let found: Vec<_> = decision
        .reasons
        .iter()
        .map(|reason| format!("{} {}", reason.rule, reason.code))
        .collect();
    assert_eq!(found, expected);
    assert_eq!(decision.split.is_none(), !expected.is_empty());
}
