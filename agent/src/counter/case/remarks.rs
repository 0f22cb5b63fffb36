//! What the counter has noticed beside the rules: shown to the cashier, never a part of the decision.
//!
//! The same stay is settled once (F08; an interpretation). A stay that overlaps one settled at this counter for the
//! same worker is warned of at the admission and at the quote; with the same hospital number it is the same stay, and
//! is refused. Stays of other counters only the province knows. A line in another column than the catalogue's is
//! split as not listed, as the rules say, and pointed out.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use rules::case::china_time::parse_instant;
use rules::{
    BillLine, Case, CatalogueEntry, Decision, LineColumn, LineNumber, MatrixColumn, Settled,
};
use rusqlite::Connection;
use serde::Deserialize;

use crate::counter::Counter;
use crate::counter::case::codes::CodeDoubted;
use crate::counter::error::CounterError;
use crate::counter::quote::vouch::Vouched;
use crate::ledger::LedgerError;
use crate::ledger::settlements::{self, Settlement};
use crate::ledger::visits;
use crate::redacted::closed_debug;
use crate::registry::{CatalogueItem, CatalogueOwner};
use crate::wording::bill::{self as sentences, named};
use crate::wording::terms;

/// Something the cashier should look at before going on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// The same worker has a stay settled here that overlaps this one.
    Overlaps(SettledStay),
    /// Lines that are not listed in the bill's column, and are in another: they are split as not listed.
    ColumnsDiffer(Vec<ColumnDiffers>),
    /// Lines whose code was put into the catalogue's case.
    CaseMended(Vec<LineNumber>),
    /// Lines that are not listed, while a code that may be meant is.
    CodesDoubted(Vec<CodeDoubted>),
    /// Lines dated before the admission, let in by the configuration.
    BeforeAdmission {
        /// Which.
        lines: Vec<LineNumber>,
        /// The day of the admission.
        admitted: Date,
    },
    /// 住院号 on the bill lacks the zeros before it.
    NumberLostZeros(String),
    /// A person has looked at a bill of which much is not listed, and said why it is right.
    Vouched(Vouched),
}

/// A stay that was settled at this counter.
#[derive(Clone, PartialEq, Eq)]
pub struct SettledStay {
    /// The settlement that stands.
    pub settlement: String,
    /// 住院号; empty where the hospital gave none.
    pub hospital_number: String,
    /// When it was registered.
    pub from: Timestamp,
    /// Its discharge.
    pub until: Timestamp,
    /// It has the hospital number of the stay in hand: it is that stay.
    pub same: bool,
}

closed_debug!(SettledStay);

/// A bill line whose code the catalogue has in another column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnDiffers {
    /// The line.
    pub line: LineNumber,
    /// The bill's column.
    pub billed: MatrixColumn,
    /// The catalogue's, on the line's date.
    pub listed: MatrixColumn,
}

/// The stay in hand.
pub(crate) struct Stay<'a> {
    pub(crate) number: &'a str,
    pub(crate) hospital_number: &'a str,
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

