//! A record that the province refused, resolved by keyboard alone, by one person or by two.

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

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_record_is_set_aside_by_two_people_on_one_form() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let quote = scene.quoted(&visit).await;
    let told = scene
        .stage
        .province
        .refuse_next("2207", "diagnosis_unknown", "诊断编码不在目录");
    told.await.unwrap();
    scene.his().settle(&quote).await.unwrap();
    let browser = Browser::at(&scene).await;
    browser.see("平台退回（diagnosis_unknown）").await;
    for (number, name, roles) in [("2002", "李复核", "复核"), ("1001", "王收款", "收款")]
    {
        let handed_out = scene.add_person(number, name, roles).await;
        browser.goto("/sign-in").await;
        browser.see("请登录").await;
        browser.sign_in(number, &handed_out).await;
        browser.choose_password(&handed_out).await;
        browser.see(&format!("经办人 {name}")).await;
        if number == "2002" {
            browser.press(Key::F11).await;
            browser.see("请登录").await;
        }
    }
    browser.press(Key::F8).await;
    browser.see("诊断编码不在目录").await;
    browser.press(Key::F9).await;
    browser.focus_on("remedy").await;
    browser.press(Key::Down).await;
    for (field, text) in [
        ("reference", "长人社受2025-118"),
        ("reason", "省中心已人工录入"),
        ("second_number", "2002"),
    ] {
        browser.press(Key::Tab).await;
        browser.focus_on(field).await;
        browser.strike(text).await;
    }
    browser.press(Key::Tab).await;
    browser.focus_on("second_password").await;
    browser.scan("Zhongnan-26").await;
    browser.picture("55-remedy-by-two").await;
    browser.press(Key::F9).await;
    browser.see("没有等待上传的内容").await;
    browser.close().await;
    scene.stage.strike().await.unwrap();
}
