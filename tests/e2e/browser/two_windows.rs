//! One quote in two windows.

use super::driver::Browser;
use crate::scene::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn the_button_pressed_in_two_windows_leads_to_one_settlement() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let quote = scene.quoted(&visit).await;
    let browser = Browser::at(&scene).await;
    let address = format!("{}/quotes/{quote}", scene.agent().origin());
    browser.goto(&address).await;
    browser.see("确认结算").await;
    browser.another_window().await;
    browser.goto(&address).await;
    browser.see("确认结算").await;

    browser.settle().await;
    browser.see("请向工伤职工收取").await;
    let settled = browser.address().await;
    browser.turn_to(0).await;
    browser.settle().await;
    browser.see("请向工伤职工收取").await;
    assert_eq!(browser.address().await, settled);

    let number = settled.rsplit('/').next().unwrap();
    scene.his().delivered(number).await.unwrap();
    scene.settled_once().await;
    browser.close().await;
    scene.stage.strike().await.unwrap();
}
