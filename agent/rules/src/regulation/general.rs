//! Chapter 1, general provisions 总则: who and what direct settlement is for.
//!
//! National 1, 2: purpose and scope. 5: through the system; the platform, not a rule. 6, 7, 8: agencies' duties and
//! money. Hunan 1, 2¶1, 6, 7: the same.

use super::circumstances::{Circumstances, Ground};
use super::finding::{Finding, Findings};
use super::precedence::Row;
use super::rule::{Rule, SetBy};
use crate::case::people::Confirmation;
use crate::case::visit::{Gate, ThirdPartyLiability, VisitKind};
use crate::decision::{Article, Channel, Route, RuleId};

// National 3 -----------------------------------------------------------------------------------------------------

/// A04: cross-province settlement knows no outpatient visits.
pub(crate) const A04: Rule = Rule {
    id: RuleId::A04,
    asks: "跨省就医是否为住院或配置（门诊暂不直接结算）",
    quotes: &[
        (
            Article::National(3, 0),
            "无第三方责任住院工伤医疗、住院工伤康复和辅助器具配置",
        ),
        (
            Article::Notice(3, 2),
            "包括在就医地发生的无第三方责任的住院工伤医疗费、住院工伤康复费和辅助器具配置费",
        ),
        (
            Article::Hunan(5, 0),
            "跨省异地就医直接结算范围暂不包括门诊工伤医疗（康复）费用",
        ),
    ],
    set_by: SetBy::Nation,
};

/// Goes by the kind of visit, so that a refund is asked too.
pub(crate) fn a04_cross_province_outpatient(c: &Circumstances<'_>, found: &mut Findings) {
    if c.channel == Channel::CrossProvince && is_outpatient(c.case.visit.kind) {
        found.add(Row::OutpatientCrossProvince, || {
            let ground = c.ground(Article::Hunan(5, 0), Article::National(3, 0));
            Finding::new(ground, "跨省异地就医直接结算暂不包括门诊费用")
        });
    }
}

/// A05: intra-province outpatient visits, where the profile has them.
pub(crate) const A05: Rule = Rule {
    id: RuleId::A05,
    asks: "省内异地门诊是否已开通直接结算",
    quotes: &[
        (
            Article::Hunan(5, 0),
            "工伤医疗、工伤康复和辅助器具配置等合规异地就医费用，可以按照本规程的规定直接结算",
        ),
        (
            Article::Hunan(18, 0),
            "办理入院登记手续或门诊就医（康复）时",
        ),
    ],
    set_by: SetBy::Profile(&["outpatient_intra_province"]),
};

/// Goes by the kind of visit, so that a refund is asked too.
pub(crate) fn a05_intra_province_outpatient(c: &Circumstances<'_>, found: &mut Findings) {
    let open = c.profile.outpatient_intra_province.value;
    if c.intra_province() && is_outpatient(c.case.visit.kind) && !open {
        found.add(Row::OutpatientNotOpen, || {
            // The profile keeps it shut, whatever the article allows.
            let what = "本机构尚未开通省内异地门诊直接结算";
            Finding::new(Ground::interpretation(Article::Hunan(5, 0)), what)
        });
    }
}

/// A06: nobody else is liable. "无第三方责任" is strict: liability in part is liability.
pub(crate) const A06: Rule = Rule {
    id: RuleId::A06,
    asks: "费用是否无第三方责任",
    quotes: &[
        (
            Article::National(3, 0),
            "无第三方责任住院工伤医疗、住院工伤康复和辅助器具配置",
        ),
        (
            Article::Hunan(5, 0),
            "发生的无第三方责任的工伤医疗、工伤康复和辅助器具配置等合规异地就医费用",
        ),
    ],
    set_by: SetBy::Nation,
};

pub(crate) fn a06_third_party(c: &Circumstances<'_>, found: &mut Findings) {
    let ground = c.ground(Article::Hunan(5, 0), Article::National(3, 0));
    match c.case.visit.third_party_liability {
        ThirdPartyLiability::None => {}
        ThirdPartyLiability::Partial | ThirdPartyLiability::Full => {
            found.add(Row::ThirdPartyLiable, || {
                Finding::new(
                    ground,
                    "本次伤情有第三方责任，直接结算只限无第三方责任的费用",
                )
            });
        }
        // An interpretation: the regulations do not say who asks, only what must be so.
        ThirdPartyLiability::Undeclared => found.add(Row::LiabilityUndeclared, || {
            let ground = Ground::interpretation(ground.article);
            Finding::new(ground, "尚未说明本次伤情有无第三方责任")
        }),
    }
}

const fn is_outpatient(kind: VisitKind) -> bool {
    match kind {
        VisitKind::OutpatientMedical | VisitKind::OutpatientRehabilitation => true,
        VisitKind::InpatientMedical
        | VisitKind::InpatientRehabilitation
        | VisitKind::AssistiveDevice => false,
    }
}

// National 4, Hunan 4 ----------------------------------------------------------------------------------------------

