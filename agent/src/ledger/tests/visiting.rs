//! Visits: admitted once, registered once, open until they are settled or closed.

use rules::SocialSecurityNumber;

use super::{Counter, admit, count, new_visit, refusal, settled, visit, void};
use crate::ledger::numbers::VisitNumber;
use crate::ledger::visits::{self, Admitted, CloseReason, VisitState};
use crate::ledger::{LedgerError, Refused};

#[test]
fn a_settled_visit_is_not_closed() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let number = admit(&ledger, "press 1");
    let settlement = settled(&ledger, &number, 1, "press 2");
    assert_eq!(
        refusal(ledger.write_blocking(move |entry| {
            visits::close(entry, &number, "李敏", CloseReason::RegisteredInError)
        })),
        Refused::VisitSettled {
            settlement: settlement.number
        }
    );
}

#[test]
fn admitting_twice_with_one_key_admits_once_and_one_key_admits_one_worker() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let admit_as = |ssn: &'static str| {
        let mut new = new_visit("press 1");
        new.record.worker.social_security_number = SocialSecurityNumber::parse(ssn).unwrap();
        ledger.write_blocking(move |entry| {
            visits::admit(entry, &new, |_| Ok::<_, LedgerError>(Vec::new()))
        })
    };
    let Ok(Admitted::First(first)) = admit_as("320100199003070062") else {
        panic!("not admitted");
    };
    assert_eq!(first.state, VisitState::Open { generation: 1 });
    assert!(matches!(admit_as("320100199003070062"), Ok(Admitted::Again(again)) if again == first));
    assert_eq!(
        refusal(admit_as("110101199003070011")),
        Refused::KeyBelongsToAnother
    );
}

#[test]
fn a_registration_number_is_stored_once_and_never_replaced() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let number = admit(&ledger, "press 1");
    let record = |registration: &'static str| {
        let number = number.clone();
        ledger
            .write_blocking(move |entry| visits::record_registration(entry, &number, registration))
    };
    record("JY2026112200001").unwrap();
    record("JY2026112200001").unwrap();
    assert_eq!(
        refusal(record("JY2026112200002")),
        Refused::RegisteredOtherwise
    );
    assert_eq!(
        visit(&ledger, &number).registration.unwrap(),
        "JY2026112200001"
    );
    assert_eq!(count(&ledger, "journal"), 3);
}

#[test]
fn open_visits_are_those_that_can_still_be_settled() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let numbers: Vec<VisitNumber> = ["a", "b", "c", "d"]
        .iter()
        .map(|key| admit(&ledger, key))
        .collect();
    settled(&ledger, &numbers[1], 1, "press 1");
    let voided = settled(&ledger, &numbers[2], 1, "press 2");
    void(&ledger, &voided.number).unwrap();
    let closing = numbers[3].clone();
    ledger
        .write_blocking(move |entry| {
            visits::close(entry, &closing, "李敏", CloseReason::RegisteredInError)
        })
        .unwrap();
    let open: Vec<VisitNumber> = ledger
        .read_blocking(visits::list_open)
        .unwrap()
        .into_iter()
        .map(|visit| visit.number)
        .collect();
    assert_eq!(open, [numbers[0].clone(), numbers[2].clone()]);
    let of_worker = ledger
        .read_blocking(|conn| visits::of_worker(conn, "320100199003070062"))
        .unwrap();
    assert_eq!(of_worker.len(), 4);
}
