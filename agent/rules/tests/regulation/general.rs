//! Chapter 1: what is treatment elsewhere, in force, confirmed, and free of other liability.

use rules::Profile;
use serde_json::json;

use super::changed::*;

#[test]
fn what_is_no_treatment_elsewhere_ends_the_evaluation() {
    let stop = |changes: &[Change<'_>], expected: &str, reason: &str| {
        // The wrong check digit would warn, the suspended person would refuse.
        let noise = [
            ("/worker/suspended", json!(true)),
            (
                "/worker/social_security_number",
                json!("650102199003070010"),
            ),
        ];
        let decision = decided(&case(STAY, &with(changes.to_vec(), &noise)), None);
        compare(&decision, expected, &[reason], &[]);
        assert_eq!(decision.split, None);
    };
    stop(
        &[("/worker/insured_division", json!("430121"))],
        "refuse local_settlement -",
        "A02 same_prefecture",
    );
    let province = ("/worker/insured_level", json!("province"));
    stop(
        &[
            ("/worker/insured_division", json!("430000")),
            province.clone(),
        ],
        "refuse provincial_settlement -",
        "A03 provincial_level",
    );
    stop(
        &[
            ("/worker/insured_division", json!("430104")),
            province.clone(),
        ],
        "refuse provincial_settlement -",
        "A03 provincial_level",
    );
    for profile in ["national", "fujian"] {
        stop(
            &with(intra(), &[("/profile", json!(profile))]),
            MANUAL_UNFILED,
            "A09 intra_province_not_open",
        );
    }
    // Insured at provincial level elsewhere is treated across provinces like anybody.
    check(STAY, &[province], ALLOW, &[], &[]);
}

#[test]
fn an_unknown_worker_is_looked_up_online() {
    let decision = decided(&case(STAY, &[("/worker", json!(null))]), None);
    compare(
        &decision,
        "hold check_online -",
        &["A00 worker_unknown"],
        &[],
    );
    assert_eq!((decision.channel, decision.split), (None, None));
}

