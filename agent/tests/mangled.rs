//! Files that were mangled on their way, byte by byte: none is ever read as a bill that differs from what the file says.
//!
//! What the file says is read once more here, by the plainest means: rows and cells of text, keys of JSON, cells of a workbook.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::io::Cursor;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use calamine::{Data, Reader as _, open_workbook_auto_from_rs};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use tempfile::TempDir;

const CONFIGURATION: &str = include_str!("minimal.toml");

/// Files of each kind that are tried; three thousand of each were, by hand.
const CASES: u32 = 60;

const SHIPPED: &[u8] = include_bytes!("../../tests/bills/discharge.csv");
const WORKBOOKS: [&[u8]; 3] = [
    include_bytes!("../../tests/bills/discharge.xlsx"),
    include_bytes!("../../tests/bills/libreoffice.xlsx"),
    include_bytes!("../../tests/bills/discharge.xls"),
];

/// The shipped bill as the program writes it, and as JSON that a hospital's system posts.
static POSTED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut read = check(SHIPPED).unwrap();
    let lines = read["lines"].as_array_mut().unwrap();
    for line in lines.iter_mut() {
        let line = line.as_object_mut().unwrap();
        let column = line.remove("column").unwrap();
        line.insert(
            "category".to_owned(),
            json!(in_chinese(column.as_str().unwrap())),
        );
        line.remove("catalogues");
    }
    json!({ "count": lines.len(), "lines": lines, "total": read["total"] })
        .to_string()
        .into_bytes()
});

fn in_chinese(column: &str) -> &str {
    match column {
        "drug" => "药品",
        "treatment" => "诊疗项目",
        "inpatient_service" => "住院服务标准",
        "rehabilitation" => "康复服务项目",
        "assistive_device" => "辅助器具",
        other => panic!("{other}"),
    }
}

/// What the program understands; none where it refuses, which it says.
fn check(bill: &[u8]) -> Option<Value> {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("bill");
    let config = folder.path().join("agent.toml");
    std::fs::write(&file, bill).unwrap();
    std::fs::write(&config, CONFIGURATION).unwrap();
    let output = Command::new(Path::new(env!("CARGO_BIN_EXE_settlement-agent")))
        .args(["bill", "check", "--json"])
        .arg(file)
        .arg("--config")
        .arg(config)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let read: Value = serde_json::from_str(&said).unwrap_or_else(|_| {
        panic!(
            "{:?}: {said}{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        )
    });
    match output.status.code() {
        Some(2) => {
            assert!(read["notice"]["say"].is_string(), "{read}");
            None
        }
        Some(0 | 3) => Some(read),
        other => panic!("{other:?}: {read}"),
    }
}

/// What may happen to a file's bytes.
#[derive(Debug, Clone)]
enum Mangled {
    Set(Index, u8),
    Cut(Index, u8),
    Doubled(Index, u8),
    Insert(Index, Vec<u8>),
    /// Bytes from one place stand in another.
    Moved(Index, Index, u8),
    EndsAt(Index),
}

fn mangled() -> impl Strategy<Value = Mangled> {
    let written = prop::sample::select(vec![
        &b","[..],
        b"\"",
        b"\r\n",
        b"0",
        b"9",
        b".",
        b"-",
        b"}",
        b"]",
        b"{",
        b"null",
        b"\0",
        b"\xff",
        b"\xe5\x90",
    ]);
    prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Mangled::Set(at, byte)),
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, bytes)| Mangled::Cut(at, bytes)),
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, bytes)| Mangled::Doubled(at, bytes)),
        2 => (any::<Index>(), written).prop_map(|(at, bytes)| Mangled::Insert(at, bytes.to_vec())),
        2 => (any::<Index>(), any::<Index>(), any::<u8>())
            .prop_map(|(from, to, bytes)| Mangled::Moved(from, to, bytes)),
        1 => any::<Index>().prop_map(Mangled::EndsAt),
    ]
}

impl Mangled {
    fn done_to(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let size = bytes.len();
        let run = |at: &Index, count: u8| {
            let from = at.index(size);
            from..(from + usize::from(count)).min(size)
        };
        match self {
            Self::Set(at, byte) => bytes[at.index(size)] = *byte,
            Self::Cut(at, count) => drop(bytes.drain(run(at, *count))),
            Self::Doubled(at, count) => {
                let again = bytes[run(at, *count)].to_vec();
                let at = run(at, *count).end;
                bytes.splice(at..at, again);
            }
            Self::Insert(at, written) => {
                let at = at.index(size);
                bytes.splice(at..at, written.iter().copied());
            }
            Self::Moved(from, to, count) => {
                let moved = bytes[run(from, *count)].to_vec();
                let to = run(to, *count);
                bytes.splice(to, moved);
            }
            Self::EndsAt(at) => bytes.truncate(at.index(size)),
        }
    }
}

