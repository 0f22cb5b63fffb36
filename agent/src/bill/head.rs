//! The head: which row names the columns, under whatever title, and which column is which.
//!
//! Two columns that could be the same one are refused, not chosen from: the configuration says which one it is.

use super::column::{Column, letters};
use super::fault::{FaultKind, Finding, Findings};
use super::mapping::Mapping;
use super::position::RowPosition;
use super::source::{Record, Row};

/// How many columns of a bill a row names.
pub(super) fn known_columns(cells: &Record, mapping: &Mapping) -> usize {
    let mut known: Vec<Column> = cells
        .texts()
        .filter_map(|text| mapping.column(text))
        .map(|(column, _)| column)
        .collect();
    known.sort_unstable();
    known.dedup();
    known.len()
}

/// A column in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// What it holds.
    pub column: Column,
    /// Its place, from 0.
    pub index: usize,
    /// The hospital's name for it.
    pub text: String,
}

impl Heading {
    /// As people find it: `H 列“金额(元)”`.
    pub fn say(&self) -> String {
        format!("{} 列“{}”", letters(self.index), self.text)
    }
}

/// The head of a bill.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) position: RowPosition,
    pub(super) width: usize,
    pub(super) columns: Vec<Heading>,
    /// Headings that mean nothing here.
    pub(super) ignored: Vec<String>,
    /// Where each column stands, by [`Column::ALL`]'s order.
    places: [Option<usize>; Column::ALL.len()],
    /// Of a JSON body: columns go by their keys alone.
    keyed: bool,
}

impl Head {
    /// Takes a row for the head. What is missing or stands twice goes to the findings.
    pub(super) fn of(row: &Row<'_>, mapping: &Mapping, findings: &mut Findings) -> Self {
        let mut found: Vec<(Heading, bool)> = Vec::new();
        let mut ignored = Vec::new();
        for (index, text) in row.cells.texts().enumerate() {
            let heading = text.trim().to_owned();
            match mapping.column(text) {
                Some((column, told)) => {
                    let heading = Heading {
                        column,
                        index,
                        text: heading,
                    };
                    found.push((heading, told));
                }
                None if heading.is_empty() => {}
                None => ignored.push(heading),
            }
        }
        let mut head = Self {
            position: row.position,
            width: row.cells.len(),
            columns: Vec::new(),
            ignored,
            places: [None; Column::ALL.len()],
            keyed: false,
        };
        for (position, column) in head.places.iter_mut().zip(Column::ALL) {
            let of_it = |told: bool| {
                let of_it = found
                    .iter()
                    .filter(move |(heading, by)| heading.column == column && *by == told);
                of_it.map(|(heading, _)| heading.clone()).collect()
            };
            // What the configuration names goes before what is known by itself.
            let mut candidates: Vec<Heading> = of_it(true);
            if candidates.is_empty() {
                candidates = of_it(false);
            }
            match candidates.len() {
                0 if Column::REQUIRED.contains(&column) => {
                    findings.add(missing(row.position, column, &head.ignored));
                }
                0 => {}
                1 => {
                    *position = candidates.first().map(|heading| heading.index);
                    head.columns.append(&mut candidates);
                }
                _several => findings.add(twice(row.position, column, &candidates)),
            }
        }
        head
    }

    /// Of a JSON body: every column in its place, under the key that the last line gave it.
    pub(super) fn of_keys(numbered: bool) -> Self {
        let heading = |(index, column): (usize, Column)| Heading {
            column,
            index,
            text: column.key().to_owned(),
        };
        let mut places = std::array::from_fn(Some);
        if !numbered
            && let Some(number) = Column::Number.position().and_then(|at| places.get_mut(at))
        {
            *number = None;
        }
        Self {
            position: RowPosition { row: 0, line: 0 },
            width: Column::ALL.len(),
            columns: Column::ALL.into_iter().enumerate().map(heading).collect(),
            ignored: Vec::new(),
            places,
            keyed: true,
        }
    }

    /// The key under which a line of a JSON body has a column.
    pub(super) fn rename(&mut self, column: Column, key: &str) {
        let heading = self
            .columns
            .iter_mut()
            .find(|heading| heading.column == column);
        if let Some(heading) = heading.filter(|heading| heading.text != key) {
            key.clone_into(&mut heading.text);
        }
    }

    /// The place of a column.
    pub(super) fn index(&self, column: Column) -> Option<usize> {
        self.places.get(column.position()?).copied().flatten()
    }

    /// The text of a row in a column; empty where there is no such column.
    pub(super) fn text<'r>(&self, row: &'r Row<'_>, column: Column) -> &'r str {
        self.index(column)
            .map_or("", |index| row.cells.text(index).trim())
    }

    /// The column as people find it.
    pub(super) fn say(&self, column: Column) -> String {
        self.columns
            .iter()
            .find(|heading| heading.column == column)
            .map_or_else(
                || format!("“{}”", column.name()),
                |heading| {
                    if self.keyed {
                        heading.text.clone()
                    } else {
                        heading.say()
                    }
                },
            )
    }

    /// The row repeats the head, as printed pages do.
    pub(super) fn is_repeated_by(&self, row: &Row<'_>) -> bool {
        self.columns
            .iter()
            .all(|heading| row.cells.text(heading.index).trim() == heading.text)
    }
}

fn missing(at: RowPosition, column: Column, ignored: &[String]) -> Finding {
    let unknown = match ignored {
        [] => String::new(),
        some => format!("；没有认出的列：{}", some.join("、")),
    };
    Finding::new(FaultKind::ColumnMissing, Some(at))
        .column(format!("“{}”", column.name()))
        .expected(format!(
            "账单缺少“{}”一列{unknown}。列名不同的，请信息科在配置 [bill.columns] 中写明",
            column.name()
        ))
}

fn twice(at: RowPosition, column: Column, candidates: &[Heading]) -> Finding {
    let named: Vec<String> = candidates.iter().map(Heading::say).collect();
    Finding::new(FaultKind::ColumnTwice, Some(at))
        .column(format!("“{}”", column.name()))
        .found(&named.join("、"))
        .expected(format!(
            "这几列都可能是“{}”，不能替您挑选；请只留一列，或由信息科在配置 [bill.columns] 中写明用哪一列",
            column.name()
        ))
}
