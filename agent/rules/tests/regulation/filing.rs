//! Chapter 2: filed in time, for this place, valid, and which filing is relied on.

use serde_json::{Value, json};

use super::changed::*;

#[test]
fn a_visit_without_a_filing_of_its_form_is_not_filed() {
    let not_filed = |scenario: &str, changes: &[Change<'_>]| {
        check(scenario, changes, MANUAL_UNFILED, &["C01 not_filed"], &[]);
    };
    not_filed(STAY, &[("/filings", json!([]))]);
    not_filed(STAY, &[("/filings/0/status", json!("rejected"))]);
    let (form, care) = ("/filings/0/form", "/filings/0/care");
    not_filed(STAY, &[(form, json!("device")), (care, json!(null))]);
    not_filed(
        DEVICE,
        &[(form, json!("medical")), (care, json!("medical"))],
    );
    check(
        STAY,
        &with(opening(), &[("/filings", json!([]))]),
        "refuse file_first -",
        &["C01 not_filed"],
        &[],
    );
}

#[test]
fn a_filing_is_approved_before_registration() {
    let approved = |at: &str, expected: &str, reasons: &[&str]| {
        check(
            STAY,
            &[("/filings/0/approved_at", json!(at))],
            expected,
            reasons,
            &[],
        );
    };
    approved("2025-08-10T09:00:00+08:00", ALLOW, &[]);
    let late = ["C01 filed_after_registration"];
    approved("2025-08-10T09:00:01+08:00", MANUAL_UNFILED, &late);
    approved("2025-08-20T10:00:00+08:00", MANUAL_UNFILED, &late);
    approved(
        "2025-08-20T10:00:01+08:00",
        MANUAL_UNFILED,
        &["C01 filing_pending"],
    );
    check(
        STAY,
        &with(
            opening(),
            &[("/filings/0/approved_at", json!("2025-08-20T10:00:01+08:00"))],
        ),
        "refuse file_first -",
        &["C01 filing_pending"],
        &[],
    );
}

#[test]
fn a_pending_filing_is_asked_for_place_and_care_alone() {
    check(
        STAY,
        &[(
            "/filings/0",
            filing(
                "F-0001",
                &[
                    ("/status", json!("pending")),
                    ("/approved_at", json!(null)),
                    ("/place", json!("430200")),
                    ("/care", json!("rehabilitation")),
                    ("/valid_from", json!("2020-01-01")),
                    ("/valid_to", json!("2020-02-01")),
                    ("/back_filing", json!("emergency")),
                ],
            ),
        )],
        MANUAL_UNFILED,
        &[
            "C01 filing_pending",
            "C02 filed_elsewhere",
            "C03 category_mismatch",
        ],
        &[],
    );
}

#[test]
fn validity_is_tested_on_the_day_of_registration_both_ends_included() {
    let valid = |from: &str, to: &str, expected: &str, reasons: &[&str]| {
        check(
            STAY,
            &[
                ("/filings/0/valid_from", json!(from)),
                ("/filings/0/valid_to", json!(to)),
            ],
            expected,
            reasons,
            &[],
        );
    };
    valid("2025-08-10", "2025-08-10", ALLOW, &[]);
    valid(
        "2025-08-01",
        "2025-08-09",
        MANUAL_UNFILED,
        &["C04 filing_expired"],
    );
    valid(
        "2025-08-11",
        "2025-08-30",
        MANUAL_UNFILED,
        &["C04 filing_not_yet_valid"],
    );
}

#[test]
fn a_filing_cancelled_during_the_stay_is_asked_about() {
    let cancelled = |at: &str, expected: &str, reasons: &[&str]| {
        check(
            STAY,
            &[
                ("/filings/0/status", json!("cancelled")),
                ("/filings/0/cancelled_at", json!(at)),
            ],
            expected,
            reasons,
            &[],
        );
    };
    cancelled(
        "2025-08-09T09:00:00+08:00",
        MANUAL_UNFILED,
        &["C01 not_filed"],
    );
    cancelled(
        "2025-08-10T09:00:00+08:00",
        MANUAL_UNFILED,
        &["C01 not_filed"],
    );
    cancelled(
        "2025-08-10T09:00:01+08:00",
        "hold ask_agency F-0001",
        &["C07 filing_cancelled_during_stay"],
    );
    cancelled(
        "2025-08-20T10:00:00+08:00",
        "hold ask_agency F-0001",
        &["C07 filing_cancelled_during_stay"],
    );
    cancelled("2025-08-20T10:00:01+08:00", ALLOW, &[]);
}

#[test]
fn care_on_the_form_is_asked_about_where_it_is_not_the_visit_s() {
    check(
        STAY,
        &[("/filings/0/care", json!("rehabilitation"))],
        "hold ask_agency F-0001",
        &["C03 category_mismatch"],
        &[],
    );
    check(
        OUTPATIENT,
        &[("/filings/0/care", json!("rehabilitation"))],
        "hold ask_agency F-0001",
        &["C03 category_mismatch"],
        &[],
    );
}

