//! Settle is pressed twice, from two windows.

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
