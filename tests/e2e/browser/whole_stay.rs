//! A stay from the card at admission to the province's acknowledgement, on the page.

use fantoccini::key::Key;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use super::driver::Browser;
use crate::scene::Scene;

/// As the page's fields take it.
fn minute(at: Timestamp) -> String {
    let china = TimeZone::fixed(Offset::constant(8));
    at.to_zoned(china).strftime("%Y-%m-%d %H:%M").to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stay_is_admitted_quoted_settled_and_seen_delivered_by_keyboard_alone() {
    let mut scene = Scene::open().await;
    let browser = Browser::at(&scene).await;
    browser.see("请插入社会保障卡").await;
    browser.picture("01-home-empty").await;

    scene.present().await;
    browser.see("测试一").await;
    browser.focus_on("办理入院登记").await;
    browser.picture("02-home-card-read").await;
    browser.press(Key::Enter).await;
    admission(&browser, &scene).await;

    browser.see("登记成功：测试一").await;
    browser.focus_on("下一位").await;
    browser.see("430103").await;
    browser.picture("04-admitted").await;
    browser.press(Key::F9).await;
    browser.see("请取出上一位的卡").await;
    scene.present().await;
    browser.focus_on("办理出院结算").await;
    browser.press(Key::F9).await;
    browser.see("出院结算：测试一").await;
    discharge(&browser, &scene).await;
    quote(&browser).await;
    settled(&browser).await;
    browser.see("已按时上传省平台").await;
    browser.picture("10-settled-delivered").await;
    scene.settled_once().await;

    browser.press(Key::F8).await;
    browser.see("没有等待上传的内容").await;
    browser.press(Key::F1).await;
    browser.see("没有在院登记").await;
    browser.close().await;
    scene.stage.strike().await.unwrap();
}

/// What the rules say shows before and after the question they ask; Enter moves on, from field to field and to the button.
async fn admission(browser: &Browser, scene: &Scene) {
    browser.see("需先核实").await;
    browser.focus_on("liability").await;
    browser.picture("03-admission-asks").await;
    browser.press(Key::Space).await;
    browser.see("可以入院登记").await;
    browser.press(Key::Enter).await;
    browser.focus_on("kind").await;
    for (name, text) in [
        ("department", "骨科"),
        ("inpatient_number", "ZY0811042"),
        ("diagnosis", "左胫骨平台骨折"),
        ("diagnosis_code", "S82.1"),
        ("registered_at", &minute(scene.stay.admitted)),
    ] {
        browser.press(Key::Enter).await;
        browser.focus_on(name).await;
        browser.strike(text).await;
    }
    browser.picture("04-admission-filled").await;
    for box_or_button in ["emergency", "force_majeure", "act"] {
        browser.press(Key::Enter).await;
        browser.focus_on(box_or_button).await;
    }
    browser.press(Key::Enter).await;
}

/// A bill whose sum does not agree is refused, and all else is still there when the right one is chosen.
async fn discharge(browser: &Browser, scene: &Scene) {
    let file = scene.stage.folder().join("bill.csv");
    let cut = scene.bill.replace("28630.78", "28630.79");
    std::fs::write(&file, cut).unwrap();
    browser.focus_on("discharged_at").await;
    browser.press(Key::Tab).await;
    browser.focus_on("diagnosis").await;
    browser.strike("左胫骨平台骨折术后").await;
    browser.press(Key::Tab).await;
    browser.press(Key::Tab).await;
    browser.focus_on("bill").await;
    browser.choose(&file).await;
    browser.press(Key::F9).await;
    browser.see("两者不一致").await;
    browser.picture("05-bill-refused").await;
    assert_eq!(browser.filled_in("diagnosis").await, "左胫骨平台骨折术后");
    assert!(browser.all(".pickfile").await[0].starts_with("bill.csv（"));

    std::fs::write(&file, &scene.bill).unwrap();
    for _past_the_code_to_the_file in 0..8 {
        browser.press(Key::Tab).await;
    }
    browser.focus_on("bill").await;
    browser.choose(&file).await;
    browser.picture("06-bill-chosen").await;
    browser.press(Key::F9).await;
}

/// Totals, table and every line with its rule and article; a key narrows the lines; F12 settles what was confirmed, and F9 does not.
async fn quote(browser: &Browser) {
    browser.see("确认结算").await;
    // The press that quoted, once more: the focus stands on what has to be confirmed, and nothing is.
    browser.focus_on("collect").await;
    browser.press(Key::F9).await;
    browser.press(Key::Enter).await;
    browser.focus_on("确认结算").await;
    browser.press_alone(Key::Enter).await;
    browser.see("还没有确认收取金额").await;
    browser.focus_on("collect").await;
    let sums = browser.all(".sums dd").await;
    assert_eq!(
        sums,
        ["4233.28 元", "24397.50", "28630.78", "4153.30", "79.98"]
    );
    let table = browser.all(".matrix tbody tr").await;
    assert_eq!(
        table,
        [
            "工伤保险基金支付金额 1377.70 21964.80 498.00 557.00 0.00 24397.50",
            "自费金额 131.30 3697.00 160.00 30.00 135.00 4153.30",
            "其他（非工伤伤情等） 14.98 65.00 0.00 0.00 0.00 79.98",
            "合计 本次：总费用 28630.78 元，工伤保险基金支付金额 24397.50 元；个人支付金额 4233.28 元。",
        ]
    );
    assert_eq!(browser.all(".lines tbody tr").await.len(), 70);
    browser.picture("07-quote").await;
    browser.strike("2").await;
    assert_eq!(browser.all(".lines tbody tr").await.len(), 70);
    browser.press(Key::F10).await;
    browser.focus_on("费用明细").await;
    let paid = browser.all(".lines tbody tr").await;
    assert!(paid.len() < 70);
    for line in &paid {
        assert!(line.contains("E03") || line.contains("E04"), "{line}");
        assert!(
            line.contains("备注1") || line.contains("四（三）"),
            "{line}"
        );
    }
    browser.picture("08-quote-personal-lines").await;
    browser.press(Key::F9).await;
    browser.see("确认结算").await;
    browser
        .meddle("document.querySelector('[name=collect]').focus();")
        .await;
    browser.settle().await;
}

/// What to collect stands large; the slip opens in the browser's viewer.
async fn settled(browser: &Browser) {
    browser.see("请向工伤职工收取").await;
    browser.focus_on("打开结算单").await;
    assert_eq!(browser.all(".collect dd").await, ["4233.28 元"]);
    browser.picture("09-settled").await;
    browser.press(Key::Enter).await;
    end_to_end::eventually("the slip's window", async || {
        Ok((browser.windows().await == 2).then_some(()))
    })
    .await
    .unwrap();
    browser.turn_to(1).await;
    assert_eq!(browser.shown_type().await, "application/pdf");
    browser.turn_to(0).await;
}
