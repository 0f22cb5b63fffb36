//! Chapter 3: the institution's agreement and what is presented at its counter.

use rules::Profile;
use serde_json::json;

use super::changed::*;

#[test]
fn the_institution_s_agreement_stands_and_covers_the_visit() {
    let all = [
        ("/institution/status", json!("closed")),
        ("/institution/status_since", json!("2025-08-10")),
        ("/institution/channels", json!(["intra_province"])),
        ("/institution/kinds", json!(["outpatient_medical"])),
    ];
    let reasons = [
        "D01 institution_not_active",
        "D01 institution_not_in_library",
        "D01 kind_not_in_agreement",
    ];
    check(STAY, &all, MANUAL, &reasons, &[]);
    check(
        STAY,
        &with(all.to_vec(), &opening()),
        "refuse other_institution F-0001",
        &reasons,
        &[],
    );
}

#[test]
fn an_agreement_that_ended_during_the_stay_is_asked_about() {
    let since = |day: &str| {
        vec![
            ("/institution/status", json!("terminated")),
            ("/institution/status_since", json!(day)),
        ]
    };
    check(
        STAY,
        &since("2025-08-10"),
        MANUAL,
        &["D01 institution_not_active"],
        &[],
    );
    check(
        STAY,
        &since("2025-08-11"),
        "hold ask_agency F-0001",
        &["D02 suspended_during_stay"],
        &[],
    );
    check(
        REFUND,
        &since("2025-08-19"),
        "hold ask_agency F-0001",
        &["D02 suspended_during_stay"],
        &[],
    );
    check(
        DEVICE,
        &since("2025-08-19"),
        "hold ask_agency F-0001",
        &["D02 suspended_during_stay"],
        &[],
    );
    check(
        OUTPATIENT,
        &since("2025-08-21"),
        "refuse other_institution F-0001",
        &["D01 institution_not_active"],
        &[],
    );
    check(
        STAY,
        &with(since("2025-08-19"), &opening()),
        "refuse other_institution F-0001",
        &["D01 institution_not_active"],
        &[],
    );
    let hunan = include_str!("../../profiles/hunan.toml");
    let stay = case(STAY, &since("2025-08-19"));
    let refuses = Profile::parse(&hunan.replace("value = \"ask\"", "value = \"refuse\"")).unwrap();
    compare(
        &decided(&stay, Some(&refuses)),
        MANUAL,
        &["D01 institution_not_active"],
        &[],
    );
    let allows = Profile::parse(&hunan.replace("value = \"ask\"", "value = \"allow\"")).unwrap();
    compare(
        &decided(&stay, Some(&allows)),
        ALLOW,
        &[],
        &["D02 suspended_during_stay"],
    );
}

#[test]
fn a_card_settles_and_an_identity_card_only_opens() {
    let nothing = |fault: bool| {
        (
            "/credential",
            json!({"kind": "none", "social_security_number": null, "name": null, "fault": fault}),
        )
    };
    let identity = ("/credential/kind", json!("identity_card"));
    check(
        STAY,
        &[nothing(false)],
        "refuse present_card F-0001",
        &["B01 no_credential"],
        &[],
    );
    check(
        STAY,
        &[nothing(true)],
        MANUAL,
        &["B03 credential_fault"],
        &[],
    );
    check(
        STAY,
        &with(opening(), &[nothing(true)]),
        "refuse present_card F-0001",
        &["B03 credential_fault"],
        &[],
    );
    check(
        OUTPATIENT,
        &[nothing(true)],
        "refuse present_card F-0001",
        &["B03 credential_fault"],
        &[],
    );
    check(
        STAY,
        std::slice::from_ref(&identity),
        "refuse present_card F-0001",
        &["B01 card_required"],
        &[],
    );
    check(
        OUTPATIENT,
        std::slice::from_ref(&identity),
        "refuse present_card F-0001",
        &["B01 card_required"],
        &[],
    );
    check(
        STAY,
        &with(opening(), &[identity]),
        ALLOW,
        &[],
        &["B01 card_required_to_settle"],
    );
    check(
        STAY,
        &[("/credential/kind", json!("electronic_social_security_card"))],
        ALLOW,
        &[],
        &[],
    );
    // A fault counts only where nothing else was read.
    check(STAY, &[("/credential/fault", json!(true))], ALLOW, &[], &[]);
}
