//! Subtotals 小计: no lines, but they are held against the lines that they stand among.
//!
//! Hospitals put one below each group, several one below the other (a day's, then a category's), all of them at the end, or above
//! the group. Which it is does not show in the row: it is right where any of these readings gives its amount.

use std::collections::{HashMap, HashSet};

use rules::Money;

use super::position::RowPosition;

/// Words of categories whose sums are kept; a bill has some twenty.
const MOST_WORDS: usize = 200;

/// A subtotal as the file states it.
#[derive(Debug)]
pub(super) struct Stated {
    pub(super) position: RowPosition,
    pub(super) amount: Money,
    /// What all lines above it came to.
    above: Money,
    /// The category that it names.
    word: String,
}

/// All subtotals of a file, and the sums that they can be of.
#[derive(Debug, Default)]
pub(super) struct Subtotals {
    /// What all lines so far come to.
    so_far: Money,
    stated: Vec<Stated>,
    by_word: HashMap<String, Money>,
}

impl Subtotals {
    /// A line, under the hospital's word for its category.
    pub(super) fn line(&mut self, word: &str, amount: Money) {
        self.so_far += amount;
        if let Some(sum) = self.by_word.get_mut(word) {
            *sum += amount;
        } else if self.by_word.len() < MOST_WORDS {
            self.by_word.insert(word.to_owned(), amount);
        }
    }

    /// A subtotal; `word` is what it says of itself, as `西药费小计`.
    pub(super) fn stated(&mut self, position: RowPosition, amount: Money, word: &str) {
        let word = word.replace("小计", "");
        self.stated.push(Stated {
            position,
            amount,
            above: self.so_far,
            word: word.trim_end_matches([':', '(', ')', '元']).to_owned(),
        });
    }

    /// Those that no reading gives, with what the lines directly above come to.
    pub(super) fn wrong(&self) -> impl Iterator<Item = (&Stated, Money)> {
        // The groups' ends: the file's beginning and end, and wherever a subtotal stands.
        let ends: HashSet<Money> = self
            .stated
            .iter()
            .map(|stated| stated.above)
            .chain([Money::ZERO, self.so_far])
            .collect();
        let before = |at: usize| {
            let earlier = self.stated.get(..at).unwrap_or_default();
            let other = earlier.iter().rev().map(|earlier| earlier.above);
            let own = self.stated.get(at).map(|own| own.above);
            other
                .into_iter()
                .find(|end| Some(*end) != own)
                .unwrap_or_default()
        };
        self.stated
            .iter()
            .enumerate()
            .filter(move |(_, stated)| {
                !ends.contains(&(stated.above - stated.amount))
                    && !ends.contains(&(stated.above + stated.amount))
                    && self.by_word.get(&stated.word) != Some(&stated.amount)
            })
            .map(move |(at, stated)| (stated, stated.above - before(at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines as `word amount`, subtotals as `=word amount`, in yuan; what is told to be wrong.
    fn wrong(rows: &[(&str, i64)]) -> Vec<(u64, String)> {
        let mut subtotals = Subtotals::default();
        for (row, (word, yuan)) in (1..).zip(rows) {
            let amount = Money::from_cents(yuan * 100);
            match word.strip_prefix('=') {
                Some(word) => subtotals.stated(RowPosition { row, line: row }, amount, word),
                None => subtotals.line(word, amount),
            }
        }
        subtotals
            .wrong()
            .map(|(stated, sum)| (stated.position.row, sum.to_string()))
            .collect()
    }

    #[test]
    fn each_way_in_which_hospitals_write_subtotals_is_right() {
        let below_each_group: &[(&str, i64)] = &[
            ("西药费", 10),
            ("西药费", 20),
            ("=西药费小计", 30),
            ("床位费", 5),
            ("=床位费小计", 5),
        ];
        let nested: &[(&str, i64)] = &[
            ("西药费", 10),
            ("=西药费小计", 10),
            ("床位费", 5),
            ("=床位费小计", 5),
            ("=当日小计", 15),
            ("西药费", 7),
            ("=西药费小计", 7),
            ("=当日小计", 7),
        ];
        let all_at_the_end: &[(&str, i64)] = &[
            ("西药费", 10),
            ("床位费", 5),
            ("西药费", 20),
            ("=西药费小计:", 30),
            ("=床位费小计", 5),
        ];
        let above: &[(&str, i64)] = &[
            ("=小计", 30),
            ("西药费", 10),
            ("西药费", 20),
            ("=小计", 5),
            ("床位费", 5),
        ];
        let running: &[(&str, i64)] = &[("A", 10), ("=小计", 10), ("A", 5), ("=小计", 15)];
        let with_reversals: &[(&str, i64)] = &[("A", 10), ("A", -10), ("=小计", 0)];
        for rows in [
            below_each_group,
            nested,
            all_at_the_end,
            above,
            running,
            with_reversals,
        ] {
            assert_eq!(wrong(rows), [], "{rows:?}");
        }
    }

    #[test]
    fn one_that_no_reading_gives_is_told_beside_what_its_lines_come_to() {
        let rows = [
            ("西药费", 10),
            ("=西药费小计", 10),
            ("床位费", 5),
            ("床位费", 6),
            ("=床位费小计", 12),
        ];
        assert_eq!(wrong(&rows), [(5, "11.00".to_owned())]);
    }
}