impl Remark {
    /// Its stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Overlaps(_) => "stay_overlaps_settled",
            Self::ColumnsDiffer(_) => "column_differs",
            Self::CaseMended(_) => "code_case_mended",
            Self::CodesDoubted(_) => "code_doubted",
            Self::BeforeAdmission { .. } => "line_before_admission",
            Self::NumberLostZeros(_) => "inpatient_number_lost_zeros",
            Self::Vouched(_) => "codes_vouched",
        }
    }

    /// The rule it has to do with.
    pub fn rule(&self) -> rules::RuleId {
        match self {
            Self::Overlaps(_) => rules::RuleId::F08,
            Self::BeforeAdmission { .. } | Self::NumberLostZeros(_) => rules::RuleId::E02,
            Self::ColumnsDiffer(_)
            | Self::CaseMended(_)
            | Self::CodesDoubted(_)
            | Self::Vouched(_) => rules::RuleId::E04,
        }
    }

    /// What the cashier reads.
    pub fn say(&self) -> String {
        match self {
            Self::Overlaps(stay) => {
                let number = match stay.hospital_number.as_str() {
                    "" => String::new(),
                    number => format!("，住院号 {number}"),
                };
                format!(
                    "这位职工 {} 至 {} 的住院已在本机结算（结算编号 {}{number}），与本次住院时间重叠。\
                     请核对是否同一次住院、有无重复的费用，确认不重复再办。",
                    terms::day(stay.from),
                    terms::day(stay.until),
                    stay.settlement,
                )
            }
            Self::BeforeAdmission { lines, admitted } => {
                sentences::before_admission(lines, *admitted)
            }
            Self::NumberLostZeros(found) => sentences::number_lost_zeros(found),
            Self::CaseMended(lines) => format!(
                "账单第 {} 号明细（共 {} 行）的项目编码大小写与目录不同，已按目录改正。",
                named(lines.iter().copied()),
                lines.len()
            ),
            Self::CodesDoubted(lines) => format!(
                "账单第 {} 号明细（共 {} 行）的项目编码不在目录里，但目录里有很像的编码（多半是前面少了 0，或后面多了后缀），\
                 明细中已逐行标出。请对照医院系统核对；编码确实不对的，请更正后重新选择账单。",
                named(lines.iter().map(|doubted| doubted.line)),
                lines.len()
            ),
            Self::Vouched(vouched) => format!(
                "{} 已看过不在目录里的明细，认为编码没有错：{}",
                vouched.by, vouched.reason
            ),
            Self::ColumnsDiffer(lines) => {
                format!(
                    "账单第 {} 号明细（共 {} 行）的类别与目录不同：在账单的类别下不在目录内，按自费计算。\
                     请核对类别；写错的请在医院系统中更正，重新导出账单再试算。",
                    named(lines.iter().map(|differs| differs.line)),
                    lines.len(),
                )
            }
        }
    }
}

/// Whether a stay in hand was paid for already, as far as this counter's ledger knows (F08): one that overlaps and has the
/// same hospital number is the same stay. A mere overlap is for the cashier to look into.
pub(crate) fn settled_as(overlapping: &[SettledStay]) -> Settled {
    if overlapping.iter().any(|stay| stay.same) {
        Settled::Direct
    } else {
        Settled::No
    }
}

impl Counter {
    /// The worker's settled stays that overlap this one, oldest first. A stay that begins where another ends overlaps not.
    pub(crate) async fn settled_stays_overlapping(
        &self,
        stay: &Stay<'_>,
    ) -> Result<Vec<SettledStay>, CounterError> {
        let (from, until) = (stay.from, stay.until);
        let (number, hospital_number) = (stay.number.to_owned(), stay.hospital_number.to_owned());
        self.0
            .ledger
            .read(move |conn| {
                let mut overlapping = Vec::new();
                // A stay ends before it is settled: what was settled before this one began need not be read.
                let later = |settlement: &Settlement| settlement.settled_at > from;
                for settlement in settlements::standing_of_worker(conn, &number)?
                    .into_iter()
                    .filter(later)
                {
                    let settled = settled_stay(conn, &settlement, &hospital_number)?;
                    if settled.from < until && from < settled.until {
                        overlapping.push(settled);
                    }
                }
                Ok(overlapping)
            })
            .await
    }

