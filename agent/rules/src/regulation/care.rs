//! Chapter 3, treatment 就医管理: the library of institutions, and the worker at the counter.
//!
//! National 17¶1, Hunan 14¶1: agencies choose the institutions and keep the library. National 18¶2, second sentence: the
//! agency's audit.

use super::circumstances::{Circumstances, Ground};
use super::finding::{Finding, Findings, Warnings};
use super::precedence::Row;
use super::rule::{Rule, SetBy};
use crate::case::institution::{AgreedChannel, InstitutionStatus};
use crate::case::people::{Credential, CredentialKind};
use crate::case::visit::Gate;
use crate::decision::{Article, Channel, RuleId, WarningCode};
use crate::profile::InpatientsAfterSuspension;

// National 16 and 17, Hunan 12¶1 and 14 ------------------------------------------------------------------------------

/// D01: the institution's agreement stands and covers this channel and kind.
pub(crate) const D01: Rule = Rule {
    id: RuleId::D01,
    asks: "本机构是否在直接结算协议机构库中，协议有效且包含本次就医类别",
    quotes: &[
        (
            Article::National(16, 0),
            "在就医地非跨省异地就医直接结算协议机构发生的医疗费用，不予直接结算",
        ),
        (
            Article::National(17, 2),
            "协议机构发生新增、中止或终止协议、停业或歇业等情形",
        ),
        (
            Article::National(3, 0),
            "工伤保险协议医疗机构、康复机构和辅助器具配置机构",
        ),
        (
            Article::Hunan(12, 1),
            "在就医地非备案协议机构发生的费用，不予直接结算",
        ),
        (
            Article::Hunan(14, 2),
            "异地就医协议机构发生新增、中止或终止协议、停业或歇业等情形",
        ),
        (
            Article::Hunan(5, 0),
            "工伤保险协议医疗机构、康复机构和辅助器具配置机构",
        ),
    ],
    set_by: SetBy::Nation,
};

pub(crate) fn d01_institution(c: &Circumstances<'_>, found: &mut Findings) {
    let institution = &c.case.institution;
    let during_stay = suspended_during_stay(c);
    if institution.standing.inactive_since().is_some()
        && matches!(during_stay, None | Some(InpatientsAfterSuspension::Refuse))
    {
        found.add(Row::InstitutionNotActive, || {
            let state = match institution.standing {
                InstitutionStatus::Active { .. } => "有效",
                InstitutionStatus::Suspended { .. } => "已中止",
                InstitutionStatus::Terminated { .. } => "已终止",
                InstitutionStatus::Closed { .. } => "因停业或歇业已停止",
            };
            let ground = if during_stay.is_some() {
                D02_GROUND
            } else {
                c.ground(Article::Hunan(14, 2), Article::National(17, 2))
            };
            Finding::new(ground, format!("本机构的直接结算协议{state}"))
        });
    }
    let channel = match c.channel {
        Channel::CrossProvince => AgreedChannel::CrossProvince,
        Channel::IntraProvince => AgreedChannel::IntraProvince,
        // These two end the evaluation before an institution is asked for.
        Channel::Local | Channel::ProvincialLevel => return,
    };
    if !institution.channels.contains(&channel) {
        found.add(Row::InstitutionNotInLibrary, || {
            let ground = c.ground(Article::Hunan(12, 1), Article::National(16, 0));
            let channel = if c.intra_province() {
                "省内异地"
            } else {
                "跨省异地"
            };
            Finding::new(
                ground,
                format!("本机构不在{channel}就医直接结算协议机构库中"),
            )
        });
    }
    if !institution.kinds.contains(&c.case.visit.kind) {
        found.add(Row::KindNotInAgreement, || {
            let ground = c.ground(Article::Hunan(5, 0), Article::National(3, 0));
            Finding::new(ground, "本机构的直接结算协议不包含本次就医类别")
        });
    }
}

/// D02: a stay that began while the agreement stood (an interpretation; the profile sets what becomes of it).
pub(crate) const D02: Rule = Rule {
    id: RuleId::D02,
    asks: "住院或配置期间协议中止的，如何结算",
    quotes: &[
        (
            Article::National(17, 2),
            "协议机构发生新增、中止或终止协议、停业或歇业等情形",
        ),
        (Article::Hunan(14, 2), "更新协议机构库，实现动态管理维护"),
    ],
    set_by: SetBy::Profile(&["inpatients_after_suspension"]),
};

const D02_GROUND: Ground =
    Ground::interpretation(Article::Interpretation("inpatients_after_suspension"));

pub(crate) fn d02_suspended_during_stay(c: &Circumstances<'_>, found: &mut Findings) {
    if suspended_during_stay(c) == Some(InpatientsAfterSuspension::Ask) {
        found.add(Row::SuspendedDuringStay, || {
            Finding::new(
                D02_GROUND,
                "本次登记之后，本机构的直接结算协议停止，能否继续直接结算须先核实",
            )
            .next("请联系就医地和参保地经办机构核实，记录答复后再办理。")
        });
    }
}

pub(crate) fn d02_settles_all_the_same(c: &Circumstances<'_>, warnings: &mut Warnings) {
    if suspended_during_stay(c) == Some(InpatientsAfterSuspension::Allow) {
        warnings.add(RuleId::D02, WarningCode::SuspendedDuringStay, || {
            (
                D02_GROUND,
                "本次登记之后，本机构的直接结算协议停止，仍予结算".into(),
            )
        });
    }
}

