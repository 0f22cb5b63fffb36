//! One sentence each.

use std::time::Duration;

use jiff::SignedDuration;
use offline_queue::{
    AttemptEnd, Lane, Lanes, Lease, Moment, Outcome, QueueError, RemedyEntry, RemedyKind,
    UploadState, Which,
};
use rusqlite::Connection;

use super::{LEASE_FOR, RETRY, commit, in_memory, pass, reboot, set_civil, ten_o_clock, upload};

/// A queue where time is moved by hand.
pub(super) struct QueueUnderTest {
    pub(super) conn: Connection,
    pub(super) now: Moment,
}

impl QueueUnderTest {
    pub(super) fn open() -> Self {
        Self {
            conn: in_memory(),
            now: ten_o_clock(),
        }
    }

    pub(super) fn enqueue(&mut self, key: &str, lane: &str, due_in_seconds: u64) {
        let new = upload(key, lane, due_in_seconds, &self.now);
        commit(&mut self.conn, |tx| {
            offline_queue::enqueue(tx, &new, &self.now).unwrap();
        });
    }

    pub(super) fn lease(&mut self) -> Option<Lease> {
        commit(&mut self.conn, |tx| {
            offline_queue::lease(tx, &self.now, LEASE_FOR, Lanes::All).unwrap()
        })
    }

    pub(super) fn lease_key(&mut self) -> Option<String> {
        self.lease().map(|lease| lease.key)
    }

    pub(super) fn finish(&mut self, lease: &Lease, outcome: Outcome) -> Result<(), QueueError> {
        commit(&mut self.conn, |tx| {
            offline_queue::finish(tx, lease.token, outcome, &self.now, RETRY)
        })
    }

    pub(super) fn send_next(&mut self, outcome: Outcome) -> String {
        let lease = self.lease().unwrap();
        self.finish(&lease, outcome).unwrap();
        lease.key
    }

    pub(super) fn remedy(&mut self, key: &str, remedy: RemedyKind) -> Result<(), QueueError> {
        let decision = RemedyEntry {
            remedy,
            who: "李敏".into(),
            why: "已与经办机构核对".into(),
        };
        commit(&mut self.conn, |tx| {
            offline_queue::remedy(tx, key, &decision, &self.now)
        })
    }

    pub(super) fn state(&self, key: &str) -> UploadState {
        self.find(key).state
    }

    pub(super) fn find(&self, key: &str) -> offline_queue::Upload {
        offline_queue::find(&self.conn, key, &self.now)
            .unwrap()
            .unwrap()
    }

    pub(super) fn open_keys(&self) -> Vec<String> {
        offline_queue::list(&self.conn, Which::Open, &self.now)
            .unwrap()
            .into_iter()
            .map(|upload| upload.key)
            .collect()
    }

    /// In seconds.
    pub(super) fn next_wake(&self) -> Option<u64> {
        offline_queue::next_wake(&self.conn, &self.now)
            .unwrap()
            .map(|left| left.as_secs())
    }
}

pub(super) fn delivered() -> Outcome {
    Outcome::Delivered {
        receipt: "收到".into(),
    }
}

pub(super) fn rejected() -> Outcome {
    Outcome::Rejected {
        code: "-1".to_owned(),
        reason: "就医登记号不存在".into(),
        lane: Lane::Waits,
    }
}

pub(super) fn unknown() -> Outcome {
    Outcome::OutcomeUnknown {
        detail: "timed out after the request was written".into(),
    }
}

pub(super) fn not_sent() -> Outcome {
    Outcome::NotSent {
        detail: "connection refused".into(),
        ask_first: false,
    }
}

#[test]
fn an_upload_is_handed_out_with_the_bytes_it_was_queued_with() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 1_800);
    let lease = under_test.lease().unwrap();
    assert_eq!(
        (lease.key.as_str(), lease.lane.as_str(), lease.kind.as_str()),
        ("m1", "visit 1", "settlement")
    );
    assert_eq!(lease.body, b"body of m1");
    assert_eq!(lease.deadline.civil().to_string(), "2026-11-22T02:30:00Z");
    assert!(!lease.ask_first);
    assert_eq!(lease.token.attempt(), 1);
}

