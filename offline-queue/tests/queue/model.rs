//! The queue against a model that fits in the head: a list, searched from its beginning.

use std::time::Duration;

use jiff::SignedDuration;
use offline_queue::{
    Held, Lane, Lanes, LeaseToken, Moment, Outcome, RemedyEntry, RemedyKind, UploadState, Which,
};
use proptest::collection::vec;
use proptest::prelude::*;
use rusqlite::Connection;

use super::{LEASE_FOR, RETRY, commit, in_memory, pass, reboot, set_civil, ten_o_clock, upload};

/// Seconds to wait after the first, second … failure in a row, and after any later one.
const WAITS: [i64; 6] = [1, 2, 4, 8, 16, 30];

#[derive(Debug, Clone)]
enum Step {
    Enqueue { lane: u8, due_in_seconds: u64 },
    Lease { untroubled: bool },
    Finish { which: usize, how: How },
    Resolve { which: usize, send_again: bool },
    Reclaim,
    Pass { seconds: u64 },
    SetClock { seconds: i64 },
    Reboot { off_seconds: u64 },
}

#[derive(Debug, Clone, Copy)]
enum How {
    Delivered,
    Rejected,
    GoesOn,
    Unknown,
    Untold,
    NotSent,
    MayHaveArrived,
    Later,
}

fn step() -> impl Strategy<Value = Step> {
    let how = prop_oneof![
        2 => Just(How::Delivered),
        1 => Just(How::Rejected),
        1 => Just(How::GoesOn),
        1 => Just(How::Unknown),
        1 => Just(How::Untold),
        2 => Just(How::NotSent),
        1 => Just(How::MayHaveArrived),
        1 => Just(How::Later)
    ];
    prop_oneof![
        4 => (0_u8..4, 0_u64..4_000)
            .prop_map(|(lane, due_in_seconds)| Step::Enqueue { lane, due_in_seconds }),
        5 => any::<bool>().prop_map(|untroubled| Step::Lease { untroubled }),
        5 => (any::<usize>(), how).prop_map(|(which, how)| Step::Finish { which, how }),
        1 => (any::<usize>(), any::<bool>())
            .prop_map(|(which, send_again)| Step::Resolve { which, send_again }),
        1 => Just(Step::Reclaim),
        3 => (0_u64..150).prop_map(|seconds| Step::Pass { seconds }),
        1 => (-90_000_i64..90_000).prop_map(|seconds| Step::SetClock { seconds }),
        1 => (0_u64..4_000).prop_map(|off_seconds| Step::Reboot { off_seconds }),
    ]
}

/// A point on both clocks, in seconds.
#[derive(Debug, Clone)]
struct Point {
    civil: i64,
    boot: String,
    boottime: i64,
}

impl Point {
    fn of(now: &Moment, seconds_later: i64) -> Self {
        Self {
            civil: now.civil.as_second() + seconds_later,
            boot: now.boot_id.clone(),
            boottime: i64::try_from(now.boottime.as_secs()).unwrap() + seconds_later,
        }
    }

    /// What is left of a wait: none outlives its boot.
    fn wait(&self, now: &Moment) -> i64 {
        let now = Self::of(now, 0);
        if self.boot == now.boot {
            (self.boottime - now.boottime).max(0)
        } else {
            0
        }
    }

    fn left(&self, now: &Moment) -> i64 {
        let now = Self::of(now, 0);
        if self.boot == now.boot {
            self.boottime - now.boottime
        } else {
            self.civil - now.civil
        }
    }
}

#[derive(Debug, Clone)]
enum Modelled {
    Waiting(Point),
    Leased(Point),
    Delivered,
    Rejected,
    SetAside,
}

#[derive(Debug)]
struct Item {
    key: String,
    lane: u8,
    due: Point,
    state: Modelled,
    ask_first: bool,
    failures: usize,
    attempts: u32,
    held: Option<&'static str>,
    passable: bool,
}

impl Item {
    fn open(&self) -> bool {
        !matches!(self.state, Modelled::Delivered | Modelled::SetAside)
    }

    fn blocks(&self) -> bool {
        self.open() && !self.passable
    }

