//! Whether a bill, or much of it, was settled before for another visit.
//!
//! A fingerprint covers a line's day, column, code, price, quantity and amount: two patients of a ward have some lines alike. So a
//! bill is taken for another's where its file is the same, where a line has the same number of the hospital's own (one
//! that is no position on the bill), or where half of it is the same (interpretations all three). A person who has looked may
//! say why it is right.

use rules::{Bill, BillLine, Money};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::counter::case::second_look::SettledBefore;
use crate::counter::error::CounterError;
use crate::ledger::bills::{self, KnownBill, SettledBill};
use crate::ledger::numbers::VisitNumber;

/// Fewer lines alike say nothing, unless they are all there are.
const LEAST_ALIKE: usize = 5;

/// A bill as it is remembered; none without lines.
pub(crate) fn known(bill: &Bill, file: [u8; 32]) -> Option<KnownBill> {
    let days = || bill.lines.iter().map(|line| line.date);
    let mut lines: Vec<u64> = bill.lines.iter().map(|line| fingerprint(line, 0)).collect();
    let mut numbered: Vec<u64> = bill
        .lines
        .iter()
        .filter_map(|line| of_own(line, bill))
        .collect();
    lines.sort_unstable();
    numbered.sort_unstable();
    Some(KnownBill {
        file,
        days: (days().min()?, days().max()?),
        lines,
        numbered,
    })
}

/// The first settled bill of another visit that this one is taken for.
pub(crate) fn settled_before(
    conn: &Connection,
    visit: &VisitNumber,
    bill: &Bill,
    known: &KnownBill,
) -> Result<Option<SettledBefore>, CounterError> {
    let others = bills::of_other_visits(conn, visit, known)?;
    Ok(others.iter().find_map(|other| alike(bill, known, other)))
}

fn alike(bill: &Bill, known: &KnownBill, other: &SettledBill) -> Option<SettledBefore> {
    let same_file = known.file == other.bill.file;
    let same_numbers = in_common(&known.numbered, &other.bill.numbered);
    let mut left = in_common(&known.lines, &other.bill.lines);
    let numbered = !same_numbers.is_empty();
    let lines = left.len().max(same_numbers.len());
    let mut amount = Money::ZERO;
    for line in &bill.lines {
        let own = fingerprint(line, 0);
        if let Ok(at) = left.binary_search(&own) {
            left.remove(at);
            amount += line.amount;
        }
    }
    let charges: Money = bill
        .lines
        .iter()
        .map(|line| line.amount)
        .filter(|amount| !amount.is_negative())
        .sum();
    let all = lines == bill.lines.len() && lines == other.bill.lines.len();
    let half = amount.cents() * 2 >= charges.cents() || lines * 2 >= other.bill.lines.len();
    (same_file || numbered || all || (lines >= LEAST_ALIKE && half)).then(|| SettledBefore {
        settlement: other.settlement.clone(),
        same_file,
        lines,
        amount,
    })
}

/// What two sorted lists have in common, as often as both have it.
fn in_common(one: &[u64], other: &[u64]) -> Vec<u64> {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    let mut common = Vec::new();
    while let (Some(a), Some(b)) = (one.peek(), other.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => drop(one.next()),
            std::cmp::Ordering::Greater => drop(other.next()),
            std::cmp::Ordering::Equal => {
                common.push(**a);
                one.next();
                other.next();
            }
        }
    }
    common
}

/// With its number, where that is no position on the bill.
fn of_own(line: &BillLine, bill: &Bill) -> Option<u64> {
    let number = line.number.get();
    let positions = u64::try_from(bill.lines.len()).ok()?;
    (number > positions).then(|| fingerprint(line, number))
}

fn fingerprint(line: &BillLine, number: u64) -> u64 {
    let text = format!(
        "{number}\n{}\n{}\n{}\n{}\n{}\n{}",
        line.date,
        line.column.name(),
        line.code.as_str(),
        line.unit_price,
        line.quantity,
        line.amount
    );
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let (first, _) = digest.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
    u64::from_be_bytes(*first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bill::{Mapping, read};

    fn bill(rows: &[String]) -> Bill {
        let head = "序号,日期,类别,项目编码,项目名称,单价,数量,金额";
        let yuan: i64 = rows
            .iter()
            .map(|row| row.split(',').nth(7).unwrap().parse::<i64>().unwrap())
            .sum();
        let text = format!("{head}\n{}\n合计,,,,,,,{yuan}", rows.join("\n"));
        read(text.as_bytes(), &Mapping::default()).unwrap().bill
    }

    /// `amounts` become lines of as many yuan, numbered from `first`.
    fn rows(first: u64, amounts: &[u32]) -> Vec<String> {
        (first..)
            .zip(amounts)
            .map(|(number, yuan)| format!("{number},2025-08-12,药品,XN02,药,{yuan},1,{yuan}"))
            .collect()
    }

    fn taken_for(own: &[String], other: &[String], same_file: bool) -> Option<(usize, String)> {
        let (own, other) = (bill(own), bill(other));
        let digest = |same: bool| if same { [7; 32] } else { [8; 32] };
        let known_own = known(&own, [7; 32]).unwrap();
        let settled = SettledBill {
            settlement: "S1".to_owned(),
            visit: "V1".to_owned(),
            bill: known(&other, digest(same_file)).unwrap(),
        };
        alike(&own, &known_own, &settled).map(|before| (before.lines, before.amount.to_string()))
    }

    #[test]
    fn a_bill_is_taken_for_another_by_file_by_number_or_by_half_of_it() {
        let long: Vec<u32> = (1..=20).collect();
        let of = |lines: usize, amount: &str| Some((lines, amount.to_owned()));
        for (own, other, same_file, expected) in [
            (rows(1, &[1, 2]), rows(1, &[3, 4]), true, of(0, "0.00")),
            (rows(1, &[1, 2]), rows(1, &[3, 4]), false, None),
            // All of it, in another order and under other numbers.
            (rows(1, &[1, 2]), rows(5, &[2, 1]), false, of(2, "3.00")),
            // A line or two alike is a ward's day.
            (rows(1, &[1, 2, 50]), rows(1, &[1, 2, 60]), false, None),
            (
                rows(1, &long),
                rows(1, &long[..19]),
                false,
                of(19, "190.00"),
            ),
            // Another's whole bill within a longer one.
            (
                rows(1, &(1..=40).collect::<Vec<_>>()),
                rows(1, &long[..5]),
                false,
                of(5, "15.00"),
            ),
            (rows(1, &long[..4]), rows(1, &long), false, None),
            // One line with the hospital's own number.
            (
                rows(880_001, &[1, 9]),
                rows(880_001, &[1, 8]),
                false,
                of(1, "1.00"),
            ),
            (rows(880_001, &[1, 9]), rows(880_101, &[1, 8]), false, None),
        ] {
            assert_eq!(taken_for(&own, &other, same_file), expected, "{own:?}");
        }
    }
}
