//! What people read stands in `wording/`: no notice is made elsewhere, and Chinese stands elsewhere only where this list says why.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};

/// Where Chinese may stand in the code beside `wording/`, and why.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "bill/column.rs",
        "headings that hospitals write: read, not said",
    ),
    (
        "bill/mapping.rs",
        "categories that hospitals write: read, not said",
    ),
    ("bill/subtotal.rs", "words of a subtotal: read, not said"),
    ("bill/whose.rs", "words of a bill's title: read, not said"),
    (
        "bill/understand.rs",
        "words of a sum: read; what a cell should have been is said where it is read",
    ),
    (
        "bill/json/",
        "what a field should have been is said where it is read",
    ),
    (
        "bill/head.rs",
        "what a heading should have been is said where it is read",
    ),
    (
        "bill/line.rs",
        "what a cell should have been is said where it is read",
    ),
    (
        "bill/fault.rs",
        "what a sum should have been is said where it is added up",
    ),
    (
        "bill/cell/",
        "what a cell should have been is said where it is read",
    ),
    ("cli/", "what a command prints of its own when it is done"),
    (
        "counter/case/judge.rs",
        "the insured place and the filing by name, as slips keep them",
    ),
    (
        "counter/quote/file.rs",
        "names of fields, as the page labels them",
    ),
    (
        "counter/quote/marks/choices.rs",
        "the sign of a range, as people type it: read, not said",
    ),
    (
        "counter/quote/vouch.rs",
        "names of fields, as the page labels them",
    ),
    (
        "counter/slip/again.rs",
        "names of fields, as the page labels them",
    ),
    (
        "counter/slip/facts.rs",
        "the slip's title, as the ledger keeps it",
    ),
    (
        "counter/stay/cancellation.rs",
        "names of fields, and why a registration is set aside, as the queue keeps it",
    ),
    (
        "counter/staff/manage.rs",
        "names of fields, as the page labels them",
    ),
    (
        "counter/stay/forms.rs",
        "names of fields, as the page labels them",
    ),
    (
        "counter/upkeep/clock.rs",
        "names of fields, as the page labels them",
    ),
    (
        "counter/uploads/remedy.rs",
        "names of fields, and the reference as the queue keeps it",
    ),
    (
        "doors/",
        "labels of a screen beside its template; names of what a request holds",
    ),
    (
        "province/forms.rs",
        "words by which provinces write dates and flags",
    ),
    (
        "province/outbox/",
        "why a message waits, as the queue keeps it with the message",
    ),
    (
        "province/verdict.rs",
        "words by which a gateway's page is known",
    ),
    (
        "records/province_names.rs",
        "names of provinces, by GB/T 2260",
    ),
    (
        "records/examples.rs",
        "people and records made up for tests",
    ),
    (
        "standard_characters.rs",
        "a table of characters: put in the place of others, not said",
    ),
];

/// The daemon signs in under a name.
const NAMES: [&str; 1] = ["daemon.rs"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("tests") {
                sources(&path, found);
            }
        } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

/// The code of a file, without its tests and its comments, line by line.
fn code(path: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    (1..)
        .zip(code.lines())
        .map(|(number, line)| (number, line.trim_start()))
        .filter(|(_, line)| !line.starts_with("//"))
        .map(|(number, line)| (number, line.split(" // ").next().unwrap().to_owned()))
        .collect()
}

fn is_chinese(line: &str) -> bool {
    line.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Path below `agent/src`, line and text, of all code outside `wording/`.
fn outside() -> Vec<(String, usize, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files
        .iter()
        .map(|file| (file, file.strip_prefix(&root).unwrap().to_str().unwrap()))
        .filter(|(_, name)| !name.starts_with("wording/"))
        .flat_map(|(file, name)| {
            code(file)
                .into_iter()
                .map(|(number, line)| (name.to_owned(), number, line))
        })
        .collect()
}

#[test]
fn chinese_stands_in_wording_or_where_the_list_says_why() {
    let mut used = vec![false; ELSEWHERE.len()];
    for (name, number, line) in outside() {
        if !is_chinese(&line) || NAMES.contains(&name.as_str()) {
            continue;
        }
        let place = ELSEWHERE
            .iter()
            .position(|(path, _)| name.starts_with(path));
        let Some(place) = place else {
            panic!("{name}:{number}: put the sentence into wording/: {line}");
        };
        used[place] = true;
    }
    for ((path, why), used) in ELSEWHERE.iter().zip(used) {
        assert!(
            used,
            "{path} ({why}) has no Chinese any more: strike it off the list"
        );
    }
}

#[test]
fn notices_are_made_in_wording_alone() {
    for (name, number, line) in outside() {
        // The desk's panel is a notice without a code: nothing is wrong.
        let panel = name == "doors/page/desk.rs" && line.contains("Notice::new(\"\"");
        assert!(
            panel || !line.contains("Notice::new("),
            "{name}:{number}: {line}"
        );
    }
}

#[test]
fn what_is_known_knows_no_sentence() {
    // Rooms whose files hold facts and typed errors alone.
    for (name, number, line) in outside() {
        let room = name.split('/').next().unwrap();
        let silent = [
            "ledger",
            "registry",
            "settings",
            "desk",
            "custody.rs",
            "secret_file.rs",
        ];
        if silent.contains(&room) {
            assert!(!line.contains("wording::"), "{name}:{number}: {line}");
        }
    }
}
