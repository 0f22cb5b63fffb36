//! The bill, split line by line: the fund's share, self-pay 自费, and other 其他.

use std::collections::HashMap;

use super::catalogue::Catalogue;
use super::reversal::Reversals;
use crate::case::amounts::Money;
use crate::case::bill::{Bill, BillLine, LineColumn, LineNumber, MatrixColumn};
use crate::case::catalogue::CatalogueEntry;
use crate::case::devices::Device;
use crate::case::visit::VisitKind;
use crate::decision::{
    Article, ColumnAmounts, LineRule, RuleId, Shares, Split, SplitLine, WarningCode,
};
use crate::regulation::circumstances::{Circumstances, Ground};
use crate::regulation::finding::Warnings;
use crate::regulation::rule::{Rule, SetBy};

/// B07: the worker pays the personal part alone: self-pay and other, never what the fund pays.
pub(crate) const B07: Rule = Rule {
    id: RuleId::B07,
    asks: "职工只付个人应付部分",
    quotes: &[
        (Article::National(33, 1), "支付应由本人支付的费用"),
        (Article::National(34, 0), "支付超目录或者超出限额部分的费用"),
    ],
    set_by: SetBy::Nation,
};

/// What every line is held against.
struct Splitter<'a> {
    catalogue: Catalogue<'a>,
    /// The order's devices by line; `None` unless the visit is for devices.
    devices: Option<HashMap<LineNumber, &'a Device>>,
    articles: Articles,
}

/// The article of each rule, under this channel.
#[derive(Clone, Copy)]
struct Articles {
    e02: Ground,
    e03: Ground,
    e04: Ground,
    e06: Ground,
    /// Hunan 19 does not name the notice: its limit is an interpretation within the province.
    e06_notice: Ground,
}

/// A bill that E11, E12, E03 and E13 have nothing against.
#[derive(Debug)]
pub(crate) struct SoundBill<'a> {
    pub(crate) bill: &'a Bill,
    pub(crate) reversals: Reversals,
}

pub(crate) fn split(
    c: &Circumstances<'_>,
    sound: &SoundBill<'_>,
    warnings: &mut Warnings,
) -> Split {
    let SoundBill { bill, reversals } = sound;
    let splitter = Splitter::new(c);
    let mut lines: Vec<SplitLine> = bill
        .lines
        .iter()
        .map(|line| splitter.line(line, warnings))
        .collect();
    reversals.mirror(bill, &mut lines);
    let mut split = Split {
        lines,
        fund: ColumnAmounts::default(),
        self_pay: ColumnAmounts::default(),
        other: ColumnAmounts::default(),
    };
    for (line, SplitLine { shares, .. }) in bill.lines.iter().zip(&split.lines) {
        // E11 and E12 keep any other column away from here.
        if let LineColumn::Matrix(column) = line.column {
            split.fund.add(column, shares.fund);
            split.self_pay.add(column, shares.self_pay);
            split.other.add(column, shares.other);
        }
    }
    split
}

impl<'a> Splitter<'a> {
    fn new(c: &Circumstances<'a>) -> Self {
        let e06 = c.ground(Article::Hunan(19, 0), Article::National(34, 0));
        let for_devices = c.case.visit.kind == VisitKind::AssistiveDevice;
        Self {
            catalogue: Catalogue::new(&c.case.catalogue),
            devices: for_devices.then(|| {
                c.case
                    .devices
                    .iter()
                    .map(|device| (device.line, device))
                    .collect()
            }),
            articles: Articles {
                e02: c.ground(Article::Hunan(17, 1), Article::National(32, 0)),
                e03: Ground::law(Article::Annex10(1)),
                e04: Ground::law(Article::Notice(4, 3)),
                e06,
                e06_notice: Ground {
                    interpretation: e06.interpretation || c.intra_province(),
                    ..e06
                },
            },
        }
    }

