//! A stay without a card: an identity card opens it, electronic codes settle it, and scanners come and go.

use std::path::PathBuf;

use end_to_end::eventually;
use serde_json::Value;
use virtual_card::{IdentityCard, SerialDevice};

use crate::scene::Scene;

const WORKER: &str = "650102199003070013";
const OTHER_WORKER: &str = "650102198805140023";

/// A counter with a scanner and an identity card reader, both plugged in.
struct CodeCounter {
    scene: Scene,
    scanner: SerialDevice,
    identity_reader: SerialDevice,
    scanner_link: PathBuf,
}

impl CodeCounter {
    async fn open() -> Self {
        let mut scene = Scene::without_agent(&["Virtual PCD"]).await;
        let link = |name| scene.stage.folder().join(name);
        let (scanner_link, reader_link) = (link("scanner"), link("identity-reader"));
        let scanner = SerialDevice::plug_in(&scanner_link).unwrap();
        let identity_reader = SerialDevice::plug_in(&reader_link).unwrap();
        let devices = format!(
            "[[scanner]]\ndevice = '{}'\nbaud = 115200\n[identity_reader]\ndevice = '{}'\n",
            scanner_link.display(),
            reader_link.display()
        );
        scene.stage.premises.configure(&devices).unwrap();
        let everything = [("SETTLEMENT_AGENT_LOG", "trace")];
        scene.stage.start_agent(&everything).await.unwrap();
        scene.his().synchronised().await.unwrap();
        Self {
            scene,
            scanner,
            identity_reader,
            scanner_link,
        }
    }

    fn scan(&mut self, code: &str) {
        self.scanner.say(format!("{code}\r\n").as_bytes()).unwrap();
    }

    async fn desk(&self, what: &str, there: impl Fn(&Value) -> bool) -> Value {
        eventually(what, async || {
            let desk = self.scene.his().desk().await?;
            Ok(there(&desk).then_some(desk))
        })
        .await
        .unwrap()
    }

    async fn declined(&self, code: &str) {
        let there = |desk: &Value| desk["declined"]["code"] == code;
        self.desk(code, there).await;
    }

