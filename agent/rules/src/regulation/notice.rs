//! The national notice 人社部发〔2025〕17号, its own body, points 一 to 七.
//!
//! 1: in force from 2025-04-01 (rule A08, in [`supplementary`](super::supplementary)). 2: how many institutions by when;
//! agencies'. 3(1), 3(2): who and what, as national 3 and 4 (rules A04, A06, A07, E11, E12). 4(1): filing first
//! (C01, C08, C09); its third paragraph, and 4(3)'s second, first sentence, and third, bind agencies. 5(1), 5(2): advances
//! and clearing, between provinces. 6(1), 6(2): the systems. 7: organisation. The closing paragraph ends the pilot's notice.

use super::circumstances::{Circumstances, Ground};
use super::finding::Warnings;
use super::rule::{Rule, SetBy};
use crate::case::amounts::Money;
use crate::decision::{Article, RuleId, WarningCode};

// Point 4(2), 4(3) ---------------------------------------------------------------------------------------------------

/// E05: care for the injury alone, by proper practice; flagged lines are warned of, never charged to the worker by us.
pub(crate) const E05: Rule = Rule {
    id: RuleId::E05,
    asks: "因伤施治、伤病分离、合理诊疗；不符合诊疗常规的费用出院前提示，不由本系统转给职工",
    quotes: &[
        (Article::Notice(4, 2), "因伤施治，伤病分离，合理诊疗"),
        (
            Article::Notice(4, 3),
            "就医中发生的超标准、超目录范围和不符合诊疗常规的费用",
        ),
        (Article::National(37, 0), "不符合诊疗常规的费用"),
    ],
    set_by: SetBy::Nation,
};

// Point 5(3) ---------------------------------------------------------------------------------------------------------

/// F12: high amounts are looked at; the notice gives no figure.
pub(crate) const F12: Rule = Rule {
    id: RuleId::F12,
    asks: "大额费用提示",
    quotes: &[
        (
            Article::Notice(5, 3),
            "以大额、高频次费用，备案期间两地双向支出等为重点",
        ),
        (
            Article::National(50, 1),
            "以大额、高频次费用，备案期间两地双向支出等为重点",
        ),
    ],
    set_by: SetBy::Profile(&["high_amount"]),
};

pub(crate) fn f12_high_amount(c: &Circumstances<'_>, total: Money, warnings: &mut Warnings) {
    if let Some(limit) = c.profile.high_amount.value
        && total >= limit
    {
        warnings.add(RuleId::F12, WarningCode::HighAmount, || {
            let what = format!("本次总费用{total}元，达到大额费用提示线{limit}元，请复核");
            (Ground::reading(Article::Notice(5, 3)), what)
        });
    }
}

// Point 6(3) ---------------------------------------------------------------------------------------------------------

/// B06: cards are authenticated across provinces, and the worker pays the personal part alone.
pub(crate) const B06: Rule = Rule {
    id: RuleId::B06,
    asks: "跨省用卡鉴权；职工只付个人应付部分",
    quotes: &[
        (Article::Notice(6, 3), "支持跨省用卡鉴权"),
        (Article::National(33, 1), "支付应由本人支付的费用"),
        (Article::National(34, 0), "支付超目录或者超出限额部分的费用"),
    ],
    set_by: SetBy::Nation,
};
