//! Marks that people gave to a bill.

use std::collections::HashMap;

use rules::{Bill, BillLine, LineNumber};

/// Lines whose marks people gave: they can be taken back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) injury: Vec<LineNumber>,
    pub(crate) restriction: Vec<LineNumber>,
    pub(crate) reversal: Vec<LineNumber>,
}

impl Given {
    /// Nobody gave any.
    pub(crate) fn is_empty(&self) -> bool {
        self.injury.is_empty() && self.restriction.is_empty() && self.reversal.is_empty()
    }

    pub(super) fn extend(&mut self, more: Self) {
        self.injury.extend(more.injury);
        self.restriction.extend(more.restriction);
        self.reversal.extend(more.reversal);
    }

    /// Takes them from the bill again.
    pub(super) fn take_back(&self, bill: &mut Bill) {
        let at: HashMap<LineNumber, usize> = (0..)
            .zip(&bill.lines)
            .map(|(at, line)| (line.number, at))
            .collect();
        let mut each = |lines: &[LineNumber], take: &dyn Fn(&mut BillLine)| {
            for line in lines.iter().filter_map(|line| at.get(line)) {
                if let Some(line) = bill.lines.get_mut(*line) {
                    take(line);
                }
            }
        };
        each(&self.injury, &|line| line.treats_injury = None);
        each(&self.restriction, &|line| line.restriction_met = None);
        each(&self.reversal, &|line| line.reverses = None);
    }
}
