//! Every knob of the profile with another value than the built-in ones, and who is said to have decided.

use rules::{Decision, Profile};
use serde_json::json;

use super::changed::*;

/// Hunan's profile with one value changed.
fn hunan(from: &str, to: &str) -> Profile {
    let text = include_str!("../../profiles/hunan.toml");
    assert!(text.contains(from), "{from}");
    Profile::parse(&text.replace(from, to)).unwrap()
}

fn under(profile: &Profile, scenario: &str, changes: &[Change<'_>]) -> Decision {
    decided(&case(scenario, changes), Some(profile))
}

/// The first reason is this one, said as the institution's setting.
#[track_caller]
fn is_a_setting(decision: &Decision, rule_and_code: &str, part: &str) {
    let first = &decision.reasons[0];
    assert_eq!(format!("{} {}", first.rule, first.code), rule_and_code);
    assert!(
        first.interpretation
            && first.say.contains("规程未明确，按默认口径")
            && !first.say.contains("依据"),
        "{}",
        first.say
    );
    assert!(first.say.contains(part), "{}", first.say);
}

#[test]
fn what_the_profile_shuts_is_said_as_a_setting() {
    let shut = hunan(
        "outpatient_intra_province = { value = true",
        "outpatient_intra_province = { value = false",
    );
    is_a_setting(
        &under(&shut, OUTPATIENT, &[]),
        "A05 outpatient_not_open",
        "尚未开通省内异地门诊",
    );
    for (knob, why, mark, part) in [
        (
            "back_filing_emergency",
            "emergency",
            "/visit/emergency",
            "备案为急诊抢救补报，本机构未开通此类补报",
        ),
        (
            "back_filing_force_majeure",
            "force_majeure",
            "/visit/force_majeure",
            "备案为不可抗力补报，本机构未开通此类补报",
        ),
    ] {
        let shut = hunan(
            &format!("{knob} = {{ value = true"),
            &format!("{knob} = {{ value = false"),
        );
        let changes = with(
            intra(),
            &[
                ("/filings/0/back_filing", json!(why)),
                ("/filings/0/approved_at", json!("2025-08-15T09:00:00+08:00")),
                (mark, json!(true)),
            ],
        );
        is_a_setting(
            &under(&shut, STAY, &changes),
            "C08 back_filing_not_allowed",
            part,
        );
    }
    let shut = hunan(
        "late_recognition = { value = true",
        "late_recognition = { value = false",
    );
    is_a_setting(
        &under(&shut, REFUND, &[]),
        "C09 back_filing_not_allowed",
        "本机构未开通此类补报",
    );
}

#[test]
fn a_visit_that_is_not_marked_is_told_by_the_article() {
    let changes = with(
        intra(),
        &[
            ("/filings/0/back_filing", json!("emergency")),
            ("/filings/0/approved_at", json!("2025-08-15T09:00:00+08:00")),
        ],
    );
    let decision = decided(&case(STAY, &changes), None);
    let first = &decision.reasons[0];
    assert!(!first.interpretation, "{}", first.say);
    assert!(
        first.say.starts_with(
            "备案为急诊抢救补报，但本次就医没有急诊抢救标注（依据湘人社规〔2025〕24号第十二条第二款）"
        ),
        "{}",
        first.say
    );
}

#[test]
fn a_stay_during_which_the_agreement_ended_may_be_refused_or_settled() {
    let ended = [
        ("/institution/status", json!("suspended")),
        ("/institution/status_since", json!("2025-08-15")),
    ];
    let refuse = hunan("value = \"ask\"", "value = \"refuse\"");
    is_a_setting(
        &under(&refuse, STAY, &ended),
        "D01 institution_not_active",
        "已中止",
    );
    let allow = hunan("value = \"ask\"", "value = \"allow\"");
    let decision = under(&allow, STAY, &ended);
    compare(&decision, ALLOW, &[], &["D02 suspended_during_stay"]);
    assert!(decision.warnings[0].interpretation);
}

#[test]
fn confirmation_and_category_bind_only_where_the_profile_says_so() {
    let changes = [
        ("/worker/confirmations", json!([])),
        ("/filings/0/care", json!("rehabilitation")),
    ];
    let loose = hunan(
        "confirmation_binds = { value = true",
        "confirmation_binds = { value = false",
    );
    compare(
        &under(&loose, STAY, &changes),
        "hold ask_agency F-0001",
        &["C03 category_mismatch"],
        &[],
    );
    let loose = hunan(
        "category_binds = { value = true",
        "category_binds = { value = false",
    );
    compare(
        &under(&loose, STAY, &changes),
        MANUAL,
        &["A07 not_confirmed"],
        &[],
    );
}

#[test]
fn the_registry_s_age_and_the_upload_s_minutes_are_the_profile_s() {
    let short = hunan("value = 1440", "value = 90");
    let aged = |minutes: &str| [("/registry_as_of", json!(minutes))];
    let decision = under(&short, STAY, &aged("2025-08-20T08:30:00+08:00"));
    compare(&decision, ALLOW, &[], &[]);
    let decision = under(&short, STAY, &aged("2025-08-20T08:29:00+08:00"));
    is_a_setting(
        &decision,
        "F02 registry_stale",
        "已有1小时31分钟未更新，超过1小时30分钟",
    );
    let due = |profile: &Profile, changes: &[Change<'_>]| {
        under(profile, STAY, changes)
            .upload_due_at
            .map(rules::china_time::format_instant)
    };
    let cross = hunan(
        "upload_minutes_cross = { value = 30",
        "upload_minutes_cross = { value = 5",
    );
    assert_eq!(
        due(&cross, &[]).as_deref(),
        Some("2025-08-20T10:05:00+08:00")
    );
    assert_eq!(
        due(&cross, &intra()).as_deref(),
        Some("2025-08-20T10:30:00+08:00")
    );
    let within = hunan(
        "upload_minutes_intra = { value = 30",
        "upload_minutes_intra = { value = 45",
    );
    assert_eq!(
        due(&within, &intra()).as_deref(),
        Some("2025-08-20T10:45:00+08:00")
    );
}

#[test]
fn a_card_that_nobody_confirmed_now_waits_or_settles_as_the_profile_says() {
    let verified = |word: &str| [("/credential/verified", json!(word))];
    let hold = hunan("value = \"same_card\"", "value = \"hold\"");
    for word in ["earlier", "no"] {
        let decision = under(&hold, STAY, &verified(word));
        compare(
            &decision,
            "hold check_online F-0001",
            &["B06 card_not_verified"],
            &[],
        );
        is_a_setting(&decision, "B06 card_not_verified", "核验后再结算");
    }
    let allow = hunan("value = \"same_card\"", "value = \"allow\"");
    for word in ["earlier", "no"] {
        let decision = under(&allow, STAY, &verified(word));
        compare(&decision, ALLOW, &[], &["B06 card_not_verified"]);
        assert!(!decision.warnings[0].interpretation);
        let within = with(intra(), &verified(word));
        assert!(under(&allow, STAY, &within).warnings[0].interpretation);
    }
    for profile in [&hold, &allow] {
        compare(&under(profile, STAY, &verified("now")), ALLOW, &[], &[]);
    }
}
