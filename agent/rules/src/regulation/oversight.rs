//! Chapter 8, audit and oversight 稽核监督; Hunan chapter 5.
//!
//! National 48, Hunan 29: complaints go to the agency. National 49¶2, Hunan 30¶2: agencies check receipts for each other. National 50, 51, Hunan 31 to 33: agencies' audits; the rule that
//! points out high amounts (F12) stands in [`notice`](super::notice), point 5(3).

use super::circumstances::Circumstances;
use super::finding::{Finding, Findings};
use super::precedence::Row;
use super::rule::{Rule, SetBy};
use crate::decision::{Article, RuleId};

// National 47, Hunan 28 ----------------------------------------------------------------------------------------------

/// F13: what goes up is true, complete and in time.
pub(crate) const F13: Rule = Rule {
    id: RuleId::F13,
    asks: "上传信息真实、完整、准确、及时，不得篡改作假",
    quotes: &[
        (Article::National(47, 0), "确保信息真实准确，不得篡改作假"),
        (Article::National(46, 0), "确保系统中信息及时、准确"),
        (
            Article::Notice(4, 2),
            "确保信息真实、完整、准确，不得篡改作假",
        ),
        (Article::Hunan(28, 0), "确保信息真实准确，不得篡改作假"),
    ],
    set_by: SetBy::Nation,
};

// National 49, Hunan 30 ----------------------------------------------------------------------------------------------

/// C12: the person's direct settlement is not suspended.
pub(crate) const C12: Rule = Rule {
    id: RuleId::C12,
    asks: "职工是否被暂停直接结算",
    quotes: &[
        (
            Article::National(49, 1),
            "发现异地就医工伤职工有严重违规行为的，应暂停其直接结算",
        ),
        (
            Article::Hunan(30, 1),
            "发现异地就医工伤职工有严重违规行为的，应暂停其直接结算",
        ),
    ],
    set_by: SetBy::Nation,
};

pub(crate) fn c12_suspended(c: &Circumstances<'_>, found: &mut Findings) {
    if c.worker.suspended {
        found.add(Row::PersonSuspended, || {
            let ground = c.ground(Article::Hunan(30, 1), Article::National(49, 1));
            Finding::new(ground, "经办机构已暂停该职工的直接结算")
                .next("请联系就医地经办机构核实，由经办机构恢复后重新查询。")
        });
    }
}