    /// One line on its own; a reversing line's shares are mirrored afterwards.
    fn line(&self, line: &BillLine, warnings: &mut Warnings) -> SplitLine {
        let (shares, rule) = self.shares(line, warnings);
        let article = match rule {
            LineRule::E02 => self.articles.e02,
            LineRule::E03 => self.articles.e03,
            LineRule::E04 => self.articles.e04,
            LineRule::E06 => self.articles.e06,
        }
        .article;
        SplitLine {
            number: line.number,
            shares,
            rule,
            article,
        }
    }

    fn shares(&self, line: &BillLine, warnings: &mut Warnings) -> (Shares, LineRule) {
        // 1. Not for the injury (Annex 10 note 1, notice 4(3)).
        if line.treats_injury == Some(false) {
            return (
                Shares {
                    other: line.amount,
                    ..Shares::default()
                },
                LineRule::E03,
            );
        }
        let LineColumn::Matrix(column) = line.column else {
            return (self_pay(line), LineRule::E04);
        };
        // A reversing line is never looked up.
        if line.reverses.is_some() {
            return (self_pay(line), LineRule::E04);
        }
        let entry = self.catalogue.listed(column, line.code.as_str(), line.date);
        // 2. A device: its notice's limit (national 34, Hunan 17 and 19).
        if let (MatrixColumn::AssistiveDevice, Some(devices)) = (column, &self.devices) {
            return (
                self.device_shares(line, devices.get(&line.number), entry, warnings),
                LineRule::E06,
            );
        }
        // 3. Not listed, or restricted and the restriction not met (notice 4(3), national 37).
        let Some(entry) = entry else {
            return (self_pay(line), LineRule::E04);
        };
        if entry.restricted && line.restriction_met != Some(true) {
            if line.restriction_met.is_none() {
                warnings.add(RuleId::E04, WarningCode::RestrictionUnanswered, || {
                    let number = line.number;
                    let what = format!(
                        "第{number}行为限定支付项目，未说明是否符合限定条件，按不符合计入自费"
                    );
                    (self.articles.e04, what)
                });
            }
            return (self_pay(line), LineRule::E04);
        }
        // 4. A ceiling; 5. else all of it the fund's (national 32, Hunan 17).
        let limit = entry.ceiling.and_then(|each| line.quantity.at(each));
        let shares = up_to(line, limit);
        let rule = if shares.self_pay == Money::ZERO {
            LineRule::E02
        } else {
            LineRule::E04
        };
        (shares, rule)
    }

    fn device_shares(
        &self,
        line: &BillLine,
        device: Option<&&Device>,
        entry: Option<&CatalogueEntry>,
        warnings: &mut Warnings,
    ) -> Shares {
        let (Some(device), Some(entry)) = (device, entry) else {
            return self_pay(line);
        };
        if !device.in_filing {
            return self_pay(line);
        }
        let limit = device.notice_limit;
        if let Some(ceiling) = entry.ceiling.filter(|ceiling| *ceiling != limit) {
            warnings.add(RuleId::E06, WarningCode::LimitDiffers, || {
                let number = line.number;
                let what = format!(
                    "第{number}行核付通知单限额{limit}元与目录限额{ceiling}元不一致，按通知单计算"
                );
                (self.articles.e06_notice, what)
            });
        }
        up_to(line, line.quantity.at(limit))
    }
}

/// All of it the worker's.
fn self_pay(line: &BillLine) -> Shares {
    Shares {
        self_pay: line.amount,
        ..Shares::default()
    }
}

/// The fund's up to a limit, the rest the worker's; all of it the fund's where there is no limit, or none that an amount reaches.
fn up_to(line: &BillLine, limit: Option<Money>) -> Shares {
    let fund = limit.map_or(line.amount, |limit| line.amount.min(limit));
    Shares {
        fund,
        self_pay: line.amount - fund,
        other: Money::ZERO,
    }
}
