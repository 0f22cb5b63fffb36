//! Choices on a bill of five lines.

use jiff::Timestamp;

use super::*;
use crate::bill::{Mapping, read};

const ROWS: &str = "序号,日期,类别,项目编码,项目名称,单价,数量,金额
1,2025-08-12,药品,XN02,头孢,72,10,720
2,2025-08-12,药品,XC08,氨氯地平,5,2,10
3,2025-08-12,诊疗项目,0011,急诊诊查费,15,1,15
4,2025-08-12,住院服务标准,0012,床位费,40,1,40
5,2025-08-13,药品,XN02,头孢,72,-1,-72
合计,,,,,,,713";

fn bill() -> Bill {
    read(ROWS.as_bytes(), &Mapping::default()).unwrap().bill
}

fn list(text: &str) -> LineList {
    LineList::parse(text).unwrap()
}

fn code(text: &str) -> ItemCode {
    ItemCode::parse(text).unwrap()
}

fn drug() -> LineColumn {
    LineColumn::parse("drug").unwrap()
}

/// The marks of the five lines: yes, no, or none.
fn marks(injury: MarkChoices) -> String {
    let choices = Choices {
        injury,
        ..Choices::default()
    };
    let xc08 = ItemMark {
        treats_injury: Some(false),
        restriction_met: None,
        at: Timestamp::from_second(1_755_000_000).unwrap(),
    };
    let last = HashMap::from([("XC08".to_owned(), xc08)]);
    match choices.apply(bill(), &[], &last) {
        Ok(marked) => marked
            .bill
            .lines
            .iter()
            .map(|line| match line.treats_injury {
                Some(true) => 'y',
                Some(false) => 'n',
                None => '-',
            })
            .collect(),
        Err(fault) => format!("{fault:?}"),
    }
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one table: who chose what, and which choice counts"
)]
fn the_nearer_choice_goes_before_the_wider_one() {
    let base = MarkChoices::default;
    for (injury, expected) in [
        (
            MarkChoices {
                rest: Some(true),
                ..base()
            },
            "yyyyy",
        ),
        (
            MarkChoices {
                rest: Some(true),
                no: list("2, 4"),
                ..base()
            },
            "ynyny",
        ),
        (
            MarkChoices {
                rest: Some(true),
                no: list("1-3，5"),
                ..base()
            },
            "nnnyn",
        ),
        (
            MarkChoices {
                categories: BTreeMap::from([(drug(), true)]),
                ..base()
            },
            "yy--y",
        ),
        (
            MarkChoices {
                categories: BTreeMap::from([(drug(), true)]),
                last_time: true,
                ..base()
            },
            "yn--y",
        ),
        (
            MarkChoices {
                codes: BTreeMap::from([(code("XN02"), false)]),
                rest: Some(true),
                ..base()
            },
            "nyyyn",
        ),
        (
            MarkChoices {
                codes: BTreeMap::from([(code("XC08"), true)]),
                last_time: true,
                yes: list("3"),
                ..base()
            },
            "-yy--",
        ),
        (
            MarkChoices {
                last_time: true,
                ..base()
            },
            "-n---",
        ),
        (base(), "NothingChosen"),
        (
            MarkChoices {
                yes: list("9"),
                ..base()
            },
            "NotMissing(9)",
        ),
        (
            MarkChoices {
                yes: list("1-3"),
                no: list("3"),
                ..base()
            },
            "BothWays(3)",
        ),
    ] {
        assert_eq!(marks(injury), expected);
    }
    for text in ["x", "3-", "5-3", "0", "-1", "1,,x"] {
        assert!(LineList::parse(text).is_err(), "{text}");
    }
    assert_eq!(list(" ３、17，20－25 ").written(), "3,17,20-25");
}

#[test]
fn a_reversal_is_taken_only_where_somebody_chose_it_and_is_marked_as_its_line() {
    let none = HashMap::new();
    let rest = MarkChoices {
        rest: Some(true),
        ..MarkChoices::default()
    };
    let untouched = Choices {
        injury: rest.clone(),
        ..Choices::default()
    };
    let marked = untouched.apply(bill(), &[], &none).unwrap();
    assert_eq!(marked.bill.lines[4].reverses, None);
    assert_eq!(marked.missing.reversal, 1);

    let no_drug = MarkChoices {
        no: list("1"),
        ..MarkChoices::default()
    };
    let proposed = Choices {
        injury: no_drug,
        take_proposals: true,
        ..Choices::default()
    };
    let marked = proposed.apply(bill(), &[], &none).unwrap();
    assert_eq!(
        marked.bill.lines[4].reverses,
        Some(marked.bill.lines[0].number)
    );
    assert_eq!(marked.bill.lines[4].treats_injury, Some(false));
    let told = serde_json::to_string(&marked.tallies).unwrap();
    for part in [
        r#"{"mark":"treats_injury","value":false,"by":"lines","which":"1","lines":1}"#,
        r#"{"mark":"treats_injury","value":false,"by":"as_reversed","lines":1}"#,
        r#"{"mark":"reverses","by":"proposed","lines":1}"#,
    ] {
        assert!(told.contains(part), "{told}");
    }

    let number = |line: u64| LineNumber::new(line).unwrap();
    for (line, reversed, fits) in [
        (5, 1, true),
        (5, 2, false),
        (5, 5, false),
        (1, 2, false),
        (9, 1, false),
    ] {
        let chosen = Choices {
            reversals: vec![(number(line), number(reversed))],
            ..Choices::default()
        };
        assert_eq!(
            chosen.apply(bill(), &[], &none).is_ok(),
            fits,
            "{line} {reversed}"
        );
    }
}
