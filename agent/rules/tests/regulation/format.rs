//! What the case format refuses, with the path it names, and what it accepts.

use rules::case_format::parse_case;
use serde_json::{Value, json};

use super::documents::*;

const NULLABLE: [&str; 15] = [
    "/credential/fault",
    "/institution/status_since",
    "/worker",
    "/filings/0/cancelled_at",
    "/filings/0/back_filing",
    "/visit/discharged_at",
    "/visit/paid_by_worker",
    "/visit/paid_by_medical_insurance",
    "/devices/0/notice_number",
    "/devices/0/last_fitted_on",
    "/bill",
    "/bill/lines/0/treats_injury",
    "/bill/lines/0/restriction_met",
    "/bill/lines/0/reverses",
    "/catalogue/0/to",
];

#[test]
fn every_field_must_be_there_and_no_other_may() {
    let full = full();
    let mut all = Vec::new();
    pointers(&full, "", &mut all);
    assert!(all.len() > 80, "{}", all.len());
    for pointer in &all {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let mut without = full.clone();
        if let Some(Value::Object(fields)) = without.pointer_mut(parent) {
            let value = fields.remove(key).unwrap();
            refused(without.to_string().as_bytes(), &path_of(pointer));
            let renamed = format!("{key}_");
            let Some(Value::Object(fields)) = without.pointer_mut(parent) else {
                unreachable!()
            };
            fields.insert(key.into(), value.clone());
            fields.insert(renamed.clone(), value);
            refused(
                without.to_string().as_bytes(),
                &path_of(&format!("{parent}/{renamed}")),
            );
        }
    }
}

#[test]
fn only_the_fields_marked_so_may_be_null() {
    let full = full();
    let mut all = Vec::new();
    pointers(&full, "", &mut all);
    for pointer in &all {
        let mut with_null = full.clone();
        *with_null.pointer_mut(pointer).unwrap() = Value::Null;
        let read = parse_case(with_null.to_string().as_bytes());
        if NULLABLE.contains(&pointer.as_str()) || pointer == "/catalogue/0/ceiling" {
            assert!(read.is_ok(), "{pointer}: {read:?}");
        } else {
            assert_eq!(read.expect_err(pointer).path, path_of(pointer));
        }
    }
}

#[test]
fn a_value_of_another_kind_is_refused_where_it_stands() {
    let full = full();
    let mut all = Vec::new();
    pointers(&full, "", &mut all);
    for pointer in &all {
        for other in [
            json!(true),
            json!(7),
            json!(-7),
            json!(7.5),
            json!("?"),
            json!([[]]),
            json!({"a": 1}),
        ] {
            let before = full.pointer(pointer).unwrap();
            let same = std::mem::discriminant(before) == std::mem::discriminant(&other);
            if same || (before.is_null() && pointer.contains("lines")) {
                continue;
            }
            let mut wrong = full.clone();
            *wrong.pointer_mut(pointer).unwrap() = other.clone();
            let error = parse_case(wrong.to_string().as_bytes()).expect_err(pointer);
            let path = path_of(pointer);
            assert!(
                error.path.starts_with(&path),
                "{pointer} = {other}: {error}"
            );
        }
    }
}

#[test]
fn a_repeated_key_is_refused_at_every_depth() {
    let text = case(STAY).to_string();
    for (key, repeated, path) in [
        ("{\"at\":", "{\"at\":\"x\",\"at\":", "at"),
        ("\"bill\":{", "\"bill\":{\"lines\":[],", "bill.lines"),
        (
            "\"amount\":\"7200.00\"",
            "\"amount\":\"7200.00\",\"amount\":\"7200.00\"",
            "bill.lines[0].amount",
        ),
        (
            "\"suspended\":false",
            "\"suspended\":false,\"suspended\":false",
            "worker.suspended",
        ),
    ] {
        assert!(text.contains(key), "{key}");
        refused(text.replacen(key, repeated, 1).as_bytes(), path);
    }
}

