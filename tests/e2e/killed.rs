//! The agent dies between commit and upload and is started again.

use reqwest::{Client, StatusCode, header};
use sandbox::Upload;

use crate::doors::{entered, link};
use crate::scene::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_commit_and_upload_nothing_is_lost_and_nothing_goes_up_twice() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let quote = scene.quoted(&visit).await;
    let before = entered(&link(&scene).await).await;
    scene.stage.province.set_listening(false).await.unwrap();
    let settlement = scene.his().settle(&quote).await.unwrap();
    let number = settlement["number"].as_str().unwrap();
    scene.stage.agent.take().unwrap().kill().await.unwrap();
    assert_eq!(scene.taken(Upload::Settlement).await.len(), 0);

    scene.stage.start_agent(&[]).await.unwrap();
    let (status, page) = shown(&scene, "/uploads", &before).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(page.contains("登录已到期"), "{page}");
    assert!(page.contains("settlement-agent page"), "{page}");
    let after = entered(&link(&scene).await).await;
    tells_that_both_wait(&scene, &after).await;

    scene.stage.province.set_listening(true).await.unwrap();
    scene.stage.province.advance(90).await.unwrap();
    scene.agent().advance(90).await.unwrap();
    let delivered = scene.his().delivered(number).await.unwrap();
    assert_eq!(delivered["fund"], "24397.50");
    let (_, record) = scene.settled_once().await;
    assert_eq!(record["settlement_number"], number);
    let (_, page) = shown(&scene, "/uploads", &after).await;
    assert!(page.contains("没有等待上传的内容。"), "{page}");
    let path = format!("/settlements/{number}");
    let (_, page) = shown(&scene, &path, &after).await;
    assert_eq!(page.matches("按时送达").count(), 3, "{page}");
    scene.stage.strike().await.unwrap();
}

/// Interface, terminal and page say what waits, how long is left, and that nothing is to be done again.
async fn tells_that_both_wait(scene: &Scene, cookie: &str) {
    let uploads = scene.his().uploads().await.unwrap();
    let uploads = uploads.as_array().unwrap();
    let carried: Vec<_> = uploads.iter().map(|upload| &upload["carries"]).collect();
    assert_eq!(carried, ["fee_detail", "settlement"]);
    for upload in uploads {
        let left = upload["left_s"].as_i64().unwrap();
        assert!((1_680..1_800).contains(&left), "of 30 minutes: {upload}");
    }
    let queue = scene.stage.premises.run_configured("queue", []).await;
    let queue = String::from_utf8(queue.unwrap().stdout).unwrap();
    let (status, page) = shown(scene, "/uploads", cookie).await;
    assert_eq!(status, StatusCode::OK);
    for what in ["费用明细", "结算信息"] {
        assert!(page.contains(&format!("<li>{what}：")), "{page}");
        assert!(queue.contains(&format!("  {what}  剩余 2")), "{queue}");
    }
    assert_eq!(
        page.matches("<strong>还剩 2").count(),
        1,
        "one settlement: {page}"
    );
    let done = "断网时不用重做结算：记录已安全保存，网络恢复后自动上传。";
    assert!(page.contains(done), "{page}");
}

/// What a browser with this cookie is shown.
async fn shown(scene: &Scene, path: &str, cookie: &str) -> (StatusCode, String) {
    let address = format!("{}{path}", scene.agent().origin());
    let request = Client::new().get(address).header(header::COOKIE, cookie);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_whose_answer_was_lost_is_pressed_again_and_has_settled_once() {
    let mut scene = Scene::without_agent(&["Virtual PCD"]).await;
    let power_cut = [("SETTLEMENT_AGENT_FAILPOINT", "settled")];
    scene.stage.start_agent(&power_cut).await.unwrap();
    scene.his().synchronised().await.unwrap();
    let visit = scene.admitted().await;
    let quote = scene.quoted(&visit).await;
    let press = scene.his().settle(&quote).await;
    assert!(
        matches!(press, Err(end_to_end::HisError::NoAnswer(_))),
        "the agent died right after the commit: {press:?}"
    );
    let mut died = scene.stage.agent.take().unwrap();
    assert!(!died.ended().await.unwrap().success());

    scene.stage.start_agent(&[]).await.unwrap();
    let settlement = scene.his().settle(&quote).await.unwrap();
    let number = settlement["number"].as_str().unwrap();
    scene.his().delivered(number).await.unwrap();
    let (_, record) = scene.settled_once().await;
    assert_eq!(record["settlement_number"], number);
    assert_eq!(record["matrix"]["total"], "28630.78");
    scene.stage.strike().await.unwrap();
}
