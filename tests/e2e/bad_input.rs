//! What goes wrong before and at the counter: each with its code, its Chinese sentence, and nothing lost.

use std::fs::Permissions;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Output;

use end_to_end::HisError;
use sandbox::Upload;
use serde_json::Value;
use virtual_card::Variant;

use crate::scene::Scene;

const NO_READERS: &[&str] = &[];

/// The daemon, run with this configuration, ends with an error and says this.
async fn assert_refuses_to_start(scene: &Scene, configuration: &str, code: &str, sentence: &str) {
    let path = scene.stage.folder().join("changed.toml");
    std::fs::write(&path, configuration).unwrap();
    let arguments = ["--config".into(), path.into()];
    let ended = scene.stage.premises.run("run", arguments).await.unwrap();
    assert_says(&ended, code, sentence);
}

fn assert_says(ended: &Output, code: &str, sentence: &str) {
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success(), "it did not fail: {said}");
    assert!(said.contains(&format!("（{code}）")), "{code}: {said}");
    assert!(said.contains(sentence), "{sentence}: {said}");
    assert!(said.contains("\n处理办法："), "what to do: {said}");
}

fn configuration(scene: &Scene) -> String {
    std::fs::read_to_string(scene.stage.premises.configuration()).unwrap()
}

fn assert_notice(notice: &Value, code: &str, say: &str, next: &str) {
    assert_eq!(notice["code"], code);
    assert_eq!(notice["say"], say);
    assert_eq!(notice["next"], next);
}