    async fn presented(&self, kind: &str, number: &str) -> Value {
        let there = |desk: &Value| {
            desk["presented"]["kind"] == kind
                && desk["presented"]["social_security_number"] == number
        };
        self.desk(kind, there).await["presented"].take()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_card_admits_and_an_electronic_code_settles() {
    let mut counter = CodeCounter::open().await;
    let card = IdentityCard::new("测试一", WORKER);
    counter.identity_reader = card.lie_on(counter.identity_reader).unwrap();
    let presented = counter.presented("identity_card", WORKER).await;
    assert_eq!(presented["name"], "测试一");

    let his = counter.scene.his();
    let visit = his.admit("press-1", &counter.scene.stay).await.unwrap();
    let visit = visit["number"].as_str().unwrap().to_owned();
    let quote = || his.quote(&visit, &counter.scene.stay, counter.scene.bill.as_bytes());
    let on_identity_card = quote().await.unwrap();
    assert_eq!(on_identity_card["outcome"], "refuse");
    assert_eq!(on_identity_card["may_be_settled"], false);
    let reasons = on_identity_card["reasons"].to_string();
    assert!(reasons.contains("card_required"), "{reasons}");

    let shown = counter.scene.stage.province.code_of(WORKER).await.unwrap();
    counter.scan(&shown);
    let presented = counter
        .presented("electronic_social_security_card", WORKER)
        .await;
    assert_eq!(presented["name"], "测试一");
    let his = counter.scene.his();
    let quote = his
        .quote(&visit, &counter.scene.stay, counter.scene.bill.as_bytes())
        .await
        .unwrap();
    assert_eq!(quote["may_be_settled"], true, "{}", quote["reasons"]);
    let settled = his.settle(quote["id"].as_str().unwrap()).await.unwrap();
    assert_eq!(settled["fund"], "24397.50");
    let number = settled["number"].as_str().unwrap();
    his.delivered(number).await.unwrap();
    counter.scene.settled_once().await;

    let agent = counter.scene.stage.agent.take().unwrap();
    let log = agent.kill().await.unwrap();
    for planted in [shown.as_str(), "测试一", WORKER] {
        assert!(!log.contains(planted), "a code or a name stands in the log");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_electronic_card_is_named_and_says_what_to_do() {
    let mut counter = CodeCounter::open().await;
    for (sent, code) in [
        ("6901234567892", "code_of_another_kind"),
        ("abc", "code_too_short"),
        ("\u{7f}\u{1}garbled", "code_garbled"),
        ("a-code-that-nobody-issued", "code_refused"),
    ] {
        counter.scan(sent);
        counter.declined(code).await;
    }
    let expired = IdentityCard {
        valid_to: "20240531".into(),
        ..IdentityCard::new("测试一", WORKER)
    };
    counter.identity_reader = expired.lie_on(counter.identity_reader).unwrap();
    counter.declined("identity_card_expired").await;

    // A scanner that beeps twice reads once; a code that was used and put away is not taken again.
    let shown = counter.scene.stage.province.code_of(WORKER).await.unwrap();
    counter.scan(&format!("{shown}\r{shown}"));
    counter
        .presented("electronic_social_security_card", WORKER)
        .await;
    let other = counter
        .scene
        .stage
        .province
        .code_of(OTHER_WORKER)
        .await
        .unwrap();
    counter.scan(&other);
    let presented = counter
        .presented("electronic_social_security_card", OTHER_WORKER)
        .await;
    counter.scan(&shown);
    counter.declined("code_refused").await;
    let desk = counter.scene.his().desk().await.unwrap();
    assert_eq!(desk["presented"], Value::Null, "{presented} is gone");

    // A code that only the province can verify, and the province is away.
    let shown = counter.scene.stage.province.code_of(WORKER).await.unwrap();
    counter
        .scene
        .stage
        .province
        .set_listening(false)
        .await
        .unwrap();
    counter.scan(&shown);
    counter.declined("code_not_verified").await;
    counter
        .scene
        .stage
        .province
        .set_listening(true)
        .await
        .unwrap();
    counter.scan(&shown);
    counter
        .presented("electronic_social_security_card", WORKER)
        .await;

    // To a clock that is ahead of the scanner's the code has lain there for more than a minute.
    let shown = counter.scene.stage.province.code_of(WORKER).await.unwrap();
    counter.scene.agent().advance(61).await.unwrap();
    counter.scan(&shown);
    counter.declined("code_too_old").await;
    counter.scene.stage.strike().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanner_that_comes_back_under_another_number_goes_on() {
    let mut counter = CodeCounter::open().await;
    let before = counter.scanner.path().to_owned();
    let spare = SerialDevice::plug_in(&counter.scene.stage.folder().join("spare")).unwrap();
    let gone = std::mem::replace(&mut counter.scanner, spare);
    gone.pull_out();
    // The identity card reader, where nobody answers, is in trouble all the while.
    let scanner = |desk: &Value| {
        let troubles = desk["other_troubles"].as_array().unwrap().iter();
        let codes = troubles.map(|trouble| trouble["code"].as_str().unwrap());
        let mut codes = codes.filter(|code| code.starts_with("scanner"));
        codes.next().map(str::to_owned)
    };
    let unplugged = |desk: &Value| scanner(desk).as_deref() == Some("scanner_unplugged");
    counter.desk("a scanner in trouble", unplugged).await;

    let _taken = SerialDevice::plug_in(&counter.scene.stage.folder().join("another")).unwrap();
    counter.scanner = SerialDevice::plug_in(&counter.scanner_link).unwrap();
    assert_ne!(counter.scanner.path(), before, "another number");
    counter
        .desk("a scanner that is back", |desk| scanner(desk).is_none())
        .await;
    let shown = counter.scene.stage.province.code_of(WORKER).await.unwrap();
    counter.scan(&shown);
    counter
        .presented("electronic_social_security_card", WORKER)
        .await;
    counter.scene.stage.strike().await.unwrap();
}
