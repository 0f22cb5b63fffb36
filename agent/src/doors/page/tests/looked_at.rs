//! Bills at which a person has to look once more: one that was settled for another visit, one beyond what is plausible.

use super::window::{Window, bill, now};

#[tokio::test]
async fn a_bill_that_was_settled_for_another_visit_waits_for_a_reason() {
    let window = Window::open().await;
    let first = window.admit_first_worker().await;
    let settlement = window.settle(&first).await;

    let second = window.admit_second_worker().await;
    let other_name = bill().replace("合计", "\r\n合计");
    for again in [bill(), other_name] {
        let quoted = window.quote(&second, &now(), &again).await;
        let held = quoted.leads_to().to_owned();
        let screen = window.get(&held).await;
        for part in [
            "settled_before",
            settlement.as_str(),
            "我已核对，不是重复结算",
        ] {
            assert!(screen.text.contains(part), "{part}: {}", screen.text);
        }
        assert!(!screen.text.contains("确认结算"));
        let settled = window.press(&held).await;
        assert!(settled.text.contains("settled_before"), "{}", settled.text);
    }
    let quoted = window.quote(&second, &now(), &bill()).await;
    let held = quoted.leads_to().to_owned();
    let reason = [
        ("matter", "settled_before"),
        ("reason", "两人同日同项目，已核对病历"),
    ];
    let vouched = window.post(&format!("{held}/vouch"), &reason).await;
    let screen = window.get(vouched.leads_to()).await;
    for part in ["确认结算", "settled_before_vouched", "两人同日同项目"] {
        assert!(screen.text.contains(part), "{part}: {}", screen.text);
    }
    let kept = window.journal("bill_vouched").await;
    for part in [
        format!(r#""matter":"settled_before","settlement":"{settlement}""#),
        r#""lines":3,"amount":"7810.00""#.to_owned(),
    ] {
        assert!(kept[0].contains(&part), "{part}: {}", kept[0]);
    }
    let settled = window.press(vouched.leads_to()).await;
    assert!(settled.leads_to().starts_with("/settlements/"));
}

#[tokio::test]
async fn the_same_bill_quoted_for_two_visits_settles_for_the_first_alone() {
    let window = Window::open().await;
    let first = window.admit_first_worker().await;
    let second = window.admit_second_worker().await;
    let of_second = window.quote(&second, &now(), &bill()).await;
    window.present(super::window::FIRST_WORKER);
    window.settle(&first).await;
    window.present(super::window::SECOND_WORKER);
    let settled = window.press(of_second.leads_to()).await;
    assert!(
        settled.text.contains("已在另一次就诊中结算过"),
        "{}",
        settled.text
    );
}

#[tokio::test]
async fn a_sum_beyond_the_configured_limit_waits_for_a_second_look() {
    let window = Window::configured("[bill]\nsecond_look_above_yuan = 7809\n").await;
    let visit = window.admit_first_worker().await;
    let quoted = window.quote(&visit, &now(), &bill()).await;
    let held = quoted.leads_to().to_owned();
    let screen = window.get(&held).await;
    for part in ["sum_implausible", "7810.00 元，超过本院配置的 7809 元"] {
        assert!(screen.text.contains(part), "{part}: {}", screen.text);
    }
    let wrong = [("matter", "codes_unlisted"), ("reason", "看过了")];
    let refused = window.post(&format!("{held}/vouch"), &wrong).await;
    assert!(
        refused.text.contains("nothing_to_vouch"),
        "{}",
        refused.text
    );
    let reason = [
        ("matter", "sum_implausible"),
        ("reason", "多次手术，已与病区核对"),
    ];
    let vouched = window.post(&format!("{held}/vouch"), &reason).await;
    let screen = window.get(vouched.leads_to()).await;
    for part in ["确认结算", "sum_vouched", "多次手术"] {
        assert!(screen.text.contains(part), "{part}: {}", screen.text);
    }
    let kept = window.journal("bill_vouched").await;
    assert!(
        kept[0].contains(r#""matter":"sum_implausible","total":"7810.00","limit":7809"#),
        "{}",
        kept[0]
    );
}
