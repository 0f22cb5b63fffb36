//! Outages and hangs: who is tried, who goes first once something gets through, and whom a hang does not hold up.

use jiff::SignedDuration;
use offline_queue::{Held, Lane, Lanes, Outcome, RemedyKind, UploadState};

use super::behaviour::{QueueUnderTest, delivered, not_sent, unknown};
use super::{LEASE_FOR, commit, pass, set_civil};

fn later() -> Outcome {
    Outcome::Later {
        detail: "稍后再试".into(),
    }
}

fn untold() -> Outcome {
    Outcome::Untold {
        code: "query_closed".to_owned(),
        reason: "查询未开放".into(),
    }
}

/// Three visits, the last one due first.
fn three() -> QueueUnderTest {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 1_800);
    under_test.enqueue("m2", "visit 2", 1_200);
    under_test.enqueue("m3", "visit 3", 600);
    under_test
}

#[test]
fn while_nothing_gets_through_one_upload_tries_every_five_seconds_and_the_others_wait() {
    let mut under_test = three();
    assert_eq!(under_test.send_next(not_sent()), "m3");
    assert_eq!(
        (under_test.lease(), under_test.next_wake()),
        (None, Some(5))
    );
    pass(&mut under_test.now, 5);
    assert_eq!(under_test.lease_key().unwrap(), "m3");
    assert_eq!(under_test.lease(), None, "one at a time");
    assert_eq!(under_test.next_wake(), Some(LEASE_FOR.as_secs()));
}

#[test]
fn hastened_the_way_is_tried_at_once_by_one_and_whoever_waited_for_a_turn_may_go() {
    let mut under_test = three();
    assert_eq!(under_test.send_next(not_sent()), "m3");
    assert_eq!(under_test.lease(), None);
    let waited = commit(&mut under_test.conn, |tx| {
        offline_queue::hasten(tx, &under_test.now).unwrap()
    });
    assert_eq!(waited, 3);
    assert_eq!(under_test.next_wake(), Some(0));
    assert_eq!(under_test.send_next(delivered()), "m3");
    // The way is open: a wait of its own is what still holds one up, and that is ended too.
    assert_eq!(under_test.send_next(unknown()), "m2");
    assert_eq!(under_test.send_next(delivered()), "m1");
    assert_eq!(under_test.lease(), None);
    commit(&mut under_test.conn, |tx| {
        offline_queue::hasten(tx, &under_test.now).unwrap()
    });
    assert_eq!(under_test.send_next(delivered()), "m2");
    let nothing = commit(&mut under_test.conn, |tx| {
        offline_queue::hasten(tx, &under_test.now).unwrap()
    });
    assert_eq!(nothing, 0);
}

#[test]
fn the_first_one_taken_sends_all_others_at_once_the_earliest_deadline_first() {
    let mut under_test = three();
    // Two are out when the way is shut, and fail a moment later.
    let (first, second) = (under_test.lease().unwrap(), under_test.lease().unwrap());
    under_test.finish(&first, not_sent()).unwrap();
    under_test.finish(&second, not_sent()).unwrap();
    under_test.enqueue("m4", "visit 4", 900);
    pass(&mut under_test.now, 5);
    assert_eq!(under_test.send_next(delivered()), "m3");
    let order = [
        under_test.lease_key(),
        under_test.lease_key(),
        under_test.lease_key(),
    ];
    assert_eq!(order.map(Option::unwrap), ["m4", "m2", "m1"]);
}

#[test]
fn a_later_or_a_rejection_while_the_way_is_shut_does_not_open_it() {
    let mut under_test = three();
    under_test.send_next(not_sent());
    pass(&mut under_test.now, 5);
    assert_eq!(under_test.send_next(later()), "m3");
    assert_eq!(under_test.lease(), None);
    pass(&mut under_test.now, 5);
    assert_eq!(
        under_test.send_next(unknown()),
        "m2",
        "the one put off comes last"
    );
    assert_eq!(under_test.lease(), None);
    pass(&mut under_test.now, 5);
    assert_eq!(under_test.send_next(delivered()), "m1");
    assert_eq!(under_test.lease_key().unwrap(), "m3");
}

#[test]
fn a_failure_that_began_before_another_was_taken_shuts_nothing() {
    let mut under_test = three();
    let slow = under_test.lease().unwrap();
    assert_eq!(under_test.send_next(delivered()), "m2");
    under_test.finish(&slow, not_sent()).unwrap();
    assert_eq!(under_test.lease_key().unwrap(), "m1");
}

