//! Chapter 5: who it is, once, on a current registry.

use rules::case_format::parse_case;
use rules::{OnCard, PersonName, Profile, SocialSecurityNumber, decide_beside_card};
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

/// A card or code that was confirmed so.
fn verified(kind: &str, word: &str) -> Vec<Change<'static>> {
    vec![
        ("/credential/kind", json!(kind)),
        ("/credential/verified", json!(word)),
    ]
}

const CARDS: [&str; 2] = ["social_security_card", "electronic_social_security_card"];

#[test]
fn a_card_settles_once_it_is_confirmed_and_in_an_outage_as_the_same_card() {
    for card in CARDS {
        for scenario in [STAY, OUTPATIENT, DEVICE, REFUND] {
            let filing = scenario_filing(scenario);
            let held = format!("hold check_online {filing}");
            let allowed = format!("allow direct_settlement {filing}");
            let warned = ["B06 card_not_verified"];
            check(scenario, &verified(card, "now"), &allowed, &[], &[]);
            check(scenario, &verified(card, "earlier"), &allowed, &[], &warned);
            check(scenario, &verified(card, "no"), &held, &warned, &[]);
        }
    }
}

/// The filing that a scenario relies on.
fn scenario_filing(scenario: &str) -> String {
    let decision = decided(&case(scenario, &[]), None);
    decision.filing.unwrap().as_str().to_owned()
}

#[test]
fn a_card_that_nobody_confirmed_opens_a_visit_with_a_warning() {
    for card in CARDS {
        for word in ["earlier", "no"] {
            check(
                STAY,
                &with(opening(), &verified(card, word)),
                ALLOW,
                &[],
                &["B06 card_not_verified"],
            );
            let accepted = with(
                verified(card, word),
                &[
                    ("/gate", json!("device_acceptance")),
                    ("/visit/discharged_at", json!(null)),
                    ("/bill", json!(null)),
                ],
            );
            let filing = scenario_filing(DEVICE);
            check(
                DEVICE,
                &accepted,
                &format!("allow direct_settlement {filing}"),
                &[],
                &["B06 card_not_verified"],
            );
        }
    }
}

#[test]
fn whose_card_it_is_is_told_beside_that_nobody_confirmed_it() {
    check(
        STAY,
        &[
            ("/credential/verified", json!("no")),
            ("/credential/name", json!("李四")),
            ("/worker/eligibility", json!("unknown")),
        ],
        "hold ask_agency F-0001",
        &[
            "B02 name_differs",
            "B06 card_not_verified",
            "C10 eligibility_unknown",
        ],
        &[],
    );
    // An identity card is B01's.
    check(
        STAY,
        &verified("identity_card", "no"),
        "refuse present_card F-0001",
        &["B01 card_required"],
        &[],
    );
}

#[test]
fn what_the_card_says_beside_the_province_is_held_against_the_registry_too() {
    let stay = parse_case(case(STAY, &[]).to_string().as_bytes()).unwrap();
    let profile = Profile::built_in(stay.facts().profile);
    let said = |number: &str, name: Option<&str>| {
        let on_card = OnCard {
            social_security_number: SocialSecurityNumber::parse(number).unwrap(),
            name: name.map(PersonName::new),
        };
        decide_beside_card(&stay, profile, Some(&on_card))
    };
    let (number, name) = ("650102199003070013", "测试一");
    compare(&said(number, Some(name)), ALLOW, &[], &[]);
    compare(&said(number, None), ALLOW, &[], &[]);
    compare(
        &said("650102198805140023", Some(name)),
        "refuse ask_agency F-0001",
        &["B02 number_differs"],
        &[],
    );
    compare(
        &said(number, Some("李四")),
        "hold ask_agency F-0001",
        &["B02 name_differs"],
        &[],
    );
}
