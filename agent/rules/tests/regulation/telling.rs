//! The order of telling, the deadline, and the words.

use serde_json::json;

use super::changed::*;

#[test]
fn refusals_come_before_holds_and_the_first_reason_leads() {
    check(
        STAY,
        &[
            ("/institution/status", json!("suspended")),
            ("/institution/status_since", json!("2025-08-15")),
            ("/credential/name", json!("李四")),
            ("/worker/eligibility", json!("unknown")),
            ("/worker/confirmations", json!([])),
            ("/visit/third_party_liability", json!("undeclared")),
            ("/filings/0/care", json!("rehabilitation")),
            ("/filings/0/valid_to", json!("2025-08-09")),
            ("/registry_as_of", json!("2025-08-01T00:00:00+08:00")),
            ("/bill/lines/0/treats_injury", json!(null)),
            ("/bill/lines/1/column", json!("meal_allowance")),
            ("/bill/lines/2/column", json!("travel_and_lodging")),
        ],
        MANUAL_UNFILED,
        &[
            "A07 not_confirmed",
            "C04 filing_expired",
            "E11 meal_allowance_on_bill",
            "E12 travel_on_bill",
            "E03 injury_unmarked",
            "D02 suspended_during_stay",
            "B02 name_differs",
            "C10 eligibility_unknown",
            "A06 liability_undeclared",
            "C03 category_mismatch",
            "F02 registry_stale",
        ],
        &[],
    );
}

#[test]
fn a_settlement_is_due_thirty_minutes_later_and_only_where_one_is_made() {
    let due = |scenario: &str, changes: &[Change<'_>]| {
        decided(&case(scenario, changes), None)
            .upload_due_at
            .map(rules::china_time::format_instant)
    };
    assert_eq!(due(STAY, &[]).as_deref(), Some("2025-08-20T10:30:00+08:00"));
    assert_eq!(
        due(STAY, &[("/at", json!("2025-08-20T15:45:00.5Z"))]).as_deref(),
        Some("2025-08-21T00:15:00.5+08:00")
    );
    assert_eq!(
        due(OUTPATIENT, &[]).as_deref(),
        Some("2025-08-20T10:30:00+08:00")
    );
    assert_eq!(due(STAY, &opening()), None);
    assert_eq!(due(ADMISSION, &[]), None);
    assert_eq!(due(STAY, &[("/worker/suspended", json!(true))]), None);
}

#[test]
fn what_hunan_alone_says_is_a_setting_elsewhere_and_never_the_law_s_word() {
    let said = |changes: &[Change<'_>]| {
        let decision = decided(&case(STAY, changes), None);
        (
            decision.reasons[0].article.to_string(),
            decision.reasons[0].say.clone(),
        )
    };
    let lost = ("/worker/eligibility", json!("lost"));
    let (article, say) = said(&with(intra(), std::slice::from_ref(&lost)));
    assert_eq!(article, "hunan:13(2)");
    assert!(
        say.contains("依据湘人社规〔2025〕24号第十三条第二款"),
        "{say}"
    );
    let (_, say) = said(&[lost]);
    assert!(
        say.contains("规程未明确，按默认口径") && !say.contains("依据"),
        "{say}"
    );
    let (article, say) = said(&[
        ("/institution/status", json!("suspended")),
        ("/institution/status_since", json!("2025-08-15")),
    ]);
    assert_eq!(article, "reading:inpatients_after_suspension");
    assert!(
        say.contains("规程未明确，按默认口径") && !say.contains("依据"),
        "{say}"
    );
    let (article, say) = said(&[
        ("/profile", json!("fujian")),
        ("/worker/insured_level", json!("province")),
        ("/worker/insured_division", json!("430400")),
    ]);
    assert_eq!(article, "hunan:3(2)");
    assert!(say.contains("规程未明确，按默认口径"), "{say}");
}

#[test]
fn the_manual_way_is_never_a_promise_of_payment() {
    let decision = decided(&case(STAY, &[("/filings", json!([]))]), None);
    let say = &decision.reasons[0].say;
    assert!(say.contains("能否支付以参保地审核为准"), "{say}");
}
