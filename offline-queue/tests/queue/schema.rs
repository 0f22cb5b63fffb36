//! Files of the version before: what waited in them goes on waiting, and for the reason that its history tells.

use offline_queue::{Held, UploadState};

use super::behaviour::{QueueUnderTest, delivered};
use super::{commit, ten_o_clock};

/// A queue as version 1 left it: one upload that was not sent, one without an answer, one never tried, one delivered.
const VERSION_1: &str = include_str!("version-1.sql");

#[test]
fn a_file_of_version_1_opens_with_all_it_held() {
    let conn = rusqlite::Connection::open_in_memory().unwrap();
    conn.execute_batch(VERSION_1).unwrap();
    let mut under_test = QueueUnderTest {
        conn,
        now: ten_o_clock(),
    };
    commit(&mut under_test.conn, |tx| {
        offline_queue::install(tx).unwrap();
    });
    let held = |key: &str| {
        let UploadState::Waiting { held, .. } = under_test.state(key) else {
            panic!("{key} does not wait")
        };
        held
    };
    assert_eq!(held("m1"), Some(Held::NotSent));
    assert_eq!(held("m2"), Some(Held::Unknown));
    assert_eq!(held("m3"), None);
    assert!(matches!(
        under_test.state("m4"),
        UploadState::Delivered { .. }
    ));
    assert_eq!(under_test.open_keys(), ["m1", "m2", "m3"]);
    // The wait of the first, an hour by the version before, ends with the next one taken.
    assert_eq!(under_test.send_next(delivered()), "m3");
    assert_eq!(under_test.lease_key().unwrap(), "m1");
}
