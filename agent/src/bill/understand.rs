//! Row by row through the file: a title, the head, lines among subtotals, the sum, a footer.
//!
//! Many systems export no sum. Such a file is read and says so: nothing in it tells whether it is whole, and its quote waits until a person
//! has compared lines and total.

use std::collections::HashSet;

use rules::{Bill, BillLine, LineNumber, Money};

use super::bounds::{LEAST_KNOWN, Limit, MOST_LINES, ROWS_SEARCHED};
use super::cell::{self, Read};
use super::column::Column;
use super::fault::{
    BillFileError, FaultKind, Finding, Findings, Unlogged, wrong_subtotal, wrong_sum, wrong_total,
};
use super::head::{self, Head, Heading};
use super::line::LineReader;
use super::mapping::{Mapping, plain};
use super::notes::{Notes, Repair};
use super::position::RowPosition;
use super::source::{Form, Row};
use super::subtotal::Subtotals;
use super::whose::Whose;

/// Words that begin the line of the sum.
const SUM: [&str; 4] = ["合计", "总计", "总合计", "共计"];

/// A bill as it was understood.
#[derive(Debug, Clone)]
pub struct Understood {
    /// What the rules judge.
    pub bill: Bill,
    /// How the file was read, for whoever has to answer for it.
    pub how: HowRead,
}
/// Headings or keys without a meaning that are named; a body of JSON may have any number of them.
const MOST_IGNORED: usize = 256;

/// How a file was read.
#[derive(Debug, Clone)]
pub struct HowRead {
    /// What kind of file it was.
    pub form: Form,
    /// The row of the head, as a spreadsheet counts; a JSON body has none.
    pub head_row: Option<u64>,
    /// Which column was taken for which.
    pub columns: Vec<Heading>,
    /// Headings that mean nothing here.
    pub ignored: Vec<String>,
    /// What was done to cells and rows.
    pub notes: Notes,
    /// Whose bill it says it is.
    pub whose: Whose,
    /// It shows that it is whole: by a sum that the lines agree with, or as JSON, which has an end. Else nothing tells whether a file was
    /// exported to its end.
    pub closed: bool,
}

/// The sum as the file states it.
struct Sum {
    position: RowPosition,
    stated: Money,
}

/// A bill on its way to being understood.
pub(super) struct Understanding<'m> {
    mapping: &'m Mapping,
    /// The first row that is not blank, where there is no head.
    first: Option<String>,
    head: Option<Head>,
    lines: Vec<BillLine>,
    numbers: HashSet<LineNumber>,
    sum: Option<Sum>,
    subtotals: Subtotals,
    /// Where the last line stands, and how many cells it has.
    last: Option<(RowPosition, usize)>,
    findings: Findings,
    notes: Notes,
    whose: Whose,
    ignored: Vec<String>,
}

impl<'m> Understanding<'m> {
    pub(super) fn new(mapping: &'m Mapping) -> Self {
        Self {
            mapping,
            first: None,
            head: None,
            lines: Vec::new(),
            numbers: HashSet::new(),
            sum: None,
            subtotals: Subtotals::default(),
            last: None,
            findings: Findings::default(),
            notes: Notes::default(),
            whose: Whose::default(),
            ignored: Vec::new(),
        }
    }

    /// Takes the next row.
    pub(super) fn take(&mut self, row: &Row<'_>) -> Result<(), BillFileError> {
        if row.cells.is_blank() {
            return Ok(());
        }
        let Some(head) = self.head.take() else {
            return self.before_head(row);
        };
        let taken = self.below(&head, row);
        self.head = Some(head);
        taken
    }

