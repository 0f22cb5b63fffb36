//! The bill's lines as the page shows them: who bears each, by which rule and article; filtered and in pages.

use std::collections::{BTreeMap, HashMap};

use rules::{Bill, LineColumn, Money, Shares, Split, SplitLine};
use serde::Deserialize;

use crate::bill::Kin;
use crate::counter::Remark;
use crate::wording::phrasing;
use crate::wording::terms;

/// Lines on one page: a usual bill is one page, one of 200,000 lines stays usable.
const PAGE_LINES: usize = 200;

/// Which lines are asked for.
#[derive(Clone, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Wanted {
    show: String,
    page: usize,
}

/// A way to look at the bill.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filter {
    All,
    /// The worker pays something of it.
    Personal,
    SelfPay,
    Other,
}

impl Filter {
    const ALL: [Self; 4] = [Self::All, Self::Personal, Self::SelfPay, Self::Other];

    const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Personal => "personal",
            Self::SelfPay => "self_pay",
            Self::Other => "other",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::All => "全部",
            Self::Personal => "个人要付的",
            Self::SelfPay => "自费",
            Self::Other => "其他",
        }
    }

    fn takes(self, shares: Shares) -> bool {
        match self {
            Self::All => true,
            Self::Personal => shares.self_pay != Money::ZERO || shares.other != Money::ZERO,
            Self::SelfPay => shares.self_pay != Money::ZERO,
            Self::Other => shares.other != Money::ZERO,
        }
    }
}

/// A page of lines.
pub(super) struct LinesView {
    pub(super) filters: Vec<FilterView>,
    pub(super) shown: &'static str,
    pub(super) lines: Vec<LineView>,
    pub(super) page: usize,
    pub(super) pages: usize,
    /// The rules met on this bill, each with its article in full.
    pub(super) rules: Vec<RuleView>,
}

/// A filter, and how many lines it keeps.
pub(super) struct FilterView {
    /// The one that the key for filters leads to: each press goes one on, after the last to the first.
    pub(super) comes_next: bool,
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) count: usize,
    pub(super) chosen: bool,
}

/// One rule met on the bill.
pub(super) struct RuleView {
    pub(super) rule: &'static str,
    pub(super) say: &'static str,
    pub(super) article: String,
}

/// One line.
pub(super) struct LineView {
    pub(super) number: u64,
    pub(super) date: String,
    pub(super) column: &'static str,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) unit_price: String,
    pub(super) quantity: String,
    pub(super) amount: String,
    pub(super) fund: String,
    pub(super) self_pay: String,
    pub(super) other: String,
    pub(super) rule: &'static str,
    pub(super) say: &'static str,
    pub(super) article: String,
    /// The line this one takes back.
    pub(super) reverses: Option<u64>,
    /// The worker pays something of it.
    pub(super) personal: bool,
    /// What the catalogue has instead.
    pub(super) differs: Option<String>,
}

impl LinesView {
    pub(super) fn of(bill: &Bill, split: &Split, wanted: &Wanted, remarks: &[Remark]) -> Self {
        let pointed_out = pointed_out(remarks);
        let chosen = Filter::ALL
            .into_iter()
            .find(|filter| filter.name() == wanted.show)
            .unwrap_or(Filter::All);
        let kept = |filter: Filter| {
            bill.lines
                .iter()
                .zip(&split.lines)
                .filter(move |(_, line)| filter.takes(line.shares))
        };
        let count = kept(chosen).count();
        let pages = count.div_ceil(PAGE_LINES).max(1);
        let page = wanted.page.clamp(1, pages);
        let lines = kept(chosen)
            .skip((page - 1) * PAGE_LINES)
            .take(PAGE_LINES)
            .map(|(line, shared)| {
                let differs = pointed_out.get(&line.number.get()).cloned();
                LineView::of(line, shared, differs)
            })
            .collect();
        let at = Filter::ALL.iter().position(|filter| *filter == chosen);
        let next = at.map_or(0, |at| (at + 1) % Filter::ALL.len());
        let filters = Filter::ALL
            .into_iter()
            .enumerate()
            .map(|(place, filter)| FilterView {
                comes_next: place == next,
                name: filter.name(),
                label: filter.label(),
                count: kept(filter).count(),
                chosen: filter == chosen,
            })
            .collect();
        Self {
            filters,
            shown: chosen.name(),
            lines,
            page,
            pages,
            rules: rules_met(split),
        }
    }
}

/// What the catalogue has instead, of the lines that it does not have as the bill does.
fn pointed_out(remarks: &[Remark]) -> HashMap<u64, String> {
    let mut pointed_out = HashMap::new();
    for remark in remarks {
        match remark {
            Remark::ColumnsDiffer(lines) => pointed_out.extend(lines.iter().map(|differs| {
                let column = terms::column(differs.listed);
                (differs.line.get(), format!("目录在“{column}”"))
            })),
            Remark::CodesDoubted(lines) => pointed_out.extend(lines.iter().map(|doubted| {
                let listed = doubted.relative.listed.as_str();
                let how = match doubted.relative.kin {
                    Kin::Case => "大小写不同",
                    Kin::Zeros => "前面少了 0？",
                    Kin::Suffix => "多了后缀？",
                };
                (doubted.line.get(), format!("目录有 {listed}，{how}"))
            })),
            Remark::Overlaps(_)
            | Remark::CaseMended(_)
            | Remark::BeforeAdmission { .. }
            | Remark::NumberLostZeros(_)
            | Remark::NotOnSlip { .. }
            | Remark::Vouched(_)
            | Remark::Marked { .. } => {}
        }
    }
    pointed_out
}

fn rules_met(split: &Split) -> Vec<RuleView> {
    let mut met = BTreeMap::new();
    for line in &split.lines {
        met.entry((line.rule, line.article.to_string()))
            .or_insert(line.article);
    }
    met.into_iter()
        .map(|((rule, _), article)| RuleView {
            rule: rule.name(),
            say: phrasing::line_rule(rule),
            article: article
                .in_chinese()
                .unwrap_or_else(|| "规程未明确，按默认口径".to_owned()),
        })
        .collect()
}

impl LineView {
    fn of(line: &rules::BillLine, shared: &SplitLine, differs: Option<String>) -> Self {
        Self {
            number: line.number.get(),
            date: line.date.to_string(),
            column: column(line.column),
            code: line.code.as_str().to_owned(),
            name: line.name.to_string(),
            unit_price: line.unit_price.to_string(),
            quantity: line.quantity.to_string(),
            amount: line.amount.to_string(),
            fund: shared.shares.fund.to_string(),
            self_pay: shared.shares.self_pay.to_string(),
            other: shared.shares.other.to_string(),
            rule: shared.rule.name(),
            say: phrasing::line(shared.rule, shared.shares),
            article: phrasing::article_short(shared.article),
            reverses: line.reverses.map(rules::LineNumber::get),
            personal: Filter::Personal.takes(shared.shares),
            differs,
        }
    }
}

fn column(column: LineColumn) -> &'static str {
    match column {
        LineColumn::Matrix(column) => terms::column(column),
        LineColumn::MealAllowance => "伙食补助",
        LineColumn::TravelAndLodging => "交通食宿",
    }
}
