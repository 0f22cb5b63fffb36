//! The agent dies between commit and upload and is started again.

use sandbox::Upload;

use crate::scene::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_commit_and_upload_nothing_is_lost_and_nothing_goes_up_twice() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let quote = scene.quoted(&visit).await;
    scene.stage.province.set_listening(false).await.unwrap();
    let settlement = scene.his().settle(&quote).await.unwrap();
    let number = settlement["number"].as_str().unwrap();
    scene.stage.agent.take().unwrap().kill().await.unwrap();
    scene.stage.province.set_listening(true).await.unwrap();
    assert_eq!(scene.taken(Upload::Settlement).await.len(), 0);

    scene.stage.start_agent(&[]).await.unwrap();
    let delivered = scene.his().delivered(number).await.unwrap();
    assert_eq!(delivered["fund"], "24397.50");
    let (_, record) = scene.settled_once().await;
    assert_eq!(record["settlement_number"], number);
    scene.stage.strike().await.unwrap();
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