    fn before_head(&mut self, row: &Row<'_>) -> Result<(), BillFileError> {
        if head::known_columns(row.cells, self.mapping) < LEAST_KNOWN {
            self.whose.look_at(row);
            let text = || row.cells.texts().collect::<Vec<_>>().join(" ");
            let first = self.first.get_or_insert_with(text);
            if row.position.row > u64::try_from(ROWS_SEARCHED).unwrap_or(u64::MAX) {
                return Err(BillFileError::NoHead {
                    first: Unlogged(first.clone()),
                });
            }
            return Ok(());
        }
        let head = Head::of(row, self.mapping, &mut self.findings);
        if !self.findings.is_empty() {
            // Without its columns no line can be read.
            return Err(BillFileError::Faults(std::mem::take(&mut self.findings)));
        }
        self.head = Some(head);
        Ok(())
    }

    fn below(&mut self, head: &Head, row: &Row<'_>) -> Result<(), BillFileError> {
        let blank = |column| head.text(row, column).is_empty();
        let is_sum = |word: &str| SUM.iter().any(|sum| word.starts_with(sum));
        let is_subtotal = |word: &str| word.contains("小计");
        // Where the days stand first, the word stands in their column.
        let day = plain(head.text(row, Column::Date));
        if blank(Column::Code) && (day.is_empty() || is_sum(&day) || is_subtotal(&day)) {
            let words: Vec<String> = row.cells.texts().map(plain).collect();
            if words.iter().any(|word| is_sum(word)) {
                self.sum_line(head, row, &words);
                return Ok(());
            }
            if let Some(word) = words.iter().find(|word| is_subtotal(word)) {
                self.subtotal(head, row, word);
                return Ok(());
            }
        }
        if self.sum.is_some() {
            // A footer: who printed it and when. A line behind the sum is none.
            if !blank(Column::Amount) && !blank(Column::Code) {
                self.row_fault(row, "“合计”之后还有明细；请重新导出完整的账单");
            }
            self.whose.look_at(row);
            return Ok(());
        }
        if head.is_repeated_by(row) {
            self.notes.add(Repair::HeadAgain, row.position.row);
            return Ok(());
        }
        let figures = [Column::UnitPrice, Column::Quantity, Column::Amount];
        if blank(Column::Code) && figures.into_iter().all(blank) {
            self.notes.add(Repair::WordsAlone, row.position.row);
            self.whose.look_at(row);
            return Ok(());
        }
        self.line(head, row)
    }

    fn line(&mut self, head: &Head, row: &Row<'_>) -> Result<(), BillFileError> {
        if self.lines.len() == MOST_LINES {
            return Err(BillFileError::TooLarge {
                limit: Limit::Lines,
                at: Some(row.position),
            });
        }
        let beyond =
            (head.width..row.cells.len()).find(|index| !row.cells.text(*index).trim().is_empty());
        if beyond.is_some() {
            self.row_fault(
                row,
                "这一行比表头多出内容，分不清各列；请核对有没有多余的分隔符",
            );
            return Ok(());
        }
        let next = u64::try_from(self.lines.len())
            .unwrap_or(u64::MAX)
            .saturating_add(1);
        let line = LineReader {
            head,
            mapping: self.mapping,
            row,
            findings: &mut self.findings,
            notes: &mut self.notes,
        }
        .line(next);
        let Some(line) = line else {
            return Ok(());
        };
        if !self.numbers.insert(line.number) {
            let finding = Finding::new(FaultKind::NumberRepeated, Some(row.position))
                .column(head.say(Column::Number))
                .found(&line.number.to_string())
                .expected("这个序号前面已经用过");
            self.findings.add(finding);
        }
        if head.index(Column::Number).is_none() {
            self.notes.add(Repair::Numbered, row.position.row);
        }
        for column in [Column::InpatientNumber, Column::PatientName] {
            self.whose
                .take(column, head.text(row, column), Some(row.position));
        }
        self.subtotals
            .line(&plain(head.text(row, Column::Category)), line.amount);
        self.last = Some((row.position, row.cells.len()));
        self.lines.push(line);
        Ok(())
    }

    /// Adds a fault that was found elsewhere.
    pub(super) fn fault(&mut self, finding: Finding) {
        self.findings.add(finding);
    }

