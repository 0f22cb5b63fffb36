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

/// Arrows against the order that stand today, room to room, with what ends them. ARCHITECTURE.md names each.
const AGAINST: &[(&str, &str, &str)] = &[
    ("bill", "wording", "until its faults are facts alone"),
    ("counter", "wording", "until a slip's facts are no words"),
    (
        "province",
        "wording",
        "until the queue keeps no sentence of ours",
    ),
];

/// Whether a file may take from another.
pub(crate) fn judge(from: &Module, to: &Module) -> Result<(), String> {
    let (from, to) = (room(from), room(to));
    if from == to || from.is_empty() || to.is_empty() {
        return Ok(());
    }
    let is_room = |name: &str| ORDER.iter().any(|(room, _)| *room == name);
    if !is_room(to) {
        return Ok(());
    }
    let allowed = ORDER.iter().find(|(room, _)| *room == from);
    if allowed.is_some_and(|(_, below)| below.contains(&to))
        || AGAINST
            .iter()
            .any(|(known, asked, _)| (*known, *asked) == (from, to))
    {
        return Ok(());
    }
    Err(if is_room(from) {
        format!("{to} does not lie below {from}")
    } else {
        format!("{from} is of the ground, which takes from no room")
    })
}

fn room(module: &Module) -> &str {
    module.first().map_or("", String::as_str)
}
