//! No two files import each other, straight or round about, and the agent's rooms ask only what lies below them: read from the
//! source of every package of the workspace.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what cannot go on in a test ends there"
)]

mod fixtures;
mod graph;
mod order;
mod source;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use graph::{Arrows, Module, Package, circles};
use order::Arrow;
use serde_json::Value;

/// A library or a program of the workspace, by its root file.
struct Root {
    name: String,
    file: PathBuf,
}

/// Every library and program of the workspace.
fn roots() -> Vec<Root> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut roots = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        for target in package["targets"].as_array().unwrap() {
            let kinds = target["kind"].as_array().unwrap();
            if kinds.iter().any(|kind| kind == "lib" || kind == "bin") {
                let name = target["name"].as_str().unwrap().to_owned();
                let file = target["src_path"].as_str().unwrap().into();
                roots.push(Root { name, file });
            }
        }
    }
    roots
}

fn named(module: &Module) -> String {
    match module.join("::") {
        name if name.is_empty() => "the root".to_owned(),
        name => name,
    }
}

/// A circle in words: each file with those of the circle that it takes from.
fn told(arrows: &Arrows, circle: &BTreeSet<Module>) -> String {
    let mut lines = Vec::new();
    for file in circle {
        let to = arrows.get(file).into_iter().flatten();
        let to: Vec<String> = to.filter(|to| circle.contains(*to)).map(named).collect();
        lines.push(format!("  {} takes from {}", named(file), to.join(", ")));
    }
    lines.join("\n")
}

#[test]
fn no_two_files_import_each_other_straight_or_round_about() {
    let mut files = 0;
    let mut found = Vec::new();
    for root in roots() {
        let arrows = Package::read(&root.file).arrows();
        files += arrows.len();
        for circle in circles(&arrows) {
            found.push(format!("{}:\n{}", root.name, told(&arrows, &circle)));
        }
    }
    // A reader that follows no `mod` finds no circle either.
    assert!(files > 300, "only {files} files were read");
    assert!(found.is_empty(), "circles of files:\n{}", found.join("\n"));
}

#[test]
fn the_agents_rooms_ask_only_what_lies_below_them() {
    let agent = roots()
        .into_iter()
        .find(|root| root.name == "settlement_agent");
    let arrows = Package::read(&agent.unwrap().file).arrows();
    let (mut against, mut known) = (BTreeSet::new(), BTreeSet::new());
    for (from, to) in arrows
        .iter()
        .flat_map(|(from, to)| to.iter().map(move |to| (from, to)))
    {
        match order::judge(from, to) {
            Arrow::Down => {}
            Arrow::Known => {
                known.insert(named(from));
            }
            Arrow::Against(why) => {
                against.insert(format!("{} takes from {}: {why}", named(from), named(to)));
            }
        }
    }
    let against: Vec<String> = against.into_iter().collect();
    assert!(
        against.is_empty(),
        "arrows against the order:\n{}",
        against.join("\n")
    );
    for (file, to, _) in order::AGAINST {
        assert!(
            known.contains(file),
            "{file} does not take from {to} any more: strike it"
        );
    }
}