fn after(bytes: &[u8], acts: &[Mangled]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for act in acts {
        act.done_to(&mut bytes);
    }
    bytes
}

/// A line as its file says it: code and amount in cents.
type Said = (String, i128);

fn cents(text: &str) -> Option<i128> {
    let plain: String = text
        .chars()
        .filter(|c| !(c.is_control() || matches!(c, ',' | ' ' | '\'' | '¥' | '￥' | '元')))
        .collect();
    if plain.is_empty() {
        return None;
    }
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let fraction = format!("{:0<2}", fraction.trim_end_matches('0'));
    format!("{whole}{fraction}").parse().ok()
}

fn plain(code: &str) -> String {
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_uppercase()
}

/// Every row that has a code and an amount where the shipped bill has them.
fn rows_of(cells: impl Iterator<Item = Vec<String>>) -> Vec<Said> {
    cells
        .filter_map(|row| Some((plain(row.get(3)?), cents(row.get(7)?)?)))
        .filter(|(code, _)| !code.is_empty())
        .collect()
}

fn of_text(bytes: &[u8]) -> Vec<Said> {
    let text = String::from_utf8_lossy(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    rows_of(
        reader
            .records()
            .filter_map(Result::ok)
            .map(|row| row.iter().map(str::to_owned).collect()),
    )
}

fn of_json(bytes: &[u8]) -> Vec<Said> {
    lines_of(&serde_json::from_slice(bytes).unwrap())
}

fn lines_of(body: &Value) -> Vec<Said> {
    let said = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    body["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            (
                plain(&said(&line["code"])),
                cents(&said(&line["amount"])).unwrap(),
            )
        })
        .collect()
}

fn of_workbook(bytes: &[u8]) -> Vec<Said> {
    let mut workbook = open_workbook_auto_from_rs(Cursor::new(bytes)).unwrap();
    let text = |cell: &Data| {
        if let Data::Float(number) = cell {
            format!("{number:.2}")
        } else {
            cell.to_string()
        }
    };
    workbook
        .worksheets()
        .iter()
        .map(|(_, sheet)| rows_of(sheet.rows().map(|row| row.iter().map(text).collect())))
        .max_by_key(Vec::len)
        .unwrap()
}

/// A file that is taken has the lines that it says, and its sum is theirs.
fn differs(bytes: &[u8], file_says: fn(&[u8]) -> Vec<Said>) -> Option<String> {
    let read = check(bytes)?;
    let mut own = lines_of(&read);
    let mut said = file_says(bytes);
    own.sort();
    said.sort();
    let total: i128 = own.iter().map(|(_, amount)| amount).sum();
    let same = own == said && Some(total) == cents(read["total"].as_str().unwrap());
    let only = |these: &[Said], others: &[Said]| -> Vec<Said> {
        let these = these.iter();
        these
            .filter(|line| !others.contains(line))
            .cloned()
            .collect()
    };
    (!same).then(|| {
        let (own_alone, said_alone) = (only(&own, &said), only(&said, &own));
        format!(
            "{} read, {own_alone:?}; {} said, {said_alone:?}",
            own.len(),
            said.len()
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) })]

    #[test]
    fn no_mangled_text_is_read_as_another_bill(acts in prop::collection::vec(mangled(), 1..4)) {
        let bytes = after(SHIPPED, &acts);
        prop_assert_eq!(differs(&bytes, of_text), None);
    }

    #[test]
    fn no_mangled_json_is_read_as_another_bill(acts in prop::collection::vec(mangled(), 1..4)) {
        let bytes = after(&POSTED, &acts);
        prop_assert_eq!(differs(&bytes, of_json), None);
    }

    #[test]
    fn no_mangled_workbook_is_read_as_another_bill(
        which in 0..3_usize, acts in prop::collection::vec(mangled(), 1..3)
    ) {
        let bytes = after(WORKBOOKS[which], &acts);
        prop_assert_eq!(differs(&bytes, of_workbook), None);
    }
}
