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
    let nothing = (
        "/credential",
        json!({"kind": "none", "social_security_number": null, "name": null, "fault": null, "verified": "no"}),
    );
    let identity = [
        ("/credential/kind", json!("identity_card")),
        ("/credential/verified", json!("no")),
    ];
    check(
        STAY,
        &[nothing],
        "refuse present_card F-0001",
        &["B01 no_credential"],
        &[],
    );
    check(
        STAY,
        &identity,
        "refuse present_card F-0001",
        &["B01 card_required"],
        &[],
    );
    check(
        OUTPATIENT,
        &identity,
        "refuse present_card F-0001",
        &["B01 card_required"],
        &[],
    );
    check(
        STAY,
        &with(opening(), &identity),
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
}

/// Nothing presented, for this reason.
fn fault(word: &str) -> Change<'static> {
    (
        "/credential",
        json!({"kind": "none", "social_security_number": null, "name": null, "fault": word, "verified": "no"}),
    )
}

#[test]
fn a_card_that_says_nobody_is_told_by_whose_fault_it_is() {
    for (word, code, at_settling, at_opening) in [
        (
            "credential",
            "B03 credential_fault",
            MANUAL,
            "refuse present_card F-0001",
        ),
        (
            "denied",
            "B03 credential_denied",
            "refuse present_card F-0001",
            "refuse present_card F-0001",
        ),
        (
            "network",
            "B03 credential_not_authenticated",
            "hold check_online F-0001",
            "hold check_online F-0001",
        ),
    ] {
        check(STAY, &[fault(word)], at_settling, &[code], &[]);
        let opening = with(opening(), &[fault(word)]);
        check(STAY, &opening, at_opening, &[code], &[]);
        check(OUTPATIENT, &[fault(word)], at_opening, &[code], &[]);
    }
    // Holds stand behind what refuses.
    check(
        STAY,
        &[fault("network"), ("/worker/suspended", json!(true))],
        "refuse ask_agency F-0001",
        &["C12 suspended", "B03 credential_not_authenticated"],
        &[],
    );
}

#[test]
fn an_unreadable_card_stands_on_the_article_of_its_gate() {
    let article = |changes: &[Change<'_>]| {
        let decision = decided(&case(STAY, changes), None);
        decision.reasons[0].article.to_string()
    };
    let unreadable = fault("credential");
    assert_eq!(article(std::slice::from_ref(&unreadable)), "national:38");
    assert_eq!(
        article(&with(opening(), std::slice::from_ref(&unreadable))),
        "national:18(1)"
    );
    let within = with(intra(), std::slice::from_ref(&unreadable));
    assert_eq!(article(&within), "hunan:22");
    assert_eq!(article(&with(opening(), &within)), "hunan:16");
}
