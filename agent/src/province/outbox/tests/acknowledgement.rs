//! The province has taken a registration: the number it gives, none, or another than before.

use sandbox::Effect;

use super::{ALWAYS, OutboxUnderTest, REGISTRATION, SendingSlots, cashier, reject, seconds};
use crate::counter::uploads::UploadView;
use crate::counter::{CounterError, Remedied, Remedy};
use crate::ledger::numbers::VisitNumber;
use crate::ledger::visits;

fn number(number: Option<&str>) -> Effect {
    Effect::RegistrationNumber {
        number: number.map(str::to_owned),
    }
}

async fn remedied(under_test: &OutboxUnderTest, upload: &UploadView, remedy: Remedy) {
    let remedied = Remedied {
        message_id: upload.message_id.clone(),
        attempts: upload.attempts,
        remedy,
        reason: "与省中心王工核对".to_owned(),
    };
    under_test
        .counter
        .remedy(remedied, &cashier(), None)
        .await
        .unwrap();
}

async fn waiting_for_a_person(under_test: &OutboxUnderTest, state: &str) -> UploadView {
    under_test
        .until(|open| match open {
            [only] if only.state.name() == state => Some(only.clone()),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn a_blank_number_is_none_is_in_sight_and_holds_nobody_up() {
    for blank in [Some(""), Some(" \u{3000}"), None] {
        let under_test = OutboxUnderTest::open().await;
        let visits = under_test.admit(vec![600, 900]).await;
        under_test.fault_of(number(blank), REGISTRATION, 1, Some(&visits[0]));
        under_test.send(SendingSlots::DEFAULT);
        let stuck = waiting_for_a_person(&under_test, "unfinished").await;
        assert_eq!(
            stuck.state.say(),
            "平台已收到，本机没有办完（registration_number_missing）：省平台已收到就医登记，但没有给出就医登记号。"
        );
        let standing = under_test.counter.state().await.unwrap();
        assert_eq!(standing.rejected_uploads, 1);
        assert_eq!(under_test.taken().len(), 2);

        // Asked once more, the province names it.
        remedied(&under_test, &stuck, Remedy::SendAgain).await;
        under_test.until_all_is_up().await;
        assert_eq!(under_test.taken().len(), 2);
        let registration = registration(&under_test, &visits[0]).await;
        assert!(registration.unwrap().starts_with("430103"));
    }
}

async fn registration(under_test: &OutboxUnderTest, visit: &str) -> Option<String> {
    under_test
        .counter
        .ledger_visit(visit)
        .await
        .unwrap()
        .registration
}

#[tokio::test]
async fn another_number_than_the_visit_has_is_shown_and_the_first_one_stays() {
    let under_test = OutboxUnderTest::open().await;
    let visits = under_test.admit(vec![600]).await;
    let visit = VisitNumber::parse(&visits[0]).unwrap();
    let recorded = under_test.counter.ledger().write(move |entry| {
        visits::record_registration(entry, &visit, "43010320260101000001")
            .map_err(CounterError::from)
    });
    recorded.await.unwrap();
    under_test.fault(number(Some("43010320260101000002")), REGISTRATION, 1);
    under_test.send(SendingSlots::DEFAULT);
    let stuck = waiting_for_a_person(&under_test, "unfinished").await;
    assert!(
        stuck
            .state
            .say()
            .contains("43010320260101000002，与本机已记的不同"),
        "{}",
        stuck.state.say()
    );
    assert_eq!(
        registration(&under_test, &visits[0]).await.unwrap(),
        "43010320260101000001"
    );
    let by_hand = Remedy::TakenByHand {
        reference: "CSYB-2026-0117".to_owned(),
    };
    remedied(&under_test, &stuck, by_hand).await;
    under_test.until_all_is_up().await;
}

#[tokio::test]
async fn a_message_that_the_province_will_not_tell_of_can_be_sent_unasked_or_taken_by_hand() {
    for by_hand in [false, true] {
        let under_test = OutboxUnderTest::open().await;
        under_test.admit(vec![600]).await;
        under_test.fault(Effect::SwallowAnswer, REGISTRATION, 1);
        under_test.fault(reject("query_closed", "查询未开放"), "9103", ALWAYS);
        under_test.send(SendingSlots::DEFAULT);
        under_test.until_trouble("platform_connection_lost").await;
        under_test
            .until(|open| (open[0].state.name() == "waiting").then_some(()))
            .await;
        under_test.hand.advance(seconds(2));
        let untold = waiting_for_a_person(&under_test, "untold").await;
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
        remedied(&under_test, &untold, remedy).await;
        under_test.until_all_is_up().await;
        assert_eq!(under_test.taken().len(), 1, "the province had it all along");
    }
}

#[tokio::test]
async fn what_the_province_tells_again_after_a_while_heals_without_a_person() {
    let under_test = OutboxUnderTest::open().await;
    under_test.admit(vec![600]).await;
    under_test.fault(Effect::SwallowAnswer, REGISTRATION, 1);
    under_test.fault(reject("query_closed", "查询未开放"), "9103", 1);
    under_test.send(SendingSlots::DEFAULT);
    under_test.until_trouble("platform_connection_lost").await;
    under_test
        .until(|open| (open[0].state.name() == "waiting").then_some(()))
        .await;
    under_test.hand.advance(seconds(2));
    waiting_for_a_person(&under_test, "untold").await;
    under_test.hand.advance(seconds(60));
    under_test.until_all_is_up().await;
    assert_eq!(under_test.taken().len(), 1);
}