#[test]
fn what_the_callers_transaction_rolls_back_was_never_queued() {
    let mut under_test = QueueUnderTest::open();
    let tx = under_test.conn.transaction().unwrap();
    offline_queue::enqueue(
        &tx,
        &upload("m1", "visit 1", 60, &under_test.now),
        &under_test.now,
    )
    .unwrap();
    tx.rollback().unwrap();
    assert_eq!(under_test.lease(), None);
    assert_eq!(under_test.open_keys(), Vec::<String>::new());
}

#[test]
fn across_lanes_the_earliest_deadline_goes_first() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 1_800);
    under_test.enqueue("m2", "visit 2", 600);
    under_test.enqueue("m3", "visit 3", 1_200);
    let order = [
        under_test.lease_key(),
        under_test.lease_key(),
        under_test.lease_key(),
    ];
    assert_eq!(order.map(Option::unwrap), ["m2", "m3", "m1"]);
    assert_eq!(under_test.lease(), None);
}

#[test]
fn within_a_lane_the_first_in_goes_first_although_a_later_one_is_due_earlier() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("settlement", "visit 1", 1_800);
    under_test.enqueue("void", "visit 1", 60);
    assert_eq!(under_test.send_next(delivered()), "settlement");
    assert_eq!(under_test.send_next(delivered()), "void");
}

#[test]
fn a_lane_is_as_urgent_as_the_most_urgent_upload_in_it() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 900);
    under_test.enqueue("registration", "visit 2", 86_400);
    under_test.enqueue("settlement", "visit 2", 600);
    assert_eq!(under_test.lease_key().unwrap(), "registration");
}

#[test]
fn while_an_upload_is_out_its_lane_waits_and_the_others_go_on() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    under_test.enqueue("m2", "visit 1", 600);
    under_test.enqueue("m3", "visit 2", 1_800);
    assert_eq!(under_test.lease_key().unwrap(), "m1");
    assert_eq!(under_test.find("m2").waits_for.unwrap(), "m1");
    assert_eq!(under_test.lease_key().unwrap(), "m3");
    assert_eq!(under_test.lease(), None);
}

#[test]
fn a_rejected_upload_blocks_its_own_lane_alone_and_stays_in_sight() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    under_test.enqueue("m2", "visit 1", 600);
    under_test.enqueue("m3", "visit 2", 1_800);
    assert_eq!(under_test.send_next(rejected()), "m1");
    assert_eq!(under_test.send_next(delivered()), "m3");
    pass(&mut under_test.now, 86_400);
    assert_eq!(under_test.lease(), None);
    assert_eq!(under_test.open_keys(), ["m1", "m2"]);
    assert_eq!(
        under_test.state("m1"),
        UploadState::Rejected {
            at: "2026-11-22T02:00:00Z".parse().unwrap(),
            code: "-1".to_owned(),
            reason: "就医登记号不存在".into(),
            lane: Lane::Waits,
        }
    );
    assert_eq!(under_test.find("m2").waits_for.unwrap(), "m1");
}

#[test]
fn a_rejected_upload_that_a_person_sends_again_is_the_same_upload_with_its_history() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    let first = under_test.lease().unwrap();
    under_test.finish(&first, rejected()).unwrap();
    under_test.remedy("m1", RemedyKind::SendAgain).unwrap();
    let second = under_test.lease().unwrap();
    assert_eq!((&second.key, &second.body), (&first.key, &first.body));
    assert!(
        second.ask_first,
        "whoever mended it at the far side may have taken it in"
    );
    under_test.finish(&second, delivered()).unwrap();
    let ends: Vec<_> = offline_queue::attempts(&under_test.conn, "m1")
        .unwrap()
        .into_iter()
        .map(|attempt| attempt.ended.unwrap().1)
        .collect();
    assert_eq!(
        ends,
        [
            AttemptEnd::Rejected {
                code: "-1".to_owned(),
                reason: "就医登记号不存在".into()
            },
            AttemptEnd::Delivered {
                receipt: "收到".into()
            }
        ]
    );
    let decisions = offline_queue::remedies(&under_test.conn, "m1").unwrap();
    assert_eq!(decisions.len(), 1);
    assert_eq!(decisions[0].1.who.as_str(), "李敏");
    assert_eq!(decisions[0].1.remedy, RemedyKind::SendAgain);
}

