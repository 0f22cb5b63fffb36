//! Settle is pressed twice, from two windows.

use end_to_end::HisError;

use crate::scene::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn two_presses_on_one_quote_settle_once() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let quote = scene.quoted(&visit).await;
    let (first, second) = (scene.his(), scene.his());
    let (first, second) = tokio::join!(first.settle(&quote), second.settle(&quote));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first["number"], second["number"]);
    let number = first["number"].as_str().unwrap();
    scene.his().delivered(number).await.unwrap();
    scene.settled_once().await;
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_windows_with_a_quote_each_settle_the_later_one_once_and_the_other_is_told() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let (older, newer) = (scene.quoted(&visit).await, scene.quoted(&visit).await);
    let superseded = scene.his().settle(&older).await.unwrap_err();
    assert_eq!(superseded.code(), Some("quote_superseded"));
    let (first, second) = (scene.his(), scene.his());
    let presses = tokio::join!(first.settle(&older), second.settle(&newer));
    let (Err(_told), Ok(settled)) = presses else {
        panic!("the later one settles and the other is told: {presses:?}");
    };
    let number = settled["number"].as_str().unwrap();
    let refused = scene.his().settle(&older).await.unwrap_err();
    assert_eq!(refused.code(), Some("already_settled"));
    assert_eq!(
        refused.words(),
        Some((
            format!("这次就医已经结算，结算编号 {number}，没有重复结算。").as_str(),
            "请打开该笔结算查看金额、打印结算单。"
        ))
    );
    scene.his().delivered(number).await.unwrap();
    scene.settled_once().await;
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admission_repeated_with_other_content_is_a_conflict_and_keeps_the_first() {
    let mut scene = Scene::open().await;
    scene.present().await;
    let (his, stay) = (scene.his(), scene.stay);
    let first = his.admit_as("ZY0811042", "press-1", &stay).await.unwrap();
    let again = his.admit_as("ZY0811042", "press-1", &stay).await.unwrap();
    assert_eq!(again["number"], first["number"]);
    let other = his.admit_as("ZY0811043", "press-1", &stay).await;
    let other = other.unwrap_err();
    assert_eq!(other.code(), Some("key_of_another"));
    assert!(matches!(other, HisError::Refused { status: 409, .. }));
    let number = first["number"].as_str().unwrap();
    let kept = his.visit(number).await.unwrap();
    assert_eq!(kept["inpatient_number"], "ZY0811042");
    scene.stage.strike().await.unwrap();
}