/// A07: the injury has been confirmed, and the confirmation fits the kind of visit (the fit is an interpretation).
pub(crate) const A07: Rule = Rule {
    id: RuleId::A07,
    asks: "是否已完成与本次就诊相符的工伤认定、复发、康复或辅助器具配置确认",
    quotes: &[
        (
            Article::National(4, 0),
            "已完成工伤认定、工伤复发确认、工伤康复确认或辅助器具配置确认",
        ),
        (
            Article::Hunan(4, 0),
            "或属于原工伤部位继续治疗的以下工伤职工",
        ),
        (Article::Hunan(2, 2), "含纳入工伤保险统筹管理的老工伤人员"),
        (
            Article::Hunan(12, 3),
            "在异地就医协议机构就医时尚未完成工伤认定",
        ),
    ],
    set_by: SetBy::Profile(&["confirmation_binds", "late_recognition"]),
};

pub(crate) fn a07_confirmed(c: &Circumstances<'_>, found: &mut Findings) {
    let has = |confirmation| c.worker.confirmations.contains(&confirmation);
    let kind = c.case.visit.kind;
    let (fits, wanted) = match kind {
        VisitKind::InpatientMedical | VisitKind::OutpatientMedical => (
            has(Confirmation::InjuryRecognition)
                || has(Confirmation::Recurrence)
                || (c.insured_in_hunan()
                    && (has(Confirmation::ContinuedTreatment) || has(Confirmation::LegacyInjury))),
            "工伤认定或工伤复发确认",
        ),
        VisitKind::InpatientRehabilitation | VisitKind::OutpatientRehabilitation => {
            (has(Confirmation::Rehabilitation), "工伤康复确认")
        }
        VisitKind::AssistiveDevice => (has(Confirmation::AssistiveDevice), "辅助器具配置确认"),
    };
    if fits || !c.profile.confirmation_binds.value {
        return;
    }
    found.add(Row::NotConfirmed, || {
        let law = c.ground(Article::Hunan(4, 0), Article::National(4, 0));
        // That a confirmation is needed is the article's word; which one is needed for this kind is an interpretation.
        let ground = Ground {
            interpretation: law.interpretation || !c.worker.confirmations.is_empty(),
            ..law
        };
        let finding = Finding::new(ground, format!("登记库中没有与本次就诊相符的{wanted}"));
        let medical = matches!(
            kind,
            VisitKind::InpatientMedical | VisitKind::OutpatientMedical
        );
        if c.intra_province() && medical && c.profile.late_recognition.value {
            return finding
                .route(Route::RefundAfterRecognition)
                .next(refund_later(c));
        }
        // What is missing is the confirmation, whatever has been filed.
        if c.case.gate.opens() {
            return finding.next(format!(
                "请先向参保地办理{wanted}，办妥后再登记；已经办妥的，请由参保地经办机构更正信息后重新查询。"
            ));
        }
        finding
    });
}

/// The way of Hunan 12¶3: the agency agrees, the audit decides, and nothing is promised.
fn refund_later(c: &Circumstances<'_>) -> String {
    let paid = if c.case.gate == Gate::Refund {
        "请保留已结清费用的单据"
    } else {
        "请先由职工结清费用并保留单据"
    };
    let by = c.hunan(Article::Hunan(12, 3)).in_brackets(c.rules);
    format!(
        "{paid}；完成工伤认定并经参保地经办机构同意补报备案后，可以向本院申请退费，能否退还以审核为准{by}。"
    )
}

// National 2 and 3, Hunan 3 ------------------------------------------------------------------------------------------

/// A02: treated where insured is no treatment elsewhere, also for one who has filed and came back (national 13¶3).
pub(crate) const A02: Rule = Rule {
    id: RuleId::A02,
    asks: "就医地是否在参保地以外",
    quotes: &[
        (
            Article::Hunan(3, 1),
            "不纳入工伤保险异地就医直接结算管理，可在参保地所在市州协议机构，实行费用直接结算",
        ),
        (
            Article::National(3, 0),
            "在参保省外的工伤保险协议医疗机构、康复机构和辅助器具配置机构",
        ),
        (
            Article::National(13, 3),
            "确需回参保地就医的，可以在参保地享受直接结算服务，执行参保地政策",
        ),
    ],
    set_by: SetBy::Nation,
};

/// Ends the evaluation.
pub(crate) fn a02_same_prefecture(c: &Circumstances<'_>, found: &mut Findings) {
    if c.channel == Channel::Local {
        found.add(Row::SamePrefecture, || {
            let article = if c.under_hunan() {
                Article::Hunan(3, 1)
            } else {
                Article::National(3, 0)
            };
            Finding::new(Ground::law(article), "职工参保地就是本地，不属于异地就医")
        });
    }
}

/// A03: insured at provincial level, the whole province is the insured place (Hunan 2¶3).
pub(crate) const A03: Rule = Rule {
    id: RuleId::A03,
    asks: "省本级参保职工是否在本省以外就医",
    quotes: &[
        (
            Article::Hunan(3, 2),
            "省本级通过互认市州异地就医直接结算协议机构，实行费用直接结算",
        ),
        (
            Article::Hunan(2, 3),
            "申报缴纳工伤保险费的市州、县（市、区）或省本级",
        ),
    ],
    set_by: SetBy::Hunan,
};

/// Ends the evaluation.
pub(crate) fn a03_provincial_level(c: &Circumstances<'_>, found: &mut Findings) {
    if c.channel == Channel::ProvincialLevel {
        found.add(Row::ProvincialLevel, || {
            Finding::new(
                c.hunan(Article::Hunan(3, 2)),
                "职工由本省省本级参保，在本省就医不属于异地就医",
            )
        });
    }
}