    fn troubled(&self) -> bool {
        self.held.is_some_and(|held| held != "not_sent")
    }

    fn fail(&mut self, now: &Moment, wait: i64, ask_first: bool, held: Option<&'static str>) {
        self.state = Modelled::Waiting(Point::of(now, wait));
        self.ask_first = ask_first;
        self.failures += 1;
        self.held = held;
    }
}

#[derive(Debug, Default)]
struct Model {
    items: Vec<Item>,
    /// Until when a way that is shut is not tried.
    shut: Option<Point>,
    trying: Option<usize>,
    taken: usize,
}

/// Seconds between two tries of a way that is shut.
const WAY_EVERY: i64 = 5;

impl Model {
    fn head(&self, lane: u8) -> Option<usize> {
        self.items
            .iter()
            .position(|item| item.lane == lane && item.blocks())
    }

    fn expire(&mut self, now: &Moment, all: bool) {
        for item in &mut self.items {
            if let Modelled::Leased(until) = &item.state
                && (all || until.wait(now) == 0)
            {
                item.fail(now, 0, true, (!all).then_some("unknown"));
            }
        }
    }

    /// How long until somebody may be handed out; none while one tries the way.
    fn way(&self, now: &Moment) -> Option<i64> {
        let Some(shut) = &self.shut else {
            return Some(0);
        };
        let out = |which: usize| matches!(self.items[which].state, Modelled::Leased(_));
        (!self.trying.is_some_and(out)).then(|| shut.wait(now))
    }

    fn lease(&mut self, untroubled: bool, now: &Moment) -> Option<(String, u32, bool)> {
        self.expire(now, false);
        if self.way(now) != Some(0) {
            return None;
        }
        let next = (0..4)
            .filter_map(|lane| {
                let head = self.head(lane)?;
                let Modelled::Waiting(not_before) = &self.items[head].state else {
                    return None;
                };
                let urgency = self
                    .items
                    .iter()
                    .filter(|item| item.lane == lane && item.blocks())
                    .map(|item| item.due.left(now))
                    .min()?;
                let troubled = self.items[head].troubled();
                (not_before.wait(now) == 0 && !(untroubled && troubled))
                    .then_some((troubled, urgency, head))
            })
            .min()?
            .2;
        if self.shut.is_some() {
            self.trying = Some(next);
        }
        let item = &mut self.items[next];
        item.attempts += 1;
        item.state = Modelled::Leased(Point::of(now, 120));
        Some((item.key.clone(), item.attempts, item.ask_first))
    }

    fn finish(&mut self, which: usize, lent: &Lent, how: How, now: &Moment) -> bool {
        let taken_since = self.taken != lent.taken_before;
        let item = &mut self.items[which];
        let attempt = lent.token.attempt();
        if !matches!(item.state, Modelled::Leased(_)) || item.attempts != attempt {
            return false;
        }
        let wait = WAITS[item.failures.min(5)];
        match how {
            How::Delivered => {
                item.state = Modelled::Delivered;
                self.taken += 1;
                self.shut = None;
                self.trying = None;
                for item in &mut self.items {
                    if let Modelled::Waiting(until) = &mut item.state
                        && matches!(item.held, Some("not_sent" | "later"))
                    {
                        *until = Point::of(now, 0);
                    }
                }
                return true;
            }
            How::Rejected | How::GoesOn => {
                item.state = Modelled::Rejected;
                item.passable = matches!(how, How::GoesOn);
            }
            How::Unknown => item.fail(now, wait, true, Some("unknown")),
            How::Untold => item.fail(now, wait, true, Some("untold")),
            How::Later => item.fail(now, wait, item.ask_first, Some("later")),
            How::NotSent | How::MayHaveArrived => {
                let ask_first = item.ask_first || matches!(how, How::MayHaveArrived);
                let own = if self.shut.is_none() && taken_since {
                    wait
                } else {
                    0
                };
                item.fail(now, own, ask_first, Some("not_sent"));
                if self.shut.is_none() && !taken_since {
                    self.shut = Some(Point::of(now, WAY_EVERY));
                    return true;
                }
            }
        }
        if self.shut.is_some() && self.trying == Some(which) {
            self.shut = Some(Point::of(now, WAY_EVERY));
            self.trying = None;
        }
        true
    }

