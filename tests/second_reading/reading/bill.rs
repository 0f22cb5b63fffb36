//! E02 to E13: a bill's faults, its split line by line, and what a refund gives back to whom.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::Findings;
use crate::case::{Bill, Case, Column, Device, Entry, Kind, Line, Visit};

/// The columns of a settlement slip, in its order.
const COLUMNS: [(Column, &str); 5] = [
    (Column::Drug, "drug"),
    (Column::Treatment, "treatment"),
    (Column::InpatientService, "inpatient_service"),
    (Column::Rehabilitation, "rehabilitation"),
    (Column::AssistiveDevice, "assistive_device"),
];

/// One line's shares in cents, and the rule that decided them.
#[derive(Clone, Copy)]
struct Shares {
    fund: i128,
    self_pay: i128,
    other: i128,
    rule: &'static str,
}

/// A bill's lines with their shares, in the bill's order.
pub(super) struct Split<'a>(Vec<(&'a Line, Shares)>);

/// Says what is wrong with the bill; whether it may be split.
pub(super) fn faults(case: &Case, findings: &mut Findings) -> bool {
    let lines = case.bill.as_ref().map_or(&[][..], |bill| &bill.lines);
    let faults = [
        (
            "E11",
            "meal_allowance_on_bill",
            lines
                .iter()
                .any(|line| line.column == Column::MealAllowance),
        ),
        (
            "E12",
            "travel_on_bill",
            lines
                .iter()
                .any(|line| line.column == Column::TravelAndLodging),
        ),
        (
            "E03",
            "injury_unmarked",
            lines.iter().any(|line| line.treats_injury.is_none()),
        ),
        (
            "E13",
            "line_amount_wrong",
            lines
                .iter()
                .any(|line| !sign_wrong(line) && amount_wrong(line)),
        ),
        (
            "E13",
            "reversal_exceeds_line",
            lines.iter().any(|line| exceeds(lines, line)),
        ),
        ("E13", "line_sign_wrong", lines.iter().any(sign_wrong)),
    ];
    for (rule, code, _) in faults.iter().filter(|(_, _, found)| *found) {
        findings.refuse(rule, code, "correct_bill");
    }
    !faults.iter().any(|(_, _, found)| *found)
}

fn sign_wrong(line: &Line) -> bool {
    let (quantity, amount) = (line.quantity.ten_thousandths(), line.amount.cents());
    match line.reverses {
        None => quantity <= 0 || amount < 0,
        Some(_) => quantity >= 0 || amount > 0,
    }
}

fn amount_wrong(line: &Line) -> bool {
    let product = line.unit_price.ten_thousandths() * line.quantity.ten_thousandths();
    (rounded(product, 1_000_000) - line.amount.cents()).abs() > 1
}

/// A quotient rounded half away from zero.
fn rounded(dividend: i128, divisor: i128) -> i128 {
    let nearest = (dividend.abs() * 2 + divisor) / (divisor * 2);
    nearest * dividend.signum()
}

/// A price in cents times a quantity in ten-thousandths, in cents.
fn product(cents: i128, quantity: i128) -> i128 {
    rounded(cents * quantity, 10_000)
}

/// The line that a reversal takes back, where it is one that can be.
fn reversed<'a>(lines: &'a [Line], line: &Line) -> Option<&'a Line> {
    lines.iter().find(|original| {
        line.reverses == Some(original.number)
            && original.reverses.is_none()
            && original.column == line.column
            && original.code == line.code
    })
}

/// E13: nothing to reverse, or more than the reversals with smaller numbers have left.
fn exceeds(lines: &[Line], line: &Line) -> bool {
    if line.reverses.is_none() {
        return false;
    }
    let Some(original) = reversed(lines, line) else {
        return true;
    };
    let (mut quantity, mut amount) = (original.quantity.ten_thousandths(), original.amount.cents());
    for reversal in lines
        .iter()
        .filter(|other| other.reverses == line.reverses && other.number <= line.number)
    {
        if reversed(lines, reversal).is_some() {
            quantity += reversal.quantity.ten_thousandths();
            amount += reversal.amount.cents();
        }
    }
    quantity < 0 || amount < 0
}

/// The entry in force for a line on its date; of several the one that began last.
fn listed<'a>(case: &'a Case, line: &Line) -> Option<&'a Entry> {
    let holds = |entry: &Entry, day: Date| entry.from <= day && entry.to.is_none_or(|to| day <= to);
    case.catalogue
        .iter()
        .filter(|entry| {
            entry.column == line.column && entry.code == line.code && holds(entry, line.date)
        })
        .max_by_key(|entry| entry.from)
}

/// The line is judged as a device.
fn as_device(case: &Case, line: &Line) -> bool {
    case.visit.kind == Kind::AssistiveDevice && line.column == Column::AssistiveDevice
}

fn notice<'a>(case: &'a Case, line: &Line) -> Option<&'a Device> {
    case.devices
        .iter()
        .find(|device| device.line == line.number && device.in_filing)
}

/// E04 and E06: what may surprise somebody about the money.
pub(super) fn warnings(case: &Case, findings: &mut Findings) {
    let lines = case.bill.as_ref().map_or(&[][..], |bill| &bill.lines);
    for line in lines
        .iter()
        .filter(|line| line.reverses.is_none() && line.treats_injury == Some(true))
    {
        let Some(entry) = listed(case, line) else {
            continue;
        };
        if !as_device(case, line) {
            if entry.restricted && line.restriction_met.is_none() {
                findings.warn("E04", "restriction_unanswered");
            }
        } else if let (Some(device), Some(ceiling)) = (notice(case, line), &entry.ceiling)
            && device.notice_limit.cents() != ceiling.cents()
        {
            findings.warn("E06", "limit_differs");
        }
    }
}