    /// The lines that the catalogue lists in another column than the bill does, on their day. Lines that are not for the
    /// injury are not asked, nor are reversals: they go as their line goes.
    pub(crate) fn columns_that_differ(
        &self,
        case: &Case,
        decision: &Decision,
    ) -> Result<Vec<ColumnDiffers>, CounterError> {
        let facts = case.facts();
        let (Some(bill), Some(worker), Some(channel)) =
            (&facts.bill, &facts.worker, decision.channel)
        else {
            return Ok(Vec::new());
        };
        let Some(owner) = CatalogueOwner::choose(
            channel,
            facts.visit.kind,
            facts.institution.division,
            worker.insured_division,
        ) else {
            return Ok(Vec::new());
        };
        let own = by_code(&facts.catalogue);
        let unlisted: Vec<(&BillLine, MatrixColumn)> = bill
            .lines
            .iter()
            .filter(|line| line.treats_injury != Some(false) && line.reverses.is_none())
            .filter_map(|line| match line.column {
                LineColumn::Matrix(column) => Some((line, column)),
                LineColumn::MealAllowance | LineColumn::TravelAndLodging => None,
            })
            .filter(|(line, column)| listed_in(&own, line, |listed| listed == *column).is_none())
            .collect();
        let elsewhere: Vec<CatalogueItem> = unlisted
            .iter()
            .flat_map(|(line, column)| {
                let others = MatrixColumn::ALL
                    .iter()
                    .filter(move |other| *other != column);
                others.map(|&column| CatalogueItem {
                    column,
                    code: line.code.clone(),
                })
            })
            .collect();
        let entries = self.0.registry.catalogue(owner, &elsewhere)?;
        let others = by_code(&entries);
        Ok(unlisted
            .into_iter()
            .filter_map(|(line, billed)| {
                let listed = listed_in(&others, line, |listed| listed != billed)?;
                Some(ColumnDiffers {
                    line: line.number,
                    billed,
                    listed,
                })
            })
            .collect())
    }
}

pub(crate) fn by_code(entries: &[CatalogueEntry]) -> HashMap<&str, Vec<&CatalogueEntry>> {
    let mut by_code: HashMap<&str, Vec<&CatalogueEntry>> = HashMap::new();
    for entry in entries {
        by_code.entry(entry.code.as_str()).or_default().push(entry);
    }
    by_code
}

/// The column that lists the line's code on its day, of those that are wanted.
pub(crate) fn listed_in(
    entries: &HashMap<&str, Vec<&CatalogueEntry>>,
    line: &BillLine,
    wanted: impl Fn(MatrixColumn) -> bool,
) -> Option<MatrixColumn> {
    entries
        .get(line.code.as_str())?
        .iter()
        .find(|entry| wanted(entry.column) && entry.in_force_on(line.date))
        .map(|entry| entry.column)
}

/// The part of a settlement's evidence that says when its stay ended.
#[derive(Deserialize)]
struct KeptCase {
    visit: KeptVisit,
}

#[derive(Deserialize)]
struct KeptVisit {
    discharged_at: Option<String>,
}

fn settled_stay(
    conn: &Connection,
    settlement: &Settlement,
    hospital_number: &str,
) -> Result<SettledStay, CounterError> {
    let visit = visits::find(conn, &settlement.visit)?.ok_or(CounterError::VisitUnknown)?;
    let evidence =
        settlements::evidence(conn, &settlement.number)?.ok_or(CounterError::SettlementUnknown)?;
    let unreadable = || {
        CounterError::Ledger(LedgerError::Damaged {
            what: format!("the case of settlement {}", settlement.number),
        })
    };
    let case: KeptCase =
        serde_json::from_str(&evidence.case_json).map_err(|_its_words_may_quote| unreadable())?;
    let until = match case.visit.discharged_at {
        Some(text) => parse_instant(&text).map_err(CounterError::LedgerValue)?,
        // What has no discharge ended when it was settled.
        None => settlement.settled_at,
    };
    // What an earlier version kept may have blanks around it.
    let known = visit.hospital_number.unwrap_or_default().trim().to_owned();
    Ok(SettledStay {
        settlement: settlement.number.to_string(),
        same: !known.is_empty() && known == hospital_number.trim(),
        hospital_number: known,
        from: visit.registered_at,
        until,
    })
}