#[test]
fn a_rejected_upload_that_is_set_aside_lets_its_lane_go_on_and_is_kept_with_who_and_why() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    under_test.enqueue("m2", "visit 1", 600);
    under_test.send_next(rejected());
    under_test.remedy("m1", RemedyKind::SetAside).unwrap();
    assert_eq!(under_test.lease_key().unwrap(), "m2");
    assert_eq!(
        under_test.state("m1"),
        UploadState::SetAside {
            at: "2026-11-22T02:00:00Z".parse().unwrap(),
            who: "李敏".into(),
            why: "已与经办机构核对".into(),
        }
    );
    let lane =
        offline_queue::list(&under_test.conn, Which::Lane("visit 1"), &under_test.now).unwrap();
    assert_eq!(lane.len(), 2);
}

#[test]
fn an_upload_that_waits_for_nobody_cannot_be_resolved() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    assert!(matches!(
        under_test.remedy("m1", RemedyKind::SetAside),
        Err(QueueError::NothingToRemedy { .. })
    ));
    under_test.send_next(delivered());
    assert!(matches!(
        under_test.remedy("m1", RemedyKind::SendAgain),
        Err(QueueError::NothingToRemedy { .. })
    ));
    assert!(matches!(
        under_test.remedy("m9", RemedyKind::SendAgain),
        Err(QueueError::Unknown { .. })
    ));
}

#[test]
fn a_lease_that_runs_out_leaves_the_outcome_unknown_and_the_next_one_asks_first() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    under_test.lease().unwrap();
    pass(&mut under_test.now, 119);
    assert_eq!(under_test.lease(), None);
    pass(&mut under_test.now, 1);
    let again = under_test.lease().unwrap();
    assert!(again.ask_first);
    assert_eq!(again.token.attempt(), 2);
    let attempts = offline_queue::attempts(&under_test.conn, "m1").unwrap();
    assert_eq!(
        attempts[0].ended.as_ref().unwrap().1,
        AttemptEnd::LeaseExpired
    );
    assert_eq!(attempts[1].ended, None);
}

#[test]
fn a_new_process_takes_back_the_leases_of_the_one_before_without_waiting_for_them() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    under_test.lease().unwrap();
    let taken_back = commit(&mut under_test.conn, |tx| {
        offline_queue::reclaim(tx, &under_test.now).unwrap()
    });
    assert_eq!(taken_back, 1);
    assert!(under_test.lease().unwrap().ask_first);
}

#[test]
fn an_outcome_that_comes_after_its_lease_ran_out_is_refused_and_changes_nothing() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    let slow = under_test.lease().unwrap();
    pass(&mut under_test.now, 120);
    let current = under_test.lease().unwrap();
    assert!(matches!(
        under_test.finish(&slow, rejected()),
        Err(QueueError::LeaseOver { attempt: 1 })
    ));
    under_test.finish(&current, delivered()).unwrap();
    assert!(matches!(
        under_test.finish(&current, rejected()),
        Err(QueueError::LeaseOver { attempt: 2 })
    ));
    assert!(matches!(
        under_test.state("m1"),
        UploadState::Delivered { receipt, .. } if receipt.as_str() == "收到"
    ));
}

#[test]
fn once_an_outcome_was_unknown_it_is_asked_first_until_there_is_an_answer() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    under_test.send_next(unknown());
    pass(&mut under_test.now, 60);
    let asking = under_test.lease().unwrap();
    assert!(asking.ask_first);
    under_test.finish(&asking, not_sent()).unwrap();
    pass(&mut under_test.now, 60);
    assert!(under_test.lease().unwrap().ask_first);
}

#[test]
fn what_never_left_is_sent_again_without_asking() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    under_test.send_next(not_sent());
    pass(&mut under_test.now, 60);
    assert!(!under_test.lease().unwrap().ask_first);
}

#[test]
fn failures_wait_longer_each_time_and_the_wake_says_until_when() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    under_test.send_next(unknown());
    assert_eq!(under_test.lease(), None);
    assert_eq!(under_test.next_wake(), Some(1));
    pass(&mut under_test.now, 1);
    under_test.send_next(unknown());
    assert_eq!(under_test.next_wake(), Some(2));
    pass(&mut under_test.now, 2);
    under_test.send_next(unknown());
    assert_eq!(under_test.next_wake(), Some(4));
}

