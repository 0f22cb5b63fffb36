//! A message that the province refused, and the ways a person resolves it on the page.

use nix::unistd::Uid;
use reqwest::StatusCode;
use sandbox::{Effect, Fault, Upload};
use serde_json::{Value, json};

use super::window::{Answer, Window, until};
use crate::counter::uploads::UploadView;
use crate::ledger::LedgerError;

/// The settlement record, by the province's code.
const RECORD: &str = "2207";

/// A settled stay whose record the province refuses: the settlement and the refused message.
pub(super) async fn refused(window: &Window) -> (String, UploadView) {
    window.province.add_fault(Fault {
        effect: Effect::Reject {
            code: "diagnosis_unknown".to_owned(),
            message: "诊断编码不在目录".to_owned(),
        },
        infno: Some(RECORD.to_owned()),
        containing: None,
        count: 1,
    });
    let visit = window.admit_first_worker().await;
    tokio::spawn(window.outbox.clone().run());
    let settlement = window.settle(&visit).await;
    let record = until(window, |uploads| {
        let refused = uploads
            .iter()
            .find(|upload| upload.state.name() == "rejected");
        refused.cloned()
    })
    .await;
    (settlement, record)
}

pub(super) async fn pressed(
    window: &Window,
    form: &Answer,
    record: &UploadView,
    fields: &[(&str, &str)],
) -> Answer {
    let mut all = vec![("attempts", form.field("attempts"))];
    all.extend_from_slice(fields);
    let path = window.upload(&record.message_id);
    window.post(&path, &all).await
}

/// What the journal keeps of the remedies of this message.
pub(super) async fn journalled(window: &Window, record: &UploadView) -> Vec<Value> {
    let subject = record.message_id.clone();
    let bodies: Vec<String> = window
        .counter
        .ledger()
        .read(move |conn| {
            let mut statement = conn.prepare(
                "SELECT body FROM journal WHERE kind = 'upload_remedied' AND subject = ?1 ORDER BY sequence",
            )?;
            let rows = statement.query_map([subject], |row| row.get(0))?;
            Ok::<_, LedgerError>(rows.collect::<Result<_, _>>()?)
        })
        .await
        .unwrap();
    bodies
        .iter()
        .map(|body| serde_json::from_str(body).unwrap())
        .collect()
}

fn sent(window: &Window) -> usize {
    let accepted = window.province.accepted();
    accepted
        .iter()
        .filter(|message| message.upload == Upload::Settlement)
        .count()
}

#[tokio::test]
async fn what_was_mended_at_the_province_goes_up_again_as_it_was_and_who_said_so_is_kept() {
    let window = Window::open().await;
    let (settlement, record) = refused(&window).await;
    let list = window.get("/uploads").await;
    for part in ["诊断编码不在目录", "登记处理结果", "条上传须人工处理"] {
        assert!(list.text.contains(part), "{part}: {}", list.text);
    }
    let path = window.upload(&record.message_id);
    assert!(
        list.text
            .contains(&format!("href=\"{path}\" data-key=\"F9\""))
    );
    let form = window.get(&path).await;
    assert_eq!(form.keys(), ["F1", "F2", "F7", "F8", "F9"]);
    let done = pressed(
        &window,
        &form,
        &record,
        &[
            ("remedy", "send_again"),
            ("reason", "与省中心王工核对，已补诊断目录"),
        ],
    )
    .await;
    assert_eq!(done.leads_to(), "/uploads");
    until(&window, |open| open.is_empty().then_some(())).await;
    assert_eq!(sent(&window), 1);
    let accepted = window.province.accepted();
    assert_eq!(accepted.last().unwrap().msgid, record.message_id);
    assert_eq!(
        journalled(&window, &record).await,
        [json!({
            "v": 1, "visit": record.visit, "kind": "settlement", "attempt": 1,
            "code": "diagnosis_unknown", "remedy": "send_again",
            "reason": "与省中心王工核对，已补诊断目录", "by": "cashier",
            "came": { "account": Uid::effective().as_raw(), "door": "page" },
        })]
    );
    let shown = window.get(&format!("/settlements/{settlement}")).await;
    assert!(shown.text.contains("已按时上传省平台"), "{}", shown.text);
}