#[test]
fn what_is_not_json_is_refused_where_it_breaks_off() {
    let text = case(STAY).to_string();
    for (json, path) in [
        (String::new(), "$"),
        ("{".into(), "$"),
        ("null".into(), "$"),
        ("[]".into(), "$"),
        ("1".into(), "$"),
        ("\"case\"".into(), "$"),
        ("{\"profile\": nul}".into(), "profile"),
        (
            "{\"bill\": {\"lines\": [{\"number\": 1}, {\"amount\": 1,}]}}".into(),
            "bill.lines[1]",
        ),
        (format!("{text} x"), "$"),
        (format!("{text}{text}"), "$"),
        (
            text.replace("\"7200.00\"", "\"7200.00"),
            "bill.lines[0].code",
        ),
    ] {
        let error = parse_case(json.as_bytes()).expect_err(&json);
        if path == "bill.lines[0].code" {
            assert!(error.path.starts_with("bill.lines[0]"), "{error}");
        } else {
            assert_eq!(error.path, path, "{json}: {}", error.message);
        }
    }
}

#[test]
fn decimals_are_plain_and_as_long_as_the_format_says() {
    let amount = "/bill/lines/0/amount";
    let path = "bill.lines[0].amount";
    for text in [
        "",
        "1",
        "1.0",
        "1.000",
        "+1.00",
        "1e2",
        "１.00",
        "1,00",
        ".50",
        "1.",
        " 1.00",
        "-",
        "1234567890123.00",
        "1234567890123456789012345678.00",
        "NaN",
        "0x10.00",
    ] {
        set(STAY, amount, json!(text), path);
    }
    set(STAY, amount, json!(7200.0), path);
    for (pointer, text) in [
        ("/bill/lines/0/unit_price", "-1"),
        ("/bill/lines/0/unit_price", "1.00000"),
        ("/bill/lines/0/quantity", "1.00001"),
        ("/bill/lines/0/quantity", "100000000"),
        ("/bill/lines/0/quantity", "-123456789.5"),
        ("/bill/lines/0/unit_price", "100000000"),
        ("/bill/lines/0/unit_price", "000000001"),
        ("/catalogue/0/ceiling", "-1.00"),
        ("/catalogue/0/ceiling", "1"),
    ] {
        set(STAY, pointer, json!(text), &path_of(pointer));
    }
    for text in ["-1.00", "1.5"] {
        set(
            DEVICE,
            "/devices/0/notice_limit",
            json!(text),
            "devices[0].notice_limit",
        );
        set(
            REFUND,
            "/visit/paid_by_worker",
            json!(text),
            "visit.paid_by_worker",
        );
    }
    for (pointer, text) in [
        (amount, "-999999999999.99"),
        ("/bill/lines/0/quantity", "-0.0001"),
        ("/bill/lines/0/quantity", "0"),
        ("/bill/lines/0/quantity", "-99999999.9999"),
        ("/bill/lines/0/unit_price", "99999999.9999"),
    ] {
        accepted(STAY, pointer, json!(text));
    }
}

#[test]
fn instants_and_dates_exist() {
    for text in [
        "2025-08-20",
        "2025-08-20T10:00:00",
        "2025-02-29T10:00:00+08:00",
        "2025-08-20T25:00:00+08:00",
        "20250820T100000Z",
        "",
    ] {
        set(STAY, "/at", json!(text), "at");
    }
    for text in ["2025-02-30", "2025-8-1", "2025-08-01T00:00:00Z", ""] {
        set(
            STAY,
            "/filings/0/valid_from",
            json!(text),
            "filings[0].valid_from",
        );
        set(STAY, "/catalogue/0/to", json!(text), "catalogue[0].to");
    }
    accepted(STAY, "/at", json!("2025-08-20T02:00:00Z"));
    accepted(
        STAY,
        "/registry_as_of",
        json!("2025-08-20T10:00:00.123456789+08:00"),
    );
}

#[test]
fn names_come_from_their_lists() {
    for pointer in [
        "/profile",
        "/gate",
        "/institution/status",
        "/institution/channels/0",
        "/institution/kinds/4",
        "/credential/kind",
        "/credential/verified",
        "/worker/insured_level",
        "/worker/confirmations/0",
        "/worker/eligibility",
        "/filings/0/form",
        "/filings/0/basis",
        "/filings/0/care",
        "/filings/0/status",
        "/visit/kind",
        "/visit/third_party_liability",
        "/visit/settled",
        "/bill/lines/0/column",
        "/catalogue/0/column",
    ] {
        for text in ["", "Hunan", "none "] {
            set(STAY, pointer, json!(text), &path_of(pointer));
        }
    }
    set(
        STAY,
        "/catalogue/0/column",
        json!("meal_allowance"),
        "catalogue[0].column",
    );
    set(
        STAY,
        "/filings/0/back_filing",
        json!("late"),
        "filings[0].back_filing",
    );
    set(
        DEVICE,
        "/devices/0/notice_reason",
        json!("second"),
        "devices[0].notice_reason",
    );
}

