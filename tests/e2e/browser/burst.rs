//! What looks like a press of the settle key and is no person's: a scanner that types, and scripts.

use fantoccini::key::Key;

use super::driver::Browser;
use crate::scene::Scene;

const TOO_FAST: &str = "按键太快，像是扫码枪输入的，没有结算";

async fn is_open(scene: &Scene, visit: &str) -> bool {
    scene.his().visit(visit).await.unwrap()["state"] == "open"
}

fn typed(keys: &[Key]) -> String {
    keys.iter().map(|key| char::from(*key)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_never_settles_whatever_keys_it_contains() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let quote = scene.quoted(&visit).await;
    let browser = Browser::at(&scene).await;
    browser
        .goto(&format!("{}/quotes/{quote}", scene.agent().origin()))
        .await;
    browser.see("确认结算").await;
    for burst in [
        typed(&[Key::F12, Key::Enter]),
        typed(&[Key::F12, Key::F12, Key::F12]),
        format!(
            "A7f60{}kd05mfQx67Lz{}",
            char::from(Key::F12),
            char::from(Key::Enter)
        ),
        format!("A7f60kd05mfQx67Lz{}", char::from(Key::F12)),
        // The focus stands on the button.
        format!("q{}", char::from(Key::Enter)),
        format!("q{} {}", char::from(Key::Enter), char::from(Key::F12)),
    ] {
        browser
            .meddle(
                "document.getElementById('notice').replaceChildren();
                 document.querySelector('[name=collect]').checked = true;
                 document.querySelector('[data-settles] button').focus();",
            )
            .await;
        browser.scan(&burst).await;
        browser.see(TOO_FAST).await;
        assert!(is_open(&scene, &visit).await, "{burst:?}");
    }
    // A press alone, and nothing confirmed.
    browser
        .meddle("document.querySelector('[name=collect]').checked = false;")
        .await;
    browser.press_alone(Key::F12).await;
    browser.see("还没有确认收取金额，没有结算").await;
    assert!(is_open(&scene, &visit).await);
    browser.settle().await;
    browser.see("请向工伤职工收取").await;
    browser.close().await;
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_never_settles() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let quote = scene.quoted(&visit).await;
    let browser = Browser::at(&scene).await;
    let address = format!("{}/quotes/{quote}", scene.agent().origin());
    for script in [
        "document.dispatchEvent(new KeyboardEvent('keydown', { key: 'F12', bubbles: true }));",
        "document.querySelector('[data-settles] button').click();",
        "document.querySelector('[data-settles]').requestSubmit();",
        "const press = new MouseEvent('click', { bubbles: true, cancelable: true, detail: 1 });
         document.querySelector('[data-settles] button').dispatchEvent(press);",
        "document.querySelector('[data-settles]').submit();",
    ] {
        browser.goto(&address).await;
        browser.see("确认结算").await;
        browser
            .meddle("document.querySelector('[name=collect]').checked = true;")
            .await;
        browser.meddle(script).await;
        // A page that is loaded after it has left the one before behind it, and whatever that had begun.
        browser.goto(&address).await;
        browser.see("确认结算").await;
        assert!(is_open(&scene, &visit).await, "{script}");
    }
    browser.settle().await;
    browser.see("请向工伤职工收取").await;
    browser.close().await;
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_looked_up_stands_in_no_address() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let number = scene.his().visit(&visit).await.unwrap()["inpatient_number"]
        .as_str()
        .unwrap()
        .to_owned();
    let browser = Browser::at(&scene).await;
    browser.see(&number).await;
    for (find, seen) in [("nobody", "没有符合“nobody”的在院登记"), (&number, &number)]
    {
        browser.press(Key::F4).await;
        browser.focus_on("find").await;
        browser
            .strike(&format!("{find}{}", char::from(Key::Enter)))
            .await;
        browser.see(seen).await;
        assert_eq!(
            browser.address().await,
            format!("{}/", scene.agent().origin())
        );
    }
    browser.close().await;
    scene.stage.strike().await.unwrap();
}
