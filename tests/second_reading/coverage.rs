//! What the random cases met: every row of the table, every warning, every way of splitting a line.

use std::collections::BTreeMap;

use serde_json::Value;

/// What a run has to meet. A05, F12 and the knobs' other settings are absent: no profile that ships with the program has them.
const OWED: &str = "
    reasons:
    A00 worker_unknown, A02 same_prefecture, A03 provincial_level, A04 outpatient_cross_province,
    A06 liability_undeclared, A06 third_party_liable, A07 not_confirmed, A08 not_yet_in_force,
    A09 intra_province_not_open, B01 card_required, B01 no_credential, B02 name_differs, B02 number_differs,
    B03 credential_denied, B03 credential_fault, B03 credential_not_authenticated, B06 card_not_verified,
    C01 filed_after_registration, C01 filing_pending, C01 not_filed, C02 filed_elsewhere, C03 category_mismatch,
    C04 filing_expired, C04 filing_not_yet_valid, C07 filing_cancelled_during_stay, C08 back_filing_not_allowed,
    C08 file_before_discharge, C09 back_filing_not_allowed, C09 no_late_recognition_filing, C10 eligibility_lost,
    C10 eligibility_unknown, C12 suspended, D01 institution_not_active, D01 institution_not_in_library,
    D01 kind_not_in_agreement, D02 suspended_during_stay, E03 injury_unmarked, E07 no_notice,
    E07 notice_already_used, E08 minimum_years_not_reached, E11 meal_allowance_on_bill, E12 travel_on_bill,
    E13 line_amount_wrong, E13 line_sign_wrong, E13 reversal_exceeds_line, F02 registry_stale,
    F08 already_claimed_manually, F08 already_settled_directly;
    warnings:
    A08 regulation_expired, B01 card_required_to_settle, B05 number_checksum, B06 card_not_verified,
    C04 validity_unusual, E04 restriction_unanswered, E06 device_not_in_filing, E06 limit_differs,
    E08 early_replacement, F05 rehabilitation_plan_missing, R01 payments_do_not_cover_bill;
    route:
    direct_settlement, file_first, file_before_discharge, local_settlement, provincial_settlement,
    manual_reimbursement, refund_after_recognition, present_card, other_institution, ask_agency, check_online,
    declare_liability, correct_bill, none;
    line: E02, E03, E04, E06;
    reversal: E02, E03, E04, E06;
    allowed: admission, outpatient, discharge, device_acceptance, device_settlement, refund;
    allowed in: national, hunan, fujian;
    back-filed: emergency, force_majeure, late_recognition
";

/// How often each thing was met.
#[derive(Default)]
pub(crate) struct Coverage(BTreeMap<String, u64>);

impl Coverage {
    fn count(&mut self, group: &str, what: &str) {
        *self.0.entry(format!("{group}: {what}")).or_default() += 1;
    }

    /// Counts what a case and its result have.
    pub(crate) fn add(&mut self, case: &Value, result: &Value) {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        for list in ["reasons", "warnings"] {
            for said in result[list].as_array().unwrap() {
                self.count(
                    list,
                    &format!("{} {}", text(&said["rule"]), text(&said["code"])),
                );
            }
        }
        self.count("route", &text(&result["route"]));
        self.count("decision", &text(&result["decision"]));
        for line in result["split"]["lines"].as_array().into_iter().flatten() {
            let takes_back = ["fund", "self_pay", "other"]
                .iter()
                .any(|share| text(&line[share]).starts_with('-'));
            self.count(
                if takes_back { "reversal" } else { "line" },
                &text(&line["rule"]),
            );
        }
        if result["decision"] == "allow" {
            self.count("allowed", &text(&case["gate"]));
            self.count("allowed in", &text(&case["profile"]));
            for filing in case["filings"].as_array().unwrap() {
                if filing["number"] == result["filing"] && filing["back_filing"].is_string() {
                    self.count("back-filed", &text(&filing["back_filing"]));
                }
            }
        }
    }

    /// All that was met, a line each.
    pub(crate) fn written(&self) -> String {
        let lines = self
            .0
            .iter()
            .map(|(what, times)| format!("{times:8} {what}"));
        lines.collect::<Vec<_>>().join(
            "
",
        )
    }

    /// Fails where something owed was met less often than once in so many cases.
    pub(crate) fn assert_every_rule_was_met(&self, cases: u64) {
        let met = |what: &str| self.0.get(what).copied().unwrap_or(0);
        for group in OWED.split(';') {
            let (group, owed) = group.split_once(':').unwrap();
            for what in owed.split(',') {
                let what = format!("{}: {}", group.trim(), what.trim());
                assert!(
                    met(&what) * 1_000 >= cases,
                    "{what} was met {} times in {cases} cases",
                    met(&what)
                );
            }
        }
        for decision in ["allow", "hold", "refuse"] {
            let times = met(&format!("decision: {decision}"));
            assert!(
                times * 10 >= cases,
                "{decision} was met {times} times in {cases} cases"
            );
        }
    }
}
