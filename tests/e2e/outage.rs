//! The province goes down after the card was read at discharge, and comes back.

use sandbox::Upload;
use serde_json::Value;

use crate::old_ledgers::slip_text;
use crate::scene::Scene;

/// Goes down, is settled without, and comes back `minutes` later; the delivered settlement.
async fn settled_while_the_province_is_down(scene: &mut Scene, minutes: i64) -> Value {
    let visit = scene.admitted().await;
    scene.present().await;
    scene.stage.province.set_listening(false).await.unwrap();

    let his = scene.his();
    let quote = his
        .quote(&visit, &scene.stay, scene.bill.as_bytes())
        .await
        .unwrap();
    assert_eq!(quote["may_be_settled"], true, "{}", quote["reasons"]);
    assert_eq!(
        quote["cache_age_minutes"], 0,
        "from the cache, with its age"
    );
    let settlement = his.settle(quote["id"].as_str().unwrap()).await.unwrap();
    assert_eq!(settlement["fund"], "24397.50");
    let number = settlement["number"].as_str().unwrap();

    let slip = scene.stage.folder().join("annex10.pdf");
    let slip = slip.to_str().unwrap();
    let written = scene
        .stage
        .premises
        .run_configured("slip", [number, "--to", slip])
        .await
        .unwrap();
    assert!(written.status.success(), "the slip is in hand: {written:?}");
    tells_what_to_do(scene).await;

    // The clocks go on; the province is there again when they have.
    let (almost, rest) = (minutes * 60 - 90, 90);
    scene.stage.province.advance(almost).await.unwrap();
    scene.agent().advance(almost).await.unwrap();
    assert_eq!(scene.taken(Upload::Settlement).await.len(), 0);
    scene.stage.province.advance(rest).await.unwrap();
    scene.stage.province.set_listening(true).await.unwrap();
    scene.agent().advance(rest).await.unwrap();
    his.delivered(number).await.unwrap()
}

/// While the province is down, the cashier reads what is wrong and that nothing is lost.
async fn tells_what_to_do(scene: &Scene) {
    let trouble = end_to_end::eventually("the province's trouble", async || {
        let standing = scene.his().standing().await?;
        let trouble = standing["province_trouble"].clone();
        Ok((!trouble.is_null()).then_some(trouble))
    })
    .await
    .unwrap();
    assert_eq!(trouble["code"], "platform_unreachable");
    assert_eq!(trouble["say"], "连接不上省平台，数据没有发出。");
    assert_eq!(
        trouble["next"],
        "请检查网络；已结算的记录保存在本机，网络恢复后自动上传。"
    );
    let queue = scene
        .stage
        .premises
        .run_configured("queue", [])
        .await
        .unwrap();
    let queue = String::from_utf8(queue.stdout).unwrap();
    assert!(
        queue.contains("费用明细") && queue.contains("结算信息") && queue.contains("剩余"),
        "{queue}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_ten_minutes_at_discharge_costs_neither_settlement_nor_deadline() {
    let mut scene = Scene::open().await;
    let settlement = settled_while_the_province_is_down(&mut scene, 10).await;
    let (receipt, record) = scene.settled_once().await;
    assert_eq!(receipt.receipt.late_by_s, None);
    assert_eq!(record["matrix"]["fund"]["total"], "24397.50");
    for upload in settlement["uploads"].as_array().unwrap() {
        assert!(upload["left_s"].as_i64() > Some(0), "in time: {upload}");
    }
    assert_eq!(
        scene.his().standing().await.unwrap()["province_trouble"],
        Value::Null
    );
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_forty_minutes_is_uploaded_late_and_said_to_be() {
    let mut scene = Scene::open().await;
    let settlement = settled_while_the_province_is_down(&mut scene, 40).await;
    let (receipt, _) = scene.settled_once().await;
    let late = receipt.receipt.late_by_s.unwrap();
    assert!((600..660).contains(&late), "ten minutes late, not {late} s");
    let record = settlement["uploads"]
        .as_array()
        .unwrap()
        .iter()
        .find(|upload| upload["carries"] == "settlement")
        .unwrap();
    let left = record["left_s"].as_i64().unwrap();
    assert!(
        (-660..=-600).contains(&left),
        "ten minutes late, not {left} s"
    );
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_admitted_and_settled_in_an_outage_goes_up_with_the_number_that_it_gets_then() {
    let mut scene = Scene::open().await;
    scene.present().await;
    scene.stage.province.set_listening(false).await.unwrap();
    let his = scene.his();
    let visit = his.admit("press-1", &scene.stay).await.unwrap();
    let visit = visit["number"].as_str().unwrap().to_owned();
    let quote = scene.quoted(&visit).await;
    let settlement = his.settle(&quote).await.unwrap();
    let number = settlement["number"].as_str().unwrap();
    let before = slip_text(&scene.stage, number).await;

    scene.stage.province.set_listening(true).await.unwrap();
    scene.agent().advance(60).await.unwrap();
    his.delivered(number).await.unwrap();
    let given = his.registration_number(&visit).await.unwrap();
    let (_, record) = scene.settled_once().await;
    assert_eq!(record["registration_number"], given.as_str());
    assert_eq!(record["injury"]["body_part"], "左小腿");
    let details = scene.taken(Upload::FeeDetail).await;
    let details: Value = serde_json::from_str(details[0].body.get()).unwrap();
    assert_eq!(details["registration_number"], given.as_str());
    assert_eq!(details["lines"][0]["id"], format!("{visit}-1-1"));
    // The slip shows it now, and is in all else what it was, its check value included.
    let after = slip_text(&scene.stage, number).await;
    assert!(!before.contains(&given));
    assert_eq!(after.replace(&given, ""), before);
    scene.stage.strike().await.unwrap();
}
