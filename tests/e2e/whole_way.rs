//! A stay from the card's insertion at admission to the province's acknowledgement.

use sandbox::Upload;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::scene::Scene;

fn line(quote: &Value, number: u64) -> Value {
    let lines = quote["lines"].as_array().unwrap();
    let found = lines.iter().find(|line| line["number"] == number);
    found.unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stay_goes_the_whole_way_and_the_province_keeps_the_same_cents() {
    let mut scene = Scene::open().await;
    let his = scene.his();

    let presented = scene.present().await;
    assert_eq!(presented["kind"], "social_security_card");
    assert_eq!(presented["name"], "测试一");
    assert_eq!(presented["social_security_number"], "650102199003070013");

    let visit = his.admit("press-1", &scene.stay).await.unwrap();
    let again = his.admit("press-1", &scene.stay).await.unwrap();
    assert_eq!(visit["number"], again["number"]);
    let visit = visit["number"].as_str().unwrap().to_owned();
    let registration = his.registration_number(&visit).await.unwrap();
    assert!(registration.starts_with("430103") && registration.ends_with("000001"));

    scene.present().await;
    let quote = his
        .quote(&visit, &scene.stay, scene.bill.as_bytes())
        .await
        .unwrap();
    assert_quote(&quote);
    let settlement = his.settle(quote["id"].as_str().unwrap()).await.unwrap();
    for (field, yuan) in [
        ("total", "28630.78"),
        ("fund", "24397.50"),
        ("self_pay", "4153.30"),
        ("other", "79.98"),
        ("personal", "4233.28"),
    ] {
        assert_eq!(settlement[field], yuan, "{field}");
    }
    let number = settlement["number"].as_str().unwrap().to_owned();

    let delivered = his.delivered(&number).await.unwrap();
    let left = delivered["uploads"].as_array().unwrap();
    assert!(
        left.iter()
            .all(|upload| upload["left_s"].as_i64() > Some(0)),
        "delivered in time: {left:?}"
    );
    let (receipt, record) = scene.settled_once().await;
    assert_eq!(receipt.receipt.late_by_s, None);
    assert_record(&record, &number);
    let details = scene.taken(Upload::FeeDetail).await;
    let details: Value = serde_json::from_str(details[0].body.get()).unwrap();
    assert_eq!(details["lines"].as_array().unwrap().len(), 70);
    assert_eq!(details["registration_number"], registration.as_str());

    assert_slip(&scene, &number, &registration, &record).await;
    let queue = scene
        .stage
        .premises
        .run_configured("queue", [])
        .await
        .unwrap();
    assert_eq!(
        String::from_utf8(queue.stdout).unwrap(),
        "没有待上传的记录。\n"
    );

    let late = his
        .quote(&visit, &scene.stay, scene.bill.as_bytes())
        .await
        .unwrap_err();
    assert_eq!(late.code(), Some("already_settled"));
    scene.stage.strike().await.unwrap();
}

/// What the rules say of the shipped bill, line by line where they do not simply pay.
fn assert_quote(quote: &Value) {
    assert_eq!(quote["outcome"], "allow", "{}", quote["reasons"]);
    assert_eq!(quote["route"], "direct_settlement");
    assert_eq!(quote["may_be_settled"], true);
    assert_eq!(quote["cache_age_minutes"], Value::Null, "asked just now");
    assert_eq!(quote["lines"].as_array().unwrap().len(), 70);
    for (number, fund, self_pay, other, rule) in [
        // Listed, no ceiling: 15.00 × 1.
        (1, "15.00", "0.00", "0.00", "E02"),
        // A hypertension drug: 2.14 × 14, of which 7 come back.
        (22, "0.00", "0.00", "29.96", "E03"),
        (67, "0.00", "0.00", "-14.98", "E03"),
        // A test for diabetes.
        (23, "0.00", "0.00", "65.00", "E03"),
        // A plate of 12800.00 with a ceiling of 10000.00.
        (28, "10000.00", "2800.00", "0.00", "E04"),
        // Nine screws at 720.00, ceiling 650.00: 5850.00 of 6480.00. Two come back: 5850.00 × 2 ÷ 9 = 1300.00 of 1440.00.
        (29, "5850.00", "630.00", "0.00", "E04"),
        (65, "-1300.00", "-140.00", "0.00", "E04"),
        // Restricted to pain after an operation, and met.
        (38, "413.40", "0.00", "0.00", "E02"),
        // Restricted to burns, to joint replacement, and not met.
        (49, "0.00", "336.00", "0.00", "E04"),
        (57, "0.00", "72.50", "0.00", "E04"),
        // A two-bed room at 60.00, standard 40.00, eight nights; a three-bed room within the standard before.
        (53, "320.00", "160.00", "0.00", "E04"),
        (16, "80.00", "0.00", "0.00", "E02"),
        // In no catalogue; a crutch, which is in another one.
        (60, "0.00", "58.80", "0.00", "E04"),
        (64, "0.00", "135.00", "0.00", "E04"),
        // Assessment at 230.00, ceiling 200.00.
        (63, "200.00", "30.00", "0.00", "E04"),
        // Four of twenty vials at 14.35 come back.
        (66, "-57.40", "0.00", "0.00", "E02"),
        // Three and a half hours at 45.00.
        (26, "157.50", "0.00", "0.00", "E02"),
    ] {
        let article = match rule {
            "E02" => "national:32",
            "E03" => "annex10:1",
            _ => "notice:4(3)",
        };
        assert_eq!(
            line(quote, number),
            json!({
                "number": number, "fund": fund, "self_pay": self_pay, "other": other,
                "rule": rule, "article": article,
            })
        );
    }
}

fn assert_record(record: &Value, number: &str) {
    assert_eq!(record["settlement_number"], number);
    assert_eq!(record["worker"]["name"], "测试一");
    assert_eq!(record["channel"], "cross_province");
    assert_eq!(record["generation"], 1);
    assert_eq!(record["line_count"], 70);
    assert_eq!(
        record["matrix"],
        json!({
            "fund": {
                "drug": "1377.70", "treatment": "21964.80", "inpatient_service": "498.00",
                "rehabilitation": "557.00", "assistive_device": "0.00", "total": "24397.50",
            },
            "self_pay": {
                "drug": "131.30", "treatment": "3697.00", "inpatient_service": "160.00",
                "rehabilitation": "30.00", "assistive_device": "135.00", "total": "4153.30",
            },
            "other": {
                "drug": "14.98", "treatment": "65.00", "inpatient_service": "0.00",
                "rehabilitation": "0.00", "assistive_device": "0.00", "total": "79.98",
            },
            "total": "28630.78",
            "personal": "4233.28",
        })
    );
}

/// One copy later: it says that it is one, and why it was wanted is asked first.
async fn assert_later_copy(scene: &Scene, number: &str) {
    let path = scene.stage.folder().join("again.pdf");
    let to = path.to_str().unwrap();
    let premises = &scene.stage.premises;
    let without_reason = [number, "--to", to, "--copy", "worker"];
    let refused = premises.run_configured("slip", without_reason).await;
    assert!(!refused.unwrap().status.success());
    let blank = [number, "--to", to, "--copy", "worker", "--reason", " "];
    let refused = premises.run_configured("slip", blank).await.unwrap();
    assert!(!refused.status.success());
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("“补打原因”没有填写"), "{said}");
    assert!(!path.exists(), "a file without a slip");
    let wanted = [
        number,
        "--to",
        to,
        "--copy",
        "worker",
        "--reason",
        "职工遗失",
    ];
    let written = premises.run_configured("slip", wanted).await.unwrap();
    assert!(written.status.success(), "{written:?}");
    let text = Command::new("pdftotext")
        .args(["-layout", to, "-"])
        .output()
        .await
        .unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    for wanted in ["补打", "补打时间：", "补打人：", "工伤职工联", "21964.80"] {
        assert!(text.contains(wanted), "no {wanted} in {text}");
    }
    assert!(!text.contains("协议机构联"), "{text}");
}