/// The marks of an emergency and of force majeure, each with the back-filing of its kind.
const KINDS: [(&str, &str); 2] = [
    ("emergency", "/visit/emergency"),
    ("force_majeure", "/visit/force_majeure"),
];

#[test]
fn a_back_filing_of_an_emergency_covers_the_stay_within_a_province_that_allows_it() {
    for (why, mark) in KINDS {
        let late = [
            ("/filings/0/approved_at", json!("2025-08-13T10:00:00+08:00")),
            ("/filings/0/valid_from", json!("2025-08-13")),
            ("/filings/0/back_filing", json!(why)),
        ];
        let marked = [(mark, json!(true))];
        let not_allowed = ["C08 back_filing_not_allowed", "C04 filing_not_yet_valid"];
        check(STAY, &with(with(intra(), &late), &marked), ALLOW, &[], &[]);
        check(
            STAY,
            &with(intra(), &late),
            MANUAL_UNFILED,
            &not_allowed,
            &[],
        );
        check(
            STAY,
            &with(late.to_vec(), &marked),
            MANUAL_UNFILED,
            &not_allowed,
            &[],
        );
    }
}

#[test]
fn an_emergency_may_still_be_filed_before_discharge_is_settled() {
    for (_, mark) in KINDS {
        let marked = with(intra(), &[(mark, json!(true))]);
        let still = |more: &[Change<'_>], expected: &str, reasons: &[&str]| {
            check(STAY, &with(marked.clone(), more), expected, reasons, &[]);
        };
        let other_care = ("/filings/0/care", json!("rehabilitation"));
        // Not filed, or filed badly: everything said of filings gives way to one hold.
        let hold = ["C08 file_before_discharge"];
        let expected = "hold file_before_discharge -";
        still(&[("/filings", json!([]))], expected, &hold);
        let elsewhere = [("/filings/0/place", json!("430200")), other_care.clone()];
        still(&with(opening(), &elsewhere), expected, &hold);
        // Holds alone do not give way.
        still(
            &[other_care],
            "hold ask_agency F-0001",
            &["C03 category_mismatch"],
        );
        // Refusals elsewhere stand; the hold keeps its place among the holds.
        still(
            &[
                ("/filings", json!([])),
                ("/worker/suspended", json!(true)),
                ("/visit/third_party_liability", json!("undeclared")),
                ("/registry_as_of", json!("2025-08-01T00:00:00+08:00")),
            ],
            "refuse ask_agency -",
            &[
                "C12 suspended",
                "A06 liability_undeclared",
                hold[0],
                "F02 registry_stale",
            ],
        );
    }
}

#[test]
fn a_mark_does_not_cover_a_back_filing_of_the_other_kind() {
    let changes = [
        ("/filings/0/approved_at", json!("2025-08-13T10:00:00+08:00")),
        ("/filings/0/back_filing", json!("force_majeure")),
        ("/visit/emergency", json!(true)),
    ];
    // The emergency itself may still be filed.
    check(
        STAY,
        &with(intra(), &changes),
        "hold file_before_discharge -",
        &["C08 file_before_discharge"],
        &[],
    );
    check(
        OUTPATIENT,
        &[
            ("/filings/0/approved_at", json!("2025-08-20T09:30:00+08:00")),
            ("/filings/0/back_filing", json!("force_majeure")),
            ("/visit/emergency", json!(true)),
        ],
        MANUAL_UNFILED,
        &["C08 back_filing_not_allowed"],
        &[],
    );
}

#[test]
fn a_late_recognition_is_filed_afterwards_within_a_province_that_allows_it() {
    check(REFUND, &[], ALLOW, &[], &[]);
    check(
        REFUND,
        &[("/worker/insured_division", json!("650100"))],
        MANUAL_UNFILED,
        &["C09 back_filing_not_allowed", "C04 filing_not_yet_valid"],
        &[],
    );
    check(
        REFUND,
        &[("/filings", json!([]))],
        MANUAL_UNFILED,
        &["C09 no_late_recognition_filing"],
        &[],
    );
    check(
        REFUND,
        &[("/filings/0/back_filing", json!(null))],
        MANUAL_UNFILED,
        &["C09 no_late_recognition_filing"],
        &[],
    );
    // Approved before the visit it is an ordinary filing: nothing to refund.
    check(
        REFUND,
        &[("/filings/0/approved_at", json!("2025-08-01T00:00:00+08:00"))],
        MANUAL_UNFILED,
        &["C09 no_late_recognition_filing"],
        &[],
    );
    check(
        REFUND,
        &[
            ("/filings/0/status", json!("pending")),
            ("/filings/0/approved_at", json!(null)),
        ],
        MANUAL_UNFILED,
        &["C01 filing_pending"],
        &[],
    );
    // Recognised and filed during the stay, it settles at discharge.
    let during = [
        ("/filings/0/approved_at", json!("2025-08-13T10:00:00+08:00")),
        ("/filings/0/valid_from", json!("2025-08-13")),
        ("/filings/0/back_filing", json!("late_recognition")),
    ];
    check(STAY, &with(intra(), &during), ALLOW, &[], &[]);
    check(
        STAY,
        &during,
        MANUAL_UNFILED,
        &["C09 back_filing_not_allowed", "C04 filing_not_yet_valid"],
        &[],
    );
}