    fn remedy(&mut self, which: usize, send_again: bool, now: &Moment) -> bool {
        let item = &mut self.items[which];
        let rejected = matches!(item.state, Modelled::Rejected);
        let untold = matches!(item.state, Modelled::Waiting(_)) && item.held == Some("untold");
        if !rejected && !untold {
            return false;
        }
        item.ask_first = rejected;
        item.failures = 0;
        item.held = None;
        item.passable = false;
        item.state = if send_again {
            Modelled::Waiting(Point::of(now, 0))
        } else {
            Modelled::SetAside
        };
        true
    }

    fn wake_in(&self, now: &Moment) -> Option<i64> {
        let way = self.way(now);
        (0..4)
            .filter_map(|lane| match &self.items[self.head(lane)?].state {
                Modelled::Waiting(until) => way.map(|way| until.wait(now).max(way)),
                Modelled::Leased(until) => Some(until.wait(now)),
                Modelled::Delivered | Modelled::Rejected | Modelled::SetAside => None,
            })
            .min()
    }
}

struct Run {
    conn: Connection,
    now: Moment,
    model: Model,
    leases: Vec<Lent>,
}

/// A lease that was handed out.
#[derive(Debug, Clone)]
struct Lent {
    token: LeaseToken,
    key: String,
    taken_before: usize,
}

impl Run {
    fn take(&mut self, step: &Step) {
        match step {
            Step::Enqueue {
                lane,
                due_in_seconds,
            } => self.enqueue(*lane, *due_in_seconds),
            Step::Lease { untroubled } => self.lease(*untroubled),
            Step::Finish { which, how } => self.finish(*which, *how),
            Step::Resolve { which, send_again } => self.remedy(*which, *send_again),
            Step::Reclaim => {
                self.model.expire(&self.now, true);
                commit(&mut self.conn, |tx| {
                    offline_queue::reclaim(tx, &self.now).unwrap()
                });
            }
            Step::Pass { seconds } => pass(&mut self.now, *seconds),
            Step::SetClock { seconds } => {
                set_civil(&mut self.now, SignedDuration::from_secs(*seconds));
            }
            Step::Reboot { off_seconds } => reboot(&mut self.now, *off_seconds),
        }
        self.compare();
    }

    fn enqueue(&mut self, lane: u8, due_in_seconds: u64) {
        let key = format!("m{}", self.model.items.len());
        let new = upload(&key, &format!("lane {lane}"), due_in_seconds, &self.now);
        commit(&mut self.conn, |tx| {
            offline_queue::enqueue(tx, &new, &self.now).unwrap();
        });
        self.model.items.push(Item {
            key,
            lane,
            due: Point::of(&self.now, i64::try_from(due_in_seconds).unwrap()),
            state: Modelled::Waiting(Point::of(&self.now, 0)),
            ask_first: false,
            failures: 0,
            attempts: 0,
            held: None,
            passable: false,
        });
    }

    fn lease(&mut self, untroubled: bool) {
        let lanes = if untroubled {
            Lanes::Untroubled
        } else {
            Lanes::All
        };
        let lease = commit(&mut self.conn, |tx| {
            offline_queue::lease(tx, &self.now, LEASE_FOR, lanes).unwrap()
        });
        let got = lease
            .as_ref()
            .map(|lease| (lease.key.clone(), lease.token.attempt(), lease.ask_first));
        assert_eq!(got, self.model.lease(untroubled, &self.now));
        if let Some(lease) = lease {
            assert_eq!(lease.body, format!("body of {}", lease.key).into_bytes());
            self.leases.push(Lent {
                token: lease.token,
                key: lease.key,
                taken_before: self.model.taken,
            });
        }
    }