#[test]
fn the_wake_is_now_where_something_can_go_and_none_where_everything_waits_for_a_person() {
    let mut under_test = QueueUnderTest::open();
    assert_eq!(under_test.next_wake(), None);
    under_test.enqueue("m1", "visit 1", 600);
    assert_eq!(under_test.next_wake(), Some(0));
    let lease = under_test.lease().unwrap();
    assert_eq!(under_test.next_wake(), Some(120));
    under_test.finish(&lease, rejected()).unwrap();
    under_test.enqueue("m2", "visit 1", 600);
    assert_eq!(under_test.next_wake(), None);
}

#[test]
fn an_upload_past_its_deadline_is_sent_all_the_same_and_marked_late_for_good() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 1_800);
    pass(&mut under_test.now, 1_801);
    assert_eq!(under_test.find("m1").left, SignedDuration::from_secs(-1));
    pass(&mut under_test.now, 599);
    under_test.send_next(delivered());
    pass(&mut under_test.now, 86_400);
    assert_eq!(under_test.find("m1").left, SignedDuration::from_mins(-10));
}

#[test]
fn those_that_came_late_are_listed_for_as_long_as_is_asked() {
    let mut under_test = QueueUnderTest::open();
    let began = under_test.now.civil;
    under_test.enqueue("in time", "visit 1", 1_800);
    under_test.send_next(delivered());
    for (key, lane) in [("late", "visit 2"), ("later", "visit 3")] {
        pass(&mut under_test.now, 1);
        under_test.enqueue(key, lane, 60);
        pass(&mut under_test.now, 61);
        under_test.send_next(delivered());
    }
    under_test.enqueue("late and waiting", "visit 4", 60);
    pass(&mut under_test.now, 61);
    let listed = |since| -> Vec<String> {
        let listed = offline_queue::list(
            &under_test.conn,
            Which::DeliveredLate(since),
            &under_test.now,
        );
        listed
            .unwrap()
            .into_iter()
            .map(|upload| upload.key)
            .collect()
    };
    assert_eq!(listed(began), ["later", "late"]);
    assert_eq!(listed(began + SignedDuration::from_secs(60)), ["later"]);
    assert!(listed(under_test.now.civil).is_empty());
}

#[test]
fn setting_the_clock_neither_makes_an_upload_late_nor_holds_it_back() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 1_800);
    under_test.send_next(not_sent());
    set_civil(&mut under_test.now, SignedDuration::from_hours(-8));
    assert_eq!(under_test.next_wake(), Some(5));
    pass(&mut under_test.now, 5);
    assert_eq!(under_test.find("m1").left, SignedDuration::from_secs(1_795));
    assert_eq!(under_test.lease_key().unwrap(), "m1");
    set_civil(&mut under_test.now, SignedDuration::from_hours(24));
    assert_eq!(under_test.find("m1").left, SignedDuration::from_secs(1_795));
}

#[test]
fn after_a_reboot_deadlines_go_by_civil_time_and_waits_and_leases_are_over_whatever_it_says() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 1_800);
    under_test.enqueue("m2", "visit 2", 3_600);
    under_test.send_next(unknown());
    under_test.lease().unwrap();
    reboot(&mut under_test.now, 1_200);
    set_civil(&mut under_test.now, SignedDuration::from_hours(-8));
    assert_eq!(
        under_test.find("m1").left,
        SignedDuration::from_mins(10) + SignedDuration::from_hours(8)
    );
    for key in ["m1", "m2"] {
        let lease = under_test.lease().unwrap();
        assert_eq!((lease.key.as_str(), lease.ask_first), (key, true));
    }
}

#[test]
fn a_key_is_queued_once() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    let again = upload("m1", "visit 2", 60, &under_test.now);
    let refused = commit(&mut under_test.conn, |tx| {
        offline_queue::enqueue(tx, &again, &under_test.now)
    });
    assert!(matches!(refused, Err(QueueError::KeyTaken { key }) if key == "m1"));
    assert_eq!(under_test.find("m1").lane, "visit 1");
}