#[test]
fn numbers_and_codes_are_not_empty_and_lines_count_from_1() {
    for (scenario, pointer) in [
        (STAY, "/worker/social_security_number"),
        (STAY, "/credential/social_security_number"),
        (STAY, "/filings/0/number"),
        (STAY, "/bill/lines/0/code"),
        (STAY, "/catalogue/0/code"),
        (DEVICE, "/devices/0/notice_number"),
        (STAY, "/institution/division"),
        (STAY, "/filings/0/place"),
    ] {
        set(scenario, pointer, json!(""), &path_of(pointer));
    }
    accepted(STAY, "/bill/lines/0/name", json!(""));
    for number in [json!(0), json!(-1), json!(1.0), json!("1"), json!(1e300)] {
        set(
            STAY,
            "/bill/lines/0/number",
            number.clone(),
            "bill.lines[0].number",
        );
        set(
            STAY,
            "/bill/lines/0/reverses",
            number.clone(),
            "bill.lines[0].reverses",
        );
        set(DEVICE, "/devices/0/line", number, "devices[0].line");
    }
    let text =
        case(STAY)
            .to_string()
            .replacen("\"number\":1,", "\"number\":99999999999999999999,", 1);
    refused(text.as_bytes(), "bill.lines[0].number");
    accepted(STAY, "/bill/lines/0/number", json!(u64::MAX));
    for years in [json!(100), json!(256), json!(-1), json!(4.0), json!("4")] {
        set(
            DEVICE,
            "/devices/0/minimum_years",
            years,
            "devices[0].minimum_years",
        );
    }
    accepted(DEVICE, "/devices/0/minimum_years", json!(99));
    accepted(DEVICE, "/devices/0/minimum_years", json!(0));
}

#[test]
fn what_depends_on_another_field_is_held_to_it() {
    set(
        STAY,
        "/institution/status",
        json!("suspended"),
        "institution.status_since",
    );
    accepted(STAY, "/institution/status_since", json!("2025-01-01"));
    set(
        STAY,
        "/credential/kind",
        json!("none"),
        "credential.social_security_number",
    );
    set(STAY, "/credential/name", json!(null), "credential.name");
    set(
        STAY,
        "/credential",
        json!({"kind": "none", "social_security_number": null, "name": "x", "fault": "denied", "verified": "no"}),
        "credential.name",
    );
    set(
        STAY,
        "/filings/0/approved_at",
        json!(null),
        "filings[0].approved_at",
    );
    set(
        STAY,
        "/filings/0/status",
        json!("cancelled"),
        "filings[0].cancelled_at",
    );
    set(
        STAY,
        "/filings/0/cancelled_at",
        json!("2025-08-05T00:00:00+08:00"),
        "filings[0].cancelled_at",
    );
    set(STAY, "/filings/0/form", json!("device"), "filings[0].care");
    set(STAY, "/filings/0/care", json!(null), "filings[0].care");
    set(
        STAY,
        "/visit/paid_by_worker",
        json!("1.00"),
        "visit.paid_by_worker",
    );
    set(
        STAY,
        "/visit/paid_by_medical_insurance",
        json!("1.00"),
        "visit.paid_by_medical_insurance",
    );
    accepted(REFUND, "/visit/paid_by_worker", json!(null));
    set(STAY, "/gate", json!("outpatient"), "visit.kind");
    set(STAY, "/gate", json!("device_settlement"), "visit.kind");
    set(
        STAY,
        "/visit/kind",
        json!("outpatient_medical"),
        "visit.kind",
    );
    accepted(REFUND, "/visit/kind", json!("outpatient_rehabilitation"));
    set(STAY, "/devices", case(DEVICE)["devices"].clone(), "devices");
    accepted(DEVICE, "/devices/0/line", json!(77));
}

