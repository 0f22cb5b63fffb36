//! National 33, 34, 35, 36 and 37, Hunan 18, 20 and 21: what follows a settlement, and by when.

use jiff::{SignedDuration, Timestamp};

use crate::case::visit::{Gate, VisitKind};
use crate::decision::{Article, RuleId, WarningCode};
use crate::regulation::circumstances::{Circumstances, Ground};
use crate::regulation::finding::Warnings;
use crate::regulation::rule::{Rule, SetBy};

// National 33¶1, 34 --------------------------------------------------------------------------------------------------

/// F04: the record goes up within 30 minutes; within the province the profile says by when.
pub(crate) const F04: Rule = Rule {
    id: RuleId::F04,
    asks: "结算后30分钟内上传；逾期报警、继续上传并记录迟报",
    quotes: &[
        (
            Article::National(33, 1),
            "在 30 分钟内将职工基本信息、医疗机构信息、临床诊断、治疗明细和结算等信息通过省级系统上传至工伤保险异地就医系统",
        ),
        (
            Article::National(34, 0),
            "在 30分钟内将配置费用明细等结算信息通过省级系统上传至工伤保险异地就医系统",
        ),
        (Article::Hunan(18, 0), "并上传至湖南人社一体化平台"),
    ],
    set_by: SetBy::Profile(&[
        "upload_minutes_cross",
        "upload_minutes_intra",
        "settlement_authority",
    ]),
};

/// When a settlement made now must have been uploaded; `None` at a gate that settles nothing.
pub(crate) fn f04_due(c: &Circumstances<'_>) -> Option<Timestamp> {
    if !c.case.gate.settles() {
        return None;
    }
    let minutes = if c.intra_province() {
        c.profile.upload_minutes_intra.value?
    } else {
        c.profile.upload_minutes_cross.value
    };
    c.case
        .at
        .checked_add(SignedDuration::from_mins(i64::from(minutes)))
        .ok()
}

// National 33¶2 ------------------------------------------------------------------------------------------------------

/// F05: the rehabilitation plan goes up before discharge is settled, "原则上".
pub(crate) const F05: Rule = Rule {
    id: RuleId::F05,
    asks: "住院康复出院结算前是否已上传康复方案（只提示）",
    quotes: &[(
        Article::National(33, 2),
        "原则上协议机构还应在出院结算前上传康复方案至工伤保险异地就医系统",
    )],
    set_by: SetBy::Nation,
};

/// Within the province an interpretation.
pub(crate) fn f05_rehabilitation_plan(c: &Circumstances<'_>, warnings: &mut Warnings) {
    let visit = &c.case.visit;
    if c.case.gate == Gate::Discharge
        && visit.kind == VisitKind::InpatientRehabilitation
        && !visit.rehabilitation_plan_uploaded
    {
        warnings.add(RuleId::F05, WarningCode::RehabilitationPlanMissing, || {
            let ground = Ground {
                article: Article::National(33, 2),
                interpretation: c.intra_province(),
            };
            (ground, "康复方案尚未上传，原则上应在出院结算前上传".into())
        });
    }
}

// National 36 --------------------------------------------------------------------------------------------------------

/// F06: a stay across the new year settles once, at its end.
pub(crate) const F06: Rule = Rule {
    id: RuleId::F06,
    asks: "住院或配置跨年度的，出院时按一笔费用整体结算",
    quotes: &[(
        Article::National(36, 0),
        "应以出院结算日期为结算时点，按一笔费用整体结算",
    )],
    set_by: SetBy::Nation,
};

// National 35, Hunan 21 ----------------------------------------------------------------------------------------------

/// F09: agencies agree a day's settlements the next day; the hospital's records are complete before.
pub(crate) const F09: Rule = Rule {
    id: RuleId::F09,
    asks: "省内结算次日对账之前，本院记录须完整",
    quotes: &[(
        Article::Hunan(21, 0),
        "原则上应于结算次日完成省内异地就医直接结算费用对账",
    )],
    set_by: SetBy::Hunan,
};

/// F10: and a month's settlements within five working days; national reports by the 20th.
pub(crate) const F10: Rule = Rule {
    id: RuleId::F10,
    asks: "每月对账和上报之前，本院上月记录须完整",
    quotes: &[
        (
            Article::Hunan(21, 0),
            "每月前5个工作日内完成上月所有异地就医直接结算费用对账",
        ),
        (
            Article::National(35, 2),
            "在每月 20 日前将月度结算信息及时上传至工伤保险异地就医系统",
        ),
    ],
    set_by: SetBy::Nation,
};

// National 37, Hunan 20 ----------------------------------------------------------------------------------------------

/// F11: deductions come back with amount and reason and fall on the hospital (an interpretation).
pub(crate) const F11: Rule = Rule {
    id: RuleId::F11,
    asks: "审核扣款记录金额和原因；由本院承担（规程未明确，按默认口径）",
    quotes: &[
        (
            Article::National(37, 0),
            "按协议约定予以扣除，并上传至工伤保险异地就医系统",
        ),
        (
            Article::Hunan(20, 1),
            "并将拒付金额、拒付原因等数据录入并上传至湖南人社一体化平台",
        ),
        (
            Article::Hunan(20, 2),
            "异地就医费用结算不预留履约质量保证金",
        ),
    ],
    set_by: SetBy::Nation,
};
