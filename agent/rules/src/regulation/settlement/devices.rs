//! National 34, Hunan 19 and Annex 2: assistive devices, their filing, their notice and their years.

use crate::case::bill::LineNumber;
use crate::case::china_time::years_later;
use crate::case::devices::{Device, NoticeReason};
use crate::decision::{Article, RuleId, WarningCode};
use crate::regulation::annexes::numbers;
use crate::regulation::circumstances::{Circumstances, Ground};
use crate::regulation::finding::{Finding, Findings, Warnings};
use crate::regulation::precedence::Row;
use crate::regulation::rule::{Rule, SetBy};

/// F03: identity, filing and notice are checked before a device is made.
pub(crate) const F03: Rule = Rule {
    id: RuleId::F03,
    asks: "配置前核对身份信息、备案信息和配置费用核付通知单",
    quotes: &[
        (
            Article::National(34, 0),
            "应核对工伤职工身份信息、备案信息和配置费用核付通知单后提供配置服务",
        ),
        (
            Article::Hunan(19, 0),
            "就医地协议机构应核对工伤职工身份信息和备案信息提供配置结算服务",
        ),
    ],
    set_by: SetBy::Nation,
};

/// E06: the fund pays what is filed, up to the notice's limit; the money is in [`split`](super::split).
pub(crate) const E06: Rule = Rule {
    id: RuleId::E06,
    asks: "辅助器具在备案范围内，基金按核付通知单限额支付，超出自费",
    quotes: &[
        (Article::National(34, 0), "支付超目录或者超出限额部分的费用"),
        (
            Article::Hunan(19, 0),
            "超出备案范围和标准的费用工伤保险基金不予支付",
        ),
        (
            Article::Hunan(17, 2),
            "辅助器具配置目录和限额标准执行参保地有关规定",
        ),
    ],
    set_by: SetBy::Nation,
};

pub(crate) fn e06_not_in_filing(c: &Circumstances<'_>, warnings: &mut Warnings) {
    let outside = c.case.devices.iter().filter(|device| !device.in_filing);
    if let Some(lines) = numbers(outside.map(|device| device.line)) {
        warnings.add(RuleId::E06, WarningCode::DeviceNotInFiling, || {
            let what = format!("{lines}辅助器具不在备案范围内，费用将全部自费，请先告知职工");
            (
                c.ground(Article::Hunan(19, 0), Article::National(34, 0)),
                what,
            )
        });
    }
}

/// E07: each filed device has a notice of its own that was not used before.
pub(crate) const E07: Rule = Rule {
    id: RuleId::E07,
    asks: "备案的辅助器具是否有未使用的配置费用核付通知单",
    quotes: &[(
        Article::National(34, 0),
        "应核对工伤职工身份信息、备案信息和配置费用核付通知单后提供配置服务",
    )],
    set_by: SetBy::Nation,
};

pub(crate) fn e07_notice(c: &Circumstances<'_>, found: &mut Findings) {
    let without = filed(c).filter(|device| device.notice_number.is_none());
    if let Some(lines) = numbers(without.map(|device| device.line)) {
        found.add(Row::NoNotice, || {
            // Hunan 19 does not name the notice: an interpretation within the province.
            let ground = Ground {
                article: Article::National(34, 0),
                interpretation: c.intra_province(),
            };
            Finding::new(ground, format!("{lines}辅助器具没有配置费用核付通知单"))
                .next("请联系参保地经办机构核实，由经办机构出具或更正后重新查询。")
        });
    }
    let used = filed(c).filter(|device| device.notice_number.is_some() && device.notice_used);
    if let Some(lines) = numbers(used.map(|device| device.line)) {
        found.add(Row::NoticeAlreadyUsed, || {
            let ground = Ground::interpretation(Article::Interpretation("notice_already_used"));
            let what = format!("{lines}辅助器具的配置费用核付通知单已经使用过");
            Finding::new(ground, what)
        });
    }
}

/// E08: a device is replaced after its minimum years, or because the injury changed (an interpretation of Annex 2).
pub(crate) const E08: Rule = Rule {
    id: RuleId::E08,
    asks: "是否已满辅助器具最低使用年限",
    quotes: &[(Article::Annex2, "最低使用年限")],
    set_by: SetBy::Interpretation,
};

pub(crate) fn e08_minimum_years(c: &Circumstances<'_>, found: &mut Findings) {
    if let Some(lines) = numbers(too_early(c, false)) {
        found.add(Row::MinimumYearsNotReached, || {
            let what = format!("{lines}辅助器具未满最低使用年限");
            Finding::new(Ground::interpretation(Article::Annex2), what)
        });
    }
}

pub(crate) fn e08_early_replacement(c: &Circumstances<'_>, warnings: &mut Warnings) {
    if let Some(lines) = numbers(too_early(c, true)) {
        warnings.add(RuleId::E08, WarningCode::EarlyReplacement, || {
            let what = format!("{lines}辅助器具未满最低使用年限，因伤情变化更换");
            (Ground::interpretation(Article::Annex2), what)
        });
    }
}

/// A device outside the filing is self-pay whole: its notice and its years are nobody's business here.
fn filed<'a>(c: &Circumstances<'a>) -> impl Iterator<Item = &'a Device> {
    c.case.devices.iter().filter(|device| device.in_filing)
}

/// Lines whose device is replaced before its years are over, because the injury changed or for another reason.
fn too_early(c: &Circumstances<'_>, injury_changed: bool) -> impl Iterator<Item = LineNumber> {
    let day = c.registered_on;
    filed(c)
        .filter(move |device| {
            device
                .last_fitted_on
                .is_some_and(|fitted| day < years_later(fitted, device.minimum_years))
        })
        .filter(move |device| match device.notice_reason {
            NoticeReason::ChangedInjury => injury_changed,
            NoticeReason::First | NoticeReason::Replacement => !injury_changed,
        })
        .map(|device| device.line)
}