/// A filing of the scenario's under another number, named by what is amiss with it.
fn amiss(number: &str, what: &str) -> Value {
    let changes: Vec<Change<'_>> = what
        .split_whitespace()
        .flat_map(|one| match one {
            "elsewhere" => vec![("/place", json!("430200"))],
            "expired" => vec![("/valid_to", json!("2025-08-05"))],
            "other-care" => vec![("/care", json!("rehabilitation"))],
            "early" => vec![("/approved_at", json!("2025-08-01T00:00:00+08:00"))],
            "late" => vec![("/approved_at", json!("2025-08-15T00:00:00+08:00"))],
            "after-all" => vec![("/approved_at", json!("2025-09-01T00:00:00+08:00"))],
            "pending" => vec![("/status", json!("pending")), ("/approved_at", json!(null))],
            "cancelled" => vec![
                ("/status", json!("cancelled")),
                ("/cancelled_at", json!("2025-08-15T00:00:00+08:00")),
            ],
            unknown => panic!("{unknown}"),
        })
        .collect();
    filing(number, &changes)
}

#[test]
fn the_filing_relied_on_is_the_best_there_is() {
    let chosen = |filings: &[(&str, &str)], expected: &str, reasons: &[&str]| {
        let filings: Vec<Value> = filings
            .iter()
            .map(|(number, what)| amiss(number, what))
            .collect();
        check(
            STAY,
            &[("/filings", json!(filings))],
            expected,
            reasons,
            &[],
        );
    };
    let (care, cancelled) = (
        ["C03 category_mismatch"],
        ["C07 filing_cancelled_during_stay"],
    );
    let (expired, late) = (["C04 filing_expired"], ["C01 filed_after_registration"]);
    // One without reasons before one with holds, that before one with refusals.
    chosen(
        &[("A", "elsewhere"), ("B", "other-care"), ("C", "")],
        "allow direct_settlement C",
        &[],
    );
    chosen(
        &[("A", "elsewhere"), ("B", "other-care")],
        "hold ask_agency B",
        &care,
    );
    // Among refused ones the earliest row that comes latest, holds counted.
    chosen(
        &[("A", "elsewhere"), ("B", "expired")],
        MANUAL_UNFILED,
        &expired,
    );
    let both = [expired[0], care[0]];
    chosen(
        &[("A", "elsewhere"), ("B", "expired other-care")],
        MANUAL_UNFILED,
        &both,
    );
    chosen(
        &[("A", "expired"), ("B", "expired other-care")],
        MANUAL_UNFILED,
        &expired,
    );
    // Rows of one rule count as one: pending and filed late tie, the latest approval wins.
    chosen(&[("A", "pending"), ("B", "late")], MANUAL_UNFILED, &late);
    chosen(
        &[("A", "after-all"), ("B", "late")],
        MANUAL_UNFILED,
        &["C01 filing_pending"],
    );
    // Holds alone tie whatever they are: latest approval, then the number that comes first as text.
    chosen(
        &[("A", "other-care"), ("B", "cancelled early")],
        "hold ask_agency A",
        &care,
    );
    chosen(
        &[("A", "other-care early"), ("B", "cancelled")],
        "hold ask_agency B",
        &cancelled,
    );
    chosen(
        &[("A", "early"), ("B", "")],
        "allow direct_settlement B",
        &[],
    );
    chosen(
        &[("F-9", ""), ("F-10", ""), ("f", "")],
        "allow direct_settlement F-10",
        &[],
    );
}

#[test]
fn a_filing_valid_for_longer_than_hunan_gives_is_pointed_out() {
    let valid = |basis: &str, from: &str, to: &str, warnings: &[&str]| {
        let changes = [
            ("/filings/0/basis", json!(basis)),
            ("/filings/0/valid_from", json!(from)),
            ("/filings/0/valid_to", json!(to)),
        ];
        check(STAY, &with(intra(), &changes), ALLOW, &[], warnings);
        // Other provinces' months are not known.
        check(STAY, &changes, ALLOW, &[], &[]);
    };
    let unusual = ["C04 validity_unusual"];
    valid("transfer", "2025-05-31", "2025-08-31", &[]);
    valid("transfer", "2025-05-31", "2025-09-01", &unusual);
    valid("transfer", "2025-08-04", "2025-11-04", &[]);
    valid("long_residence", "2025-08-04", "2026-02-04", &[]);
    valid("resident_work", "2025-08-04", "2026-02-05", &unusual);
}
