//! Cases broken in one field, and the path that the error owes.

use serde_json::{Value, json};

use crate::generate::Dice;

/// What follows a step into a case: a field's name or a place in a list.
#[derive(Clone)]
enum Step {
    Field(String),
    Place(usize),
}

type Path = Vec<Step>;

/// Fields that may be null, whatever the others say.
const NULLABLE: [&str; 10] = [
    "worker",
    "bill",
    "to",
    "ceiling",
    "back_filing",
    "discharged_at",
    "treats_injury",
    "restriction_met",
    "reverses",
    "last_fitted_on",
];
/// Fields whose null hangs on another field.
const SOMETIMES_NULL: [&str; 10] = [
    "status_since",
    "fault",
    "care",
    "approved_at",
    "cancelled_at",
    "notice_number",
    "paid_by_worker",
    "paid_by_medical_insurance",
    "social_security_number",
    "name",
];
const MOMENTS: [&str; 6] = [
    "at",
    "registry_as_of",
    "registered_at",
    "discharged_at",
    "approved_at",
    "cancelled_at",
];
const DAYS: [&str; 7] = [
    "status_since",
    "valid_from",
    "valid_to",
    "last_fitted_on",
    "date",
    "from",
    "to",
];
const YUAN: [&str; 5] = [
    "amount",
    "ceiling",
    "notice_limit",
    "paid_by_worker",
    "paid_by_medical_insurance",
];
const FREE_TEXT: [&str; 6] = [
    "name",
    "number",
    "code",
    "notice_number",
    "social_security_number",
    "line",
];

const NO_MOMENT: [&str; 7] = [
    "2025-08-20",
    "2025-08-20T10:00:00",
    "2025-08-20T24:00:00+08:00",
    "2025-02-29T10:00:00+08:00",
    "2025-08-20 10:00:00+08:00",
    "2025-08-20T10:00:00+08:00[Asia/Shanghai]",
    "20250820T100000+0800",
];
const NO_DAY: [&str; 6] = [
    "2025-02-29",
    "2025-8-1",
    "20250801",
    "2025-08-01T00:00:00+08:00",
    "2025年8月1日",
    "",
];
const NO_YUAN: [&str; 9] = [
    "1",
    "1.0",
    "1.000",
    "1,000.00",
    "１.00",
    "+1.00",
    "1e2",
    " 1.00",
    "1234567890123.00",
];
const NO_DECIMAL: [&str; 7] = ["", ".5", "5.", "123456789", "0.00001", "1e2", "NaN"];
const NO_DIVISION: [&str; 5] = ["", "43010", "4301000", "４３０１００", "43010x"];

/// The case's text after one field was broken, and the paths of which the error names one.
pub(crate) fn broken(dice: &mut Dice, mut case: Value) -> (String, Vec<String>) {
    if dice.percent(25)
        && let Some(paths) = at_odds(dice, &mut case)
    {
        return (case.to_string(), paths);
    }
    let mut paths = Vec::new();
    walk(&case, &mut Vec::new(), &mut paths);
    loop {
        let path = dice.pick(&paths).clone();
        let Some(Step::Field(field)) = path.last().cloned() else {
            continue;
        };
        let mut named = written(&path);
        match dice.below(5) {
            0 => {
                parent(&mut case, &path)
                    .as_object_mut()
                    .unwrap()
                    .remove(&field);
            }
            1 => {
                // One that stands first, so that the field's own comes as the second of the two.
                let value = at(&mut case, &path).clone();
                parent(&mut case, &path)["\u{1}"] = value;
                let text = case
                    .to_string()
                    .replace(r#""\u0001""#, &format!("\"{field}\""));
                return (text, vec![named]);
            }
            2 => {
                parent(&mut case, &path)["surprise"] = json!(null);
                named = written(&path[..path.len() - 1]);
                named = if named.is_empty() {
                    "surprise".to_owned()
                } else {
                    format!("{named}.surprise")
                };
            }
            3 => *at(&mut case, &path) = wrong_type(dice, at(&mut case, &path)),
            _ => match wrong_value(dice, &field, at(&mut case, &path)) {
                Some(value) => *at(&mut case, &path) = value,
                None => continue,
            },
        }
        return (case.to_string(), vec![named]);
    }
}

/// Every field below a value.
fn walk(value: &Value, above: &mut Path, found: &mut Vec<Path>) {
    let below: Vec<(Step, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(field, value)| (Step::Field(field.clone()), value))
            .collect(),
        Value::Array(places) => places
            .iter()
            .enumerate()
            .map(|(place, value)| (Step::Place(place), value))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (step, value) in below {
        above.push(step);
        found.push(above.clone());
        walk(value, above, found);
        above.pop();
    }
}

fn at<'a>(case: &'a mut Value, path: &[Step]) -> &'a mut Value {
    path.iter().fold(case, |value, step| match step {
        Step::Field(field) => &mut value[field.as_str()],
        Step::Place(place) => &mut value[*place],
    })
}

