//! What is typed at admission and discharge, at the page and at the hospital system's door: the same texts taken, the same refused.

use std::collections::HashSet;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use nix::unistd::{Uid, User};
use reqwest::StatusCode;
use rules::china_time::format_instant;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::window::{FIRST_WORKER, Window, bill, days_ago, keeping, sent};
use crate::counter::CounterError;
use crate::doors::access::callers;
use crate::doors::access::operators::Operators;
use crate::doors::his;
use crate::doors::page::fields;
use crate::settings;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// The hospital system's door of a window's counter.
struct Door {
    address: String,
    operator: String,
}

impl Door {
    async fn of(window: &Window) -> Self {
        let account = User::from_uid(Uid::effective()).unwrap().unwrap();
        let operators = Operators::look_up(&[settings::OperatorAccount {
            user: account.name.clone(),
            name: "张收款".to_owned(),
        }])
        .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("his.token");
        std::fs::write(&file, TOKEN).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        let token = his::BearerToken::read(&file).unwrap();
        let operators = Arc::new(operators);
        let accounts = HashSet::from([Uid::effective().as_raw()]);
        let admitted = his::Admitted::new(operators, accounts, Some(token));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/his/v1", listener.local_addr().unwrap());
        let own = listener.local_addr().unwrap();
        let hosts = callers::Hosts::new(&[own], own);
        let router = his::router(window.counter.clone(), admitted, Some(hosts));
        tokio::spawn(callers::serve(listener, router, keeping()));
        Self {
            address,
            operator: account.name,
        }
    }

    /// Admits whoever's card lies there, ten days ago, with these texts in place of the usual ones.
    async fn admit(&self, key: &str, texts: &[(&str, &str)]) -> (StatusCode, Value) {
        let client = reqwest::Client::new();
        let desk = sent(
            client
                .get(format!("{}/desk", self.address))
                .bearer_auth(TOKEN),
        )
        .await;
        let desk: Value = serde_json::from_str(&desk.text).unwrap();
        let mut body = json!({
            "key": key,
            "operator": self.operator,
            "reading": desk["presented"]["reading"],
            "kind": "inpatient_medical",
            "department": "骨科",
            "inpatient_number": "ZY0001",
            "diagnosis": "左胫骨骨折",
            "third_party_liability": "none",
            "registered_at": format_instant(days_ago(10)),
        });
        for (field, text) in texts {
            body[*field] = json!(text);
        }
        let request = client
            .post(format!("{}/admissions", self.address))
            .bearer_auth(TOKEN)
            .json(&body);
        let answer = sent(request).await;
        (answer.status, serde_json::from_str(&answer.text).unwrap())
    }
}

#[tokio::test]
async fn the_same_stay_is_not_settled_again_under_a_number_with_blanks_around_it() {
    let window = Window::open().await;
    let door = Door::of(&window).await;
    let visit = window.admit_first_worker().await;
    let settlement = window.settle(&visit).await;
    for number in [
        "ZY0001",
        "ZY0001 ",
        "ZY0001\t",
        "ZY0001\n",
        "\u{3000}ZY0001",
    ] {
        let (status, refused) = door.admit("again", &[("inpatient_number", number)]).await;
        assert_eq!(status, StatusCode::CONFLICT, "{number:?}: {refused}");
        let reason = &refused["reasons"][0];
        assert_eq!(reason["code"], "already_settled_directly", "{number:?}");
        assert_eq!(reason["rule"], "F08", "{number:?}");
    }
    assert!(window.counter.open_visits().await.unwrap().is_empty());
    let screen = window.get("/admission").await;
    let refused = window
        .admit(&screen, "ZY0001\t", &fields::write_minute(days_ago(10)))
        .await;
    assert!(refused.text.contains(&settlement), "{}", refused.text);
}

#[tokio::test]
async fn what_the_hospital_sent_with_blanks_is_kept_without_and_found_again() {
    let window = Window::open().await;
    let door = Door::of(&window).await;
    window.present(FIRST_WORKER);
    let texts = [
        ("inpatient_number", "ZY0001 "),
        ("department", "骨科\n"),
        ("diagnosis", " 骨折"),
    ];
    let (status, visit) = door.admit("press", &texts).await;
    assert_eq!(status, StatusCode::OK, "{visit}");
    assert_eq!(visit["inpatient_number"], "ZY0001");
    assert_eq!(visit["department"], "骨科");
    let registered_at = visit["registered_at"].as_str().unwrap();
    for number in ["ZY0001 ", "ZY0001"] {
        let texts = [
            ("inpatient_number", number),
            ("department", "骨科"),
            ("diagnosis", "骨折"),
            ("registered_at", registered_at),
        ];
        let (_, again) = door.admit("press", &texts).await;
        assert_eq!(again["number"], visit["number"], "{again}");
    }
    let number = visit["number"].as_str().unwrap();
    window.settle(number).await;
    let (status, refused) = door
        .admit("again", &[("inpatient_number", "ZY0001 ")])
        .await;
    assert_eq!(status, StatusCode::CONFLICT, "{refused}");
    assert_eq!(refused["reasons"][0]["code"], "already_settled_directly");
}

