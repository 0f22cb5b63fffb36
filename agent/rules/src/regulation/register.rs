//! Every rule of the counter, in one list.

use super::rule::Rule;
use super::{annexes, care, filing, general, notice, oversight, settlement, supplementary};

/// Every rule, by id; each stands beside its article in its chapter.
pub static RULES: [&Rule; 56] = [
    &settlement::identity::A00,
    &general::A02,
    &general::A03,
    &general::A04,
    &general::A05,
    &general::A06,
    &general::A07,
    &supplementary::A08,
    &supplementary::A09,
    &care::B01,
    &settlement::identity::B02,
    &settlement::once::B03,
    &care::B04,
    &settlement::identity::B05,
    &notice::B06,
    &settlement::split::B07,
    &filing::C01,
    &filing::C02,
    &annexes::C03,
    &filing::C04,
    &filing::C05,
    &filing::C07,
    &filing::C08,
    &filing::C09,
    &settlement::identity::C10,
    &oversight::C12,
    &care::D01,
    &care::D02,
    &care::D03,
    &settlement::catalogue::E01,
    &settlement::catalogue::E02,
    &annexes::E03,
    &settlement::catalogue::E04,
    &notice::E05,
    &settlement::devices::E06,
    &settlement::devices::E07,
    &settlement::devices::E08,
    &settlement::bill::E11,
    &settlement::bill::E12,
    &annexes::E13,
    &settlement::identity::F01,
    &settlement::identity::F02,
    &settlement::devices::F03,
    &settlement::upload::F04,
    &settlement::upload::F05,
    &settlement::upload::F06,
    &annexes::F07,
    &settlement::once::F08,
    &settlement::upload::F09,
    &settlement::upload::F10,
    &settlement::upload::F11,
    &notice::F12,
    &oversight::F13,
    &supplementary::F14,
    &settlement::bill::F15,
    &settlement::refund::R01,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::RuleId;
    use crate::regulation::rule::SetBy;

    /// Every rule of the counter: scope, identity, filings, institution, money, process, refund.
    const IDS: &str = "\
        A00 A02 A03 A04 A05 A06 A07 A08 A09 \
        B01 B02 B03 B04 B05 B06 B07 \
        C01 C02 C03 C04 C05 C07 C08 C09 C10 C12 \
        D01 D02 D03 \
        E01 E02 E03 E04 E05 E06 E07 E08 E11 E12 E13 \
        F01 F02 F03 F04 F05 F06 F07 F08 F09 F10 F11 F12 F13 F14 F15 \
        R01";

    #[test]
    fn every_rule_is_listed_once_with_its_article() {
        let listed: Vec<_> = RULES.iter().map(|rule| rule.id.name()).collect();
        assert_eq!(listed, IDS.split_whitespace().collect::<Vec<_>>());
        let known: Vec<_> = RuleId::ALL.iter().map(|id| id.name()).collect();
        assert_eq!(known, listed);
        for rule in RULES {
            assert!(
                !rule.asks.is_empty() && !rule.quotes.is_empty(),
                "{}",
                rule.id
            );
            for (article, quote) in rule.quotes {
                assert!(
                    !quote.is_empty() && article.in_chinese().is_some(),
                    "{}",
                    rule.id
                );
            }
        }
    }

    #[test]
    fn what_a_profile_sets_is_a_knob_of_the_profile() {
        let settings = crate::Profile::built_in(crate::ProfileName::Hunan).settings();
        let mut knobs: Vec<&str> = Vec::new();
        for rule in RULES {
            match rule.set_by {
                SetBy::Profile(of_rule) => knobs.extend(of_rule),
                SetBy::Nation | SetBy::Hunan | SetBy::Interpretation => {}
            }
        }
        for knob in &knobs {
            assert!(settings.iter().any(|(name, ..)| name == knob), "{knob}");
        }
        // The slip's title is no rule's; every other knob is some rule's.
        for (name, ..) in settings {
            assert!(
                name == "slip_title_intra" || knobs.contains(&name),
                "{name}"
            );
        }
    }
}