    /// A heading or key that means nothing here.
    pub(super) fn ignore(&mut self, name: &str) {
        if self.ignored.len() < MOST_IGNORED && self.ignored.iter().all(|known| known != name) {
            self.ignored.push(name.to_owned());
        }
    }

    /// What the head of a JSON body says of its patient.
    pub(super) fn whose(&mut self, column: Column, text: &str) {
        self.whose.take(column, text, None);
    }

    /// A line of a JSON body.
    pub(super) fn take_keyed(
        &mut self,
        head: &Head,
        row: &Row<'_>,
        path: &str,
    ) -> Result<(), BillFileError> {
        let before = self.findings.told().len();
        self.line(head, row)?;
        self.findings.below(before, path);
        Ok(())
    }

    /// How many lines there are, where none is at fault.
    pub(super) fn lines_so_far(self) -> Result<usize, BillFileError> {
        match (self.findings.is_empty(), self.lines.len()) {
            (false, _) => Err(BillFileError::Faults(self.findings)),
            (true, 0) => Err(BillFileError::Empty),
            (true, lines) => Ok(lines),
        }
    }

    /// The whole bill of a JSON body, held against the sum that closes it.
    pub(super) fn close_keyed(
        mut self,
        head: &Head,
        form: Form,
        stated: Option<(String, Money)>,
    ) -> Result<Understood, BillFileError> {
        let bill = Bill {
            lines: std::mem::take(&mut self.lines),
        };
        let computed = bill.total();
        // Lines that could not be read would be missing from it.
        if let Some((text, stated)) = stated
            && self.findings.is_empty()
            && stated != computed
        {
            self.findings.add(wrong_total(&text, computed));
        }
        self.understood(head, form, bill, true)
    }

    fn row_fault(&mut self, row: &Row<'_>, expected: &'static str) {
        let finding = Finding::new(FaultKind::Row, Some(row.position)).expected(expected);
        self.findings.add(finding);
    }

    /// A subtotal's amount stands in its column or behind its word; a row of the word alone is a heading.
    fn subtotal(&mut self, head: &Head, row: &Row<'_>, word: &str) {
        let behind = word.split_once("小计").map_or("", |(_, behind)| behind);
        if head.text(row, Column::Amount).is_empty() && figure(behind).is_empty() {
            self.notes.add(Repair::WordsAlone, row.position.row);
            return;
        }
        self.notes.add(Repair::Subtotal, row.position.row);
        if let Some(amount) = self.stated(head, row, behind) {
            let named = word.strip_suffix(behind).unwrap_or(word);
            self.subtotals.stated(row.position, amount, named);
        }
    }

    /// The sum stands in the column of amounts, or behind its word in one cell: `合计：28630.78元`.
    fn sum_line(&mut self, head: &Head, row: &Row<'_>, words: &[String]) {
        let behind = words.iter().find_map(|word| {
            let mut rests = SUM.iter().filter_map(|sum| word.strip_prefix(sum));
            rests.next()
        });
        let Some(stated) = self.stated(head, row, behind.unwrap_or_default()) else {
            return;
        };
        match &self.sum {
            None => {
                self.sum = Some(Sum {
                    position: row.position,
                    stated,
                });
            }
            // 合计 and 总计, one below the other.
            Some(before) if before.stated == stated => {}
            Some(_) => self.row_fault(row, "前面已有另一个不同的“合计”；请重新导出一份账单"),
        }
    }

    /// What a row of sums states, in the column of amounts or `behind` its word.
    fn stated(&mut self, head: &Head, row: &Row<'_>, behind: &str) -> Option<Money> {
        let text = match head.text(row, Column::Amount) {
            "" => figure(behind),
            text => text,
        };
        match cell::amount(text) {
            Read::Taken(stated, _) => Some(stated),
            Read::Refused(expected) => {
                let finding = Finding::new(FaultKind::Field, Some(row.position));
                let column = head.say(Column::Amount);
                self.findings
                    .add(finding.column(column).found(text).expected(expected));
                None
            }
        }
    }

