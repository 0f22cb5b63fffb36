//! The national notice 人社部发〔2025〕17号, its own body, points 一 to 七.
//!
//! 1: in force from 2025-04-01 (rule A08, in [`supplementary`](super::supplementary)). 2: how many institutions by when;
//! agencies'. 3(1), 3(2): who and what, as national 3 and 4 (rules A04, A06, A07, E11, E12). 4(1): filing first
//! (C01, C08, C09); its third paragraph, and 4(3)'s second, first sentence, and third, bind agencies. 5(1), 5(2): advances
//! and clearing, between provinces. 6(1), 6(2): the systems. 7: organisation. The closing paragraph ends the pilot's notice.

use super::circumstances::{Circumstances, Ground};
use super::finding::{Finding, Findings, Warnings};
use super::precedence::Row;
use super::rule::{Rule, SetBy};
use crate::case::amounts::Money;
use crate::case::people::{Credential, CredentialKind, Verified};
use crate::case::visit::Gate;
use crate::decision::{Article, RuleId, WarningCode};
use crate::profile::UnverifiedCard;
use crate::rule_set::RuleSet;

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
            (Ground::interpretation(Article::Notice(5, 3)), what)
        });
    }
}

// Point 6(3) ---------------------------------------------------------------------------------------------------------

/// B06: a card or code is confirmed by the province, or by a security module in the reader, before it settles: what a card
/// says of itself proves nothing. That settling waits for it is an interpretation.
pub(crate) const B06: Rule = Rule {
    id: RuleId::B06,
    asks: "社会保障卡（含电子社保卡）结算前是否经省平台或PSAM鉴权确认；断网时登记时确认过的同一张卡可用",
    quotes: &[(Article::Notice(6, 3), "支持跨省用卡鉴权")],
    set_by: SetBy::Profile(&["unverified_card"]),
};

pub(crate) fn b06_card_verified(c: &Circumstances<'_>, found: &mut Findings) {
    let Some(card) = unconfirmed(c) else {
        return;
    };
    if !waits(c, card) {
        return;
    }
    found.add(Row::CardNotVerified, || {
        let ground = Ground::interpretation(Article::Notice(6, 3));
        let finding = Finding::new(ground, format!("本次出示的{}", card.what()));
        finding.next(match card.kind {
            CredentialKind::ElectronicSocialSecurityCard => {
                "请等联网恢复后，由职工刷新电子社保卡再扫一次，核验后再结算。"
            }
            CredentialKind::SocialSecurityCard | CredentialKind::IdentityCard => {
                "请等联网恢复后重新插卡，核验后再结算。"
            }
        })
    });
}

pub(crate) fn b06_card_not_verified(c: &Circumstances<'_>, warnings: &mut Warnings) {
    let Some(card) = unconfirmed(c) else {
        return;
    };
    if waits(c, card) {
        return;
    }
    warnings.add(RuleId::B06, WarningCode::CardNotVerified, || {
        let next = if c.case.gate.settles() {
            ""
        } else {
            "；请在结算前联网核验"
        };
        let what = format!("本次出示的{}{next}", card.what());
        (warned_by(c), what)
    });
}

/// A card or code that nobody has confirmed now.
#[derive(Clone, Copy)]
struct Unconfirmed {
    kind: CredentialKind,
    verified: Verified,
}

impl Unconfirmed {
    fn what(self) -> &'static str {
        match (self.kind, self.verified) {
            (CredentialKind::ElectronicSocialSecurityCard, Verified::Earlier) => {
                "电子社保卡这次没有经省平台核验，只与本次就医先前核验过的相同"
            }
            (CredentialKind::ElectronicSocialSecurityCard, Verified::No | Verified::Now) => {
                "电子社保卡没有经省平台核验"
            }
            (_, Verified::Earlier) => "卡这次没有经省平台核验，只与本次就医先前核验过的是同一张",
            (_, Verified::No | Verified::Now) => "卡没有经省平台核验，卡上写的内容不能证明真伪",
        }
    }
}

/// The card or code that was presented and is not confirmed now. Rule set 1 asked nobody to confirm it.
fn unconfirmed(c: &Circumstances<'_>) -> Option<Unconfirmed> {
    match c.case.credential {
        Credential::Presented { kind, verified, .. }
            if c.rules > RuleSet::First && kind.settles() && verified != Verified::Now =>
        {
            Some(Unconfirmed { kind, verified })
        }
        Credential::Presented { .. } | Credential::Nothing { .. } => None,
    }
}

/// Whether settling waits until it is confirmed.
fn waits(c: &Circumstances<'_>, card: Unconfirmed) -> bool {
    c.case.gate.settles()
        && match (c.profile.unverified_card.value, card.verified) {
            (UnverifiedCard::Allow, _) | (_, Verified::Now) => false,
            (UnverifiedCard::Hold, Verified::Earlier | Verified::No) => true,
            (UnverifiedCard::SameCard, verified) => verified == Verified::No,
        }
}

/// The notice speaks of cards across provinces; within one, and where a device or a refund is settled, it is an interpretation.
fn warned_by(c: &Circumstances<'_>) -> Ground {
    let spoken_of = match c.case.gate {
        Gate::Admission | Gate::Outpatient | Gate::Discharge | Gate::DeviceAcceptance => {
            !c.intra_province()
        }
        Gate::DeviceSettlement | Gate::Refund => false,
    };
    let article = Article::Notice(6, 3);
    if spoken_of {
        Ground::law(article)
    } else {
        Ground::interpretation(article)
    }
}
