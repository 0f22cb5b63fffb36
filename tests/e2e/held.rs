//! A ledger that is not the one its witness saw: shown everywhere, gone on with by nobody, until a person restores or goes on.

use std::fs;

use end_to_end::{Stage, Stay, eventually};
use sandbox::Upload;

use crate::damaged::{screen, signed_in};
use crate::old_ledgers::Left;
use crate::scene::Scene;

/// What a subcommand printed and complained, and whether it ended well.
async fn run<const N: usize>(
    stage: &Stage,
    subcommand: &str,
    arguments: [&str; N],
) -> (String, String, bool) {
    let ended = stage.premises.run_configured(subcommand, arguments).await;
    let ended = ended.unwrap();
    (
        String::from_utf8(ended.stdout).unwrap(),
        String::from_utf8(ended.stderr).unwrap(),
        ended.status.success(),
    )
}

async fn stop(stage: &mut Stage) {
    stage.agent.take().unwrap().stop().await.unwrap();
}

async fn standing(stage: &Stage) -> (String, String) {
    let standing = stage.agent().unwrap().his().standing().await.unwrap();
    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let ledger = &standing["ledger"];
    (word(&ledger["state"]), word(&ledger["notice"]["code"]))
}

const WORD: [&str; 4] = ["--who", "李敏", "--reason", "误用旧盘启动"];

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_put_back_is_held_on_every_screen_until_a_person_goes_on_and_one_taken_away_is_restored()
 {
    let left = Left::by("1");
    let mut stage = Stage::inheriting(Vec::new(), &left.folder).await.unwrap();
    stage
        .premises
        .configure("[card]\nenabled = false\n")
        .unwrap();
    stage.province.set_listening(false).await.unwrap();
    stage.start_agent(&[]).await.unwrap();
    let copy = stage.folder().join("copy.db");
    let copy = copy.to_str().unwrap().to_owned();
    let (said, complained, well) = run(&stage, "ledger", ["backup", "--to", &copy]).await;
    assert!(well && said.contains("逐页检查无误"), "{said}{complained}");
    let number = left.settlements()[0]["number"].as_str().unwrap();
    let slip = stage.folder().join("slip.pdf");
    let (_, complained, well) = run(&stage, "slip", [number, "--to", slip.to_str().unwrap()]).await;
    assert!(well, "{complained}");
    stop(&mut stage).await;

    // By hand, over what was there.
    let ledger = stage.premises.state().join("ledger.db");
    fs::copy(&copy, &ledger).unwrap();
    stage.start_agent(&[]).await.unwrap();
    is_held_everywhere(&stage, number).await;
    stage.province.set_listening(true).await.unwrap();
    let arguments = ["new-epoch", WORD[0], WORD[1], WORD[2], WORD[3]];
    let (_, complained, well) = run(&stage, "ledger", arguments).await;
    assert!(
        !well && complained.contains("（second_instance）"),
        "{complained}"
    );
    stop(&mut stage).await;
    let (said, complained, well) = run(&stage, "ledger", arguments).await;
    assert!(well && said.contains("不要重复结算"), "{said}{complained}");

    stage.start_agent(&[]).await.unwrap();
    let agent = stage.agent().unwrap();
    agent.hear("check has ended found=Sound").await.unwrap();
    assert_eq!(standing(&stage).await, ("sound".to_owned(), String::new()));
    let waiting = left.settlements()[2]["number"].as_str().unwrap();
    agent.advance(3_600).await.unwrap();
    agent.his().delivered(waiting).await.unwrap();
    let accepted = stage.province.accepted().await.unwrap();
    let settlements = accepted
        .iter()
        .filter(|one| one.upload == Upload::Settlement);
    assert_eq!(settlements.count(), 2, "what waited went up once");
    stop(&mut stage).await;

    fs::remove_file(&ledger).unwrap();
    fs::remove_file(stage.premises.state().join("ledger.db.lock")).unwrap();
    let refused = stage.start_agent(&[]).await.unwrap_err().to_string();
    assert!(refused.contains("（ledger_vanished）"), "{refused}");
    assert!(!ledger.exists(), "no new one was begun");
    let arguments = ["restore", &copy, WORD[0], WORD[1], WORD[2], WORD[3]];
    let (_, complained, well) = run(&stage, "ledger", arguments).await;
    assert!(well, "{complained}");
    stage.start_agent(&[]).await.unwrap();
    let agent = stage.agent().unwrap();
    agent.hear("check has ended found=Sound").await.unwrap();
    assert_eq!(standing(&stage).await, ("sound".to_owned(), String::new()));
    stage.strike().await.unwrap();
}

