//! National 33¶1 and 34, Hunan 18, 19 and 13¶2: who the worker is, checked again before the money moves.

use jiff::SignedDuration;

use crate::case::people::{Credential, Eligibility};
use crate::case::visit::VisitKind;
use crate::decision::{Article, RuleId, WarningCode};
use crate::regulation::circumstances::{Circumstances, Ground};
use crate::regulation::finding::{Finding, Findings, Warnings};
use crate::regulation::precedence::Row;
use crate::regulation::rule::{Rule, SetBy};

/// F01: identity and filing are checked at admission, at each outpatient visit, and again at discharge.
pub(crate) const F01: Rule = Rule {
    id: RuleId::F01,
    asks: "入院登记、门诊就医和出院结算时核对身份信息和备案信息",
    quotes: &[
        (
            Article::National(33, 1),
            "在办理入院登记时，协议机构经办人员应核对工伤职工身份信息和备案信息",
        ),
        (
            Article::Hunan(18, 0),
            "就医地协议机构应通过湖南人社一体化平台核验工伤职工备案信息",
        ),
    ],
    set_by: SetBy::Nation,
};

/// A00: the registry knows the worker.
pub(crate) const A00: Rule = Rule {
    id: RuleId::A00,
    asks: "登记库中是否查到该职工",
    quotes: &[
        (Article::National(33, 1), "应核对工伤职工身份信息和备案信息"),
        (Article::Hunan(18, 0), "核验工伤职工备案信息"),
    ],
    set_by: SetBy::Nation,
};

/// Ends the evaluation.
pub(crate) fn a00_unknown(found: &mut Findings) {
    found.add(Row::WorkerUnknown, || {
        let what = "本机登记库中查不到该职工，无法核对身份和备案";
        Finding::new(Ground::law(Article::National(33, 1)), what)
    });
}

/// B02: the card's number and name are the registry's.
pub(crate) const B02: Rule = Rule {
    id: RuleId::B02,
    asks: "卡上号码、姓名与登记库是否一致",
    quotes: &[
        (
            Article::National(33, 1),
            "职工出院时，再次核对身份信息和备案信息",
        ),
        (
            Article::National(34, 0),
            "协议机构经办人员应核对工伤职工身份信息、备案信息和配置费用核付通知单",
        ),
        (Article::Hunan(18, 0), "再次核对身份信息和备案信息"),
        (
            Article::Hunan(19, 0),
            "就医地协议机构应核对工伤职工身份信息和备案信息提供配置结算服务",
        ),
    ],
    set_by: SetBy::Nation,
};

pub(crate) fn b02_identity(c: &Circumstances<'_>, found: &mut Findings) {
    let Credential::Presented {
        social_security_number,
        name,
        ..
    } = &c.case.credential
    else {
        return;
    };
    let ground = checked_by(c);
    let (registered, on_card) = (c.worker, c.on_card);
    let number_agrees = [
        Some(social_security_number),
        on_card.map(|card| &card.social_security_number),
    ]
    .into_iter()
    .flatten()
    .all(|number| number.agrees_with(&registered.social_security_number));
    let name_agrees = [Some(name), on_card.and_then(|card| card.name.as_ref())]
        .into_iter()
        .flatten()
        .all(|name| name.agrees_with(&registered.name));
    if !number_agrees {
        found.add(Row::NumberDiffers, || {
            Finding::new(ground, "卡上的社会保障号码与登记库不一致").next(
                "请先核对是否持本人的卡；确为本人的，请联系参保地经办机构，由经办机构更正后重新查询。",
            )
        });
    }
    if !name_agrees {
        found.add(Row::NameDiffers, || {
            Finding::new(ground, "卡上的姓名与登记库不一致")
        });
    }
}

/// The article that has identity checked for this kind of visit.
fn checked_by(c: &Circumstances<'_>) -> Ground {
    match c.case.visit.kind {
        VisitKind::AssistiveDevice => c.ground(Article::Hunan(19, 0), Article::National(34, 0)),
        VisitKind::InpatientMedical
        | VisitKind::InpatientRehabilitation
        | VisitKind::OutpatientMedical
        | VisitKind::OutpatientRehabilitation => {
            c.ground(Article::Hunan(18, 0), Article::National(33, 1))
        }
    }
}

