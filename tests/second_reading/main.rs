//! A second reading of the rules, written from the regulations and without the program's code, held against the program.
//!
//! Whoever changes a rule changes it twice: in `agent/rules` and here, each from the regulation's words. More cases from
//! another seed: `SECOND_READING=7:100000` in the environment.

#![expect(
    clippy::unwrap_used,
    reason = "what fails in the tests' own functions fails the test"
)]

mod broken;
mod case;
mod coverage;
mod generate;
mod program;
mod reading;

use std::path::Path;

use case::Case;
use coverage::Coverage;
use generate::Dice;
use serde_json::{Value, json};

/// The seed of a run and how many cases it reads.
fn run() -> (u64, u64) {
    std::env::var("SECOND_READING").map_or((1, 10_000), |asked| {
        let (seed, cases) = asked.split_once(':').unwrap();
        (seed.parse().unwrap(), cases.parse().unwrap())
    })
}

#[test]
fn the_second_reading_decides_every_scenario_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let scenario: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let case: Case = serde_json::from_value(scenario["case"].clone()).unwrap();
        assert_eq!(
            reading::read(&case),
            scenario["expect"],
            "{}",
            path.display()
        );
        read += 1;
    }
    assert!(read >= 43, "{read} scenarios");
}

#[test]
fn both_readings_agree_on_random_cases_of_every_rule() {
    let (seed, count) = run();
    let case = |number| generate::case(&mut Dice::of_case(seed, number));
    let lines = (0..count).map(|number| serde_json::to_string(&case(number)).unwrap());
    let mut coverage = Coverage::default();
    let (mut answered, mut differing, mut first) = (0, 0, String::new());
    let status = program::explain(lines, |result| {
        let case = case(answered);
        answered += 1;
        let own = reading::read(&case);
        coverage.add(&json!(case), &own);
        let theirs = if result["error"].is_null() {
            program::by_rule_and_code(result)
        } else {
            result
        };
        if own != theirs {
            differing += 1;
            if differing == 1 {
                first = format!(
                    "case: {}\nprogram: {theirs}\nsecond reading: {own}",
                    json!(case)
                );
            }
        }
    });
    assert_eq!(
        differing, 0,
        "of {count} cases so many are read otherwise; the first:\n{first}"
    );
    assert_eq!((answered, status), (count, Some(0)));
    eprintln!("{}", coverage.written());
    coverage.assert_every_rule_was_met(count);
}

#[test]
fn a_case_broken_in_one_field_is_an_error_that_names_the_field_and_the_next_case_is_read() {
    let (seed, count) = run();
    let pair = |number| {
        let mut dice = Dice::of_case(seed, number);
        let case = json!(generate::case(&mut dice));
        let (text, paths) = broken::broken(&mut dice, case.clone());
        (case, text, paths)
    };
    let count = count / 5;
    let lines = (0..count).flat_map(|number| {
        let (case, text, _) = pair(number);
        [text, case.to_string()]
    });
    let mut answered = 0;
    let status = program::explain(lines, |result| {
        let (_, text, paths) = pair(answered / 2);
        let error = &result["error"];
        if answered % 2 == 0 {
            let path = error["path"]
                .as_str()
                .unwrap_or_else(|| panic!("no error at {paths:?}: {text}"));
            assert!(
                paths.iter().any(|owed| owed == path),
                "{error} and not {paths:?}: {text}"
            );
            let message = error["message"].as_str().unwrap();
            assert!(
                message.chars().any(|sign| ('一'..='龥').contains(&sign)),
                "{error}"
            );
        } else {
            assert!(error.is_null(), "{error}");
        }
        answered += 1;
    });
    assert_eq!((answered, status), (count * 2, Some(2)));
}
