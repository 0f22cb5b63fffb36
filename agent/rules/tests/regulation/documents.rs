//! Scenarios as JSON, and every place in them.

use rules::case_format::parse_case;
use serde_json::Value;

pub(crate) const STAY: &str =
    include_str!("../../../../tests/scenarios/01-cross-transfer-valid.json");
pub(crate) const DEVICE: &str =
    include_str!("../../../../tests/scenarios/17-device-over-limit.json");
pub(crate) const REFUND: &str =
    include_str!("../../../../tests/scenarios/14-late-recognition-refund.json");

pub(crate) fn case(scenario: &str) -> Value {
    serde_json::from_str::<Value>(scenario).unwrap()["case"].take()
}

#[track_caller]
pub(crate) fn refused(json: &[u8], path: &str) {
    let error = parse_case(json).expect_err("the format refuses this");
    assert_eq!(error.path, path, "{}", error.message);
    assert!(!error.message.is_empty());
}

/// Sets a field of a scenario and expects the path of the refusal.
#[track_caller]
pub(crate) fn set(scenario: &str, pointer: &str, value: Value, path: &str) {
    let mut case = case(scenario);
    *case
        .pointer_mut(pointer)
        .unwrap_or_else(|| panic!("{pointer}")) = value;
    refused(case.to_string().as_bytes(), path);
}

#[track_caller]
pub(crate) fn accepted(scenario: &str, pointer: &str, value: Value) {
    let mut case = case(scenario);
    *case
        .pointer_mut(pointer)
        .unwrap_or_else(|| panic!("{pointer}")) = value;
    if let Err(error) = parse_case(case.to_string().as_bytes()) {
        panic!("{pointer}: {error}");
    }
}

/// `/bill/lines/0/amount` as `bill.lines[0].amount`.
pub(crate) fn path_of(pointer: &str) -> String {
    pointer
        .split('/')
        .skip(1)
        .fold(String::new(), |path, step| {
            if step.bytes().all(|byte| byte.is_ascii_digit()) {
                format!("{path}[{step}]")
            } else if path.is_empty() {
                step.into()
            } else {
                format!("{path}.{step}")
            }
        })
}

/// Pointers of everything beneath a value, objects' fields and lists' items.
pub(crate) fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut enter = |key: &str, value: &Value| {
        let pointer = format!("{at}/{key}");
        found.push(pointer.clone());
        pointers(value, &pointer, found);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| enter(key, value)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, value)| enter(&index.to_string(), value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A case that shows every object of the format.
pub(crate) fn full() -> Value {
    let mut full = case(DEVICE);
    full["filings"][0] = case(STAY)["filings"][0].clone();
    full
}