fn parent<'a>(case: &'a mut Value, path: &[Step]) -> &'a mut Value {
    at(case, &path[..path.len() - 1])
}

/// The path as an error writes it.
fn written(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Field(field) if text.is_empty() => text.push_str(field),
            Step::Field(field) => text.extend([".", field]),
            Step::Place(place) => text.extend(["[", &place.to_string(), "]"]),
        }
    }
    text
}

/// A value of a type that the field never has.
fn wrong_type(dice: &mut Dice, value: &Value) -> Value {
    let choices = match value {
        Value::Array(_) => [json!("1"), json!(true), json!(3)],
        Value::Object(_) => [json!("1"), json!([]), json!(3)],
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            [json!([]), json!(3.5), json!(-1)]
        }
    };
    dice.pick(&choices).clone()
}

/// A value of the field's type that the format refuses; None where every value will do.
fn wrong_value(dice: &mut Dice, field: &str, value: &Value) -> Option<Value> {
    if dice.percent(30) && !NULLABLE.contains(&field) && !SOMETIMES_NULL.contains(&field) {
        return Some(Value::Null);
    }
    match (field, value) {
        (_, Value::String(_)) if MOMENTS.contains(&field) => Some(json!(dice.pick(&NO_MOMENT))),
        (_, Value::String(_)) if DAYS.contains(&field) => Some(json!(dice.pick(&NO_DAY))),
        (_, Value::String(_)) if YUAN.contains(&field) => Some(json!(dice.pick(&NO_YUAN))),
        ("ceiling" | "notice_limit" | "unit_price" | "paid_by_worker", Value::String(_)) => {
            Some(json!("-1.00"))
        }
        ("quantity", _) => Some(json!(dice.pick(&NO_DECIMAL))),
        ("division" | "place" | "insured_division", _) => Some(json!(dice.pick(&NO_DIVISION))),
        ("minimum_years", _) => Some(json!(100)),
        ("number" | "line", Value::Number(_)) => Some(json!(0)),
        ("number" | "code" | "notice_number" | "social_security_number", Value::String(_)) => {
            Some(json!(""))
        }
        (_, Value::String(_)) if !FREE_TEXT.contains(&field) => Some(json!("surprise")),
        _ => None,
    }
}

/// Sets two fields at odds with each other; None where this case has not got them.
fn at_odds(dice: &mut Dice, case: &mut Value) -> Option<Vec<String>> {
    let one_of = |paths: &[&str]| Some(paths.iter().map(|path| (*path).to_owned()).collect());
    let later = json!("2040-01-01T00:00:00+08:00");
    match dice.below(10) {
        0 => {
            case["visit"]["registered_at"] = later;
            one_of(&["visit.registered_at", "at"])
        }
        1 => {
            case["visit"]["discharged_at"] = later;
            one_of(&["visit.discharged_at"])
        }
        2 => {
            case["visit"]["discharged_at"] = json!("2020-01-01T00:00:00+08:00");
            one_of(&["visit.discharged_at"])
        }
        3 if case["gate"] != "refund" => {
            case["visit"]["paid_by_worker"] = json!("1.00");
            one_of(&["visit.paid_by_worker"])
        }
        4 if case["credential"]["kind"] != "none" => {
            case["credential"]["name"] = Value::Null;
            one_of(&["credential.name"])
        }
        5 if case["credential"]["kind"] != "none" => {
            case["credential"]["fault"] = json!("network");
            one_of(&["credential.fault"])
        }
        6 if case["gate"] != "refund" => {
            let other = if case["gate"] == "outpatient" {
                "assistive_device"
            } else {
                "outpatient_medical"
            };
            case["visit"]["kind"] = json!(other);
            one_of(&["visit.kind", "gate"])
        }
        7 => {
            let filing = case["filings"].get_mut(0)?;
            filing["valid_from"] = json!("2040-01-01");
            one_of(&["filings[0].valid_from", "filings[0].valid_to"])
        }
        8 => {
            let filings = case["filings"].as_array_mut()?;
            let twin = filings.first()?.clone();
            filings.insert(1, twin);
            one_of(&["filings[1].number"])
        }
        9 => {
            let lines = case["bill"].get_mut("lines")?.as_array_mut()?;
            let twin = lines.first()?.clone();
            lines.insert(1, twin);
            one_of(&["bill.lines[1].number"])
        }
        _ => None,
    }
}
