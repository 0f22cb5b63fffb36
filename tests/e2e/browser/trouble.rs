//! What the page says when something is wrong, live: no session, a late upload, an agent that is gone.

use fantoccini::key::Key;

use super::driver::Browser;
use crate::scene::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_without_a_session_is_told_how_to_open_one() {
    let scene = Scene::open().await;
    let browser = Browser::start().await;
    browser.goto(scene.agent().origin()).await;
    browser.see("settlement-agent page").await;
    browser.picture("20-no-session").await;
    browser.enter(&scene).await;
    browser.see("没有在院登记").await;
    browser.close().await;
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_counts_down_turns_late_and_is_seen_to_arrive() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let quote = scene.quoted(&visit).await;
    let browser = Browser::at(&scene).await;
    browser
        .goto(&format!("{}/quotes/{quote}", scene.agent().origin()))
        .await;
    scene.stage.province.set_listening(false).await.unwrap();
    browser.see("确认结算").await;
    browser.settle().await;
    browser.see("还剩 29 分钟").await;
    browser.picture("21-waiting").await;
    let settled = browser.address().await;

    scene.agent().advance(20 * 60).await.unwrap();
    browser.see("还剩 9 分钟").await;
    scene.agent().advance(15 * 60).await.unwrap();
    browser.see("上传已逾期 5 分钟").await;
    browser.see("不要重做").await;
    browser.picture("22-late").await;
    browser.press(Key::F8).await;
    browser.see("系统会继续上传").await;
    // One row, that says whose and how much, and where each message stands on demand.
    let row = browser.all("#uploads tbody tr").await;
    assert_eq!(row.len(), 1, "{row:?}");
    for part in ["测试一", "ZY0811042", "28630.78"] {
        assert!(row[0].contains(part), "{part}: {row:?}");
    }
    assert!(!row[0].contains("报文标识"), "{row:?}");
    assert_eq!(
        browser.title().await,
        "【上传逾期】上传情况 · 工伤异地就医直接结算"
    );
    browser.picture("23-uploads-late").await;
    browser.press(Key::F6).await;
    browser.see("正在重传：2 条").await;
    browser.press(Key::F1).await;
    browser.see("需要注意的上传").await;
    browser.picture("24-home-late").await;

    scene.stage.province.advance(35 * 60).await.unwrap();
    scene.stage.province.set_listening(true).await.unwrap();
    browser.goto(&settled).await;
    scene.agent().advance(10 * 60).await.unwrap();
    browser.see("已上传省平台，但超过了时限").await;
    browser.picture("25-delivered-late").await;
    scene.settled_once().await;
    browser.press(Key::F8).await;
    browser.see("没有等待上传的内容").await;
    let late = browser.all("#late tbody tr").await;
    assert_eq!(late.len(), 1, "{late:?}");
    assert!(
        late[0].contains("测试一") && late[0].contains("逾期"),
        "{late:?}"
    );
    assert_eq!(browser.title().await, "上传情况 · 工伤异地就医直接结算");
    browser.picture("25-uploads-were-late").await;

    let agent = scene.stage.agent.take().unwrap();
    agent.kill().await.unwrap();
    browser.see("与本机结算程序的连接中断").await;
    browser.close().await;
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_is_drawn_and_put_back_is_followed_live() {
    let mut scene = Scene::open().await;
    let browser = Browser::at(&scene).await;
    browser.press(Key::F2).await;
    browser.see("先读卡").await;
    browser.picture("26-admission-without-card").await;
    browser.press(Key::Tab).await;
    browser.press(Key::Tab).await;
    browser.focus_on("department").await;
    browser.strike("骨科").await;
    scene.present().await;
    browser.see("需先核实").await;
    browser.focus_on("department").await;
    let card = scene.card.take().unwrap();
    card.draw_out();
    browser.see("已取出").await;
    scene.present().await;
    browser.see("需先核实").await;
    browser.close().await;
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanner_that_is_a_keyboard_is_heard_wherever_the_focus_is() {
    let scene = Scene::open().await;
    let code_of = async |number| scene.stage.province.code_of(number).await.unwrap();
    let browser = Browser::at(&scene).await;
    browser.focus_on("code").await;
    browser
        .scan(&format!("6901234567892{}", char::from(Key::Enter)))
        .await;
    browser.see("商品或药品条码").await;
    browser.picture("27-home-wrong-code").await;
    browser.strike(&code_of("650102199003070013").await).await;
    browser.press(Key::Enter).await;
    browser.see("测试一").await;
    browser.focus_on("办理入院登记").await;
    browser.picture("28-home-code-verified").await;

    browser.press(Key::F2).await;
    browser.see("需先核实").await;
    browser.press(Key::Tab).await;
    browser.press(Key::Tab).await;
    browser.focus_on("department").await;
    browser.strike("骨科").await;
    let reading = browser.filled_in("presented").await;
    let scan_of = async |number| format!("{}{}", code_of(number).await, char::from(Key::Enter));
    let next = scan_of("650102199003070013").await;
    browser.scan(&next).await;
    end_to_end::eventually("the next reading", async || {
        Ok((browser.filled_in("presented").await != reading).then_some(()))
    })
    .await
    .unwrap();
    assert_eq!(browser.filled_in("department").await, "骨科");
    // The second terminator, and a code of another kind, stay out of the field, too.
    let enter = char::from(Key::Enter);
    browser.scan(&format!("6901234567892{enter}{enter}")).await;
    browser.see("商品或药品条码").await;
    assert_eq!(browser.filled_in("department").await, "骨科");
    browser.focus_on("department").await;

    let other = scan_of("510104199208170052").await;
    browser.scan(&other).await;
    browser.see("李四明").await;
    browser.see("已经清空").await;
    browser.picture("29-admission-another-code").await;
    browser.close().await;
    scene.stage.strike().await.unwrap();
}

/// What a window in front of ours is told: the real notification, made with the browser's leave, and what it says.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_looks_elsewhere_is_told_once_of_a_late_upload_and_of_nobodys_name() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let quote = scene.quoted(&visit).await;
    let browser = Browser::at(&scene).await;
    browser.allow_notifications(scene.agent().origin()).await;
    browser.press(Key::F8).await;
    browser.see("没有等待上传的内容").await;
    browser
        .meddle(
            "window.told = []; const Real = Notification;
             window.Notification = class extends Real {
                 constructor(words, options) { super(words, options); window.told.push(words); }
             };
             document.hasFocus = () => false;",
        )
        .await;
    scene.stage.province.set_listening(false).await.unwrap();
    scene.his().settle(&quote).await.unwrap();
    browser.see("还剩 29 分钟").await;
    assert_eq!(browser.told().await, Vec::<String>::new());
    scene.agent().advance(26 * 60).await.unwrap();
    browser.see("快到期").await;
    let near = "有 2 条上传不到 5 分钟就要逾期。";
    browser.is_told(&[near]).await;
    assert_eq!(
        browser.title().await,
        "【上传快到期】上传情况 · 工伤异地就医直接结算"
    );
    scene.agent().advance(5 * 60).await.unwrap();
    browser.see("逾期").await;
    let late = "有 2 条上传已逾期，系统仍在继续上传。";
    browser.is_told(&[near, late]).await;
    scene.agent().advance(10 * 60).await.unwrap();
    browser.see("逾期 1").await;
    browser.is_told(&[near, late]).await;
    browser.close().await;
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_about_a_field_is_bound_to_it_and_leads_there() {
    let mut scene = Scene::open().await;
    let browser = Browser::at(&scene).await;
    browser.see("请插入社会保障卡").await;
    scene.present().await;
    browser.see("测试一").await;
    browser.press(Key::F2).await;
    browser.see("需先核实").await;
    browser.press(Key::Space).await;
    browser.see("可以入院登记").await;
    for (name, text) in [
        ("department", "骨\u{200b}科"),
        ("inpatient_number", "ZY0811042"),
        ("diagnosis", "左胫腓骨开放性骨折"),
    ] {
        while browser.focus().await != name {
            browser.press(Key::Tab).await;
        }
        browser.strike(text).await;
    }
    browser.press(Key::F9).await;
    browser.see("“科别”中有看不见的字符").await;
    browser.focus_on("department").await;
    let bound = "[name=department][aria-invalid=true][aria-describedby=notice-say]";
    assert_eq!(browser.all(bound).await.len(), 1);
    browser.picture("36-notice-at-its-field").await;
    browser.close().await;
    scene.stage.strike().await.unwrap();
}