/// The split of a sound bill.
pub(super) fn split<'a>(case: &Case, bill: &'a Bill) -> Split<'a> {
    let lines = &bill.lines;
    let share = |line: &'a Line| {
        let shares = match reversed(lines, line) {
            None => plain(case, line),
            Some(original) => mirrored(lines, line, original, plain(case, original)),
        };
        (line, shares)
    };
    Split(lines.iter().map(share).collect())
}

/// The shares of a line that reverses nothing.
fn plain(case: &Case, line: &Line) -> Shares {
    let amount = line.amount.cents();
    let funded = |fund: i128, rule| Shares {
        fund,
        self_pay: amount - fund,
        other: 0,
        rule,
    };
    if line.treats_injury == Some(false) {
        return Shares {
            fund: 0,
            self_pay: 0,
            other: amount,
            rule: "E03",
        };
    }
    let quantity = line.quantity.ten_thousandths();
    let entry = listed(case, line);
    if as_device(case, line) {
        let limit = notice(case, line)
            .filter(|_| entry.is_some())
            .map(|device| device.notice_limit.cents());
        return funded(
            limit.map_or(0, |limit| amount.min(product(limit, quantity))),
            "E06",
        );
    }
    let Some(entry) = entry.filter(|entry| !entry.restricted || line.restriction_met == Some(true))
    else {
        return funded(0, "E04");
    };
    let most = entry
        .ceiling
        .as_ref()
        .map_or(amount, |ceiling| product(ceiling.cents(), quantity));
    funded(amount.min(most), if most < amount { "E04" } else { "E02" })
}

/// The shares of a reversal: what it leaves of its line's fund follows from the reversals before it.
fn mirrored(lines: &[Line], line: &Line, original: &Line, whole: Shares) -> Shares {
    let mut before: Vec<&Line> = lines
        .iter()
        .filter(|other| other.reverses == line.reverses)
        .collect();
    before.sort_by_key(|reversal| reversal.number);
    let (mut fund_left, mut quantity_left) = (whole.fund, original.quantity.ten_thousandths());
    let mut taken = 0;
    for reversal in before
        .iter()
        .take_while(|reversal| reversal.number <= line.number)
    {
        let quantity = -reversal.quantity.ten_thousandths();
        quantity_left -= quantity;
        taken = fund_left.min(-reversal.amount.cents());
        if quantity_left > 0 {
            taken = taken.min(rounded(
                whole.fund * quantity,
                original.quantity.ten_thousandths(),
            ));
        }
        fund_left -= taken;
    }
    let amount = line.amount.cents();
    if whole.rule == "E03" {
        return Shares {
            fund: 0,
            self_pay: 0,
            other: amount,
            rule: whole.rule,
        };
    }
    Shares {
        fund: -taken,
        self_pay: amount + taken,
        other: 0,
        rule: whole.rule,
    }
}

impl Split<'_> {
    fn sum(&self, column: Option<Column>, share: fn(&Shares) -> i128) -> i128 {
        let wanted = |line: &Line| column.is_none_or(|column| line.column == column);
        self.0
            .iter()
            .filter(|(line, _)| wanted(line))
            .map(|(_, shares)| share(shares))
            .sum()
    }

    fn matrix_row(&self, share: fn(&Shares) -> i128) -> Value {
        let mut row: Map<String, Value> = COLUMNS
            .iter()
            .map(|(column, word)| {
                (
                    (*word).to_owned(),
                    json!(yuan(self.sum(Some(*column), share))),
                )
            })
            .collect();
        row.insert("total".to_owned(), json!(yuan(self.sum(None, share))));
        Value::Object(row)
    }

    fn total(&self) -> i128 {
        self.sum(None, |shares| shares.fund + shares.self_pay + shares.other)
    }

    /// The split as a result writes it.
    pub(super) fn written(&self) -> Value {
        let lines: Vec<_> = self
            .0
            .iter()
            .map(|(line, shares)| {
                json!({
                    "number": line.number,
                    "fund": yuan(shares.fund),
                    "self_pay": yuan(shares.self_pay),
                    "other": yuan(shares.other),
                    "rule": shares.rule,
                })
            })
            .collect();
        json!({
            "lines": lines,
            "fund": self.matrix_row(|shares| shares.fund),
            "self_pay": self.matrix_row(|shares| shares.self_pay),
            "other": self.matrix_row(|shares| shares.other),
            "total": yuan(self.total()),
            "personal": yuan(self.sum(None, |shares| shares.self_pay + shares.other)),
        })
    }
}

/// What goes back to the medical insurance and to the worker; R01 where less was paid than billed.
pub(super) fn refund(visit: &Visit, split: &Split<'_>, findings: &mut Findings) -> Value {
    let paid = |payment: &Option<crate::case::Figure>| {
        payment.as_ref().map_or(0, crate::case::Figure::cents)
    };
    let (insurance, worker) = (
        paid(&visit.paid_by_medical_insurance),
        paid(&visit.paid_by_worker),
    );
    if insurance + worker < split.total() {
        findings.warn("R01", "payments_do_not_cover_bill");
    }
    let fund = split.sum(None, |shares| shares.fund);
    let to_insurance = fund.min(insurance);
    let to_worker = (fund - to_insurance).min(worker);
    json!({
        "total": yuan(to_insurance + to_worker),
        "to_medical_insurance": yuan(to_insurance),
        "to_worker": yuan(to_worker),
    })
}

/// Cents as yuan with two decimals.
fn yuan(cents: i128) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}
