//! Chapter 5: who it is, once, on a current registry.

use serde_json::json;

use super::changed::*;

#[test]
fn number_and_name_are_the_registry_s() {
    check(
        STAY,
        &[
            ("/credential/social_security_number", json!("1")),
            ("/credential/name", json!("李四")),
        ],
        "refuse ask_agency F-0001",
        &["B02 number_differs", "B02 name_differs"],
        &[],
    );
    check(
        STAY,
        &[("/credential/name", json!("测 试・一"))],
        ALLOW,
        &[],
        &[],
    );
    check(
        STAY,
        &[
            (
                "/worker/social_security_number",
                json!("11010519491231002X"),
            ),
            (
                "/credential/social_security_number",
                json!("11010519491231002x"),
            ),
        ],
        ALLOW,
        &[],
        &[],
    );
}

#[test]
fn eligibility_and_suspension_stop_the_settlement() {
    check(
        STAY,
        &[("/worker/suspended", json!(true))],
        "refuse ask_agency F-0001",
        &["C12 suspended"],
        &[],
    );
    check(
        STAY,
        &[("/worker/eligibility", json!("lost"))],
        "refuse ask_agency F-0001",
        &["C10 eligibility_lost"],
        &[],
    );
    check(
        STAY,
        &[("/worker/eligibility", json!("unknown"))],
        "hold check_online F-0001",
        &["C10 eligibility_unknown"],
        &[],
    );
}

#[test]
fn nothing_is_settled_twice() {
    for (settled, code) in [
        ("direct", "F08 already_settled_directly"),
        ("manual", "F08 already_claimed_manually"),
    ] {
        check(
            STAY,
            &[("/visit/settled", json!(settled))],
            "refuse none F-0001",
            &[code],
            &[],
        );
    }
}

#[test]
fn a_registry_older_than_a_day_is_stale_to_the_nanosecond() {
    let aged = |as_of: &str, expected: &str, reasons: &[&str]| {
        check(
            STAY,
            &[("/registry_as_of", json!(as_of))],
            expected,
            reasons,
            &[],
        );
    };
    aged("2025-08-19T10:00:00+08:00", ALLOW, &[]);
    aged(
        "2025-08-19T09:59:59.999999999+08:00",
        "hold check_online F-0001",
        &["F02 registry_stale"],
    );
    aged("2025-08-20T10:00:01+08:00", ALLOW, &[]);
}