    /// Ends one of the last three leases that were handed out: often one that is over.
    fn finish(&mut self, which: usize, how: How) {
        if self.leases.is_empty() {
            return;
        }
        let lent = self.leases[self.leases.len() - 1 - which % self.leases.len().min(3)].clone();
        let outcome = match how {
            How::Delivered => Outcome::Delivered {
                receipt: "r".into(),
            },
            How::Rejected | How::GoesOn => Outcome::Rejected {
                code: "c".to_owned(),
                reason: "r".into(),
                lane: if matches!(how, How::GoesOn) {
                    Lane::GoesOn
                } else {
                    Lane::Waits
                },
            },
            How::Unknown => Outcome::OutcomeUnknown { detail: "d".into() },
            How::Untold => Outcome::Untold {
                code: "c".to_owned(),
                reason: "r".into(),
            },
            How::NotSent | How::MayHaveArrived => Outcome::NotSent {
                detail: "d".into(),
                ask_first: matches!(how, How::MayHaveArrived),
            },
            How::Later => Outcome::Later { detail: "d".into() },
        };
        let done = commit(&mut self.conn, |tx| {
            offline_queue::finish(tx, lent.token, outcome, &self.now, RETRY)
        });
        let which = self
            .model
            .items
            .iter()
            .position(|item| item.key == lent.key);
        let expected = self.model.finish(which.unwrap(), &lent, how, &self.now);
        assert_eq!(done.is_ok(), expected, "{done:?}");
    }

    fn remedy(&mut self, which: usize, send_again: bool) {
        if self.model.items.is_empty() {
            return;
        }
        let which = which % self.model.items.len();
        let key = self.model.items[which].key.clone();
        let decision = RemedyEntry {
            remedy: if send_again {
                RemedyKind::SendAgain
            } else {
                RemedyKind::SetAside
            },
            who: "w".into(),
            why: "y".into(),
        };
        let done = commit(&mut self.conn, |tx| {
            offline_queue::remedy(tx, &key, &decision, &self.now)
        });
        assert_eq!(
            done.is_ok(),
            self.model.remedy(which, send_again, &self.now)
        );
    }

    fn compare(&self) {
        let wake = offline_queue::next_wake(&self.conn, &self.now).unwrap();
        let wake_in = wake.map(|left| i64::try_from(left.as_secs()).unwrap());
        assert_eq!(wake_in, self.model.wake_in(&self.now));
        let open = offline_queue::list(&self.conn, Which::Open, &self.now).unwrap();
        assert_eq!(
            open.len(),
            self.model.items.iter().filter(|item| item.open()).count()
        );
        for item in &self.model.items {
            let found = offline_queue::find(&self.conn, &item.key, &self.now)
                .unwrap()
                .unwrap();
            assert_eq!(found.attempts, item.attempts);
            let shown = match found.state {
                UploadState::Waiting {
                    ask_first, held, ..
                } => {
                    assert_eq!(held.as_ref().map(name), item.held, "{}", item.key);
                    ("waiting", ask_first)
                }
                UploadState::Leased { .. } => ("leased", item.ask_first),
                UploadState::Delivered { .. } => ("delivered", item.ask_first),
                UploadState::Rejected { lane, .. } => {
                    assert_eq!(lane == Lane::GoesOn, item.passable);
                    ("rejected", item.ask_first)
                }
                UploadState::SetAside { .. } => ("set aside", item.ask_first),
            };
            let modelled = match item.state {
                Modelled::Waiting(_) => "waiting",
                Modelled::Leased(_) => "leased",
                Modelled::Delivered => "delivered",
                Modelled::Rejected => "rejected",
                Modelled::SetAside => "set aside",
            };
            assert_eq!(shown, (modelled, item.ask_first), "{}", item.key);
            if item.open() {
                assert_eq!(
                    found.left,
                    SignedDuration::from_secs(item.due.left(&self.now))
                );
            }
        }
    }
}

fn name(held: &Held) -> &'static str {
    match held {
        Held::NotSent => "not_sent",
        Held::Later => "later",
        Held::Unknown => "unknown",
        Held::Untold { .. } => "untold",
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_queue_does_what_the_model_does(steps in vec(step(), 1..60)) {
        let mut run = Run {
            conn: in_memory(),
            now: ten_o_clock(),
            model: Model::default(),
            leases: Vec::new(),
        };
        assert_eq!(LEASE_FOR, Duration::from_mins(2));
        for step in &steps {
            run.take(step);
        }
    }
}
