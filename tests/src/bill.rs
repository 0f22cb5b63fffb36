//! The discharge bill that is shipped in `tests/bills`, moved to the day on which it is played.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};
use jiff::civil::{Date, date};

/// The file as a hospital's system exported it: a broken shin, admitted on 2025-08-11 and discharged on 2025-08-21.
pub const BILL: &str = include_str!("../bills/discharge.csv");

/// The last day of [`BILL`].
const LAST_DAY: Date = date(2025, 8, 21);

/// Place of the date in each row.
const DATE: usize = 1;

/// One line of a bill, as far as people are told about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillRow {
    /// 序号.
    pub number: u64,
    /// 类别.
    pub column: String,
    /// 项目名称.
    pub name: String,
    /// 金额, yuan.
    pub amount: String,
}

/// The shipped bill with every date moved, so that its last day is `last_day`; nothing else changes.
///
/// # Errors
///
/// The shipped file is not what it was.
pub fn bill_ending_on(last_day: Date) -> Result<String> {
    let by = last_day - LAST_DAY;
    let mut reader = csv::Reader::from_reader(BILL.as_bytes());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(reader.headers()?)?;
    for record in reader.records() {
        let record = record.context("a row of the shipped bill")?;
        let mut fields: Vec<String> = record.iter().map(str::to_owned).collect();
        // The sum line has no date.
        if let Some(field) = fields.get_mut(DATE).filter(|field| !field.is_empty()) {
            let day: Date = field.parse().context("a date of the shipped bill")?;
            *field = day.checked_add(by)?.to_string();
        }
        writer.write_record(&fields)?;
    }
    String::from_utf8(writer.into_inner()?).context("the shipped bill is UTF-8")
}

/// A bill of so many lines at 15 yuan, all of that day: for what a bill's length does.
///
/// # Errors
///
/// The shipped file is not what it was.
pub fn long_bill(lines: u64, day: Date) -> Result<String> {
    let head = BILL.lines().next().context("the shipped bill's head")?;
    let mut bill = format!("{head}\n");
    for number in 1..=lines {
        writeln!(
            bill,
            "{number},{day},诊疗项目,001101001020000,急诊诊查费,15.00,1,15.00,是,,"
        )?;
    }
    writeln!(bill, "合计,,,,,,,{}.00,,,", 15 * lines)?;
    Ok(bill)
}

/// The lines of a bill, without its sum line.
///
/// # Errors
///
/// Not a bill of the shipped form.
pub fn rows(bill: &str) -> Result<Vec<BillRow>> {
    let mut reader = csv::Reader::from_reader(bill.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.context("a row of the bill")?;
        let field = |place: usize| record.get(place).unwrap_or_default().to_owned();
        // The sum line has no number.
        if let Ok(number) = field(0).parse() {
            rows.push(BillRow {
                number,
                column: field(2),
                name: field(4),
                amount: field(7),
            });
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_bill_differs_in_its_dates_alone() {
        let moved = bill_ending_on(date(2028, 3, 2)).unwrap();
        let rows = rows(&moved).unwrap();
        assert_eq!(rows.len(), 70);
        assert!(moved.starts_with("序号,日期,类别,项目编码,项目名称,单价,数量,金额,治疗工伤,限制条件,冲销序号\n1,2028-02-21,诊疗项目,001101001020000,急诊诊查费,15.00,1,15.00,是,,\n"));
        assert!(moved.ends_with("\n70,2028-03-02,住院服务标准,001112000130000,出院带教,10.00,1,10.00,是,,\n合计,,,,,,,28630.78,,,\n"));
        assert_eq!(bill_ending_on(LAST_DAY).unwrap(), BILL);
    }
}