async fn is_held_everywhere(stage: &Stage, number: &str) {
    assert_eq!(
        standing(stage).await,
        ("stopped".to_owned(), "ledger_behind".to_owned())
    );
    let his = stage.agent().unwrap().his();
    let admitted = his.admit("press", &Stay::ending_now().unwrap()).await;
    assert_eq!(admitted.unwrap_err().code(), Some("ledger_behind"));
    let settled = his.settle("any").await;
    assert_eq!(settled.unwrap_err().code(), Some("ledger_behind"));
    let to = stage.folder().join("another.pdf");
    let (_, complained, well) = run(stage, "slip", [number, "--to", to.to_str().unwrap()]).await;
    assert!(
        !well && complained.contains("（ledger_behind）"),
        "{complained}"
    );
    let cookie = signed_in(stage).await;
    for path in ["/", "/admission", "/uploads"] {
        let screen = screen(stage, &cookie, path).await;
        for words in [
            "已暂停登记、结算、出单和上传。",
            "settlement-agent ledger new-epoch",
            "台账：已停止办理",
        ] {
            assert!(screen.contains(words), "{path}: {screen}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_is_walked_at_a_persons_word_and_held_against_a_slip() {
    let left = Left::by("1");
    let mut stage = Stage::inheriting(Vec::new(), &left.folder).await.unwrap();
    stage
        .premises
        .configure("[card]\nenabled = false\n")
        .unwrap();
    stage.start_agent(&[]).await.unwrap();
    let printed = fs::read_to_string(left.folder.join("S012612010753000001.txt")).unwrap();
    let (_, head) = printed.split_once("台账校验码：").unwrap();
    let head = head.split_whitespace().next().unwrap();
    let (said, complained, well) = run(&stage, "journal", ["verify", "--head", head]).await;
    assert!(
        well && said.contains("所给的 1 个校验码都相符。"),
        "{said}{complained}"
    );
    let (sequence, mac) = head.split_once('-').unwrap();
    let other = format!("{sequence}-{}", mac.chars().rev().collect::<String>());
    let beyond = format!("9999-{mac}");
    for (head, words) in [
        (other.as_str(), "与所给的校验码不符"),
        (&beyond, "之后应有的内容不见了"),
        ("12", "不是台账校验码"),
    ] {
        let (_, complained, well) = run(&stage, "journal", ["verify", "--head", head]).await;
        assert!(!well && complained.contains(words), "{head}: {complained}");
    }
    stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_of_the_whole_disk_put_back_is_told_by_the_province_in_the_background() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let premises = scene.stage.premises.clone();
    let ledger = premises.state().join("ledger.db");
    let witness = premises.witness().join("ledger.witness");
    let image = [
        scene.stage.folder().join("witness"),
        scene.stage.folder().join("copy.db"),
    ];
    fs::copy(&witness, &image[0]).unwrap();
    let to = image[1].to_str().unwrap();
    let (_, complained, well) = run(&scene.stage, "ledger", ["backup", "--to", to]).await;
    assert!(well, "{complained}");
    let quote = scene.quoted(&visit).await;
    let settlement = scene.his().settle(&quote).await.unwrap();
    let number = settlement["number"].as_str().unwrap();
    scene.his().delivered(number).await.unwrap();
    stop(&mut scene.stage).await;

    fs::copy(&image[0], &witness).unwrap();
    fs::copy(&image[1], &ledger).unwrap();
    scene.stage.start_agent(&[]).await.unwrap();
    eventually("a ledger that is held", async || {
        let (state, code) = standing(&scene.stage).await;
        Ok((state == "stopped" && code == "ledger_behind_province").then_some(()))
    })
    .await
    .unwrap();
    let (_, complained, well) = {
        stop(&mut scene.stage).await;
        let arguments = ["new-epoch", WORD[0], WORD[1], WORD[2], WORD[3]];
        run(&scene.stage, "ledger", arguments).await
    };
    assert!(well, "{complained}");
    scene.stage.start_agent(&[]).await.unwrap();
    scene.agent().hear("check has ended").await.unwrap();
    scene.his().synchronised().await.unwrap();
    assert_eq!(standing(&scene.stage).await.0, "sound");
    scene.stage.strike().await.unwrap();
}
