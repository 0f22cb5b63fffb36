//! What is sent while nothing can be written, and how it is written down once it can.

use std::collections::HashSet;

use offline_queue::{QueueError, UploadState, keep_mark, lease_sent, mark_is_kept, next_unwritten};

use super::behaviour::{QueueUnderTest, delivered, rejected, unknown};
use super::{RETRY, commit};

fn keys(keys: &[&str]) -> HashSet<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

fn next_key(under_test: &QueueUnderTest, done: &[&str], held: &[&str]) -> Option<String> {
    let next = next_unwritten(&under_test.conn, &under_test.now, &keys(done), &keys(held)).unwrap();
    next.map(|next| {
        assert_eq!(next.body, format!("body of {}", next.key).into_bytes());
        next.key
    })
}

#[test]
fn lanes_and_deadlines_hold_without_a_lease_too() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 1_800);
    under_test.enqueue("m2", "visit 1", 600);
    under_test.enqueue("m3", "visit 2", 900);
    assert_eq!(
        next_key(&under_test, &[], &[]).unwrap(),
        "m1",
        "its lane is the most urgent"
    );
    assert_eq!(next_key(&under_test, &[], &["m1"]).unwrap(), "m3");
    assert_eq!(next_key(&under_test, &["m1"], &[]).unwrap(), "m2");
    assert_eq!(next_key(&under_test, &["m1", "m2", "m3"], &[]), None);
    under_test.send_next(rejected());
    assert_eq!(
        next_key(&under_test, &[], &["m3"]),
        None,
        "m2 is behind a rejected one"
    );
}

#[test]
fn what_was_sent_unwritten_is_recorded_in_one_go_with_what_came_of_it() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    let now = under_test.now.clone();
    let record = |under_test: &mut QueueUnderTest, outcome| {
        commit(&mut under_test.conn, |tx| {
            let Some(token) = lease_sent(tx, "m1", false, &now)? else {
                return Ok(false);
            };
            offline_queue::finish(tx, token, outcome, &now, RETRY)?;
            Ok::<_, QueueError>(true)
        })
        .unwrap()
    };
    assert!(record(&mut under_test, unknown()));
    assert!(record(&mut under_test, delivered()));
    assert!(matches!(
        under_test.state("m1"),
        UploadState::Delivered { .. }
    ));
    assert_eq!(under_test.find("m1").attempts, 2);
    assert!(
        !record(&mut under_test, delivered()),
        "it does not wait any more"
    );
}

#[test]
fn a_lease_of_a_process_that_is_gone_is_sent_unwritten_asking_first() {
    let mut under_test = QueueUnderTest::open();
    under_test.enqueue("m1", "visit 1", 600);
    under_test.lease().unwrap();
    let nothing = HashSet::new();
    let next = next_unwritten(&under_test.conn, &under_test.now, &nothing, &nothing).unwrap();
    assert!(next.unwrap().ask_first);
    assert_eq!(
        next_key(&under_test, &[], &["m1"]),
        None,
        "being sent by this process"
    );
    let now = under_test.now.clone();
    commit(&mut under_test.conn, |tx| {
        let token = lease_sent(tx, "m1", true, &now).unwrap().unwrap();
        offline_queue::finish(tx, token, delivered(), &now, RETRY).unwrap();
    });
    assert!(matches!(
        under_test.state("m1"),
        UploadState::Delivered { .. }
    ));
    assert_eq!(under_test.find("m1").attempts, 2);
}

#[test]
fn a_file_tells_that_a_mark_is_kept_beside_it() {
    let mut under_test = QueueUnderTest::open();
    assert!(!mark_is_kept(&under_test.conn).unwrap());
    commit(&mut under_test.conn, |tx| keep_mark(tx).unwrap());
    assert!(mark_is_kept(&under_test.conn).unwrap());
}