#[tokio::test]
async fn what_the_agency_took_in_by_hand_is_not_sent_and_stays_in_sight() {
    let window = Window::open().await;
    let (settlement, record) = refused(&window).await;
    let form = window.get(&window.upload(&record.message_id)).await;
    let done = pressed(
        &window,
        &form,
        &record,
        &[
            ("remedy", "taken_by_hand"),
            ("reference", "CSYB-2026-0117"),
            ("reason", "长沙市中心人工录入"),
        ],
    )
    .await;
    assert_eq!(done.leads_to(), "/uploads");
    assert!(window.counter.uploads().await.unwrap().is_empty());
    assert_eq!(sent(&window), 0);
    let kept = &journalled(&window, &record).await[0];
    assert_eq!(kept["reference"], "CSYB-2026-0117");
    assert_eq!(kept["remedy"], "taken_by_hand");
    let shown = window.get(&format!("/settlements/{settlement}")).await;
    for part in [
        "有内容由经办机构人工录入，没有经本机上传",
        "不再上传（",
        "张收款 登记",
        "受理编号 CSYB-2026-0117：长沙市中心人工录入",
    ] {
        assert!(shown.text.contains(part), "{part}: {}", shown.text);
    }
    assert!(!shown.text.contains("已按时上传省平台"));
}

#[tokio::test]
async fn a_remedy_without_its_words_or_pressed_twice_changes_nothing() {
    let window = Window::open().await;
    let (_, record) = refused(&window).await;
    let path = window.upload(&record.message_id);
    let form = window.get(&path).await;
    let long = "因".repeat(101);
    for (fields, code) in [
        (vec![("reason", "已改好")], "remedy_not_chosen"),
        (
            vec![("remedy", "send_again"), ("reason", " ")],
            "remedy_words",
        ),
        (
            vec![("remedy", "send_again"), ("reason", &long)],
            "remedy_words",
        ),
        (
            vec![
                ("remedy", "taken_by_hand"),
                ("reason", "人工录入"),
                ("reference", ""),
            ],
            "remedy_words",
        ),
    ] {
        let answer = pressed(&window, &form, &record, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{code}");
        assert!(answer.text.contains(code), "{code}: {}", answer.text);
    }
    let kept = window.counter.upload(&record.message_id).await.unwrap();
    assert_eq!((&kept.state, kept.attempts), (&record.state, 1));
    assert!(journalled(&window, &record).await.is_empty());

    // Refused once more after the first press: the second press of the same form is about the refusal before.
    window.province.add_fault(Fault {
        effect: Effect::Reject {
            code: "diagnosis_unknown".to_owned(),
            message: "诊断编码不在目录".to_owned(),
        },
        infno: Some(RECORD.to_owned()),
        containing: None,
        count: 1,
    });
    let again = [("remedy", "send_again"), ("reason", "已改好")];
    let first = pressed(&window, &form, &record, &again).await;
    assert_eq!(first.leads_to(), "/uploads");
    until(&window, |open| {
        let refused =
            |upload: &&UploadView| upload.state.name() == "rejected" && upload.attempts == 2;
        open.iter().find(refused).map(drop)
    })
    .await;
    let second = pressed(&window, &form, &record, &again).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(second.text.contains("upload_not_refused"));
    assert_eq!(journalled(&window, &record).await.len(), 1);
    let unknown = window.get("/uploads/nothing").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(unknown.text.contains("upload_unknown"));
}

#[tokio::test]
async fn a_visit_whose_registration_was_refused_goes_on_behind_it_once_it_is_resolved() {
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
    // Settled while the registration still waits: a counter that cannot reach the province settles all the same.
    window.settle(&visit).await;
    tokio::spawn(window.outbox.clone().run());
    let record = until(&window, |uploads| {
        let refused = uploads
            .iter()
            .find(|upload| upload.state.name() == "rejected");
        refused.cloned()
    })
    .await;
    let blocked = window.counter.uploads().await.unwrap();
    let states: Vec<&str> = blocked.iter().map(|upload| upload.state.name()).collect();
    assert_eq!(states, ["rejected", "blocked", "blocked"]);
    let form = window.get(&window.upload(&record.message_id)).await;
    let again = [("remedy", "send_again"), ("reason", "科别已加入目录")];
    pressed(&window, &form, &record, &again).await.leads_to();
    until(&window, |open| open.is_empty().then_some(())).await;
    let order: Vec<Upload> = window
        .province
        .accepted()
        .iter()
        .map(|message| message.upload)
        .collect();
    assert_eq!(
        order,
        [
            Upload::VisitRegistration,
            Upload::FeeDetail,
            Upload::Settlement
        ]
    );
}
