//! Several readers on one desk, and names at former code points.

use virtual_card::{Card, Holder, Variant};

use crate::scene::Scene;

/// The second worker's card, which the province knows.
fn other_card() -> Card {
    let holder = Holder {
        number: "430402198811120032".into(),
        card_number: "T00000036".into(),
        serial: 3,
        ..Holder::default()
    };
    Card::new(Variant::V20, &holder).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_cards_the_last_one_counts_and_the_other_is_told_of() {
    let mut scene = Scene::open_with(&["Virtual PCD"]).await;
    let first = scene.present().await;
    assert_eq!(first["social_security_number"], "650102199003070013");
    let mut other = Some(scene.insert_beside(other_card()));
    let read = scene.his().read_of("430402198811120032").await.unwrap();
    let remarks = read["remarks"].to_string();
    for part in ["另一张卡", "Virtual PCD 00 00", "Virtual PCD 00 01"] {
        assert!(remarks.contains(part), "{part}: {remarks}");
    }
    // The one that counts is taken out: the desk says so, although the first still lies there.
    drop(other.take());
    scene.his().drawn().await.unwrap();
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_at_former_code_points_becomes_standard_and_that_is_said() {
    let mut scene = Scene::open().await;
    // 龚䶮, as GBK systems wrote it: U+E863 in GB 18030's form of four bytes.
    let name = [b"\xB9\xA8\x83\x36\xCF\x39".as_slice(), &[0; 24]].concat();
    let card = Card::new(Variant::V20, &Holder::default()).unwrap();
    scene.change_to(card.holding(0x09, &name)).await;
    let read = scene.his().read().await.unwrap();
    let remarks = read["remarks"].to_string();
    assert!(remarks.contains("GB 18030-2022"), "{remarks}");
    scene.stage.strike().await.unwrap();
}
