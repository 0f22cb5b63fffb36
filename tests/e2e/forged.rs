//! Cards that are not what they say, and cards that only the province could vouch for while it is away.

use serde_json::Value;
use virtual_card::{Card, Holder, Variant};

use crate::scene::Scene;

const WORKER: &str = "650102199003070013";

/// A card that says it is this worker's.
fn card(
    variant: Variant,
    (number, name): (&str, &str),
    (card_number, serial): (&str, u16),
) -> Card {
    let holder = Holder {
        number: number.into(),
        name: name.into(),
        card_number: card_number.into(),
        serial,
    };
    Card::new(variant, &holder).unwrap()
}

/// The worker's own words on a card with another number and id.
fn of_the_worker(variant: Variant, key: (&str, u16)) -> Card {
    card(variant, (WORKER, "测试一"), key)
}

async fn quote(scene: &Scene, visit: &str) -> Value {
    scene
        .his()
        .quote(visit, &scene.stay, scene.bill.as_bytes())
        .await
        .unwrap()
}

fn codes(said: &Value) -> Vec<&str> {
    let said = said.as_array().unwrap().iter();
    said.map(|said| said["code"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_card_opens_nothing_and_settles_nothing() {
    let mut scene = Scene::open().await;
    // Number and name of a real worker and an invented card number; the worker's real card is a 3.0. A copy of that one's
    // number and id, which has no key. A 2.0 of a worker whose card nobody has seen. A card that was reported lost.
    let forged = [
        of_the_worker(Variant::V20, ("T00000052", 5)),
        of_the_worker(Variant::Unproven, ("T0000001X", 1)),
        of_the_worker(Variant::V20, ("T0000001X", 1)).replaying([0x22; 8], [0x33; 8]),
        card(
            Variant::V20,
            ("510104199208170052", "李四明"),
            ("T00000060", 6),
        ),
        of_the_worker(Variant::V30, ("T00000044", 4)),
    ];
    for card in forged.clone() {
        scene.change_to(card).await;
        scene.his().reader_trouble_of("card_denied").await.unwrap();
        let desk = scene.his().desk().await.unwrap();
        assert_eq!(desk["presented"], Value::Null);
        let admitted = scene.his().admit("press-0", &scene.stay).await;
        assert!(admitted.is_err(), "{admitted:?}");
    }
    let visit = scene.admitted().await;
    for card in forged {
        scene.change_to(card).await;
        scene.his().reader_trouble_of("card_denied").await.unwrap();
        let quote = quote(&scene, &visit).await;
        assert_eq!(quote["outcome"], "refuse");
        assert_eq!(quote["may_be_settled"], false);
        assert_eq!(codes(&quote["reasons"]), ["credential_denied"]);
        let settled = scene.his().settle(quote["id"].as_str().unwrap()).await;
        assert!(settled.is_err(), "{settled:?}");
    }
    assert!(scene.taken(sandbox::Upload::Settlement).await.is_empty());
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_names_another_than_the_province_is_told_as_both() {
    let mut scene = Scene::open().await;
    // The card's number and id are another worker's, whom the province names.
    scene
        .change_to(of_the_worker(Variant::V20, ("T00000036", 3)))
        .await;
    let presented = scene.his().read().await.unwrap();
    assert_eq!(presented["social_security_number"], "430402198811120032");
    assert_eq!(presented["name"], "周海波");
    assert_eq!(presented["verified"], "now");
    assert!(
        presented["remarks"]
            .to_string()
            .contains("与省平台登记的持卡人不一致"),
        "{presented}"
    );
    let refused = scene.his().admit("press-0", &scene.stay).await.unwrap_err();
    let refused = refused.to_string();
    assert!(
        refused.contains("number_differs") && refused.contains("name_differs"),
        "{refused}"
    );
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_card_is_confirmed_by_its_number_and_id_and_said_to_be() {
    let mut scene = Scene::open().await;
    scene
        .change_to(of_the_worker(Variant::Unproven, ("T00000028", 2)))
        .await;
    let presented = scene.his().read().await.unwrap();
    assert_eq!(presented["social_security_number"], WORKER);
    assert_eq!(presented["verified"], "now");
    assert!(presented["remarks"].to_string().contains("可以被复制"));
    let visit = scene.his().admit("press-1", &scene.stay).await.unwrap();
    let quote = quote(&scene, visit["number"].as_str().unwrap()).await;
    assert_eq!(quote["may_be_settled"], true, "{}", quote["reasons"]);
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn in_an_outage_the_card_of_the_admission_settles_and_another_of_the_same_person_waits() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    scene.stage.province.set_listening(false).await.unwrap();
    let his = scene.his();

    // Another card of the same person: nobody has confirmed it for this visit.
    scene
        .change_to(of_the_worker(Variant::Unproven, ("T00000028", 2)))
        .await;
    assert_eq!(his.read().await.unwrap()["verified"], "no");
    let other = quote(&scene, &visit).await;
    assert_eq!(other["outcome"], "hold");
    assert_eq!(codes(&other["reasons"]), ["card_not_verified"]);
    // A 3.0 card that nobody knows names nobody.
    scene
        .change_to(of_the_worker(Variant::V30, ("T00000052", 5)))
        .await;
    his.reader_trouble_of("card_not_resolved").await.unwrap();
    let unknown = quote(&scene, &visit).await;
    assert_eq!(unknown["outcome"], "hold");
    assert_eq!(codes(&unknown["reasons"]), ["credential_not_authenticated"]);

    // The 3.0 card of the admission gives its EF05 alone, and that is enough.
    scene
        .change_to(of_the_worker(Variant::V30, ("T0000001X", 1)))
        .await;
    his.reader_trouble_of("card_not_resolved").await.unwrap();
    let same = quote(&scene, &visit).await;
    assert_eq!(same["may_be_settled"], true, "{}", same["reasons"]);
    assert!(codes(&same["warnings"]).contains(&"card_not_verified"));
    let settled = his.settle(same["id"].as_str().unwrap()).await.unwrap();
    assert_eq!(settled["fund"], "24397.50");
    scene.stage.province.set_listening(true).await.unwrap();
    his.delivered(settled["number"].as_str().unwrap())
        .await
        .unwrap();
    scene.settled_once().await;
    scene.stage.strike().await.unwrap();
}
