//! National 38, Hunan 22: what cannot be settled directly goes the manual way, and nothing is paid twice.

use crate::case::people::{Credential, CredentialFault};
use crate::case::visit::Settled;
use crate::decision::{Article, RuleId};
use crate::regulation::circumstances::{Circumstances, Ground};
use crate::regulation::finding::{Finding, Findings};
use crate::regulation::precedence::Row;
use crate::regulation::rule::{Rule, SetBy};
use crate::rule_set::RuleSet;

/// B03: a card or code that says nobody: it cannot be read, the province rejects it, or only the province could have told and
/// does not answer. The other form of the card is tried first.
pub(crate) const B03: Rule = Rule {
    id: RuleId::B03,
    asks: "社会保障卡或电子社保卡能否读取，是否为省平台认可；只有省平台能确认而连不上的，先等（规程未明确，按默认口径）",
    quotes: &[
        (
            Article::National(18, 1),
            "出示社会保障卡（含电子社保卡，下同）等有效身份凭证",
        ),
        (Article::National(33, 1), "应核对工伤职工身份信息和备案信息"),
        (
            Article::Hunan(16, 0),
            "工伤职工须持社会保障卡（含电子社保卡）等有效身份凭证",
        ),
        (Article::Hunan(18, 0), "再次核对身份信息和备案信息"),
        (Article::Notice(6, 3), "支持跨省用卡鉴权"),
        (
            Article::National(38, 0),
            "因结算网络系统、就医凭证等故障导致无法直接结算的，相关费用回参保地按参保地规定手工报销",
        ),
        (
            Article::Hunan(22, 0),
            "因结算网络系统、就医凭证等问题导致无法直接结算的，相关费用回参保地按参保地规定手工报销",
        ),
    ],
    set_by: SetBy::Nation,
};

pub(crate) fn b03_fault(c: &Circumstances<'_>, found: &mut Findings) {
    let Credential::Nothing { fault: Some(fault) } = c.case.credential else {
        return;
    };
    match fault {
        CredentialFault::Credential => found.add(Row::CredentialFault, || unreadable(c)),
        CredentialFault::Denied => found.add(Row::CredentialDenied, || {
            let ground = c.ground(Article::Hunan(18, 0), Article::Notice(6, 3));
            let what = "省平台不认可出示的卡或二维码（查无此卡、已挂失、已作废或不是真卡）";
            Finding::new(ground, what).next(
                "请职工出示本人有效的社会保障卡或电子社保卡；没有别的卡可用的，本次不能直接结算，费用由职工结清后\
                 回参保地手工报销，能否支付以参保地审核为准。",
            )
        }),
        // That the manual way waits is an interpretation; it stands open all the same.
        CredentialFault::Network => found.add(Row::CredentialNotAuthenticated, || {
            let what = "这张卡或二维码只有省平台能确认是谁的，省平台现在没有应答";
            Finding::new(Ground::interpretation(ground(c).article), what).next(
                "请等联网恢复后重新插卡或扫码；等不及的，费用可由职工结清后回参保地手工报销，能否支付以参保地审核为准。",
            )
        }),
    }
}

fn unreadable(c: &Circumstances<'_>) -> Finding {
    // Rule set 1 had one fault for all, and one article.
    let (what, ground) = match (c.rules, c.case.gate.opens()) {
        (RuleSet::First, _) => ("出示的卡或二维码无法读取或验证", ground(c)),
        (RuleSet::Second | RuleSet::Third, true) => (
            "出示的卡或二维码无法读取",
            c.ground(Article::Hunan(16, 0), Article::National(18, 1)),
        ),
        (RuleSet::Second | RuleSet::Third, false) => ("出示的卡或二维码无法读取", ground(c)),
    };
    Finding::new(ground, what).next(if c.case.gate.opens() {
        "请改用实体社会保障卡或电子社保卡的另一种再试。"
    } else {
        "请先改用实体社会保障卡或电子社保卡的另一种再试；仍不能读取的，本次不能直接结算，\
         请把费用单据交给职工，由参保地经办机构按参保地规定审核，能否支付以参保地审核为准。"
    })
}

/// F08: direct and manual exclude each other.
pub(crate) const F08: Rule = Rule {
    id: RuleId::F08,
    asks: "本次费用是否已直接结算或已手工报销",
    quotes: &[
        (
            Article::National(38, 0),
            "核实工伤职工是否已在就医地直接结算，杜绝重复报销",
        ),
        (
            Article::Hunan(22, 0),
            "核实工伤职工是否已在就医地直接结算，杜绝重复报销",
        ),
    ],
    set_by: SetBy::Nation,
};

pub(crate) fn f08_settled_already(c: &Circumstances<'_>, found: &mut Findings) {
    match c.case.visit.settled {
        Settled::No => {}
        Settled::Direct => found.add(Row::AlreadySettledDirectly, || {
            Finding::new(ground(c), "本次费用已经直接结算过，不得重复结算")
        }),
        Settled::Manual => found.add(Row::AlreadyClaimedManually, || {
            Finding::new(ground(c), "本次费用已经手工报销，不得再直接结算")
                .next("请核对手工报销记录，不要重复结算。")
        }),
    }
}

fn ground(c: &Circumstances<'_>) -> Ground {
    c.ground(Article::Hunan(22, 0), Article::National(38, 0))
}