fn assert_refused(refused: &HisError, code: &str, say: &str, next: &str) {
    assert_eq!(refused.code(), Some(code), "{refused}");
    assert_eq!(refused.words(), Some((say, next)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_that_cannot_be_right_is_refused_before_anything_opens() {
    let scene = Scene::without_agent(NO_READERS).await;
    let right = configuration(&scene);
    for (wrong, code, sentence) in [
        (
            right.replace("[slip]", "[slip]\nprinter = \"lp0\""),
            "configuration_invalid",
            "不认识的项 printer",
        ),
        (
            right.replace("listen = \"127.0.0.1:0\"", "listen = \"0.0.0.0:8730\""),
            "configuration_invalid",
            "只能监听本机回环地址，例如 127.0.0.1:8730",
        ),
        (
            right.replace("client.pem", "nobody.pem"),
            "platform_file_unreadable",
            "nobody.pem 读不出来：",
        ),
        (
            right.replace("ledger.key", "nobody.key"),
            "ledger_key_file",
            "nobody.key 不能使用：",
        ),
        (
            right.replace("his.token", "nobody.token"),
            "his_token_file",
            "读不出来：",
        ),
    ] {
        assert_refuses_to_start(&scene, &wrong, code, sentence).await;
    }
    let token = scene.stage.premises.folder().join("his.token");
    let open_to = |mode| std::fs::set_permissions(&token, Permissions::from_mode(mode)).unwrap();
    open_to(0o640);
    let sentence = "的权限是 0640，别的账户也能读写。";
    assert_refuses_to_start(&scene, &right, "secret_open", sentence).await;
    open_to(0o600);
    let nowhere = scene.stage.folder().join("nowhere.toml");
    let arguments = ["--config".into(), nowhere.into()];
    let ended = scene.stage.premises.run("run", arguments).await.unwrap();
    assert_says(
        &ended,
        "configuration_unreadable",
        "nowhere.toml 读不出来：",
    );
    let checked = scene
        .stage
        .premises
        .run_configured("check-config", [])
        .await;
    assert_eq!(checked.unwrap().stdout, "配置可用。\n".as_bytes());
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_in_use_is_named_and_the_agent_ends() {
    let scene = Scene::without_agent(NO_READERS).await;
    let occupied = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = occupied.local_addr().unwrap();
    let changed = configuration(&scene).replace("127.0.0.1:0", &address.to_string());
    assert_refuses_to_start(
        &scene,
        &changed,
        "port_in_use",
        &format!("本机端口 {address} 已被别的程序占用。"),
    )
    .await;
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_instance_ends_and_the_first_works_on() {
    let scene = Scene::with_readers(NO_READERS).await;
    let second = scene
        .stage
        .premises
        .run_configured("run", [])
        .await
        .unwrap();
    let ledger = scene.stage.premises.state().join("ledger.db");
    assert_says(
        &second,
        "second_instance",
        &format!("另一个结算程序正在使用台账 {}。", ledger.display()),
    );
    scene.his().standing().await.unwrap();
    let link = scene.stage.premises.run_configured("page", []).await;
    assert!(link.unwrap().status.success(), "the first is still reached");
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_ledger_key_opens_nothing_and_the_right_one_finds_everything() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    scene.stage.agent.take().unwrap().stop().await.unwrap();

    let key = scene.stage.premises.ledger_key();
    let kept = key.with_extension("kept");
    std::fs::rename(&key, &kept).unwrap();
    let made = scene
        .stage
        .premises
        .run("create-key", [key.as_os_str().to_owned()])
        .await;
    assert!(made.unwrap().status.success());
    let ended = scene
        .stage
        .premises
        .run_configured("run", [])
        .await
        .unwrap();
    let ledger = scene.stage.premises.state().join("ledger.db");
    assert_says(
        &ended,
        "ledger_wrong_key",
        &format!("密钥打不开台账 {}。", ledger.display()),
    );
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(!said.contains("CORE"), "in the library's own words: {said}");

    std::fs::rename(&kept, &key).unwrap();
    scene.stage.start_agent(&[]).await.unwrap();
    let found = scene.his().visit(&visit).await.unwrap();
    assert_eq!(found["state"], "open");
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_without_a_reader_says_so() {
    let scene = Scene::with_readers(NO_READERS).await;
    let trouble = scene.his().reader_trouble().await.unwrap();
    assert_notice(
        &trouble,
        "no_reader",
        "没有找到读卡器。",
        "请插好读卡器的 USB 线。",
    );
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_card_and_a_wrong_card_hold_the_cashier_back_and_the_right_card_goes_on() {
    let mut scene = Scene::open().await;
    let his = scene.his();
    let nobody = his.admit("press-0", &scene.stay).await.unwrap_err();
    assert_refused(
        &nobody,
        "nothing_presented",
        "还没有读到社会保障卡或电子社保卡。",
        "请插入社会保障卡，或扫描电子社保卡后再继续。",
    );

    scene.insert(Variant::OtherCard);
    let trouble = his.reader_trouble().await.unwrap();
    assert_notice(
        &trouble,
        "not_this_card",
        "这不是社会保障卡。",
        "请插入社会保障卡，银行卡、身份证、医保卡等不能用于结算。",
    );
    let nobody = his.admit("press-0", &scene.stay).await.unwrap_err();
    assert_eq!(nobody.code(), Some("nothing_presented"));

    let visit = scene.admitted().await;
    scene.insert(Variant::OtherCard);
    his.reader_trouble().await.unwrap();
    let quote = his
        .quote(&visit, &scene.stay, scene.bill.as_bytes())
        .await
        .unwrap();
    assert_eq!(quote["may_be_settled"], false);
    assert_eq!(quote["reasons"][0]["code"], "no_credential");
    assert_eq!(quote["route"], "present_card");
    assert_eq!(scene.taken(Upload::VisitRegistration).await.len(), 1);

    scene.present().await;
    scene.quoted(&visit).await;
    scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bill_that_cannot_be_right_is_not_taken_and_the_right_one_settles_after_it() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let his = scene.his();
    let bill = scene.bill.clone();
    let again = "请在医院系统中重新导出账单后再选；本次没有任何内容被保存。";
    let lines: Vec<&str> = bill.lines().collect();
    let half = lines[..lines.len() / 2].join("\n");
    let cases: [(Vec<u8>, &str, &str); 3] = [
        (
            without_a_column(&bill),
            "bill_column_missing",
            "账单文件第 1 行，“金额”：账单缺少“金额”一列。",
        ),
        (
            bill.replace("28630.78", "28630.79").into_bytes(),
            "bill_sum_wrong",
            "“合计”写的是 28630.79 元，各行相加是 28630.78 元，两者不一致",
        ),
        (
            encode_gbk(&bill.replace("720.00,9,", "720.00,九,")),
            "bill_field_wrong",
            "账单文件第 30 行，G 列“数量”：写的是“九”，",
        ),
    ];
    for (bytes, code, say) in cases {
        let refused = his.quote(&visit, &scene.stay, &bytes).await.unwrap_err();
        assert_eq!(refused.code(), Some(code), "{refused}");
        let (said, to_do) = refused.words().unwrap();
        assert!(said.contains(say), "{said}");
        assert_eq!(to_do, again);
    }
    assert_eq!(his.visit(&visit).await.unwrap()["state"], "open");
    let cut_off = his
        .quote(&visit, &scene.stay, half.as_bytes())
        .await
        .unwrap();
    assert_eq!(cut_off["may_be_settled"], false);
    assert_eq!(cut_off["reasons"][0]["code"], "bill_sum_missing");
    let gbk = encode_gbk(&bill);
    let quote = his.quote(&visit, &scene.stay, &gbk).await.unwrap();
    let settlement = his.settle(quote["id"].as_str().unwrap()).await.unwrap();
    assert_eq!(settlement["total"], "28630.78");
    scene.stage.strike().await.unwrap();
}

/// The bill with every item code written another way.
fn with_codes(bill: &str, write: impl Fn(&str) -> String) -> String {
    let rewritten = bill.lines().map(|line| {
        let mut fields: Vec<String> = line.split(',').map(str::to_owned).collect();
        let is_code = !fields[3].is_empty() && fields[3] != "项目编码";
        if is_code {
            fields[3] = write(&fields[3]);
        }
        fields.join(",")
    });
    rewritten.collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bill_that_lost_its_codes_has_no_green_light_and_one_with_marks_around_them_has() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let his = scene.his();
    let right = his
        .quote(&visit, &scene.stay, scene.bill.as_bytes())
        .await
        .unwrap();
    let dressed = with_codes(&scene.bill, |code| format!("'{code}"));
    let quote = his
        .quote(&visit, &scene.stay, dressed.as_bytes())
        .await
        .unwrap();
    for field in ["may_be_settled", "fund", "self_pay", "other", "lines"] {
        assert_eq!(quote[field], right[field], "{field}");
    }
    assert_eq!(quote["read"]["notes"].as_array().map(Vec::len), Some(1));

    let lost = with_codes(&scene.bill, |code| code.trim_start_matches('0').to_owned());
    let quote = his
        .quote(&visit, &scene.stay, lost.as_bytes())
        .await
        .unwrap();
    assert_eq!(quote["doubted"][0]["listed"], "001101001020000");
    assert_eq!(quote["doubted"][0]["differs_in"], "zeros");

    let nothing = with_codes(&scene.bill, |code| format!("HIS{}", code.len()));
    let quote = his
        .quote(&visit, &scene.stay, nothing.as_bytes())
        .await
        .unwrap();
    assert_eq!(quote["may_be_settled"], false);
    assert_eq!(quote["outcome"], "hold");
    assert_eq!(quote["reasons"][0]["code"], "codes_unlisted");
    let held = quote["id"].as_str().unwrap();
    let refused = his.settle(held).await.unwrap_err();
    assert_eq!(refused.code(), Some("not_allowed"));
    let vouched = his.vouch(held, "已与物价科核对").await.unwrap();
    assert_eq!(vouched["may_be_settled"], true);
    scene.stage.strike().await.unwrap();
}

/// The bill without the column 金额, the eighth.
fn without_a_column(bill: &str) -> Vec<u8> {
    let cut = |line: &str| {
        let mut fields: Vec<&str> = line.split(',').collect();
        fields.remove(7);
        fields.join(",")
    };
    bill.lines()
        .map(cut)
        .collect::<Vec<_>>()
        .join("\n")
        .into_bytes()
}

fn encode_gbk(text: &str) -> Vec<u8> {
    let (bytes, _, unmappable) = encoding_rs::GBK.encode(text);
    assert!(!unmappable);
    bytes.into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_the_province_refuses_is_told_apart_and_nothing_is_lost() {
    let mut scene = Scene::open().await;
    let visit = scene.admitted().await;
    let his = scene.his();
    let quote = scene.quoted(&visit).await;
    scene
        .stage
        .province
        .refuse_certificates(true)
        .await
        .unwrap();
    let settlement = his.settle(&quote).await.unwrap();
    let number = settlement["number"].as_str().unwrap();
    let trouble = end_to_end::eventually("a refused certificate", async || {
        let standing = his.standing().await?;
        let trouble = standing["province_trouble"].clone();
        Ok((!trouble.is_null()).then_some(trouble))
    })
    .await
    .unwrap();
    assert_notice(
        &trouble,
        "platform_certificate_refused",
        "省平台不接受本机的客户端证书（可能已过期、被吊销或不是本机构的证书）。",
        "请信息科核对配置中的证书和私钥文件，必要时向经办机构申领新证书。已结算的记录保存在本机，证书恢复后自动上传。",
    );
    assert_eq!(scene.taken(Upload::Settlement).await.len(), 0);

    scene
        .stage
        .province
        .refuse_certificates(false)
        .await
        .unwrap();
    scene.stage.province.advance(120).await.unwrap();
    scene.agent().advance(120).await.unwrap();
    his.delivered(number).await.unwrap();
    scene.settled_once().await;
    scene.stage.strike().await.unwrap();
}
