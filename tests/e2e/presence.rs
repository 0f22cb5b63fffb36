//! How long a card speaks for the person at the counter: the clock goes on, or is set back, between quote and press.

use end_to_end::HisError;

use crate::scene::Scene;

fn assert_expired(refused: &HisError) {
    assert_eq!(refused.code(), Some("quote_expired"), "{refused}");
    let (said, next) = refused.words().unwrap();
    assert!(said.contains("没有结算"), "{said}");
    assert_eq!(next, "请这位职工重新出示卡，重新试算、核对后再结算。");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quote_of_half_an_hour_ago_is_settled_only_after_the_card_was_read_again() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let quote = scene.quoted(&visit).await;
    scene.agent().advance(30 * 60).await.unwrap();
    let refused = scene.his().settle(&quote).await.unwrap_err();
    assert_expired(&refused);
    let stay = scene.stay;
    let asked = scene
        .his()
        .quote(&visit, &stay, scene.bill.as_bytes())
        .await
        .unwrap();
    assert_eq!(asked["reasons"][0]["code"], "no_credential");
    scene.present().await;
    let fresh = scene.quoted(&visit).await;
    let settlement = scene.his().settle(&fresh).await.unwrap();
    scene.agent().advance(30 * 60).await.unwrap();
    let again = scene.his().settle(&fresh).await.unwrap();
    assert_eq!(
        again["number"], settlement["number"],
        "a settled quote stays so"
    );
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_holds_a_quote_until_it_is_right_again() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let quote = scene.quoted(&visit).await;
    scene.agent().set_clock(-3600).await.unwrap();
    assert_expired(&scene.his().settle(&quote).await.unwrap_err());
    scene.agent().set_clock(3600).await.unwrap();
    scene.his().settle(&quote).await.unwrap();
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_clock_that_ran_ahead_settlement_is_held_until_a_person_says_that_it_is_right() {
    let mut scene = Scene::open().await;
    scene.agent().set_clock(3 * 3600).await.unwrap();
    let visit = scene.admitted().await;
    scene.agent().set_clock(-3 * 3600).await.unwrap();
    scene.present().await;
    let quote = scene.quoted(&visit).await;
    let held = scene.his().settle(&quote).await.unwrap_err();
    assert_eq!(held.code(), Some("clock_behind"), "{held}");
    let (_, next) = held.words().unwrap();
    assert!(next.contains("settlement-agent accept-clock --reason 原因"));

    let premises = &scene.stage.premises;
    let accept = ["--reason", "主板电池没电，快了三小时，已与北斗授时核对"];
    let accepted = premises
        .run_configured("accept-clock", accept)
        .await
        .unwrap();
    let told = String::from_utf8(accepted.stdout).unwrap();
    assert!(told.contains("可以继续结算"), "{told}");
    scene.his().settle(&quote).await.unwrap();
    let again = premises
        .run_configured("accept-clock", accept)
        .await
        .unwrap();
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(
        !again.status.success() && said.contains("本机时间没有早于台账"),
        "{said}"
    );
    scene.stage.strike().await.unwrap();
}