/// B05: eighteen characters carry GB 11643's check digit; a wrong one is worth a look.
pub(crate) const B05: Rule = Rule {
    id: RuleId::B05,
    asks: "18位号码的校验码是否正确（只提示）",
    quotes: &[
        (Article::National(33, 1), "应核对工伤职工身份信息和备案信息"),
        (Article::Hunan(18, 0), "再次核对身份信息和备案信息"),
    ],
    set_by: SetBy::Interpretation,
};

pub(crate) fn b05_check_digit(c: &Circumstances<'_>, warnings: &mut Warnings) {
    if c.worker.social_security_number.fails_its_check_digit() {
        warnings.add(RuleId::B05, WarningCode::NumberChecksum, || {
            let what = "登记库中的社会保障号码校验码不符，请核对证件";
            (Ground::interpretation(checked_by(c).article), what.into())
        });
    }
}

/// C10: still entitled. "备案失效" in Hunan 13¶2 means loss of eligibility; it stops the whole settlement.
pub(crate) const C10: Rule = Rule {
    id: RuleId::C10,
    asks: "是否仍有工伤保险待遇资格",
    quotes: &[
        (
            Article::Hunan(13, 2),
            "住院过程中备案失效（指丧失享受工伤保险待遇资格）的，不能办理直接结算",
        ),
        (
            Article::National(33, 1),
            "职工出院时，再次核对身份信息和备案信息",
        ),
        (Article::Hunan(18, 0), "再次核对身份信息和备案信息"),
    ],
    set_by: SetBy::Hunan,
};

pub(crate) fn c10_eligibility(c: &Circumstances<'_>, found: &mut Findings) {
    match c.worker.eligibility {
        Eligibility::Eligible => {}
        // Across provinces an interpretation of the re-check in national 33.
        Eligibility::Lost => found.add(Row::EligibilityLost, || {
            let ground = if c.intra_province() {
                c.hunan(Article::Hunan(13, 2))
            } else {
                Ground::interpretation(Article::National(33, 1))
            };
            Finding::new(
                ground,
                "职工已丧失享受工伤保险待遇资格，整笔费用不能直接结算",
            )
            .next("有疑问的，请联系参保地经办机构核实，由经办机构更正后重新查询。")
        }),
        Eligibility::Unknown => found.add(Row::EligibilityUnknown, || {
            let ground = c.ground(Article::Hunan(18, 0), Article::National(33, 1));
            Finding::new(ground, "登记库没有该职工待遇资格的最新状态")
        }),
    }
}

/// F02: the check is worth something only on a current registry; how current is the profile's number.
pub(crate) const F02: Rule = Rule {
    id: RuleId::F02,
    asks: "登记库数据是否足够新",
    quotes: &[
        (
            Article::National(33, 1),
            "职工出院时，再次核对身份信息和备案信息",
        ),
        (Article::Hunan(18, 0), "再次核对身份信息和备案信息"),
    ],
    set_by: SetBy::Profile(&["registry_max_age_minutes"]),
};

pub(crate) fn f02_registry_age(c: &Circumstances<'_>, found: &mut Findings) {
    let limit = c.profile.registry_max_age_minutes.value;
    let age = c.case.at.duration_since(c.case.registry_as_of);
    if age > SignedDuration::from_mins(i64::from(limit)) {
        found.add(Row::RegistryStale, || {
            let ground = c.ground(Article::Hunan(18, 0), Article::National(33, 1));
            let (age, limit) = (spell(age.as_mins()), spell(i64::from(limit)));
            let what = format!("本机登记库数据已有{age}未更新，超过{limit}");
            Finding::new(Ground::interpretation(ground.article), what)
        });
    }
}

/// Minutes as a cashier reads them: `45分钟`, `24小时`, `25小时30分钟`.
fn spell(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}分钟"),
        (hours, 0) => format!("{hours}小时"),
        (hours, minutes) => format!("{hours}小时{minutes}分钟"),
    }
}