/// What the profile makes of a stay during which the agreement ended; `None` where this is no such stay.
fn suspended_during_stay(c: &Circumstances<'_>) -> Option<InpatientsAfterSuspension> {
    let settles_a_stay = match c.case.gate {
        Gate::Discharge | Gate::DeviceSettlement | Gate::Refund => true,
        Gate::Admission | Gate::Outpatient | Gate::DeviceAcceptance => false,
    };
    let ended = c.case.institution.standing.inactive_since()?;
    (settles_a_stay && ended > c.registered_on)
        .then_some(c.profile.inpatients_after_suspension.value)
}

// National 18¶1, Hunan 16 --------------------------------------------------------------------------------------------

/// B01: a card at the counter. An identity card opens a visit and never settles one.
pub(crate) const B01: Rule = Rule {
    id: RuleId::B01,
    asks: "是否出示社会保障卡（含电子社保卡）；居民身份证只能用于登记，不能用于结算（省内异地：规程未明确，按默认口径）",
    quotes: &[
        (
            Article::National(18, 1),
            "出示社会保障卡（含电子社保卡，下同）等有效身份凭证",
        ),
        (
            Article::National(45, 0),
            "社会保障卡是工伤职工跨省异地就医直接结算的身份凭证",
        ),
        (
            Article::Hunan(16, 0),
            "工伤职工须持社会保障卡（含电子社保卡）等有效身份凭证到备案就医地协议机构就医结算",
        ),
    ],
    set_by: SetBy::Nation,
};

pub(crate) fn b01_credential(c: &Circumstances<'_>, found: &mut Findings) {
    match &c.case.credential {
        Credential::Nothing { fault: None } => found.add(Row::NoCredential, || {
            let ground = c.ground(Article::Hunan(16, 0), Article::National(18, 1));
            let finding = Finding::new(ground, "没有出示社会保障卡或电子社保卡");
            if c.case.gate.settles() {
                return finding;
            }
            finding.next(
                "请职工出示社会保障卡或电子社保卡；暂时没有的，可先用居民身份证登记，结算时须用社会保障卡。",
            )
        }),
        Credential::Presented {
            kind: CredentialKind::IdentityCard,
            ..
        } => {
            if c.case.gate.settles() {
                found.add(Row::CardRequired, || {
                    Finding::new(
                        card_ground(c),
                        "居民身份证不能用于直接结算，结算须用社会保障卡",
                    )
                });
            }
        }
        // B03 speaks of a card that failed.
        Credential::Nothing { fault: Some(_) }
        | Credential::Presented {
            kind: CredentialKind::SocialSecurityCard | CredentialKind::ElectronicSocialSecurityCard,
            ..
        } => {}
    }
}

pub(crate) fn b01_card_will_be_required(c: &Circumstances<'_>, warnings: &mut Warnings) {
    let identity_card = matches!(
        c.case.credential,
        Credential::Presented {
            kind: CredentialKind::IdentityCard,
            ..
        }
    );
    if identity_card && !c.case.gate.settles() {
        warnings.add(RuleId::B01, WarningCode::CardRequiredToSettle, || {
            (
                card_ground(c),
                "本次以居民身份证登记，请提醒职工结算时携带社会保障卡或电子社保卡".into(),
            )
        });
    }
}

/// Hunan 16 says "等有效身份凭证": that the card alone settles is an interpretation there.
fn card_ground(c: &Circumstances<'_>) -> Ground {
    if c.intra_province() {
        Ground::interpretation(Article::Hunan(16, 0))
    } else {
        Ground::law(Article::National(45, 0))
    }
}

/// B04: a worker who has not filed is helped to file.
pub(crate) const B04: Rule = Rule {
    id: RuleId::B04,
    asks: "未备案职工：打印参保地备案表，告知备案渠道和所需材料；备案他地的，告知变更冻结期",
    quotes: &[
        (
            Article::National(18, 1),
            "协议机构应协助、指引未备案工伤职工申请办理备案手续",
        ),
        (
            Article::Notice(4, 1),
            "办理异地就医备案手续，由参保地经办机构审核同意",
        ),
        (
            Article::Hunan(8, 0),
            "可通过湖南人社一体化平台或经办服务窗口向参保地经办机构提出备案申请",
        ),
        (Article::Hunan(9, 0), "并按要求分别提交以下材料"),
        (
            Article::Hunan(13, 1),
            "自备案之日起3个月后可以变更或取消备案",
        ),
    ],
    set_by: SetBy::Nation,
};

// National 18¶2, Hunan 15 --------------------------------------------------------------------------------------------

/// D03: the same service as for workers injured here.
pub(crate) const D03: Rule = Rule {
    id: RuleId::D03,
    asks: "与本地工伤职工同等服务、同样价格和流程",
    quotes: &[
        (
            Article::National(18, 2),
            "提供与本地工伤职工同等的医疗、康复和辅助器具配置服务",
        ),
        (
            Article::Hunan(15, 0),
            "提供与本地工伤职工同等的医疗（康复）、辅助器具配置服务",
        ),
    ],
    set_by: SetBy::Nation,
};