    /// The whole bill.
    pub(super) fn finish(mut self, form: Form) -> Result<Understood, BillFileError> {
        let Some(head) = self.head.take() else {
            return Err(self
                .first
                .map_or(BillFileError::Empty, |first| BillFileError::NoHead {
                    first: Unlogged(first),
                }));
        };
        let bill = Bill {
            lines: std::mem::take(&mut self.lines),
        };
        self.check_sums(&head, &bill, &form);
        self.ignored.clone_from(&head.ignored);
        let closed = self.sum.is_some();
        self.understood(&head, form, bill, closed)
    }

    fn understood(
        self,
        head: &Head,
        form: Form,
        bill: Bill,
        closed: bool,
    ) -> Result<Understood, BillFileError> {
        if !self.findings.is_empty() {
            return Err(BillFileError::Faults(self.findings));
        }
        if bill.lines.is_empty() {
            return Err(BillFileError::Empty);
        }
        Ok(Understood {
            bill,
            how: HowRead {
                form,
                head_row: Some(head.position.row).filter(|row| *row > 0),
                columns: head.columns.clone(),
                ignored: self.ignored,
                notes: self.notes,
                whose: self.whose,
                closed,
            },
        })
    }

    fn check_sums(&mut self, head: &Head, bill: &Bill, form: &Form) {
        // Lines that could not be read would be missing from every sum.
        if !self.findings.is_empty() || bill.lines.is_empty() {
            return;
        }
        let column = head.say(Column::Amount);
        for (stated, computed) in self.subtotals.wrong() {
            let sums = (stated.amount, computed);
            self.findings
                .add(wrong_subtotal(stated.position, column.clone(), sums));
        }
        match &self.sum {
            Some(sum) => {
                let computed = bill.total();
                if computed != sum.stated {
                    let sums = (sum.stated, computed);
                    self.findings.add(wrong_sum(sum.position, column, sums));
                }
            }
            None => self.open_end(head, form),
        }
    }

    /// No sum closes the file: it may be cut off, and where the cut shows it is refused.
    fn open_end(&mut self, head: &Head, form: &Form) {
        let Some((position, width)) = self.last else {
            return;
        };
        self.notes.add(Repair::SumMissing, position.row);
        match form {
            // A workbook does not store empty cells at a row's end.
            Form::Text { .. } if width < head.width => {
                let finding = Finding::new(FaultKind::Row, Some(position));
                self.findings.add(finding.expected(
                    "最后一行比表头少几列，后面也没有合计行，文件多半没有导出完整；请重新导出完整的账单",
                ));
            }
            Form::Text { .. } | Form::Workbook(..) | Form::Json | Form::JsonParts => {}
        }
    }

    /// JSON that could not be read to its end: what was found before is told with it.
    pub(super) fn broken_off_at(&mut self, error: BillFileError) -> BillFileError {
        let BillFileError::BrokenJson { body, line, column } = &error else {
            return error;
        };
        if self.findings.is_empty() {
            return error;
        }
        let mut findings = std::mem::take(&mut self.findings);
        let finding = Finding::new(FaultKind::Row, None).path(body.clone());
        findings.add(finding.expected(format!(
            "JSON 从文本第 {line} 行第 {column} 个字符起读不下去"
        )));
        BillFileError::Faults(findings)
    }

    /// The file could not be read to its end: what was found before is told with it.
    pub(super) fn broken_off(self, error: BillFileError) -> BillFileError {
        let mut findings = self.findings;
        if let BillFileError::BrokenQuotes { at } = &error
            && !findings.is_empty()
        {
            let finding = Finding::new(FaultKind::Row, Some(*at));
            findings.add(finding.expected("引号不配对，从这里起分不清各行"));
            return BillFileError::Faults(findings);
        }
        error
    }
}

/// What of the words behind 合计 or 小计 is the amount.
fn figure(behind: &str) -> &str {
    behind.trim_start_matches([':', '金', '额', '(', ')', '元'])
}
