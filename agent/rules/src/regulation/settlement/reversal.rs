//! Lines that take back others: which line, what is left of it, and how its shares are mirrored.

use std::collections::HashMap;

use crate::case::amounts::Money;
use crate::case::bill::{Bill, BillLine, LineNumber};
use crate::case::factors::Quantity;
use crate::decision::{Shares, SplitLine};

/// The reversing lines of a bill, by line number, and the lines they reverse.
#[derive(Debug)]
pub(crate) struct Reversals {
    /// Index of the reversing line; index of its line, where there is such a line.
    taken: Vec<(usize, Option<usize>)>,
}

/// What is left of a line that is being reversed.
#[derive(Debug, Clone, Copy)]
struct Left {
    quantity: Quantity,
    fund: Money,
}

impl Reversals {
    pub(crate) fn of(bill: &Bill) -> Self {
        let mut reversing: Vec<(usize, LineNumber)> = bill
            .lines
            .iter()
            .enumerate()
            .filter_map(|(index, line)| line.reverses.map(|reverses| (index, reverses)))
            .collect();
        if reversing.is_empty() {
            return Self { taken: Vec::new() };
        }
        reversing.sort_unstable_by_key(|(index, _)| bill.lines[*index].number);
        // Lines that are not themselves reversals, by number: only those that are reversed.
        let mut lines: HashMap<LineNumber, Option<usize>> = reversing
            .iter()
            .map(|(_, reverses)| (*reverses, None))
            .collect();
        for (index, line) in bill.lines.iter().enumerate() {
            if line.reverses.is_none()
                && let Some(found) = lines.get_mut(&line.number)
            {
                *found = Some(index);
            }
        }
        let taken = reversing
            .into_iter()
            .map(|(index, reverses)| {
                let line = &bill.lines[index];
                let original = lines.get(&reverses).copied().flatten().filter(|original| {
                    let original = &bill.lines[*original];
                    (original.column, &original.code) == (line.column, &line.code)
                });
                (index, original)
            })
            .collect();
        Self { taken }
    }

    /// Those without such a line, and those that go beyond what is left of it, quantity or amount. Signs are taken as they
    /// stand: a line of the wrong sign is E13's own code.
    pub(crate) fn beyond_their_lines<'a>(&self, bill: &'a Bill) -> Vec<&'a BillLine> {
        let mut left: HashMap<usize, (Quantity, Money)> = HashMap::with_capacity(self.taken.len());
        let mut beyond = Vec::new();
        for (index, original) in &self.taken {
            let line = &bill.lines[*index];
            let Some(original) = original else {
                beyond.push(line);
                continue;
            };
            let whole = &bill.lines[*original];
            let (quantity, amount) = left
                .entry(*original)
                .or_insert((whole.quantity, whole.amount));
            *quantity += line.quantity;
            *amount += line.amount;
            if *quantity < Quantity::ZERO || *amount < Money::ZERO {
                beyond.push(line);
            }
        }
        beyond
    }

    /// Mirrors the shares of the lines reversed, in place: `split` holds every line in the bill's order.
    ///
    /// Other stays other. The fund gives back no more than it has left of that line, no more than the reversed amount, and, while
    /// quantity is left after it, no more than its part by quantity; the rest is self-pay.
    ///
    /// An interpretation: each return is rounded by itself, so a line returned in parts may leave a cent with the fund and take one
    /// from self-pay (11 units for 4.47, 10 of them back for 4.07 and 1 for 0.40: fund +0.01, self-pay −0.01). Their sum is
    /// always nothing; a line returned in one leaves nothing in either.
    pub(crate) fn mirror(&self, bill: &Bill, split: &mut [SplitLine]) {
        let mut left: HashMap<usize, Left> = HashMap::with_capacity(self.taken.len());
        for (index, original) in &self.taken {
            // E13 refuses a reversal of no line before anything is split.
            let Some(original) = original else { continue };
            let (line, whole, mirrored) = (
                &bill.lines[*index],
                &bill.lines[*original],
                split[*original],
            );
            let left = left.entry(*original).or_insert(Left {
                quantity: whole.quantity,
                fund: mirrored.shares.fund,
            });
            left.quantity += line.quantity;
            let shares = if whole.treats_injury == Some(false) {
                Shares {
                    other: line.amount,
                    ..Shares::default()
                }
            } else {
                let mut back = left.fund.min(-line.amount);
                if left.quantity > Quantity::ZERO {
                    back = back.min((-line.quantity).part_of(whole.quantity, mirrored.shares.fund));
                }
                left.fund -= back;
                Shares {
                    fund: -back,
                    self_pay: line.amount + back,
                    other: Money::ZERO,
                }
            };
            split[*index] = SplitLine {
                number: line.number,
                shares,
                ..mirrored
            };
        }
    }
}
