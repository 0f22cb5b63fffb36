//! People at the page, by keyboard alone: the first sign-in, changing over, the list.

use fantoccini::key::Key;

use super::driver::Browser;
use crate::scene::Scene;

const OWN: &str = "Zhongnan-26";

impl Browser {
    pub(super) async fn sign_in(&self, number: &str, password: &str) {
        self.focus_on("number").await;
        self.strike(&format!("{number}{}", char::from(Key::Enter)))
            .await;
        self.focus_on("password").await;
        // Typed as fast as a scanner types: nothing is a code here.
        self.scan(&format!("{password}{}", char::from(Key::Enter)))
            .await;
    }

    pub(super) async fn choose_password(&self, handed_out: &str) {
        self.see("请先定一个自己的密码").await;
        for (field, text) in [("old", handed_out), ("new", OWN), ("again", OWN)] {
            self.focus_on(field).await;
            self.scan(&format!("{text}{}", char::from(Key::Enter)))
                .await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_sign_in_choose_a_password_and_change_over_by_keyboard_alone() {
    let scene = Scene::open().await;
    let browser = Browser::at(&scene).await;
    browser.see("人员：没有设置").await;
    let keeper = scene.add_person("9001", "赵管理", "收款,管理").await;
    // The open page shows nobody's work any more.
    browser.see("请登录").await;
    browser.picture("50-sign-in").await;
    browser.sign_in("9001", "falsch").await;
    browser.see("工号或密码不对").await;
    browser.focus_on("password").await;
    browser.picture("51-sign-in-wrong").await;
    browser
        .scan(&format!("{keeper}{}", char::from(Key::Enter)))
        .await;
    browser.choose_password(&keeper).await;
    browser.see("经办人 赵管理").await;
    browser.picture("52-signed-in").await;

    browser.goto("/staff").await;
    browser.see("增加人员").await;
    browser
        .meddle("document.querySelector('form.side [name=number]').focus()")
        .await;
    browser
        .strike(&format!("1001{}", char::from(Key::Enter)))
        .await;
    browser.strike("王收款").await;
    browser.press(Key::F9).await;
    browser.see("1001 的一次性密码").await;
    let handed_out = browser.all("section.good code").await.remove(0);
    browser.picture("53-people").await;

    browser.press(Key::F11).await;
    browser.see("请登录").await;
    browser.sign_in("1001", &handed_out).await;
    browser.see("请先定一个自己的密码：王收款（1001）").await;
    browser.picture("54-choose-a-password").await;
    browser.choose_password(&handed_out).await;
    browser.see("经办人 王收款").await;
    assert!(!browser.text().await.contains("人员"));

    // Disabled while the page is open: it shows nobody any more.
    let premises = &scene.stage.premises;
    let disabled = premises.run_configured("staff", ["disable", "1001"]).await;
    assert!(disabled.unwrap().status.success());
    browser.see("请登录").await;
    browser.close().await;
    scene.stage.strike().await.unwrap();
}
