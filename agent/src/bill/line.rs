//! One row as a line of the bill.

use rules::{BillLine, LineColumn, LineNumber};

use super::cell::{self, Read};
use super::column::Column;
use super::fault::{FaultKind, Finding, Findings};
use super::head::Head;
use super::mapping::{Category, Mapping, category_name};
use super::notes::{Notes, Repair};
use super::source::Row;

const CATEGORY: &str = "应为药品、诊疗项目、住院服务标准、康复服务项目、辅助器具、伙食补助、交通食宿之一；医院自己的类别请信息科在配置 [bill.categories] 中写明归入哪一类";

/// A fault that stands in the findings.
struct Told;

/// Reads one row's cells; what cannot be read goes to the findings, what was repaired to the notes.
pub(super) struct LineReader<'a> {
    pub(super) head: &'a Head,
    pub(super) mapping: &'a Mapping,
    pub(super) row: &'a Row<'a>,
    pub(super) findings: &'a mut Findings,
    pub(super) notes: &'a mut Notes,
}

impl LineReader<'_> {
    /// The line, if every cell can be read. `next` is its number where the file has none.
    pub(super) fn line(&mut self, next: u64) -> Option<BillLine> {
        // Each is asked, so that all faults of a row are told at once.
        let number = self.number(next);
        let date = self.value(Column::Date, cell::date);
        let column = self.category();
        let code = self.code();
        let name = self.name();
        let unit_price = self.value(Column::UnitPrice, cell::unit_price);
        let quantity = self.value(Column::Quantity, cell::quantity);
        let amount = self.value(Column::Amount, cell::amount);
        let treats_injury = self.treats_injury();
        let restriction_met = self.restriction_met();
        let reverses = self.reverses();
        let (treats_injury, restriction_met) =
            self.configured((treats_injury, restriction_met), code.as_ref(), column);
        Some(BillLine {
            number: number?,
            date: date?,
            column: column?,
            code: code?,
            name: name?,
            unit_price: unit_price?,
            quantity: quantity?,
            amount: amount?,
            treats_injury: treats_injury.ok()?,
            restriction_met: restriction_met.ok()?,
            reverses: reverses.ok()?,
        })
    }

    fn text(&self, column: Column) -> &str {
        self.head.text(self.row, column)
    }

    fn refuse(&mut self, column: Column, expected: impl Into<std::borrow::Cow<'static, str>>) {
        let finding = Finding::new(FaultKind::Field, Some(self.row.position))
            .column(self.head.say(column))
            .found(self.text(column))
            .expected(expected);
        self.findings.add(finding);
    }

    fn taken<T>(&mut self, column: Column, read: Read<T>) -> Option<T> {
        match read {
            Read::Taken(value, repairs) => {
                for repair in repairs {
                    self.notes.add(repair, self.row.position.row);
                }
                Some(value)
            }
            Read::Refused(expected) => {
                self.refuse(column, expected);
                None
            }
        }
    }

    fn value<T>(&mut self, column: Column, parse: impl Fn(&str) -> Read<T>) -> Option<T> {
        let read = parse(self.text(column));
        self.taken(column, read)
    }

    fn number(&mut self, next: u64) -> Option<LineNumber> {
        if self.head.index(Column::Number).is_none() {
            return LineNumber::new(next).ok();
        }
        self.positive(Column::Number)
    }

    fn positive(&mut self, column: Column) -> Option<LineNumber> {
        let number =
            cell::number(self.text(column)).and_then(|number| LineNumber::new(number).ok());
        if number.is_none() {
            self.refuse(column, "应为正整数");
        }
        number
    }

    fn category(&mut self) -> Option<LineColumn> {
        match self.mapping.category(self.text(Column::Category)) {
            Some(Category::Own(column)) => Some(column),
            Some(Category::Translated(column)) => {
                let word = super::fault::shown(self.text(Column::Category));
                let repair = Repair::Category(word, category_name(column));
                self.notes.add(repair, self.row.position.row);
                Some(column)
            }
            None => {
                self.refuse(Column::Category, CATEGORY);
                None
            }
        }
    }

    fn code(&mut self) -> Option<rules::ItemCode> {
        let index = self.head.index(Column::Code)?;
        let kind = self.row.cells.kind(index);
        let read = cell::code(self.text(Column::Code), kind);
        let code = self.taken(Column::Code, read)?;
        match self.mapping.code(code.as_str()) {
            Some(listed) => {
                self.notes
                    .add(Repair::CodeTranslated, self.row.position.row);
                Some(listed.clone())
            }
            None => Some(code),
        }
    }

    fn name(&mut self) -> Option<Box<str>> {
        if self.text(Column::Name).is_empty() {
            self.refuse(Column::Name, "不能为空");
            return None;
        }
        Some(self.text(Column::Name).into())
    }

    /// Marks that are missing, as the configuration gives them.
    fn configured(
        &mut self,
        (injury, restriction): (Result<Option<bool>, Told>, Result<Option<bool>, Told>),
        code: Option<&rules::ItemCode>,
        column: Option<LineColumn>,
    ) -> (Result<Option<bool>, Told>, Result<Option<bool>, Told>) {
        let (Some(code), Some(column)) = (code, column) else {
            return (injury, restriction);
        };
        let mapping = self.mapping;
        let word = self.text(Column::Category).to_owned();
        let mut given = |own, mark: Option<bool>, of: Column| match (own, mark) {
            (Ok(None), Some(mark)) => {
                let repair = Repair::MarkConfigured(of, mark);
                self.notes.add(repair, self.row.position.row);
                Ok(Some(mark))
            }
            (own, _) => own,
        };
        let code = code.as_str();
        (
            given(
                injury,
                mapping.treats_injury(code, &word, column),
                Column::TreatsInjury,
            ),
            given(
                restriction,
                mapping.restriction_met(code, &word, column),
                Column::RestrictionMet,
            ),
        )
    }

    /// The mark; none where nobody has given one.
    fn treats_injury(&mut self) -> Result<Option<bool>, Told> {
        let mark = match self.text(Column::TreatsInjury) {
            "" => None,
            "是" | "√" | "Y" | "y" | "1" => Some(true),
            "否" | "×" | "N" | "n" | "0" => Some(false),
            _other => {
                self.refuse(Column::TreatsInjury, "应填“是”或“否”，没有定的留空");
                return Err(Told);
            }
        };
        Ok(mark)
    }

    fn restriction_met(&mut self) -> Result<Option<bool>, Told> {
        let mark = match self.text(Column::RestrictionMet) {
            "" => None,
            "符合" => Some(true),
            "不符合" => Some(false),
            _other => {
                self.refuse(
                    Column::RestrictionMet,
                    "应填“符合”或“不符合”，没有限制的留空",
                );
                return Err(Told);
            }
        };
        Ok(mark)
    }

    fn reverses(&mut self) -> Result<Option<LineNumber>, Told> {
        if self.text(Column::Reverses).is_empty() {
            return Ok(None);
        }
        self.positive(Column::Reverses).map(Some).ok_or(Told)
    }
}
