//! Scanners that are keyboards, each in its own way: the code is read, and only there.

use end_to_end::eventually;
use fantoccini::key::Key;

use super::driver::Browser;
use crate::scene::Scene;

const FIRST: &str = "650102199003070013";
const SECOND: &str = "510104199208170052";

/// Waits until the desk shows this worker, read anew.
async fn is_read(scene: &Scene, number: &str) {
    let read = scene.his().read_of(number).await;
    assert!(read.is_ok(), "{number}: {read:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_read_however_the_scanner_types() {
    let scene = Scene::open().await;
    let code_of = async |number| scene.stage.province.code_of(number).await.unwrap();
    let browser = Browser::at(&scene).await;
    browser.see("请插入社会保障卡").await;
    let enter = char::from(Key::Enter);

    let code = code_of(FIRST).await;
    browser.keys(&format!("{code}{enter}"), &[100]).await;
    is_read(&scene, FIRST).await;

    let code = code_of(SECOND).await;
    browser.scan(&format!("{code}{enter}{enter}")).await;
    is_read(&scene, SECOND).await;
    browser.see("李四明").await;

    let code = code_of(FIRST).await;
    let (head, tail) = code.split_at(8);
    browser.scan(&format!("{head} {tail}{enter}")).await;
    is_read(&scene, FIRST).await;

    // By each character's number, with Alt held down, as scanners do that know no layout.
    let code = code_of(SECOND).await;
    browser.by_number(&code).await;
    browser.press(Key::Enter).await;
    is_read(&scene, SECOND).await;

    // Somebody puts it into the field by hand, in full width.
    let code = code_of(FIRST).await;
    let wide: String = code
        .chars()
        .map(|character| {
            let wide = u32::from(character) + 0xFEE0;
            char::from_u32(wide).unwrap_or(character)
        })
        .collect();
    // The screen has taken the last one in, and put the focus where to go on.
    browser.see("李四明").await;
    browser.press(Key::F7).await;
    browser.focus_on("code").await;
    browser.strike(&wide).await;
    browser.press(Key::Enter).await;
    is_read(&scene, FIRST).await;
    eventually("an empty field", async || {
        Ok(browser.filled_in("code").await.is_empty().then_some(()))
    })
    .await
    .unwrap();
    browser.close().await;
    scene.stage.strike().await.unwrap();
}