/// The slip, as `settlement-agent slip` writes it and `pdftotext` reads it back.
async fn assert_slip(scene: &Scene, number: &str, registration: &str, record: &Value) {
    let path = scene.stage.folder().join("annex10.pdf");
    let to = path.to_str().unwrap();
    let premises = &scene.stage.premises;
    let written = premises.run_configured("slip", [number, "--to", to]).await;
    let written = written.unwrap();
    assert!(written.status.success(), "{written:?}");
    let once_more = premises.run_configured("slip", [number, "--to", to]).await;
    assert!(!once_more.unwrap().status.success(), "never written over");
    assert_later_copy(scene, number).await;

    let text = Command::new("pdftotext")
        .args(["-layout", to, "-"])
        .output()
        .await
        .unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    let journal = &record["journal"];
    let head = format!(
        "台账校验码：{}-{}",
        journal["sequence"],
        journal["mac"].as_str().unwrap()
    );
    for wanted in [
        "湖南省工伤保险跨省异地就医结算单",
        "长沙市工伤定点示范医院",
        "三级甲等",
        registration,
        "测试一",
        "650102199003070013",
        "新疆维吾尔自治区乌鲁木齐市",
        "骨科",
        "ZY0811042",
        "21964.80",
        "1377.70",
        "498.00",
        "557.00",
        "3697.00",
        "135.00",
        "14.98",
        "本次：总费用 28630.78 元，工伤保险基金支付金额 24397.50 元；个人支付金额 4233.28 元。",
        "陈收款",
        "李复核",
        number,
        &head,
    ] {
        assert!(
            without_spaces(&text).contains(&without_spaces(wanted)),
            "the slip lacks {wanted:?}:\n{text}"
        );
    }
}

fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}
