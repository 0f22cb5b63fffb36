//! The province refuses a record, and a person resolves it from the command line.

use sandbox::Upload;
use serde_json::Value;

use crate::scene::Scene;

/// A settled stay whose record was refused; the refused message's identifier, and the settlement's number.
async fn refused(scene: &mut Scene) -> (String, String) {
    refused_because(scene, "诊断编码不在目录").await
}

async fn refused_because(scene: &mut Scene, why: &str) -> (String, String) {
    let visit = scene.admitted().await;
    let quote = scene.quoted(&visit).await;
    let province = &scene.stage.province;
    let told = province.refuse_next("2207", "diagnosis_unknown", why);
    told.await.unwrap();
    let settlement = scene.his().settle(&quote).await.unwrap();
    let number = settlement["number"].as_str().unwrap().to_owned();
    let message = end_to_end::eventually("a refused record", async || {
        let uploads = scene.his().uploads().await?;
        let refused = uploads
            .as_array()
            .into_iter()
            .flatten()
            .find(|upload| upload["state"] == "rejected")
            .and_then(|upload| upload["message_id"].as_str().map(str::to_owned));
        Ok(refused)
    })
    .await
    .unwrap();
    (message, number)
}

/// What `settlement-agent queue` prints and complains, and whether it ended well.
async fn queue<const N: usize>(scene: &Scene, arguments: [&str; N]) -> (String, String, bool) {
    let premises = &scene.stage.premises;
    let ended = premises.run_configured("queue", arguments).await.unwrap();
    (
        String::from_utf8(ended.stdout).unwrap(),
        String::from_utf8(ended.stderr).unwrap(),
        ended.status.success(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_record_is_listed_with_what_to_do_and_sent_again_as_it_was() {
    let mut scene = Scene::open().await;
    let (message, number) = refused(&mut scene).await;
    let (listed, _, _) = queue(&scene, []).await;
    for part in [
        message.as_str(),
        "平台退回（diagnosis_unknown）：诊断编码不在目录",
        "settlement-agent queue send-again 报文标识 --reason 原因",
    ] {
        assert!(listed.contains(part), "{part}: {listed}");
    }
    let (_, said, well) = queue(&scene, ["send-again", &message]).await;
    assert!(!well && said.contains("--reason"), "{said}");
    let (_, said, well) = queue(&scene, ["send-again", "nothing", "--reason", "已改好"]).await;
    assert!(!well && said.contains("（upload_unknown）"), "{said}");
    let (_, said, well) = queue(&scene, ["send-again", &message, "--reason", " "]).await;
    assert!(!well && said.contains("“原因”没有填写"), "{said}");

    let again = ["send-again", &message, "--reason", "省中心已补目录"];
    let (told, said, well) = queue(&scene, again).await;
    assert!(well && told.contains("已登记"), "{told}{said}");
    scene.his().delivered(&number).await.unwrap();
    let (accepted, record) = scene.settled_once().await;
    assert_eq!(accepted.msgid, message);
    assert_eq!(record["settlement_number"], number.as_str());
    let (_, said, well) = queue(&scene, again).await;
    assert!(!well && said.contains("（upload_unknown）"), "{said}");
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_province_says_moves_no_cursor_and_turns_no_line_round() {
    let mut scene = Scene::open().await;
    let why = "退回\u{1b}[2J\u{1b}]0;已上传\u{7}\u{202e}码编\u{200b}\n没有待上传的记录。";
    let seen =
        "退回[U+001B][2J[U+001B]]0;已上传[U+0007][U+202E]码编[U+200B][U+000A]没有待上传的记录。";
    let (message, _) = refused_because(&mut scene, why).await;
    let (listed, _, _) = queue(&scene, []).await;
    let line = listed.lines().find(|line| line.starts_with(&message));
    assert!(line.is_some_and(|line| line.contains(seen)), "{listed:?}");
    let uploads = scene.his().uploads().await.unwrap();
    let told = uploads.to_string();
    assert!(told.contains(seen), "{told:?}");
    for text in [listed, told, scene.agent().log()] {
        for unseen in ["\u{1b}", "\u{7}", "\u{202e}", "\u{200b}"] {
            assert!(!text.contains(unseen), "{unseen:?}: {text:?}");
        }
    }
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_the_agency_took_in_by_hand_is_never_sent_also_after_a_restart() {
    let mut scene = Scene::open().await;
    let (message, number) = refused(&mut scene).await;
    let taken = [
        "taken-by-hand",
        &message,
        "--reference",
        "CSYB-2026-0117",
        "--reason",
        "长沙市中心人工录入",
    ];
    let (told, said, well) = queue(&scene, taken).await;
    assert!(
        well && told.contains("受理编号 CSYB-2026-0117"),
        "{told}{said}"
    );
    let (listed, _, _) = queue(&scene, []).await;
    assert_eq!(listed, "没有待上传的记录。\n");

    scene.stage.agent.take().unwrap().kill().await.unwrap();
    scene.stage.start_agent(&[]).await.unwrap();
    let settlement = scene.his().settlement(&number).await.unwrap();
    let states: Vec<&Value> = settlement["uploads"]
        .as_array()
        .unwrap()
        .iter()
        .map(|upload| &upload["state"])
        .collect();
    assert_eq!(states, ["delivered", "delivered", "set_aside"]);
    assert_eq!(scene.taken(Upload::Settlement).await.len(), 0);
    scene.stage.strike().await.unwrap();
}
