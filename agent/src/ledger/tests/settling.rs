//! Settling once, whoever presses how often; voiding, settling again, and the clock.

use std::fmt::Write;
use std::sync::{Arc, Barrier};

use offline_queue::Which;

use super::{
    Counter, admit, count, new_settlement, new_visit, refusal, settle, settled, settlement_upload,
    visit, void,
};
use crate::ledger::numbers::{SettlementNumber, VisitNumber};
use crate::ledger::settlements::{self, SettleOutcome, SettlementState};
use crate::ledger::visits::{self, CloseReason, VisitState};
use crate::ledger::{Ledger, LedgerError, Refused, journal};
use crate::records::evidence::EvidenceVersion;
use crate::records::examples;

fn lane(ledger: &Ledger, visit: &VisitNumber) -> Vec<offline_queue::Upload> {
    let lane = visit.to_string();
    ledger
        .write_blocking(move |entry| {
            let listed = offline_queue::list(entry, Which::Lane(&lane), entry.now());
            Ok::<_, LedgerError>(listed?)
        })
        .unwrap()
}

#[test]
fn settlement_journal_entry_and_upload_are_there_together() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let number = admit(&ledger, "press 1");
    let settlement = settled(&ledger, &number, 1, "press 2");
    assert_eq!(settlement.visit, number);
    assert_eq!(settlement.totals.fund, "26100.00");
    assert_eq!(settlement.settled_at.to_string(), "2026-11-22T02:00:00Z");
    assert_eq!(settlement.state, SettlementState::Settled);
    assert_eq!(
        visit(&ledger, &number).state,
        VisitState::Settled {
            generation: 1,
            settlement: settlement.number.clone()
        }
    );
    let last = ledger.read_blocking(journal::head).unwrap().unwrap();
    assert_eq!(
        last.sequence,
        settlement.head.sequence + 1,
        "the slip carries the settlement's own entry; what it queued is sealed in the next"
    );
    let uploads = lane(&ledger, &number);
    assert_eq!(uploads.len(), 1);
    assert_eq!(uploads[0].due_at.to_string(), "2026-11-22T02:30:00Z");
    let number = settlement.number.clone();
    let evidence = ledger
        .read_blocking(move |conn| settlements::evidence(conn, &number))
        .unwrap()
        .unwrap();
    assert_eq!(evidence.case, r#"{"profile":"hunan"}"#);
    assert_eq!(evidence.result, r#"{"decision":"allow"}"#);
    assert_eq!(evidence.version, EvidenceVersion::Two);
    assert_eq!(evidence.resolutions, Vec::new());
    assert!(evidence.credential == Some(examples::credential()));
}

#[test]
fn where_the_uploads_cannot_be_written_nothing_is_settled() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let number = admit(&ledger, "press 1");
    let new = new_settlement(&number, 1, "press 2");
    let refused: Result<SettleOutcome, LedgerError> = ledger.write_blocking(move |entry| {
        settlements::settle(entry, &new, |settlement| {
            let upload = settlement_upload(entry, settlement)?;
            Ok(vec![upload.clone(), upload])
        })
    });
    assert!(matches!(
        refused,
        Err(LedgerError::Queue(
            offline_queue::QueueError::KeyTaken { .. }
        ))
    ));
    assert_eq!(count(&ledger, "settlement"), 0);
    assert_eq!(count(&ledger, "journal"), 2);
    assert_eq!(count(&ledger, "queue_upload"), 0);
    assert_eq!(
        settled(&ledger, &number, 1, "press 2").number.as_str(),
        "S032611221000000001"
    );
}

