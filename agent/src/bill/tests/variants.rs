//! The shipped bill in hundreds of ways of writing it: each is the same bill to the cent and the code, or is refused.

use std::fmt::Write as _;

use rules::Bill;

use super::{SHIPPED, notice, understood};

/// How a file is written as bytes.
type Bytes = fn(&str) -> Vec<u8>;
/// How a row's cells are written.
type Cells = fn(usize, &str) -> String;

fn original() -> Bill {
    understood(SHIPPED.as_bytes()).bill
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2], mark: bool) -> Vec<u8> {
    let mark = mark.then_some(0xFEFF);
    mark.into_iter()
        .chain(text.encode_utf16())
        .flat_map(bytes)
        .collect()
}

fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

const ENCODINGS: [(&str, Bytes); 7] = [
    ("UTF-8", |text| text.as_bytes().to_vec()),
    ("UTF-8 with mark", |text| {
        format!("\u{feff}{text}").into_bytes()
    }),
    ("GB 18030", gb18030),
    ("UTF-16 LE with mark", |text| {
        utf16(text, u16::to_le_bytes, true)
    }),
    ("UTF-16 BE with mark", |text| {
        utf16(text, u16::to_be_bytes, true)
    }),
    ("UTF-16 LE", |text| utf16(text, u16::to_le_bytes, false)),
    ("UTF-16 BE", |text| utf16(text, u16::to_be_bytes, false)),
];

/// Places of the shipped bill's columns.
const DATE: usize = 1;
const CODE: usize = 3;
const AMOUNT: usize = 7;

/// Cells of one column written another way; empty ones stay.
fn of_column(at: usize, column: usize, cell: &str, write: impl Fn(&str) -> String) -> String {
    if at == column && !cell.is_empty() {
        write(cell)
    } else {
        cell.to_owned()
    }
}

const WRITTEN: [(&str, Cells); 22] = [
    ("as it is", |_, cell| cell.to_owned()),
    ("all quoted", |_, cell| format!("\"{cell}\"")),
    ("blanks around", |_, cell| format!(" {cell} ")),
    ("ideographic blanks behind", |_, cell| {
        format!("{cell}\u{3000}")
    }),
    ("apostrophe before codes", |at, cell| {
        of_column(at, CODE, cell, |code| format!("'{code}"))
    }),
    ("backtick before codes", |at, cell| {
        of_column(at, CODE, cell, |code| format!("`{code}"))
    }),
    ("formula around codes", |at, cell| {
        of_column(at, CODE, cell, |code| format!("\"=\"\"{code}\"\"\""))
    }),
    ("bare formula around codes", |at, cell| {
        of_column(at, CODE, cell, |code| format!("=\"{code}\""))
    }),
    ("tab behind codes", |at, cell| {
        of_column(at, CODE, cell, |code| format!("\"{code}\t\""))
    }),
    ("zero width in codes", |at, cell| {
        of_column(at, CODE, cell, |code| {
            format!("{}\u{200b}{}", &code[..5], &code[5..])
        })
    }),
    ("no-break blank behind codes", |at, cell| {
        of_column(at, CODE, cell, |code| format!("{code}\u{a0}"))
    }),
    ("full-width codes", |at, cell| {
        of_column(at, CODE, cell, wide)
    }),
    ("dates with slashes", |at, cell| {
        of_column(at, DATE, cell, |date| date.replace('-', "/"))
    }),
    ("dates without zeros", |at, cell| {
        of_column(at, DATE, cell, |date| {
            date.replace("-0", "/").replace('-', "/")
        })
    }),
    ("dates as digits", |at, cell| {
        of_column(at, DATE, cell, |date| date.replace('-', ""))
    }),
    ("dates with times", |at, cell| {
        of_column(at, DATE, cell, |date| format!("{date} 08:30:00"))
    }),
    ("dates in Chinese", |at, cell| {
        of_column(at, DATE, cell, |date| {
            let parts: Vec<&str> = date.split('-').collect();
            format!("{}年{}月{}日", parts[0], parts[1], parts[2])
        })
    }),
    ("dates as day numbers", |at, cell| {
        of_column(at, DATE, cell, day_number)
    }),
    ("amounts with separators", |at, cell| {
        of_column(at, AMOUNT, cell, grouped)
    }),
    ("amounts with currency", |at, cell| {
        of_column(at, AMOUNT, cell, |amount| format!("¥{amount}"))
    }),
    ("amounts as numbers", |at, cell| {
        of_column(at, AMOUNT, cell, |amount| {
            amount
                .trim_end_matches('0')
                .trim_end_matches('.')
                .to_owned()
        })
    }),
    ("negative amounts in brackets", |at, cell| {
        of_column(at, AMOUNT, cell, |amount| match amount.strip_prefix('-') {
            Some(amount) => format!("({amount})"),
            None => amount.to_owned(),
        })
    }),
];

