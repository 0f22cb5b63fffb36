//! The split, line by line, amounts written out.

use serde_json::{Value, json};

use super::bills::*;

#[test]
fn what_is_listed_the_fund_pays_and_what_is_not_the_worker() {
    let lines = json!([
        line(1, "10", "1", "10.00"),
        changed(
            line(2, "10", "1", "10.00"),
            &json!({"treats_injury": false})
        ),
        changed(line(3, "10", "1", "10.00"), &json!({"code": "unlisted"})),
        changed(line(4, "10", "1", "10.00"), &json!({"column": "treatment"})),
        changed(line(5, "10", "1", "10.00"), &json!({"date": "2024-12-31"})),
        line(6, "0", "1", "0.00"),
    ]);
    check(
        &case(STAY, lines, json!([entry("X", &json!({}))])),
        &[
            "1 10.00 0.00 0.00 E02",
            "2 0.00 0.00 10.00 E03",
            "3 0.00 10.00 0.00 E04",
            "4 0.00 10.00 0.00 E04",
            "5 0.00 10.00 0.00 E04",
            "6 0.00 0.00 0.00 E02",
        ],
        &[],
    );
}

#[test]
fn a_ceiling_is_for_each_unit_and_rounds_half_away_from_zero_once() {
    let lines = json!([
        line(1, "40", "1", "40.00"),
        line(2, "40.01", "1", "40.01"),
        line(3, "50", "0.0001", "0.01"),
        line(4, "50", "1.0003", "50.02"),
    ]);
    check(
        &case(
            STAY,
            lines,
            json!([entry("X", &json!({"ceiling": "40.00"}))]),
        ),
        &[
            "1 40.00 0.00 0.00 E02",
            "2 40.00 0.01 0.00 E04",
            // 0.0001 × 40 = 0.004, to the cent 0.00.
            "3 0.00 0.01 0.00 E04",
            // 1.0003 × 40 = 40.012.
            "4 40.01 10.01 0.00 E04",
        ],
        &[],
    );
    // 0.5 × 0.01 = 0.005, away from zero.
    check(
        &case(
            STAY,
            json!([line(1, "1", "0.5", "0.50")]),
            json!([entry("X", &json!({"ceiling": "0.01"}))]),
        ),
        &["1 0.01 0.49 0.00 E04"],
        &[],
    );
}

#[test]
fn the_version_in_force_on_the_service_date_decides_the_latest_of_several() {
    let catalogue = json!([
        entry(
            "X",
            &json!({"from": "2025-03-01", "to": "2025-08-12", "ceiling": "3.00"})
        ),
        entry("X", &json!({"from": "2025-01-01", "ceiling": "1.00"})),
        entry(
            "X",
            &json!({"from": "2025-08-13", "to": "2025-08-13", "ceiling": "8.00"})
        ),
    ]);
    let on =
        |number: u64, day: &str| changed(line(number, "10", "1", "10.00"), &json!({"date": day}));
    let lines = json!([
        on(1, "2025-02-28"),
        on(2, "2025-03-01"),
        on(3, "2025-08-12"),
        on(4, "2025-08-13"),
        on(5, "2025-08-14")
    ]);
    check(
        &case(STAY, lines, catalogue),
        &[
            "1 1.00 9.00 0.00 E04",
            "2 3.00 7.00 0.00 E04",
            "3 3.00 7.00 0.00 E04",
            "4 8.00 2.00 0.00 E04",
            "5 1.00 9.00 0.00 E04",
        ],
        &[],
    );
}

#[test]
fn a_restriction_nobody_answered_counts_as_unmet_and_is_pointed_out() {
    let restricted = json!([entry("X", &json!({"restricted": true}))]);
    let met = |value: Value| {
        json!([changed(
            line(1, "10", "1", "10.00"),
            &json!({"restriction_met": value})
        )])
    };
    check(
        &case(STAY, met(json!(true)), restricted.clone()),
        &["1 10.00 0.00 0.00 E02"],
        &[],
    );
    check(
        &case(STAY, met(json!(false)), restricted.clone()),
        &["1 0.00 10.00 0.00 E04"],
        &[],
    );
    check(
        &case(STAY, met(json!(null)), restricted.clone()),
        &["1 0.00 10.00 0.00 E04"],
        &["restriction_unanswered"],
    );
    // Not asked of what is not for the injury, nor of a reversal.
    let lines = json!([
        changed(
            line(1, "10", "1", "10.00"),
            &json!({"treats_injury": false})
        ),
        changed(
            line(2, "10", "1", "10.00"),
            &json!({"restriction_met": true})
        ),
        changed(line(3, "10", "-1", "-10.00"), &json!({"reverses": 2})),
    ]);
    check(
        &case(STAY, lines, restricted),
        &[
            "1 0.00 0.00 10.00 E03",
            "2 10.00 0.00 0.00 E02",
            "3 -10.00 0.00 0.00 E02",
        ],
        &[],
    );
}

