//! Chapter 9, supplementary provisions 附则; Hunan chapter 6: in force from when, and what provinces may add.
//!
//! National 54, Hunan 35: agencies tell the public. National 55: precedence over the older agency rules.

use jiff::civil::{Date, date};

use super::circumstances::{Circumstances, Ground};
use super::finding::{Finding, Findings, Warnings};
use super::precedence::Row;
use super::rule::{Rule, SetBy};
use crate::decision::{Article, Channel, RuleId, WarningCode};

// National 52, Hunan 34 --------------------------------------------------------------------------------------------

/// F14: the agencies' archives are theirs; ours stay findable and can be printed again.
pub(crate) const F14: Rule = Rule {
    id: RuleId::F14,
    asks: "结算单和记录留存，随时可查、可补打",
    quotes: &[
        (
            Article::National(52, 0),
            "由参保地经办机构和就医地经办机构按其办理的业务分别保管",
        ),
        (
            Article::Hunan(34, 0),
            "由参保地经办机构和就医地经办机构按其办理的业务分别保管",
        ),
    ],
    set_by: SetBy::Interpretation,
};

// National 53 --------------------------------------------------------------------------------------------------------

/// A09: settlement within the province, where the province has made rules for it (an interpretation of 3 and 53).
pub(crate) const A09: Rule = Rule {
    id: RuleId::A09,
    asks: "省内异地就医直接结算是否已开通",
    quotes: &[
        (
            Article::National(53, 0),
            "可根据本规程，制定本地区异地就医直接结算经办规程",
        ),
        (
            Article::National(3, 0),
            "在参保省外的工伤保险协议医疗机构、康复机构和辅助器具配置机构",
        ),
    ],
    set_by: SetBy::Profile(&["intra_province"]),
};

/// Ends the evaluation.
pub(crate) fn a09_intra_province_open(c: &Circumstances<'_>, found: &mut Findings) {
    if c.intra_province() && !c.profile.intra_province.value {
        found.add(Row::IntraProvinceNotOpen, || {
            Finding::new(
                Ground::interpretation(Article::National(53, 0)),
                "本机构尚未开通省内异地就医直接结算",
            )
        });
    }
}

// Notice 1, Hunan 36 -------------------------------------------------------------------------------------------------

/// A08: the regulation is in force on the day of the decision.
pub(crate) const A08: Rule = Rule {
    id: RuleId::A08,
    asks: "办理之日是否在规程施行期内",
    quotes: &[
        (Article::Notice(1, 0), "自 2025 年 4 月 1 日起"),
        (
            Article::Hunan(36, 0),
            "本规程自2025年8月1日起实施，有效期2年",
        ),
    ],
    set_by: SetBy::Nation,
};

const CROSS_PROVINCE_FROM: Date = date(2025, 4, 1);
const HUNAN_FROM: Date = date(2025, 8, 1);
const HUNAN_LAST_DAY: Date = date(2027, 7, 31);

pub(crate) fn a08_in_force(c: &Circumstances<'_>, found: &mut Findings) {
    let (from, article) = match c.channel {
        Channel::CrossProvince => (CROSS_PROVINCE_FROM, Article::Notice(1, 0)),
        Channel::IntraProvince if c.under_hunan() => (HUNAN_FROM, Article::Hunan(36, 0)),
        // Another province's own rules would bring their own day.
        Channel::IntraProvince | Channel::Local | Channel::ProvincialLevel => return,
    };
    if c.today < from {
        found.add(Row::NotYetInForce, || {
            Finding::new(
                Ground::law(article),
                format!("异地就医直接结算自{from}起施行，目前尚未施行"),
            )
        });
    }
}

/// The two years are over; whether they were prolonged is for people to know.
pub(crate) fn a08_expired(c: &Circumstances<'_>, warnings: &mut Warnings) {
    if c.under_hunan() && c.intra_province() && c.today > HUNAN_LAST_DAY {
        warnings.add(RuleId::A08, WarningCode::RegulationExpired, || {
            let what = "湖南省规程有效期至2027-07-31，请核实是否已有新规定";
            (Ground::law(Article::Hunan(36, 0)), what.into())
        });
    }
}
