//! The money of a decision: shares by line, the matrix of Annex 10, and the refund.

use super::article::Article;
use super::codes::RuleId;
use crate::case::amounts::Money;
use crate::case::bill::{LineNumber, MatrixColumn};
use crate::named::named_enum;

/// Who bears an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shares {
    /// 工伤保险基金支付.
    pub fund: Money,
    /// 自费: over a ceiling or limit, or outside the catalogue.
    pub self_pay: Money,
    /// 其他: not for the injury.
    pub other: Money,
}

impl Shares {
    /// The three together.
    pub fn total(self) -> Money {
        self.fund + self.self_pay + self.other
    }
}

named_enum! {
    /// The rule that split a line.
    pub enum LineRule {
        /// Paid by the fund in full.
        E02 = "E02",
        /// Not for the injury.
        E03 = "E03",
        /// Outside the catalogue, restricted, or over its ceiling.
        E04 = "E04",
        /// An assistive device: its notice's limit.
        E06 = "E06",
    }
}

impl LineRule {
    /// The rule's id.
    pub const fn rule(self) -> RuleId {
        match self {
            Self::E02 => RuleId::E02,
            Self::E03 => RuleId::E03,
            Self::E04 => RuleId::E04,
            Self::E06 => RuleId::E06,
        }
    }
}

/// One bill line's shares; they add up to its amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitLine {
    /// The line's number.
    pub number: LineNumber,
    /// Who bears it.
    pub shares: Shares,
    /// The rule that said so; a reversing line carries its line's.
    pub rule: LineRule,
    /// The article of that rule.
    pub article: Article,
}

/// One row of Annex 10's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ColumnAmounts {
    /// 药品.
    pub drug: Money,
    /// 诊疗项目.
    pub treatment: Money,
    /// 住院服务标准.
    pub inpatient_service: Money,
    /// 康复服务项目.
    pub rehabilitation: Money,
    /// 辅助器具费用.
    pub assistive_device: Money,
}

impl ColumnAmounts {
    /// One column.
    pub const fn of(&self, column: MatrixColumn) -> Money {
        match column {
            MatrixColumn::Drug => self.drug,
            MatrixColumn::Treatment => self.treatment,
            MatrixColumn::InpatientService => self.inpatient_service,
            MatrixColumn::Rehabilitation => self.rehabilitation,
            MatrixColumn::AssistiveDevice => self.assistive_device,
        }
    }

    pub(crate) fn add(&mut self, column: MatrixColumn, amount: Money) {
        let cell = match column {
            MatrixColumn::Drug => &mut self.drug,
            MatrixColumn::Treatment => &mut self.treatment,
            MatrixColumn::InpatientService => &mut self.inpatient_service,
            MatrixColumn::Rehabilitation => &mut self.rehabilitation,
            MatrixColumn::AssistiveDevice => &mut self.assistive_device,
        };
        *cell += amount;
    }

    /// 合计: the row's sum.
    pub fn total(&self) -> Money {
        MatrixColumn::ALL
            .iter()
            .map(|column| self.of(*column))
            .sum()
    }
}

/// The bill, split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Every line, in the bill's order.
    pub lines: Vec<SplitLine>,
    /// 工伤保险基金支付金额.
    pub fund: ColumnAmounts,
    /// 自费金额.
    pub self_pay: ColumnAmounts,
    /// 其他（非工伤伤情等）.
    pub other: ColumnAmounts,
}

impl Split {
    /// 总费用.
    pub fn total(&self) -> Money {
        self.fund.total() + self.personal()
    }

    /// 个人支付金额: self-pay and other.
    pub fn personal(&self) -> Money {
        self.self_pay.total() + self.other.total()
    }
}

/// The fund's share of a visit that was paid before the injury was recognised (Hunan 12¶3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refund {
    /// Back to the medical insurance, no more than it had paid.
    pub to_medical_insurance: Money,
    /// Then to the worker, no more than they had paid.
    pub to_worker: Money,
}

impl Refund {
    /// Both together.
    pub fn total(self) -> Money {
        self.to_medical_insurance + self.to_worker
    }
}