#[tokio::test]
async fn a_number_that_an_earlier_version_kept_with_a_blank_is_the_same_number() {
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    window
        .counter
        .ledger()
        .write(|entry| {
            entry
                .execute_batch(
                    "DROP TRIGGER visit_no_update; UPDATE visit SET hospital_number = 'ZY0001 ';",
                )
                .unwrap();
            Ok::<_, CounterError>(())
        })
        .await
        .unwrap();
    window.settle(&visit).await;
    let form = window.get("/admission").await;
    let ten_days_ago = fields::write_minute(days_ago(10));
    let refused = window.admit(&form, "ZY0001", &ten_days_ago).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("already_settled_directly"));
}

#[tokio::test]
async fn a_text_that_cannot_be_taken_is_refused_at_the_hospitals_door_with_its_field_named() {
    let window = Window::open().await;
    let door = Door::of(&window).await;
    window.present(FIRST_WORKER);
    let long = "骨".repeat(101);
    for (field, text, code, say) in [
        ("department", "", "field_missing", "“科别”没有填写。"),
        ("department", " \t", "field_missing", "“科别”没有填写。"),
        (
            "inpatient_number",
            "",
            "field_missing",
            "“住院号”没有填写。",
        ),
        (
            "diagnosis",
            "\u{3000}",
            "field_missing",
            "“入院诊断”没有填写。",
        ),
        ("diagnosis", &long, "field_too_long", "“入院诊断”太长。"),
        (
            "diagnosis_code",
            "S82\u{7}.1",
            "field_unseen",
            "“诊断编码”中有看不见的字符 U+0007。",
        ),
        (
            "inpatient_number",
            "ZY\u{202e}0001",
            "field_unseen",
            "“住院号”中有看不见的字符 U+202E。",
        ),
        (
            "inpatient_number",
            "ZY0001\u{200b}",
            "field_unseen",
            "“住院号”中有看不见的字符 U+200B。",
        ),
    ] {
        let (status, refused) = door.admit("press", &[(field, text)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {text:?}");
        assert_eq!(refused["notice"]["code"], code, "{field} {text:?}");
        assert_eq!(refused["notice"]["say"], say, "{field} {text:?}");
    }
    assert!(window.counter.open_visits().await.unwrap().is_empty());

    let (_, visit) = door.admit("press", &[]).await;
    let visit = visit["number"].as_str().unwrap();
    let discharge = "discharged_at=2026-01-01T00:00:00%2B08:00&diagnosis=%20";
    let request = reqwest::Client::new()
        .post(format!("{}/visits/{visit}/quote?{discharge}", door.address))
        .bearer_auth(TOKEN)
        .body(bill());
    let refused = sent(request).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("“出院诊断”没有填写。"),
        "{}",
        refused.text
    );
}

#[tokio::test]
async fn what_the_slip_could_not_show_is_refused_before_anything_is_registered() {
    let window = Window::open().await;
    let door = Door::of(&window).await;
    window.present(FIRST_WORKER);
    let long = "骨".repeat(100);
    for (field, text, code, says) in [
        (
            "department",
            long.as_str(),
            "field_too_long_for_slip",
            "“科别”太长",
        ),
        (
            "inpatient_number",
            &long,
            "field_too_long_for_slip",
            "“住院号”太长",
        ),
        (
            "department",
            "骨科😀",
            "field_no_glyph",
            "“科别”中的字 U+1F600",
        ),
        (
            "inpatient_number",
            "ZY😀",
            "field_no_glyph",
            "“住院号”中的字 U+1F600",
        ),
    ] {
        let (status, refused) = door.admit("press", &[(field, text)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {text:?}");
        assert_eq!(refused["notice"]["code"], code, "{field} {text:?}");
        let say = refused["notice"]["say"].as_str().unwrap();
        assert!(say.contains(says) && say.contains("没有登记"), "{say}");
    }
    let form = window.get("/admission").await;
    let refused = window.admit(&form, "ZY😀", "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("field_no_glyph"), "{}", refused.text);
    assert_eq!(refused.field("inpatient_number"), "ZY😀");
    assert!(window.counter.open_visits().await.unwrap().is_empty());
    assert!(window.counter.uploads().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_workers_name_that_no_font_can_draw_refuses_no_admission() {
    let window = Window::open().await;
    let (number, name) = (FIRST_WORKER.0, "测试\u{1f600}");
    let change = json!({ "name": name });
    window
        .province
        .change_worker(number, change.as_object().unwrap().clone())
        .unwrap();
    window.present((number, name));
    let form = window.get("/admission").await;
    let admitted = window.admit(&form, "ZY0001", "").await;
    assert!(admitted.leads_to().starts_with("/visits/"));
    let visit = &window.counter.open_visits().await.unwrap()[0];
    assert_eq!(visit.name, name);
}
