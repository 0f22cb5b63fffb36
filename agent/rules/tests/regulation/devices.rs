//! Assistive devices: notice and minimum years.

use serde_json::json;

use super::changed::*;

#[test]
fn each_filed_device_has_an_unused_notice_and_has_served_its_years() {
    let device = |changes: &[Change<'_>], expected: &str, reasons: &[&str], warnings: &[&str]| {
        check(DEVICE, changes, expected, reasons, warnings);
    };
    let hold = "hold ask_agency F-0001";
    device(
        &[("/devices/0/notice_number", json!(null))],
        "refuse ask_agency F-0001",
        &["E07 no_notice"],
        &[],
    );
    device(
        &[
            ("/devices/0/notice_number", json!(null)),
            ("/devices/0/notice_used", json!(true)),
        ],
        "refuse ask_agency F-0001",
        &["E07 no_notice"],
        &[],
    );
    device(
        &[("/devices/0/notice_used", json!(true))],
        hold,
        &["E07 notice_already_used"],
        &[],
    );
    let fitted = |day: &str| ("/devices/0/last_fitted_on", json!(day));
    device(
        &[fitted("2021-08-11")],
        hold,
        &["E08 minimum_years_not_reached"],
        &[],
    );
    device(&[fitted("2021-08-10")], ALLOW, &[], &[]);
    device(
        &[
            fitted("2021-08-11"),
            ("/devices/0/notice_reason", json!("changed_injury")),
        ],
        ALLOW,
        &[],
        &["E08 early_replacement"],
    );
    // Nothing of this is asked of a device that is not in the filing.
    device(
        &[
            fitted("2025-08-01"),
            ("/devices/0/notice_number", json!(null)),
            ("/devices/0/in_filing", json!(false)),
        ],
        ALLOW,
        &[],
        &["E06 device_not_in_filing"],
    );
    device(
        &[
            ("/gate", json!("device_acceptance")),
            ("/bill", json!(null)),
            ("/devices/0/in_filing", json!(false)),
        ],
        ALLOW,
        &[],
        &["E06 device_not_in_filing"],
    );
}
