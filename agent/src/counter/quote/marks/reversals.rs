//! Which lines a negative line could reverse, and which of them is proposed: the only one that fits.

use std::collections::HashMap;

use rules::{Bill, BillLine, LineNumber, Money, Quantity};

use super::missing::{Missing, takes_back};

/// A negative line without a reference, and what it could reverse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    /// Its place on the bill.
    pub at: usize,
    /// Lines that it could reverse, by their places, in the bill's order.
    pub candidates: Vec<usize>,
}

impl Reversal {
    /// The only one that fits.
    pub fn proposed(&self) -> Option<usize> {
        match self.candidates.as_slice() {
            [only] => Some(*only),
            [] | [_, _, ..] => None,
        }
    }
}

/// What is left of a line.
#[derive(Debug, Clone, Copy)]
struct Left {
    quantity: Quantity,
    amount: Money,
}

impl Left {
    /// Whether this much can be taken.
    fn covers(mut self, line: &BillLine) -> bool {
        self.take(line);
        !self.quantity.is_negative() && !self.amount.is_negative()
    }

    fn take(&mut self, line: &BillLine) {
        self.quantity += line.quantity;
        self.amount += line.amount;
    }
}

/// For every negative line without a reference, what it could reverse: the same column, code and price, not later than it,
/// and not used up by others. Each that has one candidate alone uses it up for those after it.
pub(crate) fn offered(bill: &Bill, missing: &Missing) -> Vec<Reversal> {
    if missing.reversal.is_empty() {
        return Vec::new();
    }
    let mut left: HashMap<usize, Left> = HashMap::new();
    let mut alike: HashMap<_, Vec<usize>> = HashMap::new();
    let mut at: HashMap<LineNumber, usize> = HashMap::new();
    for (place, line) in bill.lines.iter().enumerate() {
        if line.reverses.is_none() && !takes_back(line) {
            let whole = Left {
                quantity: line.quantity,
                amount: line.amount,
            };
            left.insert(place, whole);
            at.insert(line.number, place);
            alike
                .entry((line.column, &line.code, line.unit_price))
                .or_default()
                .push(place);
        }
    }
    for line in &bill.lines {
        let reversed = line.reverses.and_then(|reversed| at.get(&reversed));
        if let Some(left) = reversed.and_then(|reversed| left.get_mut(reversed)) {
            left.take(line);
        }
    }
    let mut offered = Vec::new();
    for place in &missing.reversal {
        let Some(line) = bill.lines.get(*place) else {
            continue;
        };
        let same = alike.get(&(line.column, &line.code, line.unit_price));
        let fits = |candidate: &&usize| {
            let earlier = bill
                .lines
                .get(**candidate)
                .is_some_and(|other| other.date <= line.date);
            earlier && left.get(candidate).is_some_and(|left| left.covers(line))
        };
        let candidates: Vec<usize> = same.into_iter().flatten().filter(fits).copied().collect();
        let reversal = Reversal {
            at: *place,
            candidates,
        };
        if let Some(left) = reversal.proposed().and_then(|only| left.get_mut(&only)) {
            left.take(line);
        }
        offered.push(reversal);
    }
    offered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bill::{Mapping, read};

    /// The candidates of each negative line, by line numbers.
    fn candidates(rows: &[&str]) -> Vec<(u64, Vec<u64>)> {
        let head = "序号,日期,类别,项目编码,项目名称,单价,数量,金额,治疗工伤,限制条件,冲销序号";
        let cents: i64 = rows
            .iter()
            .map(|row| row.split(',').nth(7).unwrap().parse::<i64>().unwrap())
            .sum();
        let text = format!("{head}\n{}\n合计,,,,,,,{cents}.00,,,", rows.join("\n"));
        let bill = read(text.as_bytes(), &Mapping::default()).unwrap().bill;
        let number = |place: usize| bill.lines[place].number.get();
        offered(&bill, &Missing::on(&bill, &[]))
            .into_iter()
            .map(|reversal| {
                let candidates = reversal.candidates.iter().map(|place| number(*place));
                (number(reversal.at), candidates.collect())
            })
            .collect()
    }

    #[test]
    fn what_a_negative_line_could_reverse_is_told() {
        let whole = "1,2025-08-12,药品,XN02,药,72,10,720,,,";
        for (rows, expected) in [
            // One fits.
            (
                vec![whole, "2,2025-08-13,药品,XN02,药,72,-1,-72,,,"],
                vec![(2, vec![1])],
            ),
            // Two fit.
            (
                vec![
                    whole,
                    "2,2025-08-12,药品,XN02,药,72,1,72,,,",
                    "3,2025-08-13,药品,XN02,药,72,-1,-72,,,",
                ],
                vec![(3, vec![1, 2])],
            ),
            // Too much for the small one.
            (
                vec![
                    whole,
                    "2,2025-08-12,药品,XN02,药,72,1,72,,,",
                    "3,2025-08-13,药品,XN02,药,72,-2,-144,,,",
                ],
                vec![(3, vec![1])],
            ),
            // Another code, another price, another column, a later day: none.
            (
                vec![whole, "2,2025-08-13,药品,XN03,药,72,-1,-72,,,"],
                vec![(2, vec![])],
            ),
            (
                vec![whole, "2,2025-08-13,药品,XN02,药,71,-1,-71,,,"],
                vec![(2, vec![])],
            ),
            (
                vec![whole, "2,2025-08-13,诊疗项目,XN02,药,72,-1,-72,,,"],
                vec![(2, vec![])],
            ),
            (
                vec![whole, "2,2025-08-11,药品,XN02,药,72,-1,-72,,,"],
                vec![(2, vec![])],
            ),
            // Reversed before, all of it.
            (
                vec![
                    whole,
                    "2,2025-08-13,药品,XN02,药,72,-10,-720,,,1",
                    "3,2025-08-13,药品,XN02,药,72,-1,-72,,,",
                ],
                vec![(3, vec![])],
            ),
            // The first uses up what the second would need.
            (
                vec![
                    "1,2025-08-12,药品,XN02,药,72,1,72,,,",
                    "2,2025-08-13,药品,XN02,药,72,-1,-72,,,",
                    "3,2025-08-13,药品,XN02,药,72,-1,-72,,,",
                ],
                vec![(2, vec![1]), (3, vec![])],
            ),
            // A line that only a reversal's sign half has is the rules' to refuse.
            (vec![whole, "2,2025-08-13,药品,XN02,药,72,1,-72,,,"], vec![]),
        ] {
            assert_eq!(candidates(&rows), expected, "{rows:?}");
        }
    }
}
