//! The built program's own reading: `settlement-agent explain --lines`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// What the program says of each line, and its exit status; `each` gets the results in order.
pub(crate) fn explain(
    lines: impl Iterator<Item = String> + Send,
    mut each: impl FnMut(Value),
) -> Option<i32> {
    let mut child = Command::new(end_to_end::built("settlement-agent").unwrap())
        .args(["explain", "--lines"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for line in lines {
                writeln!(input, "{line}").unwrap();
            }
        });
        for line in output.lines() {
            each(serde_json::from_str(&line.unwrap()).unwrap());
        }
    });
    child.wait().unwrap().code()
}

/// A result as the scenarios write it: what is said by rule and code alone, warnings sorted; articles and words must be there.
pub(crate) fn by_rule_and_code(mut result: Value) -> Value {
    for list in ["reasons", "warnings"] {
        let said = result[list]
            .as_array_mut()
            .unwrap_or_else(|| panic!("no list of {list}"));
        for one in said.iter_mut() {
            for words in ["article", "say"] {
                assert!(
                    one[words].as_str().is_some_and(|text| !text.is_empty()),
                    "{one}"
                );
            }
            *one = json!({"rule": one["rule"], "code": one["code"]});
        }
    }
    let key = |said: &Value| (said["rule"].to_string(), said["code"].to_string());
    result["warnings"].as_array_mut().unwrap().sort_by_key(key);
    result
}
