//! `explain` and `rules` through the built program: every scenario, the format's refusals, and exit statuses.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn scenarios() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/scenarios");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    found.sort();
    found
        .iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (
                name,
                serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap(),
            )
        })
        .collect()
}

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_settlement-agent"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // The program may end before it has read everything.
        let _ended = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// A result as the scenarios expect it: reasons and warnings by rule and code, warnings sorted; article and words must be there.
fn as_expected(mut result: Value) -> Value {
    for list in ["reasons", "warnings"] {
        for said in result[list].as_array_mut().unwrap() {
            for words in ["article", "say"] {
                assert!(
                    said[words].as_str().is_some_and(|text| !text.is_empty()),
                    "{said}"
                );
            }
            *said = json!({"rule": said["rule"], "code": said["code"]});
        }
    }
    let key = |said: &Value| (said["rule"].to_string(), said["code"].to_string());
    result["warnings"].as_array_mut().unwrap().sort_by_key(key);
    result
}

fn json_lines(output: &Output) -> Vec<Value> {
    String::from_utf8(output.stdout.clone())
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn every_scenario_is_decided_as_expected_one_by_one() {
    let scenarios = scenarios();
    assert_eq!(scenarios.len(), 43);
    for (name, scenario) in scenarios {
        let output = run(&["explain", "-"], scenario["case"].to_string().as_bytes());
        assert_eq!(output.status.code(), Some(0), "{name}");
        assert_eq!(
            as_expected(json_lines(&output).remove(0)),
            scenario["expect"],
            "{name}"
        );
    }
}

#[test]
fn every_scenario_is_decided_as_expected_line_by_line() {
    let scenarios = scenarios();
    let input = scenarios
        .iter()
        .fold(String::new(), |lines, (_, scenario)| {
            lines + &scenario["case"].to_string() + "\n"
        });
    let output = run(&["explain", "--lines"], input.as_bytes());
    assert_eq!(output.status.code(), Some(0));
    let results = json_lines(&output);
    assert_eq!(results.len(), scenarios.len());
    for (result, (name, scenario)) in results.into_iter().zip(scenarios) {
        assert_eq!(as_expected(result), scenario["expect"], "{name}");
    }
}

#[test]
fn a_file_is_read_as_standard_input_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.json");
    let (_, scenario) = scenarios().remove(0);
    std::fs::write(&path, scenario["case"].to_string()).unwrap();
    let output = run(&["explain", path.to_str().unwrap()], b"");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        as_expected(json_lines(&output).remove(0)),
        scenario["expect"]
    );
}

#[test]
fn a_bad_case_exits_2_and_names_the_field() {
    let (_, scenario) = scenarios().remove(0);
    let mut case = scenario["case"].clone();
    case["bill"]["lines"][0]["amount"] = json!("7200.0");
    let output = run(&["explain", "-"], case.to_string().as_bytes());
    assert_eq!(output.status.code(), Some(2));
    let error = json_lines(&output).remove(0)["error"].clone();
    assert_eq!(error["path"], "bill.lines[0].amount");
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|message| !message.is_empty())
    );
}

#[test]
fn a_bad_line_gets_its_error_on_its_line_and_the_run_goes_on() {
    let (_, scenario) = scenarios().remove(0);
    let case = scenario["case"].to_string();
    let mut input = Vec::new();
    for line in [
        case.as_bytes(),
        b"",
        b"{\"profile\": 1}",
        b"\xff\xfe",
        case.as_bytes(),
    ] {
        input.extend_from_slice(line);
        input.push(b'\n');
    }
    let output = run(&["explain", "--lines"], &input);
    assert_eq!(output.status.code(), Some(2));
    let results = json_lines(&output);
    assert_eq!(results.len(), 5);
    for good in [0, 4] {
        assert_eq!(as_expected(results[good].clone()), scenario["expect"]);
    }
    for bad in [1, 2, 3] {
        assert!(
            results[bad]["error"]["path"].is_string(),
            "{}",
            results[bad]
        );
    }
}

#[test]
fn what_editors_save_otherwise_is_said_in_words_that_mend_it() {
    let (_, scenario) = &scenarios()[0];
    let case = scenario["case"].to_string();
    let marked = [b"\xEF\xBB\xBF", case.as_bytes()].concat();
    // A Chinese sign as GBK writes it.
    let elsewhere = [b"{\"profile\": \"\xB2\xE2", case.as_bytes()].concat();
    let number = case.replacen("\"number\":1", "\"number\":1.0", 1);
    assert_ne!(number, case);
    for (text, path, words) in [
        (&b""[..], "$", "空的"),
        (b"  \r\n", "$", "空的"),
        (&marked, "$", "不带 BOM 的 UTF-8"),
        (b"\xFF\xFE{\0", "$", "编码不是 UTF-8"),
        (&elsewhere, "profile", "编码不是 UTF-8"),
        (b"{\"at\":\"20", "at", "不是完整的 JSON"),
        (number.as_bytes(), "bill.lines[0].number", "写的是小数"),
    ] {
        let output = run(&["explain", "-"], text);
        assert_eq!(output.status.code(), Some(2));
        let error = &json_lines(&output)[0]["error"];
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(words), "{error}");
        assert_eq!(error["path"], path, "{error}");
    }
}

#[test]
fn a_last_line_without_an_end_is_a_line() {
    let (_, scenario) = scenarios().remove(0);
    let output = run(
        &["explain", "--lines"],
        scenario["case"].to_string().as_bytes(),
    );
    assert_eq!(json_lines(&output).len(), 1);
}

#[test]
fn a_file_that_is_not_there_is_said_and_is_no_bad_case() {
    let output = run(&["explain", "no-such-case.json"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no-such-case.json"));
    assert!(output.stdout.is_empty());
}

#[test]
fn the_rules_are_listed_with_their_articles_and_who_sets_them() {
    let output = run(&["rules"], b"");
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    for rule in rules::RULES {
        let heading = format!("\n{} {}\n", rule.id, rule.asks);
        assert!(text.contains(&heading), "{heading}");
    }
    for words in [
        "national:13(2) “备案有效期内已办理入院手续的",
        "规定：国家",
        "registry_max_age_minutes = 1440",
    ] {
        assert!(text.contains(words), "{words}");
    }
}