#[test]
fn the_same_key_pressed_from_many_windows_at_once_settles_once() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let number = admit(&ledger, "press 1");
    let together = Arc::new(Barrier::new(8));
    let presses: Vec<_> = (0..8)
        .map(|_| {
            let (ledger, number, together) =
                (ledger.clone(), number.clone(), Arc::clone(&together));
            std::thread::spawn(move || {
                together.wait();
                settle(&ledger, &number, 1, "press 2").unwrap()
            })
        })
        .collect();
    let outcomes: Vec<SettleOutcome> = presses
        .into_iter()
        .map(|press| press.join().unwrap())
        .collect();
    let first = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, SettleOutcome::First(_)))
        .count();
    assert_eq!(first, 1);
    for outcome in &outcomes {
        assert_eq!(outcome.settlement(), outcomes[0].settlement());
    }
    assert_eq!(count(&ledger, "settlement"), 1);
    assert_eq!(lane(&ledger, &number).len(), 1);
    assert_eq!(count(&ledger, "journal"), 4);
}

#[test]
fn two_keys_cannot_settle_the_same_visit() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let number = admit(&ledger, "press 1");
    let together = Arc::new(Barrier::new(2));
    let presses: Vec<_> = ["window 1", "window 2"]
        .into_iter()
        .map(|key| {
            let (ledger, number, together) =
                (ledger.clone(), number.clone(), Arc::clone(&together));
            std::thread::spawn(move || {
                together.wait();
                settle(&ledger, &number, 1, key)
            })
        })
        .collect();
    let mut refused = Vec::new();
    for press in presses {
        if let Err(error) = press.join().unwrap() {
            refused.push(error.to_string());
        }
    }
    assert_eq!(refused, ["the visit is settled as S032611221000000001"]);
    assert_eq!(count(&ledger, "settlement"), 1);
}

#[test]
fn a_voided_settlement_opens_the_next_generation_and_the_old_quote_no_longer_counts() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let number = admit(&ledger, "press 1");
    let first = settled(&ledger, &number, 1, "press 2");
    counter.pass(60);
    let voided = void(&ledger, &first.number).unwrap();
    assert_eq!(
        voided.state,
        SettlementState::Voided {
            at: "2026-11-22T02:01:00Z".parse().unwrap(),
            by: "王芳".to_owned(),
            why: "退货".to_owned()
        }
    );
    assert_eq!(
        visit(&ledger, &number).state,
        VisitState::Open { generation: 2 }
    );
    assert_eq!(refusal(void(&ledger, &first.number)), Refused::AlreadyVoid);
    assert_eq!(
        refusal(settle(&ledger, &number, 1, "press 3")),
        Refused::GenerationPassed {
            asked: 1,
            current: 2
        }
    );
    // The first press, repeated after the void, is still the first settlement.
    assert!(
        matches!(settle(&ledger, &number, 1, "press 2"), Ok(SettleOutcome::Again(again)) if again.number == first.number)
    );
    let second = settled(&ledger, &number, 2, "press 4");
    let of_visit = number.clone();
    let all = ledger
        .read_blocking(move |conn| settlements::of_visit(conn, &of_visit))
        .unwrap();
    assert_eq!(
        all.iter()
            .map(|settlement| (settlement.generation, &settlement.number))
            .collect::<Vec<_>>(),
        [(1, &first.number), (2, &second.number)]
    );
    assert_eq!(lane(&ledger, &number).len(), 3);
}

#[test]
fn a_key_that_settled_one_visit_settles_no_other() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let one = admit(&ledger, "press 1");
    let other = admit(&ledger, "press 2");
    settled(&ledger, &one, 1, "press 3");
    assert_eq!(
        refusal(settle(&ledger, &other, 1, "press 3")),
        Refused::KeyBelongsToAnother
    );
}

#[test]
fn what_is_not_there_or_closed_is_not_settled() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let nobody = VisitNumber::parse("V032611221000000099").unwrap();
    assert_eq!(
        refusal(settle(&ledger, &nobody, 1, "press 1")),
        Refused::UnknownVisit
    );
    let nothing = SettlementNumber::parse("S032611221000000099").unwrap();
    assert_eq!(refusal(void(&ledger, &nothing)), Refused::UnknownSettlement);
    let number = admit(&ledger, "press 2");
    let closing = number.clone();
    ledger
        .write_blocking(move |entry| {
            visits::close(entry, &closing, "李敏", CloseReason::ManualReimbursement)
        })
        .unwrap();
    assert_eq!(
        refusal(settle(&ledger, &number, 1, "press 3")),
        Refused::VisitClosed
    );
    assert_eq!(
        visit(&ledger, &number).state,
        VisitState::Closed {
            at: "2026-11-22T02:00:00Z".parse().unwrap(),
            by: "李敏".to_owned(),
            reason: CloseReason::ManualReimbursement
        }
    );
}

