//! The queue as its callers see it: what it hands out and keeps, against a model, and killed at every write.

#![expect(
    clippy::unwrap_used,
    reason = "a helper outside of a test function fails its test by panicking"
)]

mod behaviour;
mod kill;
mod model;
mod schema;
mod unwritten;
mod way;

use std::time::Duration;

use jiff::SignedDuration;
use offline_queue::{Backoff, Deadline, Moment, NewUpload, Retry};
use rusqlite::{Connection, Transaction};

/// Waits of 2, 4, 8 … 60 seconds; with no randomness half of that. A way that is shut is tried every five.
const RETRY: Retry = Retry {
    backoff: Backoff {
        first: Duration::from_secs(2),
        most: Duration::from_mins(1),
    },
    way_every: Duration::from_secs(5),
    random: 0,
};

const LEASE_FOR: Duration = Duration::from_mins(2);

/// 10:00 in China, an hour after the machine was started.
fn ten_o_clock() -> Moment {
    Moment {
        civil: "2026-11-22T02:00:00Z".parse().unwrap(),
        boot_id: "first".to_owned(),
        boottime: Duration::from_hours(1),
    }
}

/// Time goes by, on both clocks.
fn pass(now: &mut Moment, seconds: u64) {
    now.civil += Duration::from_secs(seconds);
    now.boottime += Duration::from_secs(seconds);
}

/// Somebody sets civil time; the boot's own clock does not notice.
fn set_civil(now: &mut Moment, by: SignedDuration) {
    now.civil += by;
}

/// The machine is off for a while.
fn reboot(now: &mut Moment, off_seconds: u64) {
    now.civil += Duration::from_secs(off_seconds);
    now.boot_id.push_str(", then another");
    now.boottime = Duration::from_secs(20);
}

fn upload(key: &str, lane: &str, due_in_seconds: u64, now: &Moment) -> NewUpload {
    NewUpload {
        key: key.to_owned(),
        lane: lane.to_owned(),
        kind: "settlement".to_owned(),
        body: format!("body of {key}").into_bytes(),
        deadline: Deadline::after(now, Duration::from_secs(due_in_seconds)),
    }
}

fn in_memory() -> Connection {
    let mut conn = Connection::open_in_memory().unwrap();
    commit(&mut conn, |tx| offline_queue::install(tx).unwrap());
    conn
}

fn commit<T>(conn: &mut Connection, work: impl FnOnce(&Transaction<'_>) -> T) -> T {
    let tx = conn.transaction().unwrap();
    let value = work(&tx);
    tx.commit().unwrap();
    value
}
