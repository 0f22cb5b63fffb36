//! Which room of the agent may take from which, and what does not hold yet.

use super::graph::Module;

/// Each room with those that it may take from. What is in none of them is the ground that every room stands on, and takes from no room.
const ORDER: &[(&str, &[&str])] = &[
    ("records", &[]),
    ("bill", &["records"]),
    ("ledger", &["records"]),
    ("registry", &["records"]),
    ("settings", &["bill"]),
    ("province", &["ledger", "registry", "records", "settings"]),
    ("desk", &["province", "records", "settings"]),
    (
        "counter",
        &[
            "desk", "bill", "registry", "ledger", "province", "records", "settings",
        ],
    ),
    (
        "doors",
        &[
            "counter", "desk", "bill", "registry", "ledger", "province", "records", "settings",
            "wording",
        ],
    ),
    // Errors of every room become sentences here: it may look at all of them, and is asked by those above alone.
    (
        "wording",
        &[
            "doors", "counter", "desk", "bill", "registry", "ledger", "province", "records",
            "settings", "daemon",
        ],
    ),
    (
        "daemon",
        &[
            "doors", "counter", "desk", "bill", "registry", "ledger", "province", "records",
            "settings", "wording",
        ],
    ),
    (
        "readiness",
        &[
            "daemon", "doors", "counter", "desk", "bill", "registry", "ledger", "province",
            "records", "settings", "wording",
        ],
    ),
    (
        "cli",
        &[
            "readiness",
            "daemon",
            "doors",
            "counter",
            "desk",
            "bill",
            "registry",
            "ledger",
            "province",
            "records",
            "settings",
            "wording",
        ],
    ),
];

/// Arrows against the order that stand today: a file, the room that it takes from, and what will end it. ARCHITECTURE.md names each.
pub(crate) const AGAINST: [(&str, &str, &str); 2] = [
    (
        "counter::slip::facts",
        "wording",
        "a slip's facts are no words",
    ),
    (
        "province::outbox::acknowledged",
        "wording",
        "the queue keeps no sentence of ours",
    ),
];

/// How an arrow stands to the order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arrow {
    /// As it should.
    Down,
    /// Against it, and listed.
    Known,
    /// Against it; why.
    Against(String),
}

/// How it stands that a file takes from another.
pub(crate) fn judge(from: &Module, to: &Module) -> Arrow {
    let (file, from, to) = (from.join("::"), room(from), room(to));
    let is_room = |name: &str| ORDER.iter().any(|(room, _)| *room == name);
    if from == to || from.is_empty() || !is_room(to) {
        return Arrow::Down;
    }
    let allowed = ORDER.iter().find(|(room, _)| *room == from);
    if allowed.is_some_and(|(_, below)| below.contains(&to)) {
        return Arrow::Down;
    }
    let mut listed = AGAINST.iter();
    if listed.any(|(known, asked, _)| (*known, *asked) == (file.as_str(), to)) {
        return Arrow::Known;
    }
    Arrow::Against(if is_room(from) {
        format!("{to} does not lie below {from}")
    } else {
        format!("{from} is of the ground, which takes from no room")
    })
}

fn room(module: &Module) -> &str {
    module.first().map_or("", String::as_str)
}
