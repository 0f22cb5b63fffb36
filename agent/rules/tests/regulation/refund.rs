//! Refunds and high amounts.

use rules::case_format::parse_case;
use rules::{Profile, decide};
use serde_json::{Value, json};

use super::bills::*;

#[test]
fn a_refund_goes_to_the_medical_insurance_first_and_never_beyond_what_was_paid() {
    let refund =
        |worker: Value, insurance: Value, expected: Option<(&str, &str)>, warnings: &[&str]| {
            let mut case = case(
                REFUND,
                json!([line(1, "10", "10", "100.00")]),
                json!([entry("X", &json!({"ceiling": "6.00"}))]),
            );
            case["visit"]["paid_by_worker"] = worker;
            case["visit"]["paid_by_medical_insurance"] = insurance;
            let decision = check(&case, &["1 60.00 40.00 0.00 E04"], warnings);
            let found = decision.refund.map(|refund| {
                (
                    refund.to_medical_insurance.to_string(),
                    refund.to_worker.to_string(),
                )
            });
            assert_eq!(
                found,
                expected.map(|(insurance, worker)| (insurance.into(), worker.into()))
            );
        };
    refund(json!("100.00"), json!(null), Some(("0.00", "60.00")), &[]);
    refund(json!("30.00"), json!("70.00"), Some(("60.00", "0.00")), &[]);
    refund(
        json!("90.00"),
        json!("10.00"),
        Some(("10.00", "50.00")),
        &[],
    );
    refund(
        json!("20.00"),
        json!("10.00"),
        Some(("10.00", "20.00")),
        &["payments_do_not_cover_bill"],
    );
    refund(
        json!(null),
        json!(null),
        Some(("0.00", "0.00")),
        &["payments_do_not_cover_bill"],
    );
    // Nothing is refunded, and nothing is said of payments, where the refund is not allowed.
    let mut refused = case(REFUND, json!([]), json!([]));
    refused["worker"]["suspended"] = json!(true);
    assert_eq!(check(&refused, &[], &[]).refund, None);
}

#[test]
fn a_high_amount_is_pointed_out_where_the_profile_has_a_figure() {
    let hunan = include_str!("../../profiles/hunan.toml");
    let case = case(STAY, json!([line(1, "10", "10", "100.00")]), json!([]));
    let case = parse_case(case.to_string().as_bytes()).unwrap();
    for (figure, warned) in [("100.00", true), ("100.01", false)] {
        let text = hunan.replace(
            "high_amount = { ",
            &format!("high_amount = {{ value = \"{figure}\", "),
        );
        let decision = decide(&case, &Profile::parse(&text).unwrap());
        let found = decision
            .warnings
            .iter()
            .any(|said| said.code.name() == "high_amount");
        assert_eq!(found, warned, "{figure}");
    }
}
