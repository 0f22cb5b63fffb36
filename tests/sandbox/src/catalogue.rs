//! The catalogues of three owners: the treatment place, its province, and one insured place's devices.

use anyhow::{Context as _, Result, ensure};
use serde::Serialize;

const TABLE: &str = include_str!("catalogue.csv");

/// Columns of the table that hold an owner's ceilings, and the owner. `-`: not listed there; empty: no ceiling.
const OWNERS: [(usize, &str); 3] = [(6, "430100"), (7, "430000"), (8, "650100")];

/// One entry as the province answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Entry {
    pub(crate) owner: String,
    pub(crate) column: String,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) from: String,
    pub(crate) to: Option<String>,
    pub(crate) restricted: bool,
    pub(crate) restriction: String,
    pub(crate) ceiling: Option<String>,
}

/// All entries of all owners.
pub(crate) fn entries() -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for record in csv::Reader::from_reader(TABLE.as_bytes()).records() {
        let record = record.context("the catalogue table is damaged")?;
        ensure!(
            record.len() == 9,
            "a row of the catalogue table has not nine columns"
        );
        let text = |column: usize| record[column].to_owned();
        let present = |text: String| (!text.is_empty()).then_some(text);
        for (column, owner) in OWNERS {
            if &record[column] == "-" {
                continue;
            }
            entries.push(Entry {
                owner: owner.into(),
                column: text(0),
                code: text(1),
                name: text(2),
                from: text(3),
                to: present(text(4)),
                restricted: !record[5].is_empty(),
                restriction: text(5),
                ceiling: present(text(column)),
            });
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ceiling, "none" without one, "not listed" where the owner has no such entry.
    fn ceiling(owner: &str, code: &str) -> String {
        let all = entries().unwrap();
        let found = all
            .into_iter()
            .find(|entry| entry.owner == owner && entry.code == code);
        found.map_or_else(
            || "not listed".to_owned(),
            |entry| entry.ceiling.unwrap_or_else(|| "none".to_owned()),
        )
    }

    #[test]
    fn each_owner_has_its_own_list_and_ceilings() {
        for (owner, code, expected) in [
            ("430100", "C14030100000001", "10000.00"),
            ("430000", "C14030100000001", "9800.00"),
            ("650100", "C14030100000001", "not listed"),
            ("430100", "001109000010000", "40.00"),
            ("430100", "FJ010100000001", "not listed"),
            ("650100", "FJ010100000001", "16000.00"),
            ("430100", "XN02BEA123A001010100001", "none"),
        ] {
            assert_eq!(ceiling(owner, code), expected, "{owner} {code}");
        }
    }

    #[test]
    fn no_entry_stands_twice() {
        let mut keys: Vec<_> = entries()
            .unwrap()
            .into_iter()
            .map(|entry| (entry.owner, entry.column, entry.code, entry.from))
            .collect();
        let all = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), all);
    }
}