#[test]
fn what_was_put_off_is_tried_again_once_the_far_side_has_taken_another() {
    let mut under_test = three();
    under_test.send_next(later());
    assert_eq!(under_test.send_next(delivered()), "m2");
    assert_eq!(under_test.lease_key().unwrap(), "m1");
    assert_eq!(under_test.lease_key().unwrap(), "m3");
}

#[test]
fn a_lane_that_hung_comes_after_all_that_did_not_however_urgent_it_is() {
    let mut under_test = three();
    assert_eq!(under_test.send_next(unknown()), "m3");
    pass(&mut under_test.now, 60);
    let untroubled = |under_test: &mut QueueUnderTest| {
        let now = under_test.now.clone();
        commit(&mut under_test.conn, |tx| {
            let lease = offline_queue::lease(tx, &now, LEASE_FOR, Lanes::Untroubled).unwrap();
            lease.map(|lease| lease.key)
        })
    };
    assert_eq!(untroubled(&mut under_test).unwrap(), "m2");
    assert_eq!(under_test.lease_key().unwrap(), "m1");
    assert_eq!(untroubled(&mut under_test), None);
    assert_eq!(under_test.lease_key().unwrap(), "m3");
}

#[test]
fn a_clock_set_back_does_not_keep_a_shut_way_from_being_tried() {
    let mut under_test = three();
    under_test.send_next(not_sent());
    set_civil(&mut under_test.now, SignedDuration::from_hours(-8));
    pass(&mut under_test.now, 5);
    assert_eq!(under_test.lease_key().unwrap(), "m3");
}

#[test]
fn one_that_may_have_arrived_on_a_shut_way_is_asked_about_first() {
    let mut under_test = three();
    let outcome = Outcome::NotSent {
        detail: "certificate refused".into(),
        ask_first: true,
    };
    under_test.send_next(outcome);
    pass(&mut under_test.now, 5);
    assert!(under_test.lease().unwrap().ask_first);
}

#[test]
fn one_that_the_far_side_will_not_tell_of_is_asked_again_and_a_person_may_send_it_unasked() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    under_test.send_next(unknown());
    pass(&mut under_test.now, 60);
    under_test.send_next(untold());
    let UploadState::Waiting {
        held, ask_first, ..
    } = under_test.state("m1")
    else {
        panic!("{:?}", under_test.state("m1"))
    };
    let held_by = Held::Untold {
        code: "query_closed".to_owned(),
        reason: "查询未开放".into(),
    };
    assert_eq!((held, ask_first), (Some(held_by), true));
    pass(&mut under_test.now, 60);
    under_test.send_next(untold());
    under_test.remedy("m1", RemedyKind::SendAgain).unwrap();
    let lease = under_test.lease().unwrap();
    assert!(!lease.ask_first, "asking is what does not work");
    under_test.finish(&lease, delivered()).unwrap();
}

#[test]
fn one_that_the_far_side_will_not_tell_of_can_be_set_aside_but_not_while_it_is_out() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    under_test.enqueue("m2", "visit 1", 600);
    under_test.send_next(untold());
    pass(&mut under_test.now, 60);
    let asking = under_test.lease().unwrap();
    under_test.remedy("m1", RemedyKind::SetAside).unwrap_err();
    under_test.finish(&asking, untold()).unwrap();
    under_test.remedy("m1", RemedyKind::SetAside).unwrap();
    assert_eq!(under_test.lease_key().unwrap(), "m2");
}

#[test]
fn a_rejection_that_its_lane_does_not_wait_for_stays_in_sight_while_the_others_go_up() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    under_test.enqueue("m2", "visit 1", 900);
    under_test.enqueue("m3", "visit 2", 700);
    let outcome = Outcome::Rejected {
        code: "no_number".to_owned(),
        reason: "没有给出就医登记号".into(),
        lane: Lane::GoesOn,
    };
    under_test.send_next(outcome);
    assert_eq!(under_test.find("m2").waits_for, None);
    assert_eq!(
        under_test.send_next(delivered()),
        "m3",
        "due before what is left of the other lane"
    );
    assert_eq!(under_test.send_next(delivered()), "m2");
    assert_eq!(under_test.open_keys(), ["m1"]);
    under_test.remedy("m1", RemedyKind::SendAgain).unwrap();
    assert!(under_test.lease().unwrap().ask_first);
}