#[test]
fn a_clock_behind_the_journal_holds_settlement_until_it_is_right_or_accepted() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let number = admit(&ledger, "press 1");
    counter.set_clock("2026-11-22T01:59:59.999Z");
    let Err(LedgerError::ClockBehind { last, now }) = settle(&ledger, &number, 1, "press 2") else {
        panic!("settled with a clock that is behind");
    };
    assert_eq!(
        (last.to_string(), now.to_string()),
        (
            "2026-11-22T02:00:00Z".to_owned(),
            "2026-11-22T01:59:59.999Z".to_owned()
        )
    );
    counter.set_clock("2026-11-22T02:00:00Z");
    let settlement = settled(&ledger, &number, 1, "press 2");
    // A clock that ran years ahead, and was then set right: only a person can say which was wrong.
    counter.set_clock("2036-01-01T00:00:00Z");
    admit(&ledger, "press 3");
    counter.set_clock("2026-11-22T02:05:00Z");
    assert!(matches!(
        void(&ledger, &settlement.number),
        Err(LedgerError::ClockBehind { .. })
    ));
    ledger
        .write_blocking(|entry| journal::accept_clock(entry, "李敏", "主板电池已更换"))
        .unwrap();
    void(&ledger, &settlement.number).unwrap();
    counter.set_clock("2026-11-22T02:04:00Z");
    assert!(matches!(
        settle(&ledger, &number, 2, "press 4"),
        Err(LedgerError::ClockBehind { .. })
    ));
}

#[test]
fn a_bill_of_two_hundred_thousand_lines_is_kept_as_evidence_byte_for_byte() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let number = admit(&ledger, "press 1");
    let mut case = String::from(r#"{"profile":"hunan","bill":{"lines":["#);
    for line in 1..=200_000 {
        let comma = if line == 1 { "" } else { "," };
        write!(
            case,
            r#"{comma}{{"number":{line},"column":"drug","code":"86900{line}","name":"注射用头孢曲松钠","amount":"12.50"}}"#
        )
        .unwrap();
    }
    case.push_str("]}}");
    let mut new = new_settlement(&number, 1, "press 2");
    new.evidence.case.clone_from(&case);
    let settled = ledger
        .write_blocking(move |entry| {
            settlements::settle(entry, &new, |_| Ok::<_, LedgerError>(Vec::new()))
        })
        .unwrap();
    drop(ledger);
    let ledger = counter.ledger();
    let settlement = settled.settlement().number.clone();
    let kept = ledger
        .read_blocking(move |conn| settlements::evidence(conn, &settlement))
        .unwrap()
        .unwrap();
    assert!(case.len() > 20_000_000, "{}", case.len());
    assert!(kept.case == case);
}

#[test]
fn debugging_output_names_no_patient() {
    let counter = Counter::new();
    let ledger = counter.ledger();
    let number = admit(&ledger, "press 1");
    let new_settlement = new_settlement(&number, 1, "press 2");
    let settlement = settled(&ledger, &number, 1, "press 2");
    let voided = void(&ledger, &settlement.number).unwrap();
    let visit = visit(&ledger, &number);
    let printed = format!(
        "{:?} {visit:?} {new_settlement:?} {settlement:?} {voided:?} {ledger:?}",
        new_visit("press 1")
    );
    for needle in [
        "测试一",
        "320100199003070062",
        "ZY000123",
        "骨科",
        "hunan",
        "退货",
    ] {
        assert!(!printed.contains(needle), "{needle}: {printed}");
    }
    assert!(printed.contains("V032611221000000001"));
}
