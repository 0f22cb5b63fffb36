//! `settlement-agent read-card`, as an IT person types it: with the configuration of the counter, beside the daemon, and
//! when a read breaks off.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Output, Stdio};

use end_to_end::built;
use virtual_card::{Trouble, Variant};

use crate::scene::Scene;

const READERS: &[&str] = &["Counter"];

/// `read-card` with the counter's configuration.
async fn read_card<const N: usize>(scene: &Scene, arguments: [&str; N]) -> Output {
    let premises = &scene.stage.premises;
    premises
        .run_configured("read-card", arguments)
        .await
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The rows of the table of steps, without their times.
fn steps(said: &str) -> Vec<String> {
    let (_, table) = said.split_once("状态字\n").unwrap();
    let rows = table.lines().map(|row| {
        let mut columns = row
            .split("  ")
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let (name, _time) = (columns.next().unwrap(), columns.next().unwrap());
        columns.fold(name.to_owned(), |row, status| format!("{row} {status}"))
    });
    rows.collect()
}

const TO_THE_AUTHENTICATION: [&str; 15] = [
    "连接卡",
    "独占卡",
    "选择社保应用 9000",
    "选择 EF05 9000",
    "读 EF05 记录 01 9000",
    "读 EF05 记录 03 9000",
    "读 EF05 记录 05 9000",
    "读 EF05 记录 06 9000",
    "读 EF05 记录 07 9000",
    "取随机数 9000",
    "内部认证 9000",
    "取随机数 9000",
    "取随机数 9000",
    "省平台加密机",
    "外部认证 9000",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_3_0_card_is_opened_by_the_province_beside_the_running_daemon() {
    let mut scene = Scene::open_with(READERS).await;
    scene.present().await;
    let read = read_card(&scene, []).await;
    let said = said(&read);
    assert_eq!(read.status.code(), Some(0), "{said}{}", complained(&read));
    let configuration = scene.stage.premises.configuration();
    assert!(
        said.starts_with(&format!(
            "配置：{}\n使用的读卡器：全部；3.0 卡的认证：省平台\n",
            configuration.display()
        )),
        "{said}"
    );
    for line in [
        "读卡器：Counter 00 00、Counter 00 01",
        "规范版本：3.00",
        "卡号：T0*****1X",
        "卡识别码：320100**********************FFFF",
        "社会保障号码：6501**********0013",
        "姓名：测**",
        "持卡人信息：经省平台认证后读出。",
    ] {
        assert!(said.lines().any(|said| said == line), "{line}: {said}");
    }
    for secret in ["650102199003070013", "测试一", "T0000001X", "D15600000500"] {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
    let rows = steps(&said);
    assert_eq!(rows[..15], TO_THE_AUTHENTICATION);
    assert_eq!(
        rows[15..],
        [
            "选择 EF06 9000",
            "读 EF06 记录 08 9000",
            "读 EF06 记录 09 9000",
            "读 EF06 记录 4E 9000",
            "从看到卡到读完"
        ]
    );
    // The daemon's session with the province ended when the command signed in; it reads the next card all the same.
    scene.present().await;
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_reading_and_the_national_string_are_shown_on_request_alone() {
    let mut scene = Scene::without_agent(READERS).await;
    scene.insert(Variant::V30);
    let masked = read_card(&scene, ["--national-string"]).await;
    assert_eq!(masked.status.code(), Some(2), "{}", complained(&masked));
    assert!(complained(&masked).contains("--unmasked"));
    let read = read_card(&scene, ["--unmasked", "--national-string"]).await;
    let said = said(&read);
    assert_eq!(read.status.code(), Some(0), "{said}{}", complained(&read));
    assert!(said.contains("社会保障号码：650102199003070013\n姓名：测试一\n"));
    assert!(
        said.ends_with(
            "国家读卡接口字符串：320100|650102199003070013|T0000001X|320100D15600000500000001FFFFFFFF|测试一|\
             00814A44468660320100000001|3.00|20240601|20340601|000000000000||\n"
        ),
        "{said}"
    );
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_province_that_is_away_leaves_the_card_number_and_another_status() {
    let mut scene = Scene::without_agent(READERS).await;
    scene.insert(Variant::V30);
    scene.stage.province.set_listening(false).await.unwrap();
    let read = read_card(&scene, []).await;
    let said = said(&read);
    assert_eq!(read.status.code(), Some(3), "{said}{}", complained(&read));
    assert!(
        said.contains("省平台：连接不上省平台，数据没有发出。\n"),
        "{said}"
    );
    assert!(
        said.contains(
            "持卡人信息：没有读出，省平台连不上。只读到卡号，结算时由省平台凭卡号查询。\n"
        ),
        "{said}"
    );
    assert_eq!(steps(&said)[..14], TO_THE_AUTHENTICATION[..14]);
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn options_stand_in_the_place_of_what_the_configuration_says() {
    let mut scene = Scene::without_agent(&["Counter", "Desk"]).await;
    scene.insert(Variant::V30);
    let elsewhere = read_card(&scene, ["--reader", "Desk", "--wait", "1"]).await;
    assert_eq!(elsewhere.status.code(), Some(1));
    assert!(complained(&elsewhere).contains("（no_card）"));
    assert!(said(&elsewhere).contains("\n读卡器：Desk 0"));
    assert!(!said(&elsewhere).contains("Counter"));
    let nobody = read_card(&scene, ["--reader", "Nobody", "--wait", "1"]).await;
    assert_eq!(nobody.status.code(), Some(1));
    assert!(complained(&nobody).contains("（reader_not_found）"));
    let library = ["--vendor-library", "/nowhere/libSSCardDriver.so"];
    let missing = read_card(&scene, library).await;
    let said = said(&missing);
    assert_eq!(missing.status.code(), Some(3), "{said}");
    assert!(said.contains("3.0 卡的认证：厂商程序库 /nowhere/libSSCardDriver.so\n"));
    assert!(said.contains("没有读出，厂商的程序库装载不了，或缺少规范的函数。"));
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_that_cannot_be_used_is_an_error_only_where_it_was_named() {
    let mut scene = Scene::without_agent(READERS).await;
    scene.insert(Variant::V30);
    let premises = &scene.stage.premises;
    let named = premises
        .run(
            "read-card",
            ["--config".into(), "/nowhere/agent.toml".into()],
        )
        .await
        .unwrap();
    assert_eq!(named.status.code(), Some(1));
    assert!(complained(&named).contains("（configuration_unreadable）"));
    // The installed one is there or not, as this machine has it; the library alone opens the card.
    let library = [
        "--vendor-library".into(),
        "/nowhere/libSSCardDriver.so".into(),
    ];
    let alone = premises.run("read-card", library).await.unwrap();
    assert_eq!(alone.status.code(), Some(3), "{}", complained(&alone));
    let said = said(&alone);
    assert!(said.starts_with("配置："), "{said}");
    assert!(said.contains("卡号：T0*****1X\n"), "{said}");
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_breaks_off_shows_how_far_it_came() {
    for (trouble, code) in [
        (Trouble::DrawnOutAt(4), "card_drawn_out"),
        (Trouble::HangsAt(4), "reader_stuck"),
    ] {
        let mut scene = Scene::without_agent(READERS).await;
        scene.insert_troubled(Variant::V30, trouble);
        let read = read_card(&scene, []).await;
        let said = said(&read);
        assert_eq!(read.status.code(), Some(1), "{said}");
        assert!(
            complained(&read).contains(&format!("（{code}）\n处理办法：")),
            "{}",
            complained(&read)
        );
        let rows = steps(&said);
        assert_eq!(rows[..5], TO_THE_AUTHENTICATION[..5], "{code}");
        assert_eq!(rows[5], "读 EF05 记录 03", "{code}");
        // The virtual reader gives an empty answer for a card that is gone; the second try finds out.
        let again = ["连接卡", "独占卡", "选择社保应用"].map(String::from);
        assert!(again.starts_with(&rows[6..]), "{rows:?}");
        scene.stage.strike().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_another_program_holds_is_waited_for_and_then_named() {
    let mut scene = Scene::without_agent(READERS).await;
    scene.insert(Variant::V30);
    assert_eq!(read_card(&scene, []).await.status.code(), Some(0));
    let mut other = Command::new(built("card-process").unwrap())
        .args(["hold-exclusive", "Counter 00 00"])
        .envs(scene.readers())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut held = String::new();
    BufReader::new(other.stdout.take().unwrap())
        .read_line(&mut held)
        .unwrap();
    assert_eq!(held, "held\n");
    let refused = read_card(&scene, ["--wait", "1"]).await;
    assert_eq!(refused.status.code(), Some(1));
    assert!(complained(&refused).contains("卡正被另一个程序占用。（card_held）"));
    let mut command = scene.stage.premises.command("read-card");
    command
        .arg("--config")
        .arg(scene.stage.premises.configuration());
    let mut waiting = end_to_end::Process::start("read-card", command).unwrap();
    waiting
        .hear(0, |line| {
            line.contains("卡正被另一个程序占用").then_some(())
        })
        .await
        .unwrap();
    drop(other.stdin.take());
    assert!(other.wait().unwrap().success());
    assert_eq!(waiting.ended().await.unwrap().code(), Some(0));
    scene.stage.strike().await.unwrap();
}
