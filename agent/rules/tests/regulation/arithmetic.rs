//! Rule E13: the bill's own arithmetic.

use serde_json::{Value, json};

use super::bills::*;

#[test]
fn an_amount_is_price_times_quantity_to_the_cent_and_one_more() {
    faults(json!([line(1, "0.3333", "3", "1.01")]), &[]);
    faults(json!([line(1, "0.3333", "3", "0.99")]), &[]);
    faults(
        json!([line(1, "0.3333", "3", "1.02")]),
        &["E13 line_amount_wrong"],
    );
    faults(json!([line(1, "0.005", "1", "0.02")]), &[]);
    faults(
        json!([line(1, "0.0049", "1", "0.02")]),
        &["E13 line_amount_wrong"],
    );
    faults(
        json!([line(1, "99999999.9999", "99999999.9999", "0.00")]),
        &["E13 line_amount_wrong"],
    );
    faults(
        json!([
            line(1, "1", "5", "5.00"),
            changed(line(2, "1", "-1", "-1.02"), &json!({"reverses": 1}))
        ]),
        &["E13 line_amount_wrong"],
    );
}

#[test]
fn a_line_has_the_sign_of_what_it_is() {
    let wrong = ["E13 line_sign_wrong"];
    faults(json!([line(1, "1", "0", "0.00")]), &wrong);
    faults(json!([line(1, "1", "-1", "-1.00")]), &wrong);
    // Not tested for its amount as well.
    faults(json!([line(1, "1", "1", "-5.00")]), &wrong);
    faults(
        json!([
            line(1, "1", "5", "5.00"),
            changed(line(2, "1", "-1", "1.00"), &json!({"reverses": 1}))
        ]),
        &wrong,
    );
    faults(
        json!([
            line(1, "1", "5", "5.00"),
            changed(line(2, "1", "1", "1.00"), &json!({"reverses": 1}))
        ]),
        &wrong,
    );
    faults(
        json!([
            line(1, "1", "5", "5.00"),
            changed(line(2, "1", "0", "0.00"), &json!({"reverses": 1}))
        ]),
        &wrong,
    );
    // But for its line it is.
    faults(
        json!([changed(line(2, "1", "1", "1.00"), &json!({"reverses": 7}))]),
        &["E13 reversal_exceeds_line", "E13 line_sign_wrong"],
    );
}

#[test]
fn a_reversal_stays_within_its_line() {
    let beyond = ["E13 reversal_exceeds_line"];
    let of = |fields: &Value| changed(line(2, "1", "-1", "-1.00"), fields);
    let whole = || line(1, "1", "5", "5.00");
    faults(json!([whole(), of(&json!({"reverses": 1}))]), &[]);
    faults(json!([whole(), of(&json!({"reverses": 3}))]), &beyond);
    faults(json!([whole(), of(&json!({"reverses": 2}))]), &beyond);
    faults(
        json!([whole(), of(&json!({"reverses": 1, "code": "Y"}))]),
        &beyond,
    );
    faults(
        json!([whole(), of(&json!({"reverses": 1, "column": "treatment"}))]),
        &beyond,
    );
    faults(
        json!([
            whole(),
            of(
                &json!({"reverses": 1, "quantity": "-6", "amount": "-5.00", "unit_price": "0.8333"})
            )
        ]),
        &beyond,
    );
    faults(
        json!([
            whole(),
            of(
                &json!({"reverses": 1, "quantity": "-5", "amount": "-5.01", "unit_price": "1.0020"})
            )
        ]),
        &beyond,
    );
    // Together, and never a reversal of a reversal.
    faults(
        json!([
            whole(),
            of(&json!({"reverses": 1, "quantity": "-3", "amount": "-3.00"})),
            changed(
                of(
                    &json!({"reverses": 1, "quantity": "-3", "amount": "-2.00", "unit_price": "0.6667"})
                ),
                &json!({"number": 3})
            )
        ]),
        &beyond,
    );
    faults(
        json!([
            whole(),
            of(&json!({"reverses": 1})),
            changed(of(&json!({"reverses": 2})), &json!({"number": 3}))
        ]),
        &beyond,
    );
}

#[test]
fn every_fault_of_a_bill_is_told_once() {
    faults(
        json!([
            line(1, "1", "1", "9.00"),
            line(2, "1", "1", "9.00"),
            line(3, "1", "-1", "-1.00"),
            line(4, "1", "-1", "-1.00"),
            changed(
                line(5, "1", "-1", "-1.00"),
                &json!({"reverses": 77, "treats_injury": null})
            ),
            changed(
                line(6, "1", "1", "1.00"),
                &json!({"column": "meal_allowance"})
            ),
            changed(
                line(7, "1", "1", "1.00"),
                &json!({"column": "travel_and_lodging"})
            ),
        ]),
        &[
            "E11 meal_allowance_on_bill",
            "E12 travel_on_bill",
            "E03 injury_unmarked",
            "E13 line_amount_wrong",
            "E13 reversal_exceeds_line",
            "E13 line_sign_wrong",
        ],
    );
    faults(json!([]), &[]);
}
