//! Readers by their names: PC/SC appends two numbers that change with what else is plugged in, and when.

use std::ffi::{CStr, CString};

/// `ACS ACR39U ICC Reader 00 00` without the numbers: the same for a reader that was plugged in again, and for another of its
/// model.
pub(super) fn model(name: &str) -> &str {
    let is_number = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit());
    let mut rest = name;
    for _ in 0..2 {
        match rest.rsplit_once(' ') {
            Some((before, number)) if is_number(number) => rest = before,
            Some(_) | None => return name,
        }
    }
    rest
}

/// Those that the settings name by a part of their name; all where they name none. A name with numbers that nobody has is
/// looked for without them: the reader was plugged in again.
pub(super) fn chosen(connected: Vec<CString>, wanted: Option<&str>) -> Vec<CString> {
    let Some(wanted) = wanted else {
        return connected;
    };
    let has = |name: &CStr, part: &str| name.to_string_lossy().contains(part);
    let by = |part: &str| -> Vec<CString> {
        let chosen = connected.iter().filter(|name| has(name, part));
        chosen.cloned().collect()
    };
    let exactly = by(wanted);
    if exactly.is_empty() && !model(wanted).is_empty() {
        by(model(wanted))
    } else {
        exactly
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_readers_model_is_its_name_without_the_numbers() {
        for (name, expected) in [
            ("Counter 00 00", "Counter"),
            ("ACS ACR39U ICC Reader 01 0A", "ACS ACR39U ICC Reader"),
            ("一号窗口读卡器 00 01", "一号窗口读卡器"),
            ("Reader 2000", "Reader 2000"),
            ("Reader 00", "Reader 00"),
            ("00 00", "00 00"),
            ("", ""),
        ] {
            assert_eq!(model(name), expected);
        }
    }

    #[test]
    fn a_reader_whose_numbers_have_changed_is_found() {
        let connected = |names: &[&str]| -> Vec<CString> {
            names
                .iter()
                .map(|name| CString::new(*name).expect("no zero"))
                .collect()
        };
        let found = |names: &[&str], wanted: Option<&str>| -> Vec<String> {
            let chosen = chosen(connected(names), wanted);
            chosen
                .iter()
                .map(|name| name.to_string_lossy().into_owned())
                .collect()
        };
        let two = ["Desk 00 00", "Counter 01 00"];
        assert_eq!(found(&two, None), two);
        assert_eq!(found(&two, Some("Counter")), ["Counter 01 00"]);
        assert_eq!(found(&two, Some("Counter 00 00")), ["Counter 01 00"]);
        assert_eq!(found(&two, Some("Desk 00 00")), ["Desk 00 00"]);
        assert!(found(&two, Some("Window 00 00")).is_empty());
    }
}
