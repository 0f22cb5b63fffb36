//! A mistaken admission taken back on the page, by keyboard alone.

use fantoccini::key::Key;
use sandbox::Upload;

use super::driver::Browser;
use crate::scene::Scene;

/// More than the screen has places to go to.
const MOST_TABS: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn a_mistaken_admission_is_taken_back_by_keyboard_alone() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let browser = Browser::at(&scene).await;
    browser.see("测试一").await;
    browser.goto(&format!("/visits/{visit}")).await;
    browser.see("出院结算：测试一").await;
    browser.picture("33-visit-open").await;
    for _ in 0..MOST_TABS {
        if browser.focus().await == "取消入院登记" {
            break;
        }
        browser.press(Key::Tab).await;
    }
    browser.focus_on("取消入院登记").await;
    browser.press(Key::Enter).await;
    browser.see("取消入院登记：测试一").await;
    browser.focus_on("reason").await;
    browser.picture("34-cancellation").await;
    browser.press(Key::F9).await;
    browser.focus_on("reason").await;
    browser.strike("认错了人").await;
    browser.press(Key::F9).await;
    browser.see("入院登记已取消").await;
    browser.picture("35-cancelled").await;
    browser.press(Key::F9).await;
    browser.see("没有在院登记").await;
    end_to_end::eventually("a cancellation at the province", async || {
        Ok((scene.taken(Upload::VisitCancellation).await.len() == 1).then_some(()))
    })
    .await
    .unwrap();
    browser.close().await;
    scene.stage.strike().await.unwrap();
}