fn wide(text: &str) -> String {
    let wide = |c: char| char::from_u32(u32::from(c) + 0xFEE0).unwrap();
    text.chars().map(wide).collect()
}

fn day_number(date: &str) -> String {
    // 2025-08-11 is day 45880.
    let day: u32 = date.rsplit('-').next().unwrap().parse().unwrap();
    (45880 - 11 + day).to_string()
}

fn grouped(amount: &str) -> String {
    let (sign, digits) = match amount.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", amount),
    };
    let (whole, cents) = digits.split_once('.').unwrap();
    let mut written = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    format!("\"{sign}{written}.{cents}\"")
}

/// The shipped bill with each cell written by `cells`, cells divided by `delimiter`, rows ended by `end`.
fn rewritten(cells: Cells, delimiter: &str, end: &str) -> String {
    let mut text = String::new();
    for (row, line) in SHIPPED.lines().enumerate() {
        let written: Vec<String> = line
            .split(',')
            .enumerate()
            .map(|(at, cell)| {
                if row == 0 {
                    cell.to_owned()
                } else {
                    cells(at, cell)
                }
            })
            // A separator within a bare cell would be another cell.
            .map(|cell| {
                if delimiter == "," {
                    cell
                } else {
                    cell.trim_matches('"').to_owned()
                }
            })
            .collect();
        write!(text, "{}{end}", written.join(delimiter)).unwrap();
    }
    text
}

#[test]
fn the_bill_is_the_same_however_it_is_written() {
    let original = original();
    let mut tried = 0;
    for (encoding, bytes) in ENCODINGS {
        for (written, cells) in WRITTEN {
            for (delimiter, end) in [
                (",", "\r\n"),
                (",", "\n"),
                (",", ",\r\n"),
                ("\t", "\r\n"),
                (";", "\n"),
            ] {
                // Quotes of formulas and tabs in cells belong to the comma.
                let of_comma = ["formula", "tab behind"]
                    .iter()
                    .any(|word| written.contains(word));
                if of_comma && delimiter != "," {
                    continue;
                }
                let file = bytes(&rewritten(cells, delimiter, end));
                assert!(
                    understood(&file).bill == original,
                    "{encoding}, {written}, {delimiter:?}, {end:?}"
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 700, "{tried}");
}

#[test]
fn what_a_spreadsheet_has_damaged_is_refused() {
    let scientific: Cells = |at, cell| {
        of_column(at, CODE, cell, |code| match code.parse::<u64>() {
            Ok(number) => format!(
                "{}.{}E+{}",
                &number.to_string()[..1],
                &number.to_string()[1..6],
                number.to_string().len() - 1
            ),
            Err(_no_number) => code.to_owned(),
        })
    };
    let decimals: Cells = |at, cell| {
        of_column(at, CODE, cell, |code| match code.parse::<u64>() {
            Ok(number) => format!("{number}.0"),
            Err(_no_number) => code.to_owned(),
        })
    };
    let hashes: Cells = |at, cell| of_column(at, DATE, cell, |_| "########".to_owned());
    let american: Cells = |at, cell| {
        of_column(at, DATE, cell, |date| {
            format!("{}/{}/{}", &date[5..7], &date[8..], &date[..4])
        })
    };
    for (cells, names) in [
        (scientific, "科学记数法"),
        (decimals, "被当成了数字"),
        (hashes, "出错标记"),
        (american, "年在前"),
    ] {
        let notice = notice(rewritten(cells, ",", "\n").as_bytes());
        assert!(notice.details[0].contains(names), "{}", notice.details[0]);
    }
}

#[test]
fn every_file_that_ends_too_early_is_refused_or_says_that_no_sum_closes_it() {
    let original = super::understood(SHIPPED.as_bytes()).bill;
    let whole = SHIPPED.trim_end();
    let gbk = gb18030(whole);
    for whole in [whole.as_bytes(), &gbk] {
        let mut read = 0;
        for end in (0..whole.len() - 12).step_by(13) {
            if let Ok(understood) = super::read(&whole[..end], &super::Mapping::default()) {
                assert!(!understood.how.closed, "{end}");
                // What was read are lines of the whole file. The cut may go through the last cell of the last one.
                let lines = understood.bill.lines;
                let (last, before) = lines.split_last().unwrap();
                assert!(before == &original.lines[..before.len()], "{end}");
                assert_eq!(last.amount, original.lines[before.len()].amount, "{end}");
                read += 1;
            }
        }
        assert!(read > 0);
    }
}
