//! The province says no: to a person who is asked about, and to the registration of a visit.

use reqwest::StatusCode;
use sandbox::{Effect, Fault};
use serde_json::Value;

use super::window::{Answer, FIRST_WORKER, Window, bill, now, until};
use crate::ledger::LedgerError;

const FROZEN: &str = "待遇冻结，请到参保地核实";

/// What the journal keeps of acts that came to nothing because the province refused.
async fn journalled(window: &Window) -> Vec<(String, Value)> {
    let kept: Vec<(String, String)> = window
        .counter
        .ledger()
        .read(|conn| {
            let mut statement = conn.prepare(
                "SELECT subject, body FROM journal WHERE kind = 'province_refused' ORDER BY sequence",
            )?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok::<_, LedgerError>(rows.collect::<Result<_, _>>()?)
        })
        .await
        .unwrap();
    kept.into_iter()
        .map(|(subject, body)| (subject, serde_json::from_str(&body).unwrap()))
        .collect()
}

fn says_no(screen: &Answer) {
    for part in [
        "不能直接结算",
        "先联系经办机构核实",
        FROZEN,
        "province_refuses",
        "省平台的答复",
    ] {
        assert!(screen.text.contains(part), "{part}: {}", screen.text);
    }
    assert!(!screen.text.contains("worker_unknown"), "{}", screen.text);
}

async fn quoted(window: &Window, visit: &str) -> (String, Answer) {
    let quoted = window.quote(visit, &now(), &bill()).await;
    let path = quoted.leads_to().to_owned();
    let screen = window.get(&path).await;
    (path, screen)
}

#[tokio::test]
async fn a_person_whom_the_province_refuses_is_not_admitted_by_what_the_cache_knows() {
    let window = Window::open().await;
    window
        .province
        .freeze(FIRST_WORKER.0, Some(FROZEN))
        .unwrap();
    window.present(FIRST_WORKER);
    let form = window.get("/admission").await;
    says_no(&form);
    let pressed = window.admit(&form, "ZY0001", "").await;
    assert_eq!(pressed.status, StatusCode::CONFLICT);
    says_no(&pressed);
    assert!(window.counter.open_visits().await.unwrap().is_empty());
    let kept = journalled(&window).await;
    let (key, body) = &kept[0];
    assert_eq!((kept.len(), key.as_str()), (1, form.field("key")));
    for (field, value) in [
        ("act", "admission"),
        ("social_security_number", FIRST_WORKER.0),
        ("code", "-1"),
        ("words", FROZEN),
        ("by", "cashier"),
    ] {
        assert_eq!(body[field], value, "{body}");
    }

    // The province cannot be asked now: the last thing that it said of this person was no.
    window.province.set_listening(false).await.unwrap();
    let form = window.get("/admission").await;
    says_no(&form);
    let pressed = window.admit(&form, "ZY0001", "").await;
    assert_eq!(pressed.status, StatusCode::CONFLICT);

    window.province.set_listening(true).await.unwrap();
    window.province.freeze(FIRST_WORKER.0, None).unwrap();
    let form = window.get("/admission").await;
    assert!(!form.text.contains("province_refuses"), "{}", form.text);
    window.admit(&form, "ZY0001", "").await.leads_to();
}

#[tokio::test]
async fn a_sign_in_that_is_refused_says_nothing_of_the_person() {
    let window = Window::open().await;
    window.province.expire_sessions();
    window.province.add_fault(Fault {
        effect: Effect::Reject {
            code: "-1".to_owned(),
            message: "系统维护".to_owned(),
        },
        infno: Some("9001".to_owned()),
        containing: None,
        count: 100,
    });
    window.present(FIRST_WORKER);
    let form = window.get("/admission").await;
    assert!(form.text.contains("按本机缓存判断"), "{}", form.text);
    assert!(!form.text.contains("province_refuses"), "{}", form.text);
    window.admit(&form, "ZY0001", "").await.leads_to();
}

#[tokio::test]
async fn a_stay_of_a_person_whom_the_province_refuses_is_neither_quoted_as_settleable_nor_settled()
{
    let window = Window::open().await;
    let visit = window.admit_first_worker().await;
    let (before, screen) = quoted(&window, &visit).await;
    assert!(screen.text.contains("确认结算"), "{}", screen.text);

    // Another window asks about the same person, and is refused, between the quote and the press.
    window
        .province
        .freeze(FIRST_WORKER.0, Some(FROZEN))
        .unwrap();
    says_no(&window.get("/admission").await);
    let pressed = window.press(&before).await;
    assert_eq!(pressed.status, StatusCode::CONFLICT);
    assert!(pressed.text.contains(FROZEN), "{}", pressed.text);

    let (after, screen) = quoted(&window, &visit).await;
    says_no(&screen);
    assert!(!screen.text.contains("确认结算"), "{}", screen.text);
    let pressed = window.press(&after).await;
    assert_eq!(pressed.status, StatusCode::CONFLICT);
    says_no(&pressed);
    let acts: Vec<(String, String)> = journalled(&window)
        .await
        .into_iter()
        .map(|(subject, body)| (subject, body["act"].as_str().unwrap().to_owned()))
        .collect();
    let expected = ["settlement", "quote", "settlement"].map(|act| (visit.clone(), act.to_owned()));
    assert_eq!(acts, expected);

    window.province.freeze(FIRST_WORKER.0, None).unwrap();
    window.settle(&visit).await;
}

#[tokio::test]
async fn a_visit_whose_registration_was_refused_is_not_settled_before_somebody_has_seen_to_it() {
    let window = Window::open().await;
    window.province.add_fault(Fault {
        effect: Effect::Reject {
            code: "department_unknown".to_owned(),
            message: "科别不在目录".to_owned(),
        },
        infno: Some("2201".to_owned()),
        containing: None,
        count: 1,
    });
    let visit = window.admit_first_worker().await;
    let (before, screen) = quoted(&window, &visit).await;
    assert!(screen.text.contains("确认结算"), "{}", screen.text);
    tokio::spawn(window.outbox.clone().run());
    let message = until(&window, |uploads| {
        let refused = uploads
            .iter()
            .find(|upload| upload.state.name() == "rejected");
        refused.map(|upload| upload.message_id.clone())
    })
    .await;

    let pressed = window.press(&before).await;
    assert_eq!(pressed.status, StatusCode::CONFLICT);
    let (after, screen) = quoted(&window, &visit).await;
    let pressed_after = window.press(&after).await;
    assert_eq!(pressed_after.status, StatusCode::CONFLICT);
    for shown in [&pressed, &screen, &pressed_after] {
        for part in ["科别不在目录（代码 department_unknown）", "上传情况"] {
            assert!(shown.text.contains(part), "{part}: {}", shown.text);
        }
    }
    assert!(screen.text.contains("需先核实") && screen.text.contains("registration_refused"));
    assert!(!screen.text.contains("确认结算"), "{}", screen.text);

    let path = window.upload(&message);
    let form = window.get(&path).await;
    let fields = [
        ("attempts", form.field("attempts")),
        ("remedy", "send_again"),
        ("reason", "科别已加入目录"),
    ];
    window.post(&path, &fields).await.leads_to();
    window.settle(&visit).await;
    until(&window, |open| open.is_empty().then_some(())).await;
}
