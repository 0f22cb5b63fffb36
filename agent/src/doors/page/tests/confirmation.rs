//! By what a card was confirmed: what an outage makes of it, and what is kept.

use rules::CredentialKind;
use serde_json::Value;

use super::window::{FIRST_WORKER, Window, bill, days_ago, now, visit_of};
use crate::desk::{ConfirmedBy, Presented, PresentedCard};
use crate::doors::page::fields;
use crate::ledger::numbers::SettlementNumber;
use crate::ledger::settlements;

/// The first worker's card with this number, confirmed so.
fn card(window: &Window, number: &str, confirmed_by: ConfirmedBy) -> Presented {
    Presented {
        confirmed_by,
        card: Some(PresentedCard::for_tests(number, FIRST_WORKER)),
        ..window.reading(FIRST_WORKER)
    }
}

/// Puts it in: whoever was there before is gone.
fn put_in(window: &Window, presented: Presented) {
    window.counter.put_card_in();
    window.counter.lay_on_desk(presented);
}

/// Admitted with an identity card; the visit's number.
async fn admitted_with_an_identity_card(window: &Window) -> String {
    put_in(
        window,
        Presented {
            kind: CredentialKind::IdentityCard,
            confirmed_by: ConfirmedBy::Nobody,
            ..window.reading(FIRST_WORKER)
        },
    );
    let form = window.get("/admission").await;
    let registered_at = fields::write_minute(days_ago(10));
    let admitted = window.admit(&form, "ZY0001", &registered_at).await;
    visit_of(&admitted).to_owned()
}

async fn quoted(window: &Window, visit: &str) -> (String, String) {
    let quoted = window.quote(visit, &now(), &bill()).await;
    let path = quoted.leads_to().to_owned();
    let screen = window.get(&path).await;
    (path, screen.text)
}

async fn kept_credential(window: &Window, settlement: &str) -> Value {
    let number = SettlementNumber::parse(settlement).unwrap();
    let evidence = window
        .counter
        .ledger()
        .read(move |conn| settlements::evidence(conn, &number))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(evidence.rule_set, "3");
    serde_json::to_value(evidence.credential.unwrap()).unwrap()
}

#[tokio::test]
async fn a_card_confirmed_at_an_earlier_quote_settles_in_an_outage_and_another_waits() {
    let window = Window::open().await;
    let visit = admitted_with_an_identity_card(&window).await;
    put_in(&window, card(&window, "T0000001X", ConfirmedBy::Cryptogram));
    let (_, online) = quoted(&window, &visit).await;
    assert!(!online.contains("card_not_verified"), "{online}");

    window.province.set_listening(false).await.unwrap();
    put_in(&window, card(&window, "T00000028", ConfirmedBy::Nobody));
    let (path, another) = quoted(&window, &visit).await;
    assert!(another.contains("card_not_verified"), "{another}");
    assert!(another.contains("没有经省平台核验"), "{another}");
    let pressed = window.press(&path).await;
    assert_eq!(pressed.status, reqwest::StatusCode::CONFLICT);

    put_in(&window, card(&window, "T0000001X", ConfirmedBy::Nobody));
    let (path, same) = quoted(&window, &visit).await;
    assert!(same.contains("先前核验过的是同一张"), "{same}");
    let settled = window.press(&path).await;
    let number = settled.leads_to().strip_prefix("/settlements/").unwrap();
    let kept = kept_credential(&window, number).await;
    for (pointer, value) in [
        ("/version", Value::from(1)),
        ("/kind", "social_security_card".into()),
        ("/confirmed_by", "same_card".into()),
        ("/card/opened_by", "free".into()),
        ("/card/key/number", "T0000001X".into()),
        ("/card/says/social_security_number", FIRST_WORKER.0.into()),
        ("/card/says/name", FIRST_WORKER.1.into()),
    ] {
        assert_eq!(kept.pointer(pointer), Some(&value), "{pointer}: {kept}");
    }
}

#[tokio::test]
async fn a_card_that_nobody_confirmed_does_not_stand_in_for_the_one_that_was_quoted_with() {
    let window = Window::open().await;
    let visit = admitted_with_an_identity_card(&window).await;
    put_in(&window, card(&window, "T0000001X", ConfirmedBy::Cryptogram));
    let (path, quote) = quoted(&window, &visit).await;
    assert!(!quote.contains("card_not_verified"), "{quote}");

    put_in(&window, card(&window, "T00000028", ConfirmedBy::Nobody));
    let pressed = window.press(&path).await;
    assert_eq!(pressed.status, reqwest::StatusCode::CONFLICT);

    put_in(&window, card(&window, "T0000001X", ConfirmedBy::Nobody));
    let settled = window.press(&path).await;
    assert!(settled.leads_to().starts_with("/settlements/"));
}

#[tokio::test]
async fn what_a_card_was_confirmed_by_is_kept_with_the_settlement() {
    for (confirmed_by, name) in [
        (ConfirmedBy::Cryptogram, "cryptogram"),
        (ConfirmedBy::Psam, "psam"),
        (ConfirmedBy::NumberAndId, "number_and_id"),
    ] {
        let window = Window::open().await;
        put_in(&window, card(&window, "T0000001X", confirmed_by));
        let form = window.get("/admission").await;
        let registered_at = fields::write_minute(days_ago(10));
        let admitted = window.admit(&form, "ZY0001", &registered_at).await;
        let visit = visit_of(&admitted);
        let settlement = window.settle(visit).await;
        let kept = kept_credential(&window, &settlement).await;
        assert_eq!(kept["confirmed_by"], name);
    }
}

#[tokio::test]
async fn a_card_that_says_another_than_the_province_is_not_settled_with() {
    let window = Window::open().await;
    let visit = admitted_with_an_identity_card(&window).await;
    let says_another = Presented {
        card: Some(PresentedCard::for_tests(
            "T0000001X",
            ("650102198805140023", FIRST_WORKER.1),
        )),
        ..card(&window, "T0000001X", ConfirmedBy::NumberAndId)
    };
    put_in(&window, says_another);
    let (_, screen) = quoted(&window, &visit).await;
    assert!(screen.contains("number_differs"), "{screen}");
}
