//! The hospital's system posts a bill as JSON: what the README tells its developers to type works as it stands there.

use std::path::Path;

use end_to_end::written;
use serde_json::Value;
use tokio::process::Command;

use crate::scene::Scene;

/// What the README shows under the heading about bills: the lines that are indented, block by block.
fn shown() -> Vec<String> {
    let readme = include_str!("../../README.md");
    let (_, section) = readme
        .split_once("### The hospital's system posts a bill")
        .unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let mut blocks = vec![String::new()];
    for line in section.lines() {
        match line.strip_prefix("    ") {
            Some(line) => {
                let block = blocks.last_mut().unwrap();
                block.push_str(line);
                block.push('\n');
            }
            None if blocks.last().unwrap().is_empty() => {}
            None => blocks.push(String::new()),
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

/// Runs a block of the README in a shell, as its reader does; what it prints.
async fn typed(block: &str, folder: &Path, variables: &[(&str, &str)]) -> String {
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", block])
        .current_dir(folder)
        .envs(variables.iter().copied())
        .output()
        .await
        .unwrap();
    let (said, erred) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert!(output.status.success(), "{block}\n{said}\n{erred}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_readme_shows_posts_a_bill_whole_and_in_parts() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    scene.present().await;
    let his = format!("{}/his/v1", scene.agent().origin());
    let token = scene.stage.premises.token().unwrap();
    let (day, discharged) = (
        scene.stay.last_day.to_string(),
        written(scene.stay.discharged).replace('+', "%2B"),
    );
    let operator = scene.stage.premises.operator().to_owned();
    let mut variables = vec![
        ("HIS", his.as_str()),
        ("TOKEN", token.as_str()),
        ("VISIT", visit.as_str()),
        ("DAY", day.as_str()),
        ("DISCHARGED", discharged.as_str()),
        ("OPERATOR", operator.as_str()),
    ];
    let blocks = shown();
    let [whole, parts, marks] = blocks.as_slice() else {
        panic!("the README shows other blocks: {blocks:?}");
    };
    let folder = scene.stage.folder().to_owned();

    let quote: Value = serde_json::from_str(&typed(whole, &folder, &variables).await).unwrap();
    assert_eq!(quote["may_be_settled"], true, "{}", quote["reasons"]);
    assert_eq!(quote["fund"], "72.00");
    assert_eq!(quote["read"]["names_stay"], true);

    typed(parts, &folder, &variables).await;
    let quoted = std::fs::read_to_string(folder.join("quote.json")).unwrap();
    let quote: Value = serde_json::from_str(&quoted).unwrap();
    assert_eq!(quote["may_be_settled"], false);
    assert_eq!(quote["missing"]["treats_injury"], serde_json::json!([2]));
    assert_eq!(quote["read"]["total"], "82.00");
    let id = quote["id"].as_str().unwrap().to_owned();
    variables.push(("QUOTE", &id));

    let marked: Value = serde_json::from_str(&typed(marks, &folder, &variables).await).unwrap();
    assert_eq!(marked["may_be_settled"], true, "{}", marked["reasons"]);
    assert_eq!(marked["other"], "10.00");
    let settled = scene
        .his()
        .settle(marked["id"].as_str().unwrap())
        .await
        .unwrap();
    assert_eq!(settled["total"], "82.00");
    assert_eq!(settled["fund"], "72.00");
    scene.stage.strike().await.unwrap();
}

/// Puts a part; status and body.
async fn put(scene: &Scene, visit: &str, part: u32, body: &str) -> (u16, Value) {
    let origin = scene.agent().origin();
    let token = scene.stage.premises.token().unwrap();
    let answer = reqwest::Client::new()
        .put(format!(
            "{origin}/his/v1/visits/{visit}/bills/b/parts/{part}"
        ))
        .bearer_auth(token)
        .body(body.to_owned())
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_are_idempotent_closed_by_their_sum_and_forgotten_after_half_an_hour() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    scene.present().await;
    let day = scene.stay.last_day;
    let line = |number: u32| {
        format!(
            r#"{{"number":{number},"date":"{day}","category":"药品","code":"XN02BEA123A001010100001","name":"头孢","unit_price":72,"quantity":1,"amount":72,"treats_injury":true}}"#
        )
    };
    let one = format!(r#"{{"lines":[{},{}]}}"#, line(1), line(2));
    let two = format!(r#"{{"lines":[{}]}}"#, line(3));
    let (status, first) = put(&scene, &visit, 1, &one).await;
    assert_eq!((status, &first["lines"]), (200, &2.into()));
    assert_eq!(first["kept_minutes"], 30);
    assert_eq!(put(&scene, &visit, 1, &one).await, (status, first));
    let (status, differs) = put(&scene, &visit, 1, &two).await;
    assert_eq!(status, 409);
    assert_eq!(differs["notice"]["code"], "bill_part_differs");
    let wrong = one.replace("\"amount\":72", "\"amount\":\"七十二\"");
    let (status, faults) = put(&scene, &visit, 2, &wrong).await;
    assert_eq!(status, 422);
    let told = faults["notice"]["details"].to_string();
    assert!(told.contains("parts[2].lines[1].amount"), "{told}");

    let close = |total: &str| format!(r#"{{"bill":"b","parts":2,"count":3,"total":{total}}}"#);
    let quote = async |body: String| {
        scene
            .his()
            .quote(&visit, &scene.stay, body.as_bytes())
            .await
    };
    let missing = quote(close("216")).await.unwrap_err();
    assert_eq!(missing.code(), Some("bill_parts_missing"));
    assert!(missing.words().unwrap().0.contains("第 2 段"));
    assert_eq!(put(&scene, &visit, 2, &two).await.0, 200);
    let wrong = quote(close("\"216.01\"")).await.unwrap_err();
    assert_eq!(wrong.code(), Some("bill_sum_wrong"));
    let quoted = quote(close("\"216.00\"")).await.unwrap();
    assert_eq!(quoted["fund"], "216.00", "{}", quoted["reasons"]);
    assert_eq!(quoted["read"]["form"], "JSON，分段发送");

    scene.agent().advance(30 * 60 + 1).await.unwrap();
    let forgotten = quote(close("\"216.00\"")).await.unwrap_err();
    assert_eq!(forgotten.code(), Some("bill_parts_missing"));
    assert!(forgotten.words().unwrap().0.contains("第 1、2 段"));
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn before_anybody_stands_there_a_bill_is_held_against_the_catalogue() {
    let scene = Scene::open().await;
    let check = async |bill: &str| {
        let file = scene.stage.folder().join("export.csv");
        std::fs::write(&file, bill).unwrap();
        let arguments = ["check", file.to_str().unwrap()];
        let run = scene.stage.premises.run_configured("bill", arguments).await;
        let run = run.unwrap();
        (run.status.code(), String::from_utf8(run.stdout).unwrap())
    };
    let (status, said) = check(&scene.bill).await;
    assert_eq!(status, Some(0), "{said}");
    for part in [
        "跨省（就医地目录）：有",
        "省内异地（全省目录）：",
        "，有限制条件",
        "，每单位最高 ",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    // Codes that a spreadsheet took for numbers.
    let damaged = scene.bill.replace(",00", ",").replace(",C", ",");
    assert_ne!(damaged, scene.bill);
    let (status, said) = check(&damaged).await;
    assert_eq!(status, Some(4), "{said}");
    for part in ["，是否少了前面的 0？", "不在目录里：可能丢失了编码"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    scene.stage.strike().await.unwrap();
}
