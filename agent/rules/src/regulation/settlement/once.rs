//! National 38, Hunan 22: what cannot be settled directly goes the manual way, and nothing is paid twice.

use crate::case::people::Credential;
use crate::case::visit::Settled;
use crate::decision::{Article, RuleId};
use crate::regulation::circumstances::Circumstances;
use crate::regulation::finding::{Finding, Findings};
use crate::regulation::precedence::Row;
use crate::regulation::rule::{Rule, SetBy};

/// B03: a card that cannot be read or verified; the other form of the card is tried first.
pub(crate) const B03: Rule = Rule {
    id: RuleId::B03,
    asks: "社会保障卡或电子社保卡能否读取、验证",
    quotes: &[
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
    match c.case.credential {
        Credential::Nothing { fault: true } => found.add(Row::CredentialFault, || {
            let finding = Finding::new(ground(c), "出示的卡或二维码无法读取或验证");
            if c.case.gate.opens() {
                finding.next("请改用实体社会保障卡或电子社保卡的另一种再试。")
            } else {
                finding.next(
                    "请先改用实体社会保障卡或电子社保卡的另一种再试；仍不能读取的，本次不能直接结算，\
                     请把费用单据交给职工，由参保地经办机构按参保地规定审核，能否支付以参保地审核为准。",
                )
            }
        }),
        Credential::Nothing { fault: false } | Credential::Presented { .. } => {}
    }
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

fn ground(c: &Circumstances<'_>) -> crate::regulation::circumstances::Ground {
    c.ground(Article::Hunan(22, 0), Article::National(38, 0))
}
