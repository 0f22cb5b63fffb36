//! Notice 3(2), Hunan 17¶3: what never belongs on this bill.

use crate::case::bill::{Bill, BillLine, LineColumn};
use crate::decision::{Article, RuleId};
use crate::regulation::annexes::numbers;
use crate::regulation::circumstances::Circumstances;
use crate::regulation::finding::{Finding, Findings};
use crate::regulation::precedence::Row;
use crate::regulation::rule::{Rule, SetBy};

/// E11: the meal allowance is paid elsewhere.
pub(crate) const E11: Rule = Rule {
    id: RuleId::E11,
    asks: "账单不含住院伙食补助费",
    quotes: &[
        (
            Article::Notice(3, 2),
            "住院伙食补助费和因异地转诊转院发生的到统筹区外就医所需的交通食宿费",
        ),
        (
            Article::Hunan(17, 3),
            "省内异地就医工伤职工住院伙食补助费由就医地经办机构按照就医地政策审核支付",
        ),
    ],
    set_by: SetBy::Nation,
};

/// E12: travel and lodging are paid elsewhere.
pub(crate) const E12: Rule = Rule {
    id: RuleId::E12,
    asks: "账单不含交通食宿费",
    quotes: &[
        (Article::Notice(3, 2), "不纳入跨省异地就医直接结算范围"),
        (
            Article::Hunan(17, 3),
            "因异地转诊转院发生的交通食宿费由参保地经办机构按照参保地政策审核报销",
        ),
    ],
    set_by: SetBy::Nation,
};

pub(crate) fn e11_e12_foreign_lines(c: &Circumstances<'_>, bill: &Bill, found: &mut Findings) {
    let ground = c.ground(Article::Hunan(17, 3), Article::Notice(3, 2));
    let meals = bill
        .lines
        .iter()
        .filter(|line| line.column == LineColumn::MealAllowance);
    if let Some(lines) = numbers(meals.map(|line| line.number)) {
        found.add(Row::MealAllowanceOnBill, || {
            let what = format!("账单{lines}为住院伙食补助费，不纳入直接结算");
            let next = if c.intra_province() {
                "请从账单中移出后重新读取，并告知职工向就医地经办机构申领。"
            } else {
                "请从账单中移出后重新读取，并告知职工向参保地经办机构申领。"
            };
            Finding::new(ground, what).next(next)
        });
    }
    let travel = bill
        .lines
        .iter()
        .filter(|line| line.column == LineColumn::TravelAndLodging);
    if let Some(lines) = numbers(travel.map(|line| line.number)) {
        found.add(Row::TravelOnBill, || {
            let what = format!("账单{lines}为交通食宿费，不纳入直接结算");
            Finding::new(ground, what)
                .next("请从账单中移出后重新读取，并告知职工向参保地经办机构申领。")
        });
    }
}

/// Whether a line is in a column of Annex 10.
pub(crate) fn belongs(line: &BillLine) -> bool {
    match line.column {
        LineColumn::Matrix(_) => true,
        LineColumn::MealAllowance | LineColumn::TravelAndLodging => false,
    }
}

/// F15: the worker is told where meals, travel and lodging are paid.
pub(crate) const F15: Rule = Rule {
    id: RuleId::F15,
    asks: "告知职工伙食补助、交通食宿费在哪里申领",
    quotes: &[
        (
            Article::Notice(3, 2),
            "由参保地经办机构按照参保地政策审核报销",
        ),
        (
            Article::Hunan(17, 3),
            "省内异地就医工伤职工住院伙食补助费由就医地经办机构按照就医地政策审核支付",
        ),
    ],
    set_by: SetBy::Nation,
};