#[test]
fn the_regulations_are_in_force_from_their_day_in_china() {
    let at = |scenario: &str,
              instant: &str,
              more: &[Change<'_>],
              expected: &str,
              reasons: &[&str],
              warnings: &[&str]| {
        let changes = [
            ("/at", json!(instant)),
            ("/registry_as_of", json!(instant)),
            ("/visit/registered_at", json!(instant)),
            ("/visit/discharged_at", json!(null)),
            ("/filings/0/approved_at", json!("2025-03-01T09:00:00+08:00")),
            ("/filings/0/valid_from", json!("2025-03-01")),
            ("/filings/0/valid_to", json!("2028-03-01")),
        ];
        check(
            scenario,
            &with(changes.to_vec(), more),
            expected,
            reasons,
            warnings,
        );
    };
    at(
        STAY,
        "2025-03-31T23:59:59+08:00",
        &[],
        MANUAL,
        &["A08 not_yet_in_force"],
        &[],
    );
    at(STAY, "2025-03-31T16:00:00Z", &[], ALLOW, &[], &[]);
    let unusual = ["C04 validity_unusual"];
    at(
        STAY,
        "2025-07-31T23:59:59+08:00",
        &intra(),
        MANUAL,
        &["A08 not_yet_in_force"],
        &unusual,
    );
    at(
        STAY,
        "2025-08-01T00:00:00+08:00",
        &intra(),
        ALLOW,
        &[],
        &unusual,
    );
    at(
        STAY,
        "2027-07-31T23:59:59+08:00",
        &intra(),
        ALLOW,
        &[],
        &unusual,
    );
    at(
        STAY,
        "2027-08-01T00:00:00+08:00",
        &intra(),
        ALLOW,
        &[],
        &["A08 regulation_expired", "C04 validity_unusual"],
    );
    at(STAY, "2027-08-01T00:00:00+08:00", &[], ALLOW, &[], &[]);
}

#[test]
fn outpatient_visits_settle_within_a_province_that_opened_them() {
    let cross = ("/worker/insured_division", json!("650100"));
    check(OUTPATIENT, &[], ALLOW, &[], &[]);
    check(
        OUTPATIENT,
        std::slice::from_ref(&cross),
        MANUAL,
        &["A04 outpatient_cross_province"],
        &[],
    );
    // The kind of visit decides, at a refund too.
    check(
        REFUND,
        &[("/visit/kind", json!("outpatient_medical")), cross],
        MANUAL_UNFILED,
        &[
            "A04 outpatient_cross_province",
            "C09 back_filing_not_allowed",
            "C04 filing_not_yet_valid",
        ],
        &[],
    );
    let closed = include_str!("../../profiles/hunan.toml").replace(
        "outpatient_intra_province = { value = true",
        "outpatient_intra_province = { value = false",
    );
    let decision = decided(
        &case(OUTPATIENT, &[]),
        Some(&Profile::parse(&closed).unwrap()),
    );
    compare(&decision, MANUAL, &["A05 outpatient_not_open"], &[]);
}

#[test]
fn third_party_liability_in_part_is_liability() {
    for liability in ["partial", "full"] {
        check(
            STAY,
            &[("/visit/third_party_liability", json!(liability))],
            MANUAL,
            &["A06 third_party_liable"],
            &[],
        );
    }
    check(
        STAY,
        &[("/visit/third_party_liability", json!("undeclared"))],
        "hold declare_liability F-0001",
        &["A06 liability_undeclared"],
        &[],
    );
}

/// Decides with these confirmations.
#[track_caller]
fn confirmed(scenario: &str, confirmations: &[&str], more: &[Change<'_>], expected: &str) {
    let changes = with(vec![("/worker/confirmations", json!(confirmations))], more);
    let reasons: &[&str] = if expected == ALLOW {
        &[]
    } else {
        &["A07 not_confirmed"]
    };
    check(scenario, &changes, expected, reasons, &[]);
}

#[test]
fn medical_care_needs_the_injury_confirmed() {
    confirmed(STAY, &[], &[], MANUAL);
    confirmed(STAY, &["recurrence"], &[], ALLOW);
    confirmed(STAY, &["rehabilitation", "assistive_device"], &[], MANUAL);
    confirmed(STAY, &[], &opening(), "refuse file_first F-0001");
    // Hunan's own two, for those insured there, wherever treated.
    confirmed(STAY, &["legacy_injury", "continued_treatment"], &[], MANUAL);
    confirmed(STAY, &["legacy_injury"], &intra(), ALLOW);
    confirmed(STAY, &["continued_treatment"], &intra(), ALLOW);
    let in_shanghai = [
        ("/profile", json!("national")),
        ("/institution/division", json!("310101")),
        ("/filings/0/place", json!("310101")),
    ];
    confirmed(
        STAY,
        &["legacy_injury"],
        &with(intra(), &in_shanghai),
        ALLOW,
    );
    // Within a province that knows late recognition, what is not confirmed may be refunded later, at every gate.
    let later = "refuse refund_after_recognition F-0001";
    confirmed(STAY, &[], &intra(), later);
    confirmed(STAY, &[], &with(intra(), &opening()), later);
    confirmed(OUTPATIENT, &[], &[], later);
}

#[test]
fn rehabilitation_and_devices_need_their_own_confirmation() {
    confirmed(DEVICE, &["injury_recognition"], &[], MANUAL);
    confirmed(DEVICE, &["injury_recognition"], &intra(), MANUAL);
    let rehabilitation = [
        ("/visit/kind", json!("inpatient_rehabilitation")),
        ("/filings/0/care", json!("rehabilitation")),
        ("/visit/rehabilitation_plan_uploaded", json!(true)),
    ];
    confirmed(STAY, &["injury_recognition"], &rehabilitation, MANUAL);
    confirmed(STAY, &["rehabilitation"], &rehabilitation, ALLOW);
}