#[test]
fn a_credential_s_fault_and_confirmation_belong_to_its_kind() {
    let credential = |kind: &str, fault: Value, verified: &str| {
        let presented = kind != "none";
        json!({
            "kind": kind,
            "social_security_number": presented.then_some("1"),
            "name": presented.then_some("x"),
            "fault": fault,
            "verified": verified,
        })
    };
    let none = |fault: &str| credential("none", json!(fault), "no");
    for word in ["credential", "denied", "network"] {
        accepted(STAY, "/credential", none(word));
    }
    for word in ["", "true", "Credential", "no", "verified"] {
        set(STAY, "/credential", none(word), "credential.fault");
    }
    for value in [json!(true), json!(false), json!(0)] {
        let other = credential("none", value, "no");
        set(STAY, "/credential", other, "credential.fault");
    }
    for kind in ["social_security_card", "electronic_social_security_card"] {
        for word in ["now", "earlier", "no"] {
            accepted(STAY, "/credential", credential(kind, json!(null), word));
            for fault in ["credential", "denied", "network"] {
                let both = credential(kind, json!(fault), word);
                set(STAY, "/credential", both, "credential.fault");
            }
        }
    }
    accepted(
        STAY,
        "/credential",
        credential("identity_card", json!(null), "no"),
    );
    for kind in ["identity_card", "none"] {
        for word in ["now", "earlier"] {
            let confirmed = credential(kind, json!(null), word);
            set(STAY, "/credential", confirmed, "credential.verified");
        }
    }
    let both = credential("identity_card", json!("denied"), "no");
    set(STAY, "/credential", both, "credential.fault");
    for word in ["", "yes", "NOW", "before"] {
        let other = credential("social_security_card", json!(null), word);
        set(STAY, "/credential", other, "credential.verified");
    }
}

#[test]
fn times_run_forwards_and_ends_are_not_before_beginnings() {
    set(
        STAY,
        "/filings/0/valid_to",
        json!("2025-08-03"),
        "filings[0].valid_to",
    );
    set(
        STAY,
        "/catalogue/0/to",
        json!("2024-12-31"),
        "catalogue[0].to",
    );
    accepted(STAY, "/catalogue/0/to", json!("2025-01-01"));
    set(
        STAY,
        "/visit/registered_at",
        json!("2025-08-20T10:00:01+08:00"),
        "visit.registered_at",
    );
    set(
        STAY,
        "/visit/discharged_at",
        json!("2025-08-10T08:59:59+08:00"),
        "visit.discharged_at",
    );
    set(
        STAY,
        "/visit/discharged_at",
        json!("2025-08-20T10:00:01+08:00"),
        "visit.discharged_at",
    );
    accepted(STAY, "/visit/discharged_at", json!("2025-08-20T02:00:00Z"));
}

#[test]
fn numbers_that_name_a_thing_name_one() {
    let twice = |scenario: &str, pointer: &str, path: &str| {
        let mut case = case(scenario);
        let list = case.pointer_mut(pointer).unwrap().as_array_mut().unwrap();
        list.push(list[0].clone());
        refused(case.to_string().as_bytes(), path);
    };
    twice(STAY, "/filings", "filings[1].number");
    twice(STAY, "/bill/lines", "bill.lines[6].number");
    twice(DEVICE, "/devices", "devices[1].line");
    twice(STAY, "/catalogue", "catalogue[5]");
    // A kind named twice says no more.
    accepted(
        STAY,
        "/institution/channels",
        json!(["cross_province", "cross_province"]),
    );
}

#[test]
fn an_error_never_repeats_what_identifies_a_patient() {
    for (pointer, value) in [
        ("/credential/name", json!({"张三丰": 1})),
        (
            "/worker/social_security_number",
            json!(["650102199003070013"]),
        ),
        ("/worker/suspended", json!("张三丰")),
        ("/credential/kind", json!("张三丰650102199003070013")),
    ] {
        let mut case = case(STAY);
        *case.pointer_mut(pointer).unwrap() = value;
        let error = parse_case(case.to_string().as_bytes())
            .expect_err(pointer)
            .to_string();
        assert!(
            !error.contains("张三丰") && !error.contains("650102199003070013"),
            "{error}"
        );
    }
}
