//! The province has taken a registration: the number it gives, none, or another than before.

use sandbox::Effect;

use super::{ALWAYS, Hall, Places, REGISTRATION, cashier, reject, seconds};
use crate::counter::uploads::UploadView;
use crate::counter::{CounterError, Remedied, Remedy};
use crate::ledger::numbers::VisitNumber;
use crate::ledger::visits;

fn number(number: Option<&str>) -> Effect {
    Effect::RegistrationNumber {
        number: number.map(str::to_owned),
    }
}

async fn remedied(hall: &Hall, upload: &UploadView, remedy: Remedy) {
    let remedied = Remedied {
        message_id: upload.message_id.clone(),
        attempts: upload.attempts,
        remedy,
        reason: "与省中心王工核对".to_owned(),
    };
    hall.counter.remedy(remedied, &cashier()).await.unwrap();
}

async fn waiting_for_a_person(hall: &Hall, state: &str) -> UploadView {
    hall.until(|open| match open {
        [only] if only.state.name() == state => Some(only.clone()),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn a_blank_number_is_none_is_in_sight_and_holds_nobody_up() {
    for blank in [Some(""), Some(" \u{3000}"), None] {
        let hall = Hall::open().await;
        let visits = hall.admit(vec![600, 900]).await;
        hall.fault_of(number(blank), REGISTRATION, 1, Some(&visits[0]));
        hall.send(Places::DEFAULT);
        let stuck = waiting_for_a_person(&hall, "unfinished").await;
        assert_eq!(
            stuck.state.say(),
            "平台已收到，本机没有办完（registration_number_missing）：省平台已收到就医登记，但没有给出就医登记号。"
        );
        let standing = hall.counter.standing().await.unwrap();
        assert_eq!(standing.rejected_uploads, 1);
        assert_eq!(hall.taken().len(), 2);

        // Asked once more, the province names it.
        remedied(&hall, &stuck, Remedy::SendAgain).await;
        hall.until_all_is_up().await;
        assert_eq!(hall.taken().len(), 2);
        let registration = registration(&hall, &visits[0]).await;
        assert!(registration.unwrap().starts_with("430103"));
    }
}

async fn registration(hall: &Hall, visit: &str) -> Option<String> {
    hall.counter.ledger_visit(visit).await.unwrap().registration
}

#[tokio::test]
async fn another_number_than_the_visit_has_is_shown_and_the_first_one_stays() {
    let hall = Hall::open().await;
    let visits = hall.admit(vec![600]).await;
    let visit = VisitNumber::parse(&visits[0]).unwrap();
    let recorded = hall.counter.ledger().write(move |entry| {
        visits::record_registration(entry, &visit, "43010320260101000001")
            .map_err(CounterError::from)
    });
    recorded.await.unwrap();
    hall.fault(number(Some("43010320260101000002")), REGISTRATION, 1);
    hall.send(Places::DEFAULT);
    let stuck = waiting_for_a_person(&hall, "unfinished").await;
    assert!(
        stuck
            .state
            .say()
            .contains("43010320260101000002，与本机已记的不同"),
        "{}",
        stuck.state.say()
    );
    assert_eq!(
        registration(&hall, &visits[0]).await.unwrap(),
        "43010320260101000001"
    );
    let by_hand = Remedy::TakenByHand {
        reference: "CSYB-2026-0117".to_owned(),
    };
    remedied(&hall, &stuck, by_hand).await;
    hall.until_all_is_up().await;
}

#[tokio::test]
async fn a_message_that_the_province_will_not_tell_of_can_be_sent_unasked_or_taken_by_hand() {
    for by_hand in [false, true] {
        let hall = Hall::open().await;
        hall.admit(vec![600]).await;
        hall.fault(Effect::SwallowAnswer, REGISTRATION, 1);
        hall.fault(reject("query_closed", "查询未开放"), "9103", ALWAYS);
        hall.send(Places::DEFAULT);
        hall.until_trouble("platform_connection_lost").await;
        hall.until(|open| (open[0].state.name() == "waiting").then_some(()))
            .await;
        hall.hand.advance(seconds(2));
        let untold = waiting_for_a_person(&hall, "untold").await;
        assert_eq!(
            untold.state.say(),
            "平台可能已收到，但不答复查询（query_closed）：查询未开放"
        );
        let remedy = if by_hand {
            Remedy::TakenByHand {
                reference: "CSYB-2026-0117".to_owned(),
            }
        } else {
            Remedy::SendAgain
        };
        remedied(&hall, &untold, remedy).await;
        hall.until_all_is_up().await;
        assert_eq!(hall.taken().len(), 1, "the province had it all along");
    }
}

#[tokio::test]
async fn what_the_province_tells_again_after_a_while_heals_without_a_person() {
    let hall = Hall::open().await;
    hall.admit(vec![600]).await;
    hall.fault(Effect::SwallowAnswer, REGISTRATION, 1);
    hall.fault(reject("query_closed", "查询未开放"), "9103", 1);
    hall.send(Places::DEFAULT);
    hall.until_trouble("platform_connection_lost").await;
    hall.until(|open| (open[0].state.name() == "waiting").then_some(()))
        .await;
    hall.hand.advance(seconds(2));
    waiting_for_a_person(&hall, "untold").await;
    hall.hand.advance(seconds(60));
    hall.until_all_is_up().await;
    assert_eq!(hall.taken().len(), 1);
}
