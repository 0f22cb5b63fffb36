//! A record that the province refused, resolved by keyboard alone.

use fantoccini::key::Key;

use super::driver::Browser;
use crate::scene::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_record_is_seen_explained_and_sent_again_by_keyboard_alone() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let quote = scene.quoted(&visit).await;
    let province = &scene.stage.province;
    let told = province.refuse_next("2207", "diagnosis_unknown", "诊断编码不在目录");
    told.await.unwrap();
    let settlement = scene.his().settle(&quote).await.unwrap();
    let browser = Browser::at(&scene).await;
    browser.see("平台退回（diagnosis_unknown）").await;
    browser.picture("30-home-refused").await;
    browser.press(Key::F8).await;
    browser.see("诊断编码不在目录").await;
    browser.picture("31-uploads-refused").await;
    browser.press(Key::F9).await;
    browser.focus_on("remedy").await;
    browser.press(Key::Space).await;
    browser.press(Key::Tab).await;
    browser.focus_on("reference").await;
    browser.press(Key::Tab).await;
    browser.focus_on("reason").await;
    browser.strike("与省中心核对，已补诊断目录").await;
    browser.picture("32-remedy").await;
    browser.press(Key::F9).await;
    browser.see("没有等待上传的内容").await;
    let number = settlement["number"].as_str().unwrap();
    scene.his().delivered(number).await.unwrap();
    scene.settled_once().await;
    browser.close().await;
    scene.stage.strike().await.unwrap();
}
