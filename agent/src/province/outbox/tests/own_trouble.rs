//! What goes wrong on our side of an acknowledgement is put before a person, and everybody else goes on.

use offline_queue::{Deadline, NewUpload};

use super::{OutboxUnderTest, SendingSlots, cashier, minutes, queued};
use crate::counter::{CounterError, Remedied, Remedy};
use crate::ledger::numbers::{VisitNumber, next_message_id};

#[tokio::test]
async fn a_lane_that_names_no_visit_ends_before_a_person_and_not_in_a_circle() {
    let under_test = OutboxUnderTest::open().await;
    let healthy = under_test.admit(vec![900]).await;
    let odd = under_test.counter.ledger().write(|entry| {
        let deadline = Deadline::after(entry.now(), minutes(10));
        let of = VisitNumber::parse("V012601100900000099").unwrap();
        let new = NewUpload {
            lane: "no visit of ours".to_owned(),
            ..queued(next_message_id(entry)?, &of, deadline)?
        };
        entry.enqueue(&[new])?;
        Ok::<_, CounterError>(())
    });
    odd.await.unwrap();
    under_test.send(SendingSlots::DEFAULT);
    let stuck = under_test
        .until(|open| match open {
            [only] if only.state.name() == "unfinished" => Some(only.clone()),
            _ => None,
        })
        .await;
    assert!(under_test.taken().contains(&healthy[0]));
    assert_eq!(stuck.attempts, 1);
    assert_eq!(
        stuck.state.say(),
        "平台已收到，本机没有办完（acknowledgement_not_recorded）：编号格式不对。（not_a_number）"
    );
    let remedied = Remedied {
        message_id: stuck.message_id,
        attempts: stuck.attempts,
        remedy: Remedy::TakenByHand {
            reference: "无".to_owned(),
        },
        reason: "平台已有这条".to_owned(),
    };
    under_test
        .counter
        .remedy(remedied, &cashier(), None)
        .await
        .unwrap();
    under_test.until_all_is_up().await;
}
