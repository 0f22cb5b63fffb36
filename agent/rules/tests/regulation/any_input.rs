//! Canonical bytes, and no panic on any input.

use proptest::prelude::*;
use rules::case_format::{parse_case, write_case, write_decision};
use rules::{Profile, decide};
use serde_json::{Value, json};

use super::documents::*;

#[test]
fn the_same_case_is_written_in_the_same_bytes() {
    for scenario in [STAY, DEVICE, REFUND] {
        let read = parse_case(case(scenario).to_string().as_bytes()).unwrap();
        let written = write_case(&read);
        let again = parse_case(&written).unwrap();
        assert_eq!(again, read);
        assert_eq!(write_case(&again), written);
    }
    // Written otherwise, the same case.
    let mut other = case(STAY);
    other["at"] = json!("2025-08-20T02:00:00.000Z");
    other["bill"]["lines"][0]["unit_price"] = json!("72");
    other["bill"]["lines"][0]["quantity"] = json!("100.0");
    other["institution"]["channels"] =
        json!(["intra_province", "cross_province", "intra_province"]);
    let bytes = |case: &Value| {
        write_case(&parse_case(serde_json::to_string_pretty(case).unwrap().as_bytes()).unwrap())
    };
    assert_eq!(bytes(&other), bytes(&case(STAY)));
}

#[test]
fn deep_nesting_is_refused_and_does_not_overflow() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = open.repeat(200_000) + "1" + &close.repeat(200_000);
        assert!(parse_case(deep.as_bytes()).is_err());
        let within =
            case(STAY)
                .to_string()
                .replacen("\"bill\":{", &format!("\"bill\":{deep},\"b\":{{"), 1);
        let error = parse_case(within.as_bytes()).expect_err("too deep");
        assert!(error.path.starts_with("bill"), "{}", &error.path[..40]);
    }
}

#[test]
fn a_bill_of_200_000_lines_is_split() {
    let mut value = case(STAY);
    let line = value["bill"]["lines"][0].to_string();
    value["bill"]["lines"] = json!([]);
    let numbered = |number| line.replacen("\"number\":1,", &format!("\"number\":{number},"), 1);
    let lines: Vec<String> = (1..=200_000).map(numbered).collect();
    let text = value.to_string().replacen(
        "\"lines\":[]",
        &format!("\"lines\":[{}]", lines.join(",")),
        1,
    );
    let read = parse_case(text.as_bytes()).unwrap();
    let decision = decide(&read, Profile::built_in(read.facts().profile));
    assert_eq!(decision.split.unwrap().total().to_string(), "1440000000.00");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(parse_case(&bytes).is_err());
    }

    #[test]
    fn no_change_of_a_byte_makes_it_panic(scenario in 0..3usize, at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = case([STAY, DEVICE, REFUND][scenario]).to_string().into_bytes();
        let index = at.index(bytes.len());
        bytes[index] = byte;
        if cut {
            bytes.truncate(index);
        }
        if let Ok(read) = parse_case(&bytes) {
            let decision = decide(&read, Profile::built_in(read.facts().profile));
            prop_assert!(!write_decision(&decision).is_empty());
            prop_assert_eq!(parse_case(&write_case(&read)).unwrap(), read);
        }
    }

    #[test]
    fn no_field_s_text_makes_it_panic(field in any::<prop::sample::Index>(), text in "\\PC{0,40}|-?[0-9]{1,28}(\\.[0-9]{0,28})?|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?") {
        let mut value = full();
        let mut all = Vec::new();
        pointers(&value, "", &mut all);
        let pointer = &all[field.index(all.len())];
        *value.pointer_mut(pointer).unwrap() = json!(text);
        if let Ok(read) = parse_case(value.to_string().as_bytes()) {
            let decision = decide(&read, Profile::built_in(read.facts().profile));
            prop_assert!(!write_decision(&decision).is_empty());
        }
    }
}