#[test]
fn the_file_itself_refuses_to_forget_or_change_an_upload_or_its_history() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    under_test.send_next(rejected());
    under_test.remedy("m1", RemedyKind::SetAside).unwrap();
    under_test.enqueue("m2", "visit 2", 600);
    under_test.send_next(delivered());
    for statement in [
        "DELETE FROM queue_upload WHERE key = 'm1'",
        "DELETE FROM queue_upload WHERE key = 'm2'",
        "UPDATE queue_body SET body = x'00' WHERE upload = (SELECT sequence FROM queue_upload WHERE key = 'm2')",
        "UPDATE queue_upload SET due_civil = 0",
        "UPDATE queue_upload SET state = 'waiting' WHERE key = 'm2'",
        "DELETE FROM queue_attempt",
        "UPDATE queue_attempt SET outcome = 'delivered'",
        "DELETE FROM queue_resolution",
        "UPDATE queue_resolution SET who = 'nobody'",
        "DELETE FROM queue_way",
    ] {
        let refused = under_test.conn.execute_batch(statement).unwrap_err();
        assert!(
            refused.to_string().contains("queue: "),
            "{statement}: {refused}"
        );
    }
}

#[test]
fn installing_twice_changes_nothing_and_newer_tables_are_refused() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    commit(&mut under_test.conn, |tx| {
        offline_queue::install(tx).unwrap();
    });
    assert_eq!(under_test.open_keys(), ["m1"]);
    under_test
        .conn
        .execute_batch("UPDATE queue_schema SET version = 99")
        .unwrap();
    let refused = commit(&mut under_test.conn, offline_queue::install);
    assert!(matches!(
        refused,
        Err(QueueError::NewerSchema {
            found: 99,
            known: 4
        })
    ));
}

#[test]
fn a_row_that_holds_what_is_never_written_is_an_error_not_a_guess() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    under_test.send_next(rejected());
    under_test.conn
        .execute_batch(
            "DROP TRIGGER queue_attempt_ended; UPDATE queue_attempt SET code = NULL WHERE number = 1",
        )
        .unwrap();
    assert!(matches!(
        offline_queue::find(&under_test.conn, "m1", &under_test.now),
        Err(QueueError::Damaged {
            sequence: 1,
            column: "code"
        })
    ));
}

#[test]
fn debugging_output_tells_sizes_and_never_words_or_bodies() {
    let mut under_test = QueueUnderTest::open();
    let mut new = upload("m1", "visit 1", 600, &under_test.now);
    new.body = "姓名：测试一".as_bytes().to_vec();
    commit(&mut under_test.conn, |tx| {
        offline_queue::enqueue(tx, &new, &under_test.now).unwrap();
    });
    let lease = under_test.lease().unwrap();
    let outcome = Outcome::Rejected {
        code: "-1".to_owned(),
        reason: "测试一不存在".into(),
        lane: Lane::Waits,
    };
    let out = format!("{new:?} {lease:?} {outcome:?}");
    under_test.finish(&lease, outcome).unwrap();
    let attempts = offline_queue::attempts(&under_test.conn, "m1").unwrap();
    let printed = format!("{out} {:?} {attempts:?}", under_test.find("m1"));
    assert!(!printed.contains("测试一"), "{printed}");
    assert!(
        !printed.contains(&format!("{:?}", new.body)),
        "the body's bytes are printed"
    );
    assert!(printed.contains("<18 bytes>"));
}

#[test]
fn ten_thousand_uploads_of_five_thousand_visits_are_handed_out_without_a_scan_for_each() {
    let mut under_test = QueueUnderTest::open();
    let now = under_test.now.clone();
    commit(&mut under_test.conn, |tx| {
        for n in 0..10_000 {
            let lane = format!("visit {}", n % 5_000);
            let new = upload(&format!("m{n}"), &lane, 1_800, &now);
            offline_queue::enqueue(tx, &new, &now).unwrap();
        }
    });
    let plan: Vec<String> = under_test
        .conn
        .prepare(
            "EXPLAIN QUERY PLAN SELECT 1 FROM queue_upload earlier
             WHERE earlier.lane = 'visit 1' AND earlier.sequence < 9
               AND earlier.state NOT IN ('delivered', 'set_aside')",
        )
        .unwrap()
        .query_map([], |row| row.get(3))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert!(plan[0].contains("queue_open"), "{plan:?}");
    pass(&mut under_test.now, Duration::from_mins(1).as_secs());
    assert_eq!(under_test.lease_key().unwrap(), "m0");
}