#[test]
fn a_device_is_paid_up_to_its_notice_s_limit() {
    let device_line = |number: u64, price: &str, quantity: &str, amount: &str| {
        changed(
            line(number, price, quantity, amount),
            &json!({"column": "assistive_device"}),
        )
    };
    let listed = |ceiling: Value| {
        json!([entry(
            "X",
            &json!({"column": "assistive_device", "ceiling": ceiling})
        )])
    };
    let order = |lines: Value, catalogue: Value| case(DEVICE, lines, catalogue);
    let twice = json!([device_line(1, "20000", "2", "40000.00")]);
    check(
        &order(twice.clone(), listed(json!("18000.00"))),
        &["1 36000.00 4000.00 0.00 E06"],
        &[],
    );
    check(
        &order(twice.clone(), listed(json!("17000.00"))),
        &["1 36000.00 4000.00 0.00 E06"],
        &["limit_differs"],
    );
    check(
        &order(twice.clone(), listed(json!(null))),
        &["1 36000.00 4000.00 0.00 E06"],
        &[],
    );
    check(&order(twice, json!([])), &["1 0.00 40000.00 0.00 E06"], &[]);
    // Restriction is no question here; a line without a device row is self-pay; other columns go their own way.
    let restricted = json!([
        entry(
            "X",
            &json!({"column": "assistive_device", "restricted": true})
        ),
        entry("X", &json!({"ceiling": "1.00"})),
    ]);
    let lines = json!([
        device_line(1, "100", "1", "100.00"),
        device_line(2, "100", "1", "100.00"),
        line(3, "10", "1", "10.00"),
        changed(
            device_line(4, "5", "1", "5.00"),
            &json!({"treats_injury": false})
        ),
    ]);
    check(
        &order(lines, restricted),
        &[
            "1 100.00 0.00 0.00 E06",
            "2 0.00 100.00 0.00 E06",
            "3 1.00 9.00 0.00 E04",
            "4 0.00 0.00 5.00 E03",
        ],
        &[],
    );
    // In a stay the column is one like any other.
    check(
        &case(
            STAY,
            json!([device_line(1, "100", "1", "100.00")]),
            listed(json!("60.00")),
        ),
        &["1 60.00 40.00 0.00 E04"],
        &[],
    );
}

#[test]
fn a_reversal_mirrors_its_line() {
    let ceiling = json!([entry("X", &json!({"ceiling": "6.00"}))]);
    let reversed = |quantity: &str, amount: &str| {
        json!([
            line(1, "10", "10", "100.00"),
            changed(line(2, "10", quantity, amount), &json!({"reverses": 1})),
        ])
    };
    check(
        &case(STAY, reversed("-3", "-30.00"), ceiling.clone()),
        &["1 60.00 40.00 0.00 E04", "2 -18.00 -12.00 0.00 E04"],
        &[],
    );
    check(
        &case(STAY, reversed("-10", "-100.00"), ceiling.clone()),
        &["1 60.00 40.00 0.00 E04", "2 -60.00 -40.00 0.00 E04"],
        &[],
    );
    // Never more than the reversed amount.
    check(
        &case(
            STAY,
            json!([line(1, "10", "10", "100.00"), back(2, 1, "-9", "-9.00")]),
            ceiling,
        ),
        &["1 60.00 40.00 0.00 E04", "2 -9.00 0.00 0.00 E04"],
        &[],
    );
}

#[test]
fn the_last_of_several_reversals_takes_what_is_left() {
    let third = |number: u64, amount: &str| {
        changed(
            line(number, "3.3333", "-1", amount),
            &json!({"reverses": 9}),
        )
    };
    // By line number, whatever the order on the bill; the line itself may come last.
    let lines = json!([
        third(3, "-3.34"),
        third(1, "-3.33"),
        third(2, "-3.33"),
        line(9, "3.3333", "3", "10.00"),
    ]);
    check(
        &case(STAY, lines, json!([entry("X", &json!({}))])),
        &[
            "3 -3.34 0.00 0.00 E02",
            "1 -3.33 0.00 0.00 E02",
            "2 -3.33 0.00 0.00 E02",
            "9 10.00 0.00 0.00 E02",
        ],
        &[],
    );
    // Half a cent of the fund at each step: away from zero, then only what is left.
    let cent = json!([entry("X", &json!({"ceiling": "0.01"}))]);
    let lines = json!([
        line(1, "5", "3", "15.00"),
        changed(line(2, "5", "-1.5", "-7.50"), &json!({"reverses": 1})),
        changed(line(3, "5", "-0.5", "-2.50"), &json!({"reverses": 1})),
        changed(line(4, "5", "-1", "-5.00"), &json!({"reverses": 1})),
    ]);
    check(
        &case(STAY, lines, cent),
        &[
            "1 0.03 14.97 0.00 E04",
            "2 -0.02 -7.48 0.00 E04",
            "3 -0.01 -2.49 0.00 E04",
            "4 0.00 -5.00 0.00 E04",
        ],
        &[],
    );
}

