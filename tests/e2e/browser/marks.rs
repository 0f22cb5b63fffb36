//! Marks that an export lacks, given by keyboard alone on the screen of a small counter, for a stay and for a very long one.

use std::fmt::Write as _;
use std::path::PathBuf;

use fantoccini::key::Key;

use super::driver::Browser;
use crate::scene::Scene;

/// An export without marks: every third line a drug, the rest care; one of them for another illness, one brought back.
fn export(scene: &Scene, lines: u32) -> String {
    let day = scene.stay.last_day;
    let mut bill = "序号,日期,类别,项目编码,项目名称,单价,数量,金额\n".to_owned();
    for number in 1..lines {
        if number % 3 == 0 {
            writeln!(
                bill,
                "{number},{day},药品,XN02BEA123A001010100001,头孢呋辛钠注射剂,72.00,1,72.00"
            )
            .unwrap();
        } else {
            writeln!(
                bill,
                "{number},{day},诊疗项目,001101001020000,急诊诊查费,15.00,1,15.00"
            )
            .unwrap();
        }
    }
    let drugs = (lines - 1) / 3;
    let sum = drugs * 72 + (lines - 1 - drugs) * 15;
    writeln!(
        bill,
        "{lines},{day},药品,XC08CAB001A001010100001,氨氯地平片,5.00,2,10.00"
    )
    .unwrap();
    write!(bill, "合计,,,,,,,{}.00", sum + 10).unwrap();
    bill
}

/// Fills in the discharge and chooses the file, by keys.
async fn choose(browser: &Browser, scene: &Scene, visit: &str, bill: &str) {
    let file: PathBuf = scene.stage.folder().join("export.csv");
    std::fs::write(&file, bill).unwrap();
    let origin = scene.agent().origin();
    browser.goto(&format!("{origin}/visits/{visit}")).await;
    browser.focus_on("discharged_at").await;
    browser.press(Key::Tab).await;
    browser.focus_on("diagnosis").await;
    browser.press(Key::Tab).await;
    browser.press(Key::Tab).await;
    browser.focus_on("bill").await;
    browser.choose(&file).await;
    browser.press(Key::F9).await;
}

async fn marked_by_keys(lines: u32, picture: &str) {
    let mut scene = Scene::open().await;
    let browser = Browser::at(&scene).await;
    browser.resize((1280, 720)).await;
    let visit = scene.admitted().await;
    scene.present().await;
    choose(&browser, &scene, &visit, &export(&scene, lines)).await;
    browser
        .see(&format!("治疗工伤：还有 {lines} 行没有标"))
        .await;
    browser.picture(&format!("{picture}-asked")).await;
    browser.resize((1280, 720)).await;

    // The last line is for another illness: its number is typed, all others are for the injury.
    browser.focus_on("injury.rest").await;
    browser.press(Key::Down).await;
    browser.press(Key::Tab).await;
    browser.focus_on("injury.no").await;
    browser.strike(&lines.to_string()).await;
    browser.picture(&format!("{picture}-chosen")).await;
    browser.resize((1280, 720)).await;
    browser.press(Key::F9).await;
    browser.see("确认结算").await;
    browser.see(&format!("补标了“治疗工伤” {lines} 行")).await;
    let other = browser.all(".sums dd").await;
    assert_eq!(other.last().map(String::as_str), Some("10.00"));
    browser.picture(&format!("{picture}-quoted")).await;

    // Taken back by a key, all of it is asked for again.
    browser.press(Key::F6).await;
    browser
        .see(&format!("治疗工伤：还有 {lines} 行没有标"))
        .await;
    browser.close().await;
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_lines_are_marked_by_keyboard_alone() {
    marked_by_keys(200, "11-marks-200").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_lines_are_marked_by_keyboard_alone() {
    marked_by_keys(5000, "12-marks-5000").await;
}
