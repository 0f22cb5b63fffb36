//! Whose bill a file is: by the 住院号 in its name and in its head, of the stays that are open.

use std::collections::BTreeSet;

use crate::bill::whose::{same_but_zeros, same_number};
use crate::item_code::narrow;

/// To which stay it belongs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Belongs {
    /// The stay with this place in the list of open ones.
    Stay(usize),
    /// No open stay's; the numbers that it names.
    Nobodys(Vec<String>),
    /// It could be several stays': their numbers.
    Several(Vec<String>),
    /// Its name says one thing and its content another.
    Disagree {
        /// By the name.
        name: String,
        /// By the content.
        inside: String,
    },
}

/// Finds the stay by `name` and by the numbers `inside`, among those that are open.
pub(crate) fn belongs(name: &str, inside: &[String], open: &[&str]) -> Belongs {
    let plain_name = plain(name);
    let named: Vec<usize> = of_all(open, |number| stands_in(&plain_name, number));
    let inside_plain: BTreeSet<String> = inside.iter().map(|number| plain(number)).collect();
    if inside_plain.len() > 1 {
        return Belongs::Several(inside.to_vec());
    }
    let Some(only) = inside_plain.first() else {
        return match named.as_slice() {
            [] => Belongs::Nobodys(Vec::new()),
            [one] => Belongs::Stay(*one),
            several => Belongs::Several(numbers(several, open)),
        };
    };
    // A spreadsheet may have taken zeros from before it.
    let mut in_it = of_all(open, |number| same_number(only, number));
    if in_it.is_empty() {
        in_it = of_all(open, |number| same_but_zeros(only, number));
    }
    // The name may hold other numbers beside the right one.
    let agree = named.is_empty() || named.iter().any(|at| in_it.contains(at));
    match in_it.as_slice() {
        _ if !agree => Belongs::Disagree {
            name: numbers(&named, open).join("、"),
            inside: inside.join("、"),
        },
        [] => Belongs::Nobodys(inside.to_vec()),
        [one] => Belongs::Stay(*one),
        several => Belongs::Several(numbers(several, open)),
    }
}

fn of_all(open: &[&str], is_it: impl Fn(&str) -> bool) -> Vec<usize> {
    let plain_open = open.iter().map(|number| plain(number)).enumerate();
    plain_open
        .filter(|(_, number)| !number.is_empty() && is_it(number))
        .map(|(at, _)| at)
        .collect()
}

fn numbers(at: &[usize], open: &[&str]) -> Vec<String> {
    at.iter()
        .filter_map(|at| open.get(*at).map(|number| (*number).to_owned()))
        .collect()
}

/// As numbers are compared: narrow, in one case, without blanks.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(narrow)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// The number stands in the text by itself: no letter or digit directly before or behind it belongs to a longer one.
fn stands_in(text: &str, number: &str) -> bool {
    text.match_indices(number).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let behind = text.get(at + number.len()..);
        let behind = behind.and_then(|behind| behind.chars().next());
        let apart = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
        apart(before) && apart(behind)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stay(number: usize) -> Belongs {
        Belongs::Stay(number)
    }

    #[test]
    fn a_file_is_whose_number_stands_in_its_name_or_in_its_head() {
        const OPEN: &[&str] = &["ZY0001", "ZY0002", "2026-17", "00811042"];
        for (name, inside, expected) in [
            ("ZY0001.csv", &[][..], stay(0)),
            ("zy0001费用清单.xlsx", &[], stay(0)),
            ("费用清单（ＺＹ０００１）.xls", &[], stay(0)),
            ("出院_2026-17_张.csv", &[], stay(2)),
            ("bill.csv", &["ZY0002"], stay(1)),
            ("ZY0002.csv", &[" zy0002 "], stay(1)),
            ("ZY0001 ZY0002.csv", &["ZY0002"], stay(1)),
            ("bill.csv", &["811042"], stay(3)),
        ] {
            let inside: Vec<String> = inside.iter().map(|&number| number.into()).collect();
            assert_eq!(belongs(name, &inside, OPEN), expected, "{name}");
        }
    }

    #[test]
    fn what_could_be_another_ones_is_nobodys() {
        const OPEN: &[&str] = &["ZY0001", "ZY0002", "17", "", "DUP", "dup"];
        let texts = |numbers: &[&str]| -> Vec<String> {
            numbers.iter().map(|&number| number.into()).collect()
        };
        for (name, inside, expected) in [
            ("ZY00012.csv", &[][..], Belongs::Nobodys(texts(&[]))),
            ("2017.csv", &[], Belongs::Nobodys(texts(&[]))),
            ("bill.csv", &["ZY9"], Belongs::Nobodys(texts(&["ZY9"]))),
            (
                "ZY0001-ZY0002.csv",
                &[],
                Belongs::Several(texts(&["ZY0001", "ZY0002"])),
            ),
            ("DUP.csv", &[], Belongs::Several(texts(&["DUP", "dup"]))),
            (
                "bill.csv",
                &["ZY0001", "ZY0002"],
                Belongs::Several(texts(&["ZY0001", "ZY0002"])),
            ),
            (
                "ZY0001.csv",
                &["ZY0002"],
                Belongs::Disagree {
                    name: "ZY0001".into(),
                    inside: "ZY0002".into(),
                },
            ),
            (
                "ZY0001.csv",
                &["ZY9"],
                Belongs::Disagree {
                    name: "ZY0001".into(),
                    inside: "ZY9".into(),
                },
            ),
        ] {
            assert_eq!(belongs(name, &texts(inside), OPEN), expected, "{name}");
        }
    }
}