#[test]
fn returns_in_parts_may_leave_a_cent_between_fund_and_self_pay() {
    let lines = json!([
        line(1, "0.4065", "11", "4.47"),
        changed(line(2, "0.4065", "-10", "-4.07"), &json!({"reverses": 1})),
        changed(line(3, "0.4065", "-1", "-0.40"), &json!({"reverses": 1})),
    ]);
    let decision = check(
        &case(STAY, lines, json!([entry("X", &json!({}))])),
        &[
            "1 4.47 0.00 0.00 E02",
            "2 -4.06 -0.01 0.00 E02",
            "3 -0.40 0.00 0.00 E02",
        ],
        &[],
    );
    let split = decision.split.unwrap();
    assert_eq!(split.fund.total().to_string(), "0.01");
    assert_eq!(split.self_pay.total().to_string(), "-0.01");
    assert_eq!(split.total().to_string(), "0.00");
}

#[test]
fn other_stays_other_and_self_pay_stays_self_pay() {
    let lines = json!([
        changed(
            line(1, "10", "1", "10.00"),
            &json!({"treats_injury": false})
        ),
        changed(line(2, "10", "-1", "-10.00"), &json!({"reverses": 1})),
        changed(line(3, "10", "1", "10.00"), &json!({"code": "unlisted"})),
        changed(
            line(4, "10", "-1", "-10.00"),
            &json!({"code": "unlisted", "reverses": 3, "treats_injury": false})
        ),
    ]);
    let decision = check(
        &case(STAY, lines, json!([entry("X", &json!({}))])),
        &[
            "1 0.00 0.00 10.00 E03",
            "2 0.00 0.00 -10.00 E03",
            "3 0.00 10.00 0.00 E04",
            "4 0.00 -10.00 0.00 E04",
        ],
        &[],
    );
    assert_eq!(decision.split.unwrap().total().to_string(), "0.00");
}

#[test]
fn the_matrix_adds_up_by_column() {
    let lines = json!([
        line(1, "10", "1", "10.00"),
        changed(
            line(2, "10", "1", "10.00"),
            &json!({"column": "inpatient_service", "code": "B"})
        ),
        changed(
            line(3, "7", "1", "7.00"),
            &json!({"column": "rehabilitation", "treats_injury": false})
        ),
    ]);
    let catalogue = json!([
        entry("X", &json!({})),
        entry(
            "B",
            &json!({"column": "inpatient_service", "ceiling": "4.00"})
        ),
    ]);
    let decision = decided(&case(STAY, lines, catalogue));
    let split = decision.split.unwrap();
    let text = |amount: rules::Money| amount.to_string();
    assert_eq!(text(split.fund.drug), "10.00");
    assert_eq!(text(split.fund.inpatient_service), "4.00");
    assert_eq!(text(split.fund.total()), "14.00");
    assert_eq!(text(split.self_pay.inpatient_service), "6.00");
    assert_eq!(text(split.other.rehabilitation), "7.00");
    assert_eq!(
        (text(split.total()), text(split.personal())),
        ("27.00".into(), "13.00".into())
    );
}

#[test]
fn the_largest_figures_the_format_admits_are_exact() {
    let lines = json!([
        line(1, "99999999.9999", "9999.9999", "999999989999.00"),
        line(2, "0.0001", "99999999.9999", "10000.00"),
        line(3, "99999999.9999", "9999", "999899999999.00"),
    ]);
    let entries = |ceiling: &str| json!([entry("X", &json!({"ceiling": ceiling}))]);
    let decision = check(
        &case(STAY, lines.clone(), entries("99999999.99")),
        &[
            "1 999999989900.00 99.00 0.00 E04",
            "2 10000.00 0.00 0.00 E02",
            "3 999899999900.01 98.99 0.00 E04",
        ],
        &[],
    );
    assert_eq!(
        decision.split.unwrap().total().to_string(),
        "1999899999998.00"
    );
    check(
        &case(STAY, lines, entries("999999999999.99")),
        &[
            "1 999999989999.00 0.00 0.00 E02",
            "2 10000.00 0.00 0.00 E02",
            "3 999899999999.00 0.00 0.00 E02",
        ],
        &[],
    );
}
