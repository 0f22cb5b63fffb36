//! What a key of a posted bill names.

use crate::bill::column::Column;
use crate::bill::mapping::Mapping;

/// Keys of the whole bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Lines,
    Count,
    Total,
    Whose(Column),
    /// What names the parts that this body closes, and how many: read by whoever keeps them.
    Bill,
    Parts,
}

/// The column of a key: by the program's name, or by a heading of hospitals.
pub(super) fn column(key: &str, mapping: &Mapping) -> Option<Column> {
    let own = Column::ALL.into_iter().find(|column| column.key() == key);
    own.or_else(|| mapping.column(key).map(|(column, _)| column))
}

pub(super) fn key(name: &str, mapping: &Mapping) -> Option<Key> {
    match name {
        "lines" | "明细" => Some(Key::Lines),
        "count" | "行数" => Some(Key::Count),
        "total" | "合计" => Some(Key::Total),
        "bill" => Some(Key::Bill),
        "parts" => Some(Key::Parts),
        _other => match column(name, mapping)? {
            whose @ (Column::InpatientNumber | Column::PatientName) => Some(Key::Whose(whose)),
            Column::Number
            | Column::Date
            | Column::Category
            | Column::Code
            | Column::Name
            | Column::UnitPrice
            | Column::Quantity
            | Column::Amount
            | Column::TreatsInjury
            | Column::RestrictionMet
            | Column::Reverses => None,
        },
    }
}
