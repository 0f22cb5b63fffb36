//! What every rule looks at: the case, the profile, and what follows from both before any rule is asked.

use jiff::civil::Date;

use crate::case::china_time::civil_date;
use crate::case::division::{Place, Province};
use crate::case::people::{InsuredLevel, OnCard, Worker};
use crate::case::{CaseFacts, ProfileName};
use crate::decision::{Article, Channel};
use crate::profile::Profile;
use crate::rule_set::RuleSet;

/// A case with a known worker, under a profile.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Circumstances<'a> {
    pub(crate) case: &'a CaseFacts,
    pub(crate) profile: &'a Profile,
    /// Whose rules are asked: those of the case's own day where it is evidence.
    pub(crate) rules: RuleSet,
    /// What the card says of its holder beside the case.
    pub(crate) on_card: Option<&'a OnCard>,
    pub(crate) worker: &'a Worker,
    pub(crate) channel: Channel,
    /// The place of treatment 就医地.
    pub(crate) here: Place,
    /// The civil day of the decision.
    pub(crate) today: Date,
    /// The civil day of registration.
    pub(crate) registered_on: Date,
}

/// What a finding stands on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground {
    pub(crate) article: Article,
    /// An interpretation of ours, never the law's word.
    pub(crate) interpretation: bool,
}

impl Ground {
    pub(crate) const fn law(article: Article) -> Self {
        Self {
            article,
            interpretation: false,
        }
    }

    pub(crate) const fn interpretation(article: Article) -> Self {
        Self {
            article,
            interpretation: true,
        }
    }

    /// The basis as the cashier reads it, in brackets.
    pub(crate) fn in_brackets(self, rules: RuleSet) -> String {
        let by_default = rules.interpretation();
        match (self.interpretation, self.article.in_chinese()) {
            (false, Some(article)) => format!("（依据{article}）"),
            (true, Some(article)) => format!("（{by_default}，参照{article}）"),
            (_, None) => format!("（{by_default}）"),
        }
    }

    /// Whether it is said as an interpretation: it is one, or no article says it.
    pub(crate) const fn is_reading(self) -> bool {
        self.interpretation || matches!(self.article, Article::Interpretation(_))
    }
}

impl<'a> Circumstances<'a> {
    pub(crate) fn new(
        case: &'a CaseFacts,
        worker: &'a Worker,
        profile: &'a Profile,
        (rules, on_card): (RuleSet, Option<&'a OnCard>),
    ) -> Self {
        Self {
            case,
            profile,
            rules,
            on_card,
            worker,
            channel: channel(case, worker),
            here: case.institution.division.place(),
            today: civil_date(case.at),
            registered_on: civil_date(case.visit.registered_at),
        }
    }

    pub(crate) fn intra_province(&self) -> bool {
        self.channel == Channel::IntraProvince
    }

    /// The profile is Hunan's: there Hunan's procedure is law, elsewhere what it alone says is an interpretation.
    pub(crate) fn under_hunan(&self) -> bool {
        self.profile.name == ProfileName::Hunan
    }

    /// The worker is insured in Hunan, in a prefecture or at provincial level.
    pub(crate) fn insured_in_hunan(&self) -> bool {
        self.worker.insured_division.province() == Province::HUNAN
    }

    /// Hunan's article intra-province, the nation's across provinces.
    pub(crate) fn ground(&self, intra: Article, cross: Article) -> Ground {
        if self.intra_province() {
            self.hunan(intra)
        } else {
            Ground::law(cross)
        }
    }

    /// Hunan's article: law under Hunan's profile, an interpretation elsewhere.
    pub(crate) fn hunan(&self, article: Article) -> Ground {
        Ground {
            article,
            interpretation: !self.under_hunan(),
        }
    }
}

/// How the visit lies to the insured place (national 2 and 3, Hunan 2¶2, ¶3 and 3).
fn channel(case: &CaseFacts, worker: &Worker) -> Channel {
    let (here, insured) = (case.institution.division, worker.insured_division);
    if here.province() != insured.province() {
        return Channel::CrossProvince;
    }
    match worker.insured_level {
        InsuredLevel::Province => Channel::ProvincialLevel,
        InsuredLevel::Prefecture if here.place() == insured.place() => Channel::Local,
        InsuredLevel::Prefecture => Channel::IntraProvince,
    }
}
